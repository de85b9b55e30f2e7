"""Cohorts: opened, changed, started."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale

from accounts.models import User
from accounts.services.formatting import format_date
from courses.enums import CohortState, Entry, Shift
from courses.errors import (
    CohortClosed,
    CohortCodeTaken,
    CohortDatesReversed,
    CohortRunning,
    NoCompletionRule,
    ProgramHasNoUnits,
    ReservedAboveSeats,
    SeatsBelowTaken,
    UnitsOpenLater,
)
from courses.models import Cohort, CompletionRule, ProgramPage
from courses.queries.pinning import published_units
from courses.services.completion import require_tests_of
from courses.services.content import freeze_content
from courses.services.facts import freeze_facts
from courses.services.search_index import mark_cohort
from courses.services.seats import close_waiting_list, cohort_with_seats_counted, move_up
from courses.services.teaching import has_begun, keep_as_former


@transaction.atomic
def open_cohort(
    *,
    program_id: int,
    center_id: int,
    code: str,
    starts_on: dt.date,
    ends_on: dt.date,
    shift: Shift,
    seats: int,
    by: User,
    seats_reserved: int = 0,
    entry: Entry = Entry.OPEN,
    late_entry_days: int = 0,
    instructors: Iterable[User] = (),
) -> Cohort:
    """Open a cohort for enrollment, pinned to today's content, to the newest completion rule and to the facts that papers print.

    Raises `CohortDatesReversed`, `CohortCodeTaken`, `ReservedAboveSeats`, `ProgramHasNoUnits`, `NoCompletionRule`,
    `RuleNamesATestThatIsGone`.
    """
    version = freeze_content(program_id=program_id, by=by)
    _check_facts(code=code, starts_on=starts_on, ends_on=ends_on, seats=seats, seats_reserved=seats_reserved)
    rule = CompletionRule.objects.filter(program=version.program_id).first()
    if rule is None:
        raise NoCompletionRule
    require_tests_of(rule, [unit["unit"] for unit in version.units])
    cohort = Cohort.objects.create(
        program_id=version.program_id,
        center_id=center_id,
        content_version=version,
        completion_rule=rule,
        code=code,
        starts_on=starts_on,
        ends_on=ends_on,
        shift=shift,
        seats=seats,
        seats_reserved=seats_reserved,
        entry=entry,
        late_entry_days=late_entry_days,
        state=CohortState.OPEN,
    )
    freeze_facts(cohort=cohort, by=by)
    cohort.instructors.set(instructors)
    log(cohort, "courses.cohort.open", user=by, data={"seats": seats, "content": version.number})
    mark_cohort(cohort)
    return cohort


def check_opening(
    *, program_id: int, code: str, starts_on: dt.date, ends_on: dt.date, seats: int, seats_reserved: int = 0
) -> None:
    """Raise what `open_cohort` would raise now. Only `open_cohort` itself decides."""
    program = ProgramPage.objects.get(pk=program_id)
    source = program.get_translation_or_none(Locale.get_default()) or program
    units = published_units(source)
    if not units:
        raise ProgramHasNoUnits
    _check_facts(code=code, starts_on=starts_on, ends_on=ends_on, seats=seats, seats_reserved=seats_reserved)
    rule = CompletionRule.objects.filter(program=source).first()
    if rule is None:
        raise NoCompletionRule
    require_tests_of(rule, [str(unit.translation_key) for unit in units])


def _check_facts(*, code: str, starts_on: dt.date, ends_on: dt.date, seats: int, seats_reserved: int) -> None:
    if ends_on < starts_on:
        raise CohortDatesReversed
    if Cohort.objects.filter(code=code).exists():
        raise CohortCodeTaken(code=code)
    if seats_reserved > seats:
        raise ReservedAboveSeats


@transaction.atomic
def change_cohort(
    *,
    cohort_id: int,
    by: User,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    shift: Shift | None = None,
    seats: int | None = None,
    seats_reserved: int | None = None,
    entry: Entry | None = None,
    late_entry_days: int | None = None,
    instructors: Iterable[User] | None = None,
) -> Cohort:
    """Change what is given; `None` leaves a fact as it is. Content, rule, program and center stay pinned.

    An instructor who is taken off after the cohort began stays on record as one who taught it. Seats that become free go to the waiting list. Raises `CohortClosed`, `CohortDatesReversed`, `SeatsBelowTaken`,
    `ReservedAboveSeats`, `UnitsOpenLater`.
    """
    cohort = cohort_with_seats_counted(cohort_id)
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    wanted = {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "shift": shift,
        "seats": seats,
        "seats_reserved": seats_reserved,
        "entry": entry,
        "late_entry_days": late_entry_days,
    }
    changed: dict[str, Any] = {
        field: value
        for field, value in wanted.items()
        if value is not None and value != getattr(cohort, field)
    }
    if changed.get("ends_on", cohort.ends_on) < changed.get("starts_on", cohort.starts_on):
        raise CohortDatesReversed
    if "ends_on" in changed and cohort.has_releases:
        _check_units_open_until(cohort, changed["ends_on"])
    if changed.get("seats", cohort.seats) < cohort.seats_taken + cohort.seats_held:
        raise SeatsBelowTaken(taken=cohort.seats_taken + cohort.seats_held)
    if changed.get("seats_reserved", cohort.seats_reserved) > changed.get("seats", cohort.seats):
        raise ReservedAboveSeats
    before: dict[str, Any] = {field: str(getattr(cohort, field)) for field in changed}
    after: dict[str, Any] = {field: str(value) for field, value in changed.items()}
    if instructors is not None and (names := _change_instructors(cohort, list(instructors), by=by)):
        before["instructors"], after["instructors"] = names
    for field, value in changed.items():
        setattr(cohort, field, value)
    cohort.save(update_fields=list(changed))
    if after:
        log(cohort, "courses.cohort.change", user=by, data={"before": before, "after": after})
    move_up(cohort)
    mark_cohort(cohort)
    return cohort


def _change_instructors(
    cohort: Cohort, wished: list[User], *, by: User
) -> tuple[list[str], list[str]] | None:
    """Their names before and after; None where they stay the same."""
    listed = list(cohort.instructors.order_by("pk"))
    if has_begun(cohort):
        keep_as_former(cohort, {user.pk for user in listed} - {user.pk for user in wished}, by=by)
    if set(wished) == set(listed):
        return None
    cohort.instructors.set(wished)
    return list(map(str, listed)), list(map(str, wished))


def _check_units_open_until(cohort: Cohort, last_day: dt.date) -> None:
    latest = cohort.releases.aggregate(latest=Max("opens_at"))["latest"]
    if latest and timezone.localdate(latest) > last_day:
        raise UnitsOpenLater(last=format_date(latest))


@transaction.atomic
def start_cohort(*, cohort_id: int, by: User) -> Cohort:
    """Begin teaching, and close enrollment where no replacements are taken. Raises `CohortClosed`, `CohortRunning`."""
    cohort = cohort_with_seats_counted(cohort_id)
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    if cohort.state == CohortState.RUNNING:
        raise CohortRunning
    # Of one that was planned and never opened.
    freeze_facts(cohort=cohort, by=by)
    cohort.state = CohortState.RUNNING
    cohort.save(update_fields=["state"])
    log(cohort, "courses.cohort.start", user=by)
    if not cohort.takes_people_today:
        close_waiting_list(cohort)
    mark_cohort(cohort)
    return cohort
