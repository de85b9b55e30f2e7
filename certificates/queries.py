"""Reads about certificates."""

import datetime as dt
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Person
from certificates.enums import FeeFor, FileKind, KeyRole, RowState
from certificates.models import (
    Artifact,
    Candidate,
    Credential,
    CredentialType,
    Fee,
    ProposalRow,
    RenderJob,
    SigningKey,
    Term,
)
from certificates.sealing import PublishedSeal, Trust, fingerprint
from courses.models import Cohort


def candidates_of(cohort: Cohort) -> QuerySet[Candidate]:
    """People of a cohort who completed, hold no certificate in force and are in no waiting proposal."""
    held = Credential.objects.live().filter(enrollment=OuterRef("enrollment"))
    waiting = ProposalRow.objects.filter(enrollment=OuterRef("enrollment"), state=RowState.ELIGIBLE)
    return (
        Candidate.objects.filter(~Exists(held), ~Exists(waiting), enrollment__cohort=cohort)
        .select_related("enrollment__person", "eligibility")
        .order_by("enrollment__person__folded_name", "pk")
    )


def with_papers(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same certificates, each with `papers` and `drawings`: the file of the original and its job, if there are any."""
    originals = {"kind": FileKind.PAPER, "copy": None}
    return credentials.prefetch_related(
        Prefetch("artifacts", Artifact.objects.filter(**originals), to_attr="papers"),
        Prefetch("render_jobs", RenderJob.objects.filter(**originals), to_attr="drawings"),
    )


def original_of(credential: Credential) -> Artifact | None:
    """The file of a certificate's original; None until it is drawn."""
    return credential.artifacts.filter(kind=FileKind.PAPER, copy=None).first()


def credentials_of(person: Person) -> QuerySet[Credential]:
    """The certificates of a person, newest first, with what a list needs."""
    return with_papers(Credential.objects.filter(holder=person).select_related("type"))


def _in_effect[M: (Term, Fee)](rows: QuerySet[M], *, level: str | None, day: dt.date) -> M | None:
    """The newest row for a level that was in effect on a day; one for the level goes before one for all levels."""
    mine = Q(level__isnull=True) | Q(level=level) if level else Q(level__isnull=True)
    return rows.filter(mine, since__lte=day).order_by(F("level").asc(nulls_last=True), "-since").first()


def term_of(type_: CredentialType, *, level: str | None, day: dt.date) -> int | None:
    """For how many months a certificate issued on `day` is valid; None for ever."""
    term = _in_effect(type_.terms.all(), level=level, day=day)
    return term.months if term else None


def renewable_days(type_: CredentialType, *, level: str | None, day: dt.date) -> int:
    """How many days before its end a certificate may be renewed; 0 where it cannot."""
    term = _in_effect(type_.terms.all(), level=level, day=day)
    return term.renewable_days if term else 0


def fee_due(type_: CredentialType, due_for: FeeFor, *, level: str | None, day: dt.date) -> Decimal:
    """What an issue, a copy or a renewal costs on `day`, in Egyptian pounds."""
    fee = _in_effect(type_.fees.filter(due_for=due_for), level=level, day=day)
    return fee.amount if fee else Decimal(0)


def successor_of(credential: Credential) -> Credential | None:
    """The certificate that corrected or renewed this one."""
    return Credential.objects.filter(Q(supersedes=credential) | Q(renews=credential)).first()


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
