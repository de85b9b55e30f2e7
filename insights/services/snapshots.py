"""Records the figures of a day, once it is over: who is at risk, cohort by cohort, then every enrollment, then their counts."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from courses.models import Enrollment
from insights.errors import DayMissed, DayNotOver
from insights.models import EnrollmentRisk, Snapshot
from insights.services.publishing import publish_quarter
from insights.services.risks import record_risks
from insights.services.states_sql import RECORD_BATCH, RECORD_FIGURES
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish, heartbeat, refuse
from jobs.services.working import work_on

ENROLLMENTS_IN_A_BATCH = 20_000


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after a day, here."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


@transaction.atomic
def request_snapshot(*, day: dt.date | None = None) -> Snapshot:
    """Have the figures of a day recorded, yesterday where none is named. May be asked again: each day is recorded once.

    Only on the day after it: later the records do not say any more what was true then. Raises `DayNotOver`, `DayMissed`.
    """
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    day = day or yesterday
    if day > yesterday:
        raise DayNotOver
    known = Snapshot.objects.filter(day=day).first()
    if known:
        return known
    if day < yesterday:
        raise DayMissed
    snapshot, is_new = Snapshot.objects.get_or_create(day=day)
    if is_new:
        dispatch_jobs(Snapshot, [snapshot.pk])
    return snapshot


def take_snapshot(*, snapshot_id: int) -> Snapshot | None:
    """Record what is left of a day. None if it is done, or leased by another worker."""
    return work_on(Snapshot, snapshot_id, _record)


def _record(snapshot: Snapshot) -> Snapshot:
    if timezone.localdate() != snapshot.day + dt.timedelta(days=1):
        return refuse(snapshot, error=str(DayMissed()))
    record_risks(snapshot, at=end_of(snapshot.day) - dt.timedelta(microseconds=1))
    while until := _end_of_batch(snapshot.position):
        heartbeat(snapshot)
        _record_batch(snapshot, until)
    ended = _record_figures(snapshot)
    publish_quarter(snapshot=ended)
    return ended


def _end_of_batch(position: int) -> int | None:
    """The key of the last enrollment of the next batch."""
    keys = Enrollment.objects.filter(pk__gt=position).order_by("pk").values_list("pk", flat=True)
    return max(keys[:ENROLLMENTS_IN_A_BATCH], default=None)


@transaction.atomic
def _record_batch(snapshot: Snapshot, until: int) -> None:
    """A batch, and the position after it: both, or nothing."""
    held = fenced(snapshot)
    with connection.cursor() as cursor:
        cursor.execute(RECORD_BATCH, {**parameters_of(held.day), "after": held.position, "until": until})
        held.changed += cursor.rowcount
    held.enrollments += Enrollment.objects.filter(
        pk__gt=held.position, pk__lte=until, enrolled_at__lt=end_of(held.day)
    ).count()
    held.position = until
    held.save(update_fields=["position", "enrollments", "changed"])
    snapshot.position = until


def parameters_of(day: dt.date) -> dict[str, Any]:
    return {
        "day": day,
        "end": end_of(day),
        "zone": settings.TIME_ZONE,
    }


@transaction.atomic
def _record_figures(snapshot: Snapshot) -> Snapshot:
    """The figures, and the end of the job: a day is shown with all of its figures."""
    ended = finish(snapshot)
    with connection.cursor() as cursor:
        cursor.execute(RECORD_FIGURES, {"day": ended.day})
    EnrollmentRisk.objects.all().delete()
    return ended
