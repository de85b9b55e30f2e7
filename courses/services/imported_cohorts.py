"""Imports cohorts of a center. One that is there already stays as it is: people may have seats in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Locale

from accounts.digits import is_decimal
from accounts.errors import DomainError
from accounts.models import User
from courses.enums import ImportKind
from courses.errors import CohortCodeTaken
from courses.imports.cells import date_of, number_of
from courses.imports.errors import (
    LineDiffers,
    NotACount,
    ProgramUnknown,
    RegisterDiffers,
    SameCohortAsLine,
    ShiftUnknown,
)
from courses.imports.tables import Line
from courses.imports.words import SHIFTS
from courses.models import Cohort, ImportRun, ProgramPage
from courses.services.cohorts import check_opening, open_cohort
from courses.services.imported_lines import LineReader, Outcome, Remark, code_key

MOST_SEATS, MOST_DAYS = 1_000, 365


@dataclass(frozen=True)
class _Opening:
    """A line that can be read; `facts` are what `open_cohort` takes."""

    line: int
    facts: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.facts["code"])


class CohortImporter:
    def __init__(self, *, run: ImportRun, by: User) -> None:
        self.center, self.by = run.center, by
        programs = ProgramPage.objects.live().filter(locale=Locale.get_default())
        self.programs = {code_key(code): pk for pk, code in programs.values_list("pk", "code")}
        # Of the lines before, by code: their number and what they say.
        self._lines: dict[str, _Opening] = {}

    def remember(self, lines: list[Line]) -> None:
        self._readable(lines, Outcome())

    def do(self, lines: list[Line], *, writes: bool) -> Outcome:
        outcome = Outcome()
        openings = self._readable(lines, outcome)
        rows = Cohort.objects.filter(code__in=[opening.code for opening in openings])
        present = {cohort.code: cohort for cohort in rows}
        for opening in openings:
            cohort = present.get(opening.code)
            if cohort is not None:
                faults = self._differences(opening, cohort)
                outcome.remarks += faults
                outcome.faulty += bool(faults)
                outcome.unchanged += not faults
                continue
            try:
                self._open(opening, writes=writes)
            except DomainError as error:
                outcome.faulty += 1
                outcome.remarks.append(Remark(opening.line, "", error))
            else:
                outcome.created += 1
        return outcome

    def _open(self, opening: _Opening, *, writes: bool) -> None:
        facts = opening.facts
        if writes:
            open_cohort(center_id=self.center.pk, by=self.by, **facts)
        else:
            names = ("program_id", "code", "starts_on", "ends_on", "seats", "seats_reserved")
            check_opening(**{name: facts[name] for name in names})

    def _differences(self, opening: _Opening, cohort: Cohort) -> list[Remark]:
        if cohort.center_id != self.center.pk:
            return [Remark(opening.line, "code", CohortCodeTaken(code=cohort.code))]
        return [
            Remark(opening.line, name.removesuffix("_id"), RegisterDiffers())
            for name, value in opening.facts.items()
            if getattr(cohort, name) != value
        ]

    def _readable(self, lines: list[Line], outcome: Outcome) -> list[_Opening]:
        first = []
        for line in lines:
            opening, faults = self._read(line)
            if opening is None:
                outcome.faulty += 1
                outcome.remarks += faults
                continue
            before = self._lines.setdefault(code_key(opening.code), opening)
            if before is opening:
                first.append(opening)
            elif before.facts == opening.facts:
                outcome.unchanged += 1
                outcome.remarks.append(
                    Remark(opening.line, "", SameCohortAsLine(line=before.line), is_fault=False)
                )
            else:
                outcome.faulty += 1
                outcome.remarks.append(Remark(opening.line, "", LineDiffers(line=before.line)))
        return first

    def _read(self, line: Line) -> tuple[_Opening | None, list[Remark]]:
        reader = LineReader(line, ImportKind.COHORTS)
        program = reader.text("program", is_needed=True)
        facts = {
            "code": reader.text("code", is_needed=True),
            "program_id": self.programs.get(code_key(program)),
            "starts_on": reader.needed("starts_on", date_of),
            "ends_on": reader.needed("ends_on", date_of),
            "shift": reader.choice("shift", SHIFTS, ShiftUnknown(), is_needed=True),
            "seats": reader.needed("seats", _count_to(MOST_SEATS)),
            "seats_reserved": reader.read("seats_reserved", _count_to(MOST_SEATS), None) or 0,
            "late_entry_days": reader.read("late_entry_days", _count_to(MOST_DAYS), None) or 0,
        }
        if program and facts["program_id"] is None:
            reader.fault("program", ProgramUnknown())
        return (None, reader.faults) if reader.faults else (_Opening(line.number, facts), [])


def _count_to(most: int) -> Callable[[Any], int | None]:
    def parse(cell: Any) -> int | None:
        text = number_of(cell, longest=10)
        if not text:
            return None
        if not is_decimal(text) or int(text) > most:
            raise NotACount(most=most)
        return int(text)

    return parse
