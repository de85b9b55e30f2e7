"""The database and a cohort agree on whether seats are given, and on how many."""

import datetime as dt
from itertools import product

from django.utils import timezone

from courses.enums import CohortState
from courses.models import Cohort
from courses.queries.cohorts import SEATS_FREE, SEATS_LEFT, giving_seats
from tests.factories.courses import CohortFactory, ProgramPageFactory


def test_the_database_and_a_cohort_agree_on_where_seats_are_given(db: None):
    today, program = timezone.localdate(), ProgramPageFactory()
    for state, begun, lasts, late in product(CohortState, (-2, 0, 3, 4), (0, 3, 20), (0, 3)):
        starts_on = today - dt.timedelta(days=begun)
        CohortFactory(
            program=program,
            state=state,
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=lasts),
            late_entry_days=late,
        )

    found = set(giving_seats().values_list("pk", flat=True))

    assert found == {cohort.pk for cohort in Cohort.objects.all() if cohort.takes_people_on(today)}
    assert 0 < len(found) < Cohort.objects.count()


def test_the_database_and_a_cohort_count_the_same_seats(db: None):
    program = ProgramPageFactory()
    for taken, held, reserved in product((0, 2), (0, 1), (0, 2, 4)):
        CohortFactory(program=program, seats=4, seats_taken=taken, seats_held=held, seats_reserved=reserved)

    counted = Cohort.objects.annotate(free=SEATS_FREE, left=SEATS_LEFT)

    assert all((row.free, max(0, row.left)) == (row.seats_free, row.seats_left) for row in counted)
