"""People by units, and people by sessions."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.clauses import counted
from courses.enums import AttendanceStatus
from courses.models import ClassSession, Cohort
from courses.queries.content import units_of
from courses.queries.releases import titles_in
from courses.queries.workspace.trainees import Trainee
from courses.queries.workspace.work import WorkInUnit


class Standing(StrEnum):
    """What a cell says. Each has a sign of its own, so that no color is needed, and a word."""

    DONE = "done"
    FAILED = "failed"
    WAITS = "waits"
    OPENED = "opened"
    UNTOUCHED = "untouched"
    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"
    UNRECORDED = "unrecorded"
    AHEAD = "ahead"
    ELSEWHERE = "elsewhere"

    @property
    def sign(self) -> str:
        return _SIGNS[self]

    @property
    def word(self) -> str | Promise:
        return _WORDS[self]


_SIGNS = {
    Standing.DONE: "✓",
    Standing.FAILED: "✗",
    Standing.WAITS: "…",
    Standing.OPENED: "◐",
    Standing.UNTOUCHED: "·",
    Standing.PRESENT: "✓",
    Standing.LATE: "◔",
    Standing.EXCUSED: "≈",
    Standing.ABSENT: "✗",
    Standing.UNRECORDED: "?",
    Standing.AHEAD: "·",
    Standing.ELSEWHERE: "–",
}
_WORDS = {
    Standing.DONE: _("done"),
    Standing.FAILED: _("not passed"),
    Standing.WAITS: _("waits for a mark"),
    Standing.OPENED: _("begun"),
    Standing.UNTOUCHED: _("not opened"),
    Standing.PRESENT: _("present"),
    Standing.LATE: _("late"),
    Standing.EXCUSED: _("excused"),
    Standing.ABSENT: _("absent"),
    Standing.UNRECORDED: _("not recorded, counts as absent"),
    Standing.AHEAD: _("still to come"),
    Standing.ELSEWHERE: _("was not in the cohort"),
}
OF_UNITS = (Standing.DONE, Standing.FAILED, Standing.WAITS, Standing.OPENED, Standing.UNTOUCHED)
OF_SESSIONS = (
    Standing.PRESENT,
    Standing.LATE,
    Standing.EXCUSED,
    Standing.ABSENT,
    Standing.UNRECORDED,
    Standing.AHEAD,
    Standing.ELSEWHERE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A unit (`key` is its own) or a session (`key` is that of its row, `url` leads to its sheet)."""

    key: str
    number: int
    title: str
    is_required: bool = True
    starts_at: dt.datetime | None = None
    is_locked: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """`score` in percent, of the attempt that counts; None where nothing was marked, and of sessions."""

    column: Column
    standing: Standing
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    trainee: Trainee
    cells: list[Cell]


def unit_columns(cohort: Cohort) -> list[Column]:
    """In teaching order. No query."""
    titles = titles_in(cohort)
    return [
        Column(unit["unit"], number, titles[unit["unit"]], is_required=unit["required"])
        for number, unit in enumerate(units_of(cohort), start=1)
    ]


def session_columns(cohort: Cohort) -> list[Column]:
    """The sessions of a cohort with a sheet that are not canceled, in order of time. One query."""
    held = ClassSession.objects.for_attendance().filter(cohort=cohort, canceled_at__isnull=True)
    rows = held.order_by("starts_at", "pk")
    return [
        Column(
            str(pk),
            number,
            title,
            starts_at=starts_at,
            is_locked=locked_at is not None,
            url=reverse("classsession:attendance", args=[pk]),
        )
        for number, (pk, title, starts_at, locked_at) in enumerate(
            rows.values_list("pk", "title", "starts_at", "locked_at"), start=1
        )
    ]


def unit_lines(trainees: Collection[Trainee], columns: Collection[Column]) -> list[Line]:
    """No query."""
    return [
        Line(
            trainee,
            [_unit_cell(column, trainee.work.get(column.key), trainee) for column in columns],
        )
        for trainee in trainees
    ]


def session_lines(trainees: Collection[Trainee], columns: Collection[Column]) -> list[Line]:
    """No query. Sessions that somebody attended in an earlier cohort count in the evidence and are not among these."""
    lines = []
    for trainee in trainees:
        ahead = {str(session.pk): session.is_ahead for session in trainee.sessions}
        recorded = {str(session): status for session, (status, _minutes) in trainee.attendance.items()}
        lines.append(
            Line(
                trainee,
                [
                    Cell(column, _attendance(ahead.get(column.key), recorded.get(column.key)))
                    for column in columns
                ],
            )
        )
    return lines


def _unit_cell(column: Column, work: WorkInUnit | None, trainee: Trainee) -> Cell:
    if work is None:
        return Cell(column, Standing.UNTOUCHED)
    score = counted(work.scores, trainee.asks.score.attempts)
    if work.completed_at:
        return Cell(column, Standing.DONE, score)
    if work.awaits_mark_since:
        return Cell(column, Standing.WAITS, score)
    return Cell(column, Standing.FAILED if work.passed is False else Standing.OPENED, score)


def _attendance(is_ahead: bool | None, status: str | None) -> Standing:  # noqa: FBT001 - a cell of the table, None where the person was elsewhere
    if is_ahead is None:
        return Standing.ELSEWHERE
    if status is not None:
        return Standing(AttendanceStatus(status).value)
    return Standing.AHEAD if is_ahead else Standing.UNRECORDED
