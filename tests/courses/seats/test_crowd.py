"""A crowd at the seats of ten cohorts, in several processes of which some are killed."""

import datetime as dt
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from courses.enums import HoldReason, HoldState, WaitingState
from courses.models import Cohort, Enrollment, SeatHold, WaitingEntry
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.courses import CohortFactory, taught_cohort
from tests.media_pipeline.transcode_jobs.workers import worker_environment
from tests.waiting import time_passes

COHORTS, SEATS, PEOPLE, PROCESSES, ACTS = 10, 20, 70, 6, 180

# In one snapshot: a cohort that has more than its seats, or counts others than it has.
WRONG = """
    SELECT count(*) FROM courses_cohort c WHERE
        c.seats_taken + c.seats_held > c.seats
        OR c.seats_taken <> (SELECT count(*) FROM courses_enrollment e WHERE e.cohort_id = c.id AND e.state <> 'withdrawn')
        OR c.seats_held <> (SELECT count(*) FROM courses_seathold h WHERE h.cohort_id = c.id AND h.state = 'held')
"""


def process(
    seed: int, clerk: int, people: list[int], cohorts: list[int], said: Path
) -> subprocess.Popen[bytes]:
    keys = [",".join(str(key) for key in those) for those in (people, cohorts)]
    with said.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.courses.seats.crowd", str(seed), str(ACTS), str(clerk), *keys],
            cwd=settings.BASE_DIR,
            env=worker_environment(),
            stdout=file,
        )


def wrong_cohorts() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return int(cursor.fetchone()[0])


@pytest.mark.engines("a crowd in six processes, three of them killed", nightly=True)
@pytest.mark.django_db(transaction=True)
def test_no_commit_oversells_the_list_keeps_its_order_and_nobody_is_lost(tmp_path: Path):
    first = taught_cohort(seats=SEATS)
    others = [
        CohortFactory(
            program=first.program,
            content_version=first.content_version,
            completion_rule=first.completion_rule,
            seats=SEATS,
        )
        for _ in range(COHORTS - 1)
    ]
    cohorts = [cohort.pk for cohort in (first, *others)]
    clerk = UserFactory().pk
    groups = [[PersonFactory().pk for _ in range(PEOPLE)] for _ in range(PROCESSES)]
    files = [tmp_path / f"{number}" for number in range(PROCESSES)]
    running = [process(number, clerk, people, cohorts, files[number]) for number, people in enumerate(groups)]

    wrong, looks, killed = 0, 0, 0
    while any(one.poll() is None for one in running):
        wrong += wrong_cohorts()
        looks += 1
        # Each of the first processes is killed once in the middle of its work, and another goes on with its people.
        if killed < 3 and said_by(files[killed]) > ACTS:
            running[killed].kill()
            running[killed].wait()
            running[killed] = process(100 + killed, clerk, groups[killed], cohorts, files[killed])
            killed += 1
        time_passes(random.uniform(0.005, 0.05), "looks at any moment")

    assert [one.returncode for one in running] == [0] * PROCESSES
    assert (killed, wrong, wrong_cohorts()) == (3, 0, 0)
    assert looks > 50
    assert lost_people(files) == []
    assert passed_over() == []
    # The crowd met full cohorts: some waited, and some were offered a seat.
    assert SeatHold.objects.filter(reason=HoldReason.WAITING_LIST, state=HoldState.USED).exists()


def said_by(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def lost_people(files: list[Path]) -> list[tuple[int, int, int]]:
    """People whose seat is not where the last acknowledged act left it: (person, seat acknowledged, seat found)."""
    acknowledged: dict[int, int] = {}
    for file in files:
        begun = None
        for line in file.read_text().splitlines():
            verb, person, *seat = line.split()
            if verb == "!":
                acknowledged[int(person)], begun = int(seat[0]), None
                continue
            # The act before was killed: either outcome is right.
            if begun is not None:
                acknowledged.pop(begun, None)
            begun = int(person)
        if begun is not None:
            acknowledged.pop(begun, None)
    found = dict(Enrollment.objects.filter(state="active").values_list("person_id", "cohort_id"))
    return [
        (person, seat, found.get(person, 0))
        for person, seat in acknowledged.items()
        if found.get(person, 0) != seat
    ]


def passed_over() -> list[tuple[int, int]]:
    """Pairs of entries of a list of which the later one was offered a seat while the earlier one waited."""
    pairs = []
    for cohort in Cohort.objects.all():
        entries = list(cohort.waiting.select_related("hold").order_by("since", "pk"))
        for number, earlier in enumerate(entries):
            for later in entries[number + 1 :]:
                if later.hold is None:
                    continue
                until = waited_until(earlier)
                if until is None or later.hold.held_at < until:
                    pairs.append((earlier.pk, later.pk))
    return pairs


def waited_until(entry: WaitingEntry) -> dt.datetime | None:
    """When an entry stopped waiting without an offer, or got one; None while it waits."""
    if entry.hold is not None:
        return entry.hold.held_at
    return None if entry.state == WaitingState.WAITING else entry.ended_at
