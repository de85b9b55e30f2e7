"""What a merge of two records of one person does with what holds in tests (`accounts.services.merge_rules`)."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import Person
from accounts.services.merge_rules import register_merge_guard, rows_move
from assessment.errors import BothHaveAccommodations
from assessment.models import (
    Accommodation,
    AppealNotice,
    AttemptNotice,
    ExamNotice,
    ResultNotice,
    ScoreNotice,
)


def _same_days(kept: Person) -> QuerySet[Accommodation]:
    """What is not ended of the kept record on a day of the row of the outer query."""
    theirs = Accommodation.objects.filter(person=kept, ended_at=None)
    return theirs.filter(
        Q(until=None) | Q(until__gte=OuterRef("since")), since__lte=Coalesce(OuterRef("until"), F("since"))
    )


def _of_other_days(rows: QuerySet[Accommodation], kept: Person) -> QuerySet[Accommodation]:
    """Two of the past may have held on the same days, one for each record: then the second one stays where it is."""
    return rows.exclude(Exists(_same_days(kept)), ended_at=None)


@register_merge_guard
def both_have_accommodations(kept: Person, duplicate: Person) -> DomainError | None:
    """No one loses without a decision what holds now or will."""
    today = timezone.localdate()
    is_not_over = Q(until=None) | Q(until__gte=today)
    theirs = Accommodation.objects.filter(person=duplicate, ended_at=None)
    on_the_same_days = theirs.filter(
        (is_not_over & Exists(_same_days(kept))) | Exists(_same_days(kept).filter(is_not_over))
    )
    return BothHaveAccommodations() if on_the_same_days.exists() else None


rows_move(Accommodation, only=_of_other_days)
rows_move(AppealNotice)
rows_move(AttemptNotice)
rows_move(ScoreNotice)
rows_move(ResultNotice)
rows_move(ExamNotice)
