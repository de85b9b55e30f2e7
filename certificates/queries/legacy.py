"""Reads about paper certificates."""

from django.db.models import (
    Q,
    QuerySet,
)

from accounts.models import User
from accounts.scoping.hands import hands_shown, people_shown
from certificates.enums import (
    PaperState,
)
from certificates.models import (
    LegacyBatch,
    LegacyPaper,
)


def papers_to_check(batch: LegacyBatch, *, by: User) -> QuerySet[LegacyPaper]:
    """Rows without a fault that wait for a second person, where `by` may be that person, in the order of the index."""
    waiting = batch.papers.filter(state=PaperState.TYPED, faults=[]).exclude(
        typists__overlap=sorted(hands_shown(by))
    )
    own = Q(person__isnull=False, person__in=people_shown(by))
    return waiting.exclude(own).order_by("line")
