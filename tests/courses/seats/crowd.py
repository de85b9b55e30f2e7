"""One of several processes that enroll, hold, wait, withdraw and transfer at random: `python -m tests.courses.seats.crowd SEED ACTS CLERK PEOPLE COHORTS`.

Each process has people of its own, so that what it did to them last is how they must be found. It prints a line before
an act and one after its commit: "? person" and "! person cohort", the cohort where the person has a seat then, 0 without one.
"""

import datetime as dt
import os
import random
import sys
from contextlib import suppress

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.utils import timezone  # noqa: E402 - after the set-up

from accounts.errors import DomainError  # noqa: E402
from accounts.models import User  # noqa: E402
from courses.enums import EnrollmentState, HoldState, WaitingState  # noqa: E402
from courses.models import Enrollment, SeatHold, WaitingEntry  # noqa: E402
from courses.services.enrollments import enroll, withdraw  # noqa: E402
from courses.services.seats import (  # noqa: E402
    expire_holds,
    hold_seat,
    join_waiting_list,
    leave_waiting_list,
    release_hold,
)
from courses.services.transfers import transfer  # noqa: E402


def seat_of(person: int) -> Enrollment | None:
    return Enrollment.objects.filter(person=person, state=EnrollmentState.ACTIVE).first()


def act(chance: random.Random, person: int, cohort: int, clerk: User) -> None:
    seat = seat_of(person)
    if seat:
        if chance.random() < 0.5:
            withdraw(enrollment_id=seat.pk, reason="سافر", by=clerk)
        else:
            transfer(enrollment_id=seat.pk, to_cohort_id=cohort, reason="انتقل", by=clerk)
        return
    hold = SeatHold.objects.filter(person=person, state=HoldState.HELD).first()
    waiting = WaitingEntry.objects.filter(person=person, state=WaitingState.WAITING).first()
    choice = chance.random()
    if hold and choice < 0.7:
        enroll(person_id=person, cohort_id=hold.cohort_id, by=clerk, hold_id=hold.pk)
    elif hold:
        release_hold(hold_id=hold.pk, by=clerk)
    elif waiting and choice < 0.2:
        leave_waiting_list(entry_id=waiting.pk, by=clerk)
    elif choice < 0.5:
        enroll(person_id=person, cohort_id=cohort, by=clerk)
    elif choice < 0.6:
        until = timezone.now() + dt.timedelta(milliseconds=chance.randint(1, 2000))
        hold_seat(person_id=person, cohort_id=cohort, until=until, by=clerk)
    elif choice < 0.95:
        join_waiting_list(person_id=person, cohort_id=cohort, by=clerk)
    else:
        expire_holds()


def main() -> None:
    seed, acts, clerk_id, people, cohorts = sys.argv[1:]
    chance = random.Random(int(seed))
    clerk = User.objects.get(pk=clerk_id)
    own = [int(key) for key in people.split(",")]
    offered = [int(key) for key in cohorts.split(",")]
    for _act in range(int(acts)):
        person = chance.choice(own)
        print("?", person, flush=True)
        # Full cohorts refuse, and so do seats that others took meanwhile.
        with suppress(DomainError):
            act(chance, person, chance.choice(offered), clerk)
        seat = seat_of(person)
        print("!", person, seat.cohort_id if seat else 0, flush=True)


if __name__ == "__main__":
    main()
