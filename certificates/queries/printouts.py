"""What was printed, and what waits for its holder."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from certificates.enums import LIVE_STATES, CredentialState, FileKind
from certificates.models import Artifact, Collection, Copy, Credential, Printout, Proposal


def not_printed(proposal: Proposal) -> QuerySet[Credential]:
    """Certificates of a proposal that are drawn and in force, and were not recorded as printed: in the order of a print run."""
    drawn = Artifact.objects.filter(credential=OuterRef("pk"), kind=FileKind.CERTIFICATE, copy=None)
    printed = Printout.objects.current().filter(credential=OuterRef("pk"), copy=None)
    rows = proposal.credentials.filter(Exists(drawn), ~Exists(printed), state__in=LIVE_STATES)
    return rows.order_by("holder__folded_name", "number")


def waiting_printouts() -> QuerySet[Printout]:
    """Printed certificates in force that no one collected, the oldest first."""
    return Printout.objects.waiting().filter(credential__state=CredentialState.IN_FORCE)


def with_collections(rows: QuerySet[Printout]) -> QuerySet[Any]:
    """The same rows, each with `is_collected`."""
    collected = Collection.objects.filter(printout=OuterRef("pk"), undone_at__isnull=True)
    return rows.annotate(is_collected=Exists(collected))


def printouts_of(credential: Credential) -> QuerySet[Printout]:
    """All that was ever printed of a certificate, with who collected it."""
    collected = Collection.objects.filter(undone_at__isnull=True)
    rows = Printout.objects.filter(credential=credential)
    return rows.select_related("copy", "sheet").prefetch_related(
        Prefetch("collections", collected, to_attr="collected")
    )


def copies_to_print(credential: Credential) -> QuerySet[Copy]:
    """Copies that are drawn and were not recorded as printed."""
    drawn = Artifact.objects.filter(copy=OuterRef("pk"), kind=FileKind.CERTIFICATE)
    printed = Printout.objects.current().filter(copy=OuterRef("pk"))
    return credential.copies.filter(Exists(drawn), ~Exists(printed))


def is_drawn(credential: Credential, copy: Copy | None) -> bool:
    files = Artifact.objects.filter(credential=credential, copy=copy, kind=FileKind.CERTIFICATE)
    return files.exists()


def is_ready_to_collect(credential: Credential) -> bool:
    return Printout.objects.waiting().filter(credential=credential).exists()


def last_collection_by_another(credential: Credential) -> Collection | None:
    """The last collection by a representative, unless it was undone."""
    by_another = Q(by_holder=False, undone_at__isnull=True)
    return Collection.objects.filter(by_another, printout__credential=credential).first()
