"""The way of a center to its first cohort as a list of steps, each done, to do, or waiting for somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import Center, User
from accounts.scoping import acts_held_in
from accounts.services.formatting import format_date, localize_digits
from accounts.services.memberships import takes_two
from courses.enums import CohortState
from courses.queries.first_cohort import ROLES_NEEDED, Holder, Way, is_licensed, is_placed, ways_of


class StepState(StrEnum):
    DONE = "done"
    OPEN = "open"
    WAITS = "waits"


@dataclass(frozen=True)
class Step:
    """`note` says what is on record, or for whom or what it waits; `acts` are links for this reader, each a label and an address."""

    title: str
    state: StepState
    note: str = ""
    acts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Checklist:
    center: Center
    has_taught: bool
    steps: Sequence[Step] = field(repr=False)

    @property
    def done(self) -> int:
        return sum(1 for step in self.steps if step.state == StepState.DONE)

    @property
    def next_step(self) -> Step | None:
        """The first one that this reader may do."""
        return next((step for step in self.steps if step.state == StepState.OPEN and step.acts), None)

    @property
    def progress(self) -> str:
        """How many steps are done, in words."""
        facts = {"done": localize_digits(self.done), "all": localize_digits(len(self.steps))}
        return _("%(done)s of %(all)s steps done") % facts

    @property
    def url(self) -> str:
        return reverse("first_cohort", args=[self.center.pk])


def checklists_of(centers: Sequence[Center], *, user: User) -> list[Checklist]:
    """As `user` sees them. As many queries as `ways_of`."""
    return [
        Checklist(way.center, way.has_taught, _steps(way, acts_held_in(user, way.center)))
        for way in ways_of(centers)
    ]


A_ROLE: Mapping[RoleName, Any] = {
    RoleName.CENTER_MANAGER: gettext_lazy("A center manager who has logged in"),
    RoleName.REGISTRAR: gettext_lazy("A registrar who has logged in"),
    RoleName.INSTRUCTOR: gettext_lazy("An instructor who has logged in"),
    RoleName.ASSESSOR: gettext_lazy("An assessor who has logged in"),
}
PROGRAM = gettext_lazy("A program with published lessons and a completion rule")
COHORT = gettext_lazy("A cohort")
TIMETABLE = gettext_lazy("Sessions in the timetable")
TRAINEES = gettext_lazy("Enrolled trainees")


def _steps(way: Way, acts: frozenset[Act]) -> list[Step]:
    """In the order in which one needs another."""
    return [
        _place(way, acts),
        _license(way, acts),
        *(_role(way, role, acts) for role in ROLES_NEEDED),
        _venue(way),
        _program(way, acts),
        _cohort(way),
        _teacher(way),
        _timetable(way),
        _trainees(way, acts),
        _start(way),
        _sheet(way, acts),
    ]


def _address(name: str, *args: object, **asked: object) -> str:
    return f"{reverse(name, args=args)}?{urlencode(asked)}" if asked else reverse(name, args=args)


def _after(title: str, needed: Any) -> Step:
    return Step(title, StepState.WAITS, _("Comes after “%(step)s”.") % {"step": needed})


def _of_the_ministry(title: str, label: str, url: str, acts: frozenset[Act], note: str = "") -> Step:
    if Act.MANAGE_CENTERS in acts:
        return Step(title, StepState.OPEN, note, [(label, url)])
    waits = _("The ministry enters it.")
    return Step(title, StepState.WAITS, f"{note} {waits}" if note else waits)


def _place(way: Way, acts: frozenset[Act]) -> Step:
    title, center = _("Telephone and address of the center"), way.center
    if is_placed(center):
        return Step(title, StepState.DONE)
    return _of_the_ministry(title, _("Enter them"), _address("center:edit", center.pk), acts)


def _license(way: Way, acts: frozenset[Act]) -> Step:
    title, center = _("License of the center, with its last day"), way.center
    expires_on = center.license_expires_on
    if is_licensed(center) and expires_on:
        return Step(title, StepState.DONE, _("until %(date)s") % {"date": format_date(expires_on)})
    is_over = expires_on and expires_on < timezone.localdate()
    note = _("It ended on %(date)s.") % {"date": format_date(expires_on)} if is_over and expires_on else ""
    return _of_the_ministry(title, _("Enter it"), _address("center:edit", center.pk), acts, note)


def _role(way: Way, role: RoleName, acts: frozenset[Act]) -> Step:
    title, holders = str(A_ROLE[role]), way.holders[role]
    if holders and holders[0].has_logged_in:
        return Step(title, StepState.DONE, holders[0].name)
    may_give = Act.MANAGE_MEMBERS in acts
    if holders:
        # Who works in a whole governorate is not within a center's reach.
        is_reached = may_give and (holders[0].is_local or Act.MANAGE_CENTERS in acts)
        return _first_login(title, holders[0], is_reached=is_reached)
    if not may_give:
        return Step(title, StepState.WAITS, _("Who manages the center gives the role."))
    asked = {"role": role.value, "center": way.center.pk}
    if takes_two(role):
        note = _(
            "Two people give it: a colleague compares the card of the new login, then one of you asks for the role and the other gives it."
        )
        links = [
            (_("Create a login"), _address("user:add", center=way.center.pk)),
            (_("Ask for the role"), _address("role_requests:add", **asked)),
        ]
        return Step(title, StepState.OPEN, note, links)
    note = _("Somebody else than an instructor of the center.") if role == RoleName.ASSESSOR else ""
    links = [
        (_("Create a login"), _address("user:add", **asked)),
        (_("Give the role to a login"), _address("membership:add", **asked)),
    ]
    return Step(title, StepState.OPEN, note, links)


def _first_login(title: str, holder: Holder, *, is_reached: bool) -> Step:
    note = _("%(name)s has the role and has not logged in yet.") % {"name": holder.name}
    links = [(_("Ask for a password"), _address("user:edit", holder.login))] if is_reached else []
    return Step(title, StepState.WAITS, note, links)


def _venue(way: Way) -> Step:
    title = _("A room")
    if way.has_venue:
        return Step(title, StepState.DONE)
    return Step(title, StepState.OPEN, acts=[(_("Add a room"), _address("venue:add", center=way.center.pk))])


def _program(way: Way, acts: frozenset[Act]) -> Step:
    title = str(PROGRAM)
    if way.is_program_ready:
        return Step(title, StepState.DONE)
    return _of_the_ministry(title, _("Set a completion rule"), _address("completionrule:add"), acts)


def _cohort(way: Way) -> Step:
    title = str(COHORT)
    if way.cohort:
        return Step(title, StepState.DONE, way.cohort.code)
    if way.has_taught:
        return Step(title, StepState.DONE)
    if not way.is_program_ready:
        return _after(title, PROGRAM)
    return Step(
        title, StepState.OPEN, acts=[(_("Open a cohort"), _address("cohort:add", center=way.center.pk))]
    )


def _teacher(way: Way) -> Step:
    title, cohort = _("An instructor of the cohort"), way.cohort
    if cohort is None:
        return _without_cohort(way, title)
    if cohort.has_teacher:
        return Step(title, StepState.DONE)
    if not way.holders[RoleName.INSTRUCTOR]:
        return _after(title, A_ROLE[RoleName.INSTRUCTOR])
    return Step(
        title, StepState.OPEN, acts=[(_("Choose the instructor"), _address("cohort:edit", cohort.pk))]
    )


def _without_cohort(way: Way, title: str) -> Step:
    """Of a center whose cohorts are closed all of it was done."""
    return Step(title, StepState.DONE) if way.has_taught else _after(title, COHORT)


def _timetable(way: Way) -> Step:
    title, cohort = str(TIMETABLE), way.cohort
    if cohort is None:
        return _without_cohort(way, title)
    if number := cohort.sessions_planned:
        said = ngettext("%(count)s session", "%(count)s sessions", number)
        return Step(title, StepState.DONE, said % {"count": localize_digits(number)})
    return Step(title, StepState.OPEN, acts=[_plan(cohort)])


def _plan(cohort: Any) -> tuple[str, str]:
    return _("Plan sessions"), _address("classsession:series", cohort=cohort.pk)


def _trainees(way: Way, acts: frozenset[Act]) -> Step:
    title, cohort = str(TRAINEES), way.cohort
    if cohort is None:
        return _without_cohort(way, title)
    if number := cohort.people:
        said = ngettext("%(count)s trainee", "%(count)s trainees", number)
        return Step(title, StepState.DONE, said % {"count": localize_digits(number)})
    if not cohort.takes_people_today:
        note = _("The cohort gives no seats any more. Change its dates, or allow days for replacements.")
        links = [(_("Change the cohort"), _address("cohort:edit", cohort.pk))]
        return Step(title, StepState.OPEN, note, links)
    links = [(_("Register and enroll"), _address("desk", cohort=cohort.pk))]
    if Act.IMPORT_LISTS in acts:
        links.append((_("Import a list"), _address("imports:add")))
    return Step(title, StepState.OPEN, acts=links)


def _start(way: Way) -> Step:
    title, cohort = _("Teaching has begun"), way.cohort
    if cohort is None:
        return _without_cohort(way, title)
    if cohort.state == CohortState.RUNNING:
        return Step(title, StepState.DONE)
    if not cohort.people:
        return _after(title, TRAINEES)
    if cohort.starts_on > timezone.localdate():
        first = _("The first day is %(date)s.") % {"date": format_date(cohort.starts_on)}
        return Step(title, StepState.WAITS, first)
    return Step(title, StepState.OPEN, acts=[(_("Start the cohort"), _address("cohort:start", cohort.pk))])


def _sheet(way: Way, acts: frozenset[Act]) -> Step:
    title, cohort = _("The first attendance sheet, filled in and locked"), way.cohort
    if way.has_taught:
        return Step(title, StepState.DONE)
    if needed := _needed_for_a_sheet(cohort):
        return _after(title, needed)
    if cohort.sheet_to_lock:
        links = [(_("Open the sheet"), _address("classsession:attendance", cohort.sheet_to_lock))]
        return Step(title, StepState.OPEN, acts=links if Act.RECORD_ATTENDANCE in acts else [])
    if cohort.next_end:
        until = _("The next session ends on %(date)s.") % {"date": format_date(cohort.next_end)}
        return Step(title, StepState.WAITS, until)
    note = _("All sessions are over, and none has attendance.")
    return Step(title, StepState.OPEN, note, [_plan(cohort)])


def _needed_for_a_sheet(cohort: Any) -> Any:
    """The first step that is missing; None where none is."""
    if cohort is None:
        return COHORT
    if not cohort.sessions_planned:
        return TIMETABLE
    return None if cohort.people else TRAINEES
