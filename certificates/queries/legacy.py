"""Reads about paper certificates."""

from django.db.models import (
    Q,
    QuerySet,
)

from accounts.models import User
from certificates.enums import (
    PaperState,
)
from certificates.models import (
    LegacyBatch,
    LegacyPaper,
)


def papers_to_check(batch: LegacyBatch, *, by: User) -> QuerySet[LegacyPaper]:
    """Rows without a fault that wait for a second person, where `by` may be that person, in the order of the index."""
    waiting = batch.papers.filter(state=PaperState.TYPED, faults=[]).exclude(typists__contains=[by.pk])
    own = Q(person=by.person_id) if by.person_id else Q(pk=None)
    return waiting.exclude(own).order_by("line")
