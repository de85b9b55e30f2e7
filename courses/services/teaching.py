"""Who taught a cohort stays on record."""

from collections.abc import Collection

from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import CohortState
from courses.models import Cohort, FormerInstructor


def has_begun(cohort: Cohort) -> bool:
    """Whether anything was taught: by its state, its first day or its timetable."""
    if cohort.state in {CohortState.RUNNING, CohortState.CLOSED} or cohort.starts_on <= timezone.localdate():
        return True
    return cohort.sessions.filter(starts_at__lte=timezone.now(), canceled_at__isnull=True).exists()


def keep_as_former(cohort: Cohort, logins: Collection[int], *, by: User) -> None:
    """Keep who was taken off a cohort after it began. The caller's transaction; keeping again changes nothing."""
    known = cohort.former_instructors.values_list("instructor", flat=True)
    taken_off = sorted(set(logins) - set(known))
    if not taken_off:
        return
    rows = [FormerInstructor(cohort=cohort, instructor_id=login, by=by) for login in taken_off]
    FormerInstructor.objects.bulk_create(rows, ignore_conflicts=True)
    names = [str(user) for user in User.objects.filter(pk__in=taken_off).order_by("pk")]
    log(cohort, "courses.cohort.take_off", user=by, data={"instructors": ", ".join(names)})
