"""Cohorts of today, which a walk through the demo opens for itself."""

from collections.abc import Sequence

from accounts.models import User
from courses.enums import Shift
from courses.models import Cohort, ProgramPage
from courses.services.cohorts import open_cohort
from lms.demo.clock import working_day
from lms.demo.people import DemoPeople


def opened_before(prefix: str) -> int:
    """How many cohorts of earlier walks have codes that begin so."""
    return Cohort.objects.filter(code__startswith=f"{prefix}-").count()


def open_next(
    prefix: str,
    *,
    cast: DemoPeople,
    program: ProgramPage,
    days: tuple[int, int] = (-1, 30),
    seats: int = 10,
    shift: Shift = Shift.MORNING,
    instructors: Sequence[User] = (),
) -> Cohort:
    """The next cohort whose code begins with `prefix`; `days` are working days from today."""
    first, last = days
    return open_cohort(
        program_id=program.pk,
        center_id=cast.center.pk,
        code=f"{prefix}-{opened_before(prefix) + 1:03}",
        starts_on=working_day(first),
        ends_on=working_day(last),
        shift=shift,
        seats=seats,
        by=cast.manager,
        instructors=instructors,
    )
