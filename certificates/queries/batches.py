"""The progress of the files of a proposal."""

from dataclasses import dataclass

from django.db.models import (
    Count,
    Q,
    QuerySet,
)

from certificates.enums import (
    LIVE_STATES,
    BundleKind,
    FileKind,
)
from certificates.models import (
    Artifact,
    Proposal,
    RenderJob,
)
from jobs.enums import JobState


@dataclass(frozen=True)
class BatchProgress:
    """How many files of a proposal are drawn, failed, and queued in all."""

    done: int
    failed: int
    total: int

    @property
    def is_live(self) -> bool:
        return self.done + self.failed < self.total

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def batch_progress(proposal: Proposal) -> BatchProgress:
    return BatchProgress(
        **RenderJob.objects.filter(credential__proposal=proposal).aggregate(
            done=Count("pk", filter=Q(state=JobState.DONE)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
            total=Count("pk"),
        )
    )


_IN_A_BUNDLE = {
    BundleKind.ZIP: (FileKind.CERTIFICATE, FileKind.CARD),
    BundleKind.PRINT: (FileKind.CERTIFICATE,),
    BundleKind.CARDS: (FileKind.CARD,),
}


def files_for(kind: BundleKind, proposal: Proposal) -> QuerySet[Artifact]:
    """The files of a bundle: originals of a proposal's certificates that are still in force, as A4 pages, cards or both."""
    return Artifact.objects.filter(
        credential__proposal=proposal,
        credential__state__in=LIVE_STATES,
        kind__in=_IN_A_BUNDLE[kind],
        copy=None,
    )
