"""Reads about certificates."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Person
from certificates.enums import KeyRole, ProposalState
from certificates.models import Candidate, Credential, ProposalRow, SigningKey
from certificates.sealing import PublishedSeal, Trust, fingerprint
from courses.models import Cohort


def candidates_of(cohort: Cohort) -> QuerySet[Candidate]:
    """People of a cohort who completed, hold no certificate in force and are in no waiting proposal."""
    held = Credential.objects.filter(enrollment=OuterRef("enrollment"), is_live=True)
    waiting = ProposalRow.objects.filter(
        enrollment=OuterRef("enrollment"), proposal__state=ProposalState.PROPOSED
    )
    return (
        Candidate.objects.filter(~Exists(held), ~Exists(waiting), enrollment__cohort=cohort)
        .select_related("enrollment__person", "eligibility")
        .order_by("enrollment__person__folded_name", "pk")
    )


def credentials_of(person: Person) -> QuerySet[Credential]:
    """The certificates of a person, newest first, with what a list needs."""
    return Credential.objects.filter(enrollment__person=person).select_related("artifact", "render_job")


def published_keys() -> QuerySet[SigningKey]:
    """Every key there ever was, by role, the newest first: whoever holds an old paper needs them."""
    return SigningKey.objects.order_by("role", "-active_from", "-pk")


def active_key(role: KeyRole) -> SigningKey | None:
    """The key that signs for `role` now."""
    return SigningKey.objects.filter(role=role, retired_at__isnull=True).first()


def seal_trust() -> Trust:
    """Whose seals and time stamps we believe: one query. For `sealing.examine`."""
    seals, roots, stolen = [], [], set()
    for key in SigningKey.objects.filter(role__in=[KeyRole.PDF_SEAL, KeyRole.TIMESTAMP]).order_by("-pk"):
        certificate, *chain = key.certificates()
        if key.role == KeyRole.PDF_SEAL:
            seals.append(PublishedSeal(key.key_id, certificate, tuple(chain), key.compromised_at))
        elif key.compromised_at:
            stolen.add(fingerprint(certificate))
        else:
            roots.append((certificate, *chain)[-1])
    return Trust(
        seals=tuple(seals), timestamp_roots=tuple(dict.fromkeys(roots)), stolen_stamps=frozenset(stolen)
    )
