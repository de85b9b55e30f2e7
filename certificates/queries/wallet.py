"""Reads for holders: certificates, share links and skills passports."""

from django.db.models import (
    Count,
    Prefetch,
    Q,
    QuerySet,
)

from accounts.models import Person
from accounts.scoping.seen import as_far_as_seen
from certificates.enums import (
    CredentialState,
    FileKind,
)
from certificates.models import (
    Artifact,
    Collection,
    Copy,
    Credential,
    Passport,
    Printout,
    RenderJob,
    ShareLink,
)
from certificates.models.credentials import CredentialQuerySet
from certificates.queries.doubts import not_in_doubt
from certificates.queries.files import with_files
from jobs.enums import JobState


def credentials_of(person: Person | int) -> QuerySet[Credential]:
    """The certificates of a person (or of the key of one), newest first, with what a list needs."""
    own = as_far_as_seen(Credential.objects.filter(holder=person))
    return with_files(own.select_related("type"))


def wallet_of(person: Person | int) -> QuerySet[Credential]:
    """The certificates of a person (or of the key of one) with all that the wallet shows: status, copies and their files, renewal."""
    cards = Artifact.objects.filter(kind=FileKind.CARD, copy=None)
    of_copies = Artifact.objects.filter(kind__in=[FileKind.CERTIFICATE, FileKind.CARD]).order_by("-kind")
    failed = RenderJob.objects.filter(state=JobState.FAILED)
    copies = Copy.objects.prefetch_related(
        Prefetch("artifacts", of_copies), Prefetch("render_jobs", failed, to_attr="failed")
    )
    collected = Collection.objects.filter(undone_at__isnull=True)
    printed = (
        Printout.objects.current()
        .select_related("copy")
        .prefetch_related(Prefetch("collections", collected, to_attr="collected"))
    )
    return with_verification_data(credentials_of(person).select_related("center")).prefetch_related(
        "type__terms",
        Prefetch("artifacts", cards, to_attr="cards"),
        Prefetch("copies", copies),
        Prefetch("printouts", printed, to_attr="papers_of_holder"),
    )


def with_verification_data(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same certificates, each with the related rows that `verification_of` reads."""
    return credentials.select_related("type", "superseded_by", "renewed_by").prefetch_related("events")


def shareable(person: Person) -> CredentialQuerySet:
    """The certificates that a holder may share: all, as the page of the link shows the status of each."""
    return Credential.objects.filter(holder=person).select_related("type")


def for_passport(person: Person) -> CredentialQuerySet:
    """The certificates that may be in a skills passport: those in force, expired or not, and in no doubt, which a file could not say."""
    return not_in_doubt(shareable(person).filter(state=CredentialState.IN_FORCE))


def shown_by(link: ShareLink) -> QuerySet[Credential]:
    """The certificates that a link shows, newest first."""
    of_passport = Q(passports=link.passport_id) if link.passport_id else Q(share_links=link)
    return with_files(with_verification_data(Credential.objects.filter(of_passport)))


def live_links_of(person: Person) -> QuerySet[ShareLink]:
    """The live links of a person with how often and when they were last followed."""
    return (
        ShareLink.objects.live()
        .filter(holder=person)
        .with_openings()
        .select_related("passport")
        .prefetch_related(Prefetch("credentials", Credential.objects.select_related("type")))
        .order_by("-made_at", "-pk")
    )


def passports_of(person: Person) -> QuerySet[Passport]:
    """The skills passports of a person, newest first."""
    return (
        Passport.objects.filter(holder=person)
        .select_related("consent")
        .annotate(number_of_credentials=Count("credentials"))
        .order_by("-made_at", "-pk")
    )
