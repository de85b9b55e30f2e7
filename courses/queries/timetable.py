"""When classes meet."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from courses.models import ClassSession, Cohort

SHOWN_AHEAD = 3


def next_sessions(cohort_ids: Iterable[int]) -> dict[int, list[ClassSession]]:
    """The sessions each cohort holds now or next, at most `SHOWN_AHEAD` of each, by cohort pk. One query."""
    turn = Window(RowNumber(), partition_by=F("cohort_id"), order_by=F("starts_at").asc())
    ahead = (
        ClassSession.objects.filter(
            cohort__in=list(cohort_ids), ends_at__gt=timezone.now(), canceled_at__isnull=True
        )
        .select_related("room", "trainer")
        .annotate(turn=turn)
        .filter(turn__lte=SHOWN_AHEAD)
        .order_by("starts_at")
    )
    by_cohort: dict[int, list[ClassSession]] = defaultdict(list)
    for session in ahead:
        by_cohort[session.cohort_id].append(session)
    return by_cohort


def on_day(sessions: QuerySet[ClassSession], day: dt.date) -> QuerySet[ClassSession]:
    """Keep what is held and begins on a day of the site's own time zone."""
    return sessions.filter(starts_at__date=day, canceled_at__isnull=True).order_by("starts_at")


def teachers_of(cohort: Cohort) -> set[int]:
    """Logins of whoever teaches or taught a cohort: its trainers and those of its sessions, who may have stood in or have left.

    One query.
    """
    listed = cohort.trainers.order_by().values_list("pk", flat=True)
    sessions = cohort.sessions.filter(canceled_at__isnull=True, trainer__isnull=False)
    return set(listed.union(sessions.order_by().values_list("trainer", flat=True)))
