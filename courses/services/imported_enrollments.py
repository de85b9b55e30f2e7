"""Imports seats: people who are registered where the uploader gives seats get them in cohorts of the center of the import.

No one compares the cards of a list. So a number of another center is the same to it as one that no one has: the front desk gives such
a person a seat, with the card.
"""

from collections import defaultdict
from dataclasses import dataclass

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import centers_where
from accounts.services.identity_documents import Identity, find_many
from accounts.services.names import is_same_name
from courses.enums import EnrollmentState, ImportKind
from courses.errors import AlreadyEnrolled
from courses.imports.errors import CohortUnknown, NameDiffers, PersonUnknown, SameAsLine
from courses.imports.tables import Line
from courses.models import Cohort, Enrollment, ImportRun
from courses.services.enrolling_many import check_many, enroll_many, locked_people
from courses.services.imported_lines import LineReader, Outcome, Remark, code_key, key_of


@dataclass(frozen=True)
class _Seat:
    """A line that can be read."""

    line: int
    identity: Identity
    cohort: int
    name: str


class EnrollmentImporter:
    def __init__(self, *, run: ImportRun, by: User) -> None:
        self.by = by
        rows = Cohort.objects.filter(center=run.center).values_list("pk", "code", "program_id")
        self.cohorts = {code_key(code): pk for pk, code, _program in rows}
        self.programs = {pk: program for pk, _code, program in rows}
        self._lines: dict[tuple[int, int], int] = {}
        # What the lines before would take, where nothing is written.
        self._promised: dict[int, int] = defaultdict(int)
        self._in_program: set[tuple[int, int]] = set()

    def remember(self, lines: list[Line]) -> None:
        self._readable(lines, Outcome())

    def do(self, lines: list[Line], *, writes: bool) -> Outcome:
        outcome = Outcome()
        seats = self._readable(lines, outcome)
        documents = find_many(
            (seat.identity for seat in seats), registered_at=centers_where(self.by, Act.ENROLL)
        )
        by_cohort: dict[int, dict[int, _Seat]] = defaultdict(dict)
        for seat in seats:
            document = documents.get(seat.identity)
            if document is None:
                self._refuse(seat, "national_number", PersonUnknown(), outcome)
            elif seat.name and not is_same_name(seat.name, document.person.full_name_ar):
                self._refuse(seat, "full_name_ar", NameDiffers(), outcome)
            else:
                # Two documents of one person are one seat, too.
                earlier = by_cohort[seat.cohort].setdefault(document.person_id, seat)
                if earlier is not seat:
                    self._repeat(seat, earlier.line, outcome)
        if writes:
            # All people before the first cohort, as `enroll` does for one.
            locked_people(pk for seats_of in by_cohort.values() for pk in seats_of)
        for cohort in sorted(by_cohort):
            self._seat(cohort, by_cohort[cohort], outcome, writes=writes)
        return outcome

    def _readable(self, lines: list[Line], outcome: Outcome) -> list[_Seat]:
        seats = []
        for line in lines:
            reader = LineReader(line, ImportKind.ENROLLMENTS)
            identity = reader.identity()
            code, name = reader.text("cohort", is_needed=True), reader.text("full_name_ar")
            cohort = self.cohorts.get(code_key(code))
            if code and cohort is None:
                reader.fault("cohort", CohortUnknown())
            if identity is None or cohort is None or reader.faults:
                outcome.faulty += 1
                outcome.remarks += reader.faults
                continue
            first = self._lines.setdefault((key_of(identity), cohort), line.number)
            seat = _Seat(line.number, identity, cohort, name)
            if first == line.number:
                seats.append(seat)
            else:
                self._repeat(seat, first, outcome)
        return seats

    def _seat(self, cohort: int, seats: dict[int, _Seat], outcome: Outcome, *, writes: bool) -> None:
        people = list(seats)
        here = Enrollment.objects.filter(cohort=cohort, person__in=people)
        present = set(here.exclude(state=EnrollmentState.WITHDRAWN).values_list("person", flat=True))
        outcome.unchanged += len(present)
        asked = [pk for pk in people if pk not in present]
        if writes:
            refused = enroll_many(cohort_id=cohort, person_ids=asked, by=self.by).refused
        else:
            refused = self._checked(cohort, asked)
        for pk, error in refused.items():
            self._refuse(seats[pk], "", error, outcome)
        outcome.created += len(asked) - len(refused)

    def _checked(self, cohort: int, people: list[int]) -> dict[int, DomainError]:
        """What `enroll_many` would refuse once the lines before had their seats."""
        program = self.programs[cohort]
        taken: dict[int, DomainError] = {
            pk: AlreadyEnrolled() for pk in people if (pk, program) in self._in_program
        }
        asked = [pk for pk in people if pk not in taken]
        refused, seats = check_many(
            cohort_id=cohort, person_ids=asked, by=self.by, promised=self._promised[cohort]
        )
        seated = [pk for pk in asked if pk not in refused]
        self._promised[cohort] += seats
        self._in_program.update((pk, program) for pk in seated)
        return taken | refused

    def _refuse(self, seat: _Seat, column: str, error: DomainError, outcome: Outcome) -> None:
        outcome.faulty += 1
        outcome.remarks.append(Remark(seat.line, column, error))

    def _repeat(self, seat: _Seat, first: int, outcome: Outcome) -> None:
        outcome.unchanged += 1
        outcome.remarks.append(Remark(seat.line, "", SameAsLine(line=first), is_fault=False))
