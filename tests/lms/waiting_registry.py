"""For each kind of work on the home page: how a row is made that waits for a user, and the act after which it does not wait."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import CohortState
from courses.models import Cohort
from tests.factories.courses import CohortFactory

type Finish = Callable[[], object]

type Make = Callable[[Center, User], Finish]

# By the name of the kind: who has it, whether of the whole ministry only, and how a row is made.
CASES: dict[str, tuple[RoleName, bool, Make]] = {}

# Read, not worked off: they are gone by the time of day.
READ_ONLY = {"sensitive-acts", "decided", "changed-certificates", "live-ended", "live-next"}


def waits(name: str, role: RoleName, *, everywhere: bool = False) -> Callable[[Make], Make]:
    def register(make: Make) -> Make:
        CASES[name] = (role, everywhere, make)
        return make

    return register


def running(center: Center, **facts: Any) -> Cohort:
    cohort: Cohort = CohortFactory(center=center, state=CohortState.RUNNING, **facts)
    return cohort


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)
