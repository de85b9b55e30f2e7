"""Imports results of tests that were sat elsewhere. A result that was imported stays as it is: a mark is corrected by a person."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.digits import is_decimal
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.models import AuditedModelLogEntry, User
from accounts.scoping.hands import made_by
from accounts.services.identity_documents import Identity, find_many
from courses.enums import CompletesBy, EnrollmentState, ImportKind
from courses.errors import CorrectedByTeacher, EnrollmentNotActive, OwnMark
from courses.imports.cells import date_of, number_of
from courses.imports.errors import (
    BetterScoreStays,
    CohortUnknown,
    NotAScore,
    NotEnrolledThere,
    OtherResultInLine,
    PassedMissing,
    PassedUnknown,
    PassMarkDiffers,
    ResultDiffers,
    SameResultAsLine,
    TakenBeforeCohort,
    TakenInTheFuture,
    UnitAmbiguous,
    UnitNotMarked,
    UnitUnknown,
)
from courses.imports.tables import Line
from courses.imports.words import PASSED
from courses.models import (
    Cohort,
    ContentVersion,
    Enrollment,
    ImportedResult,
    ImportRun,
    ScoreCorrection,
    Transfer,
    UnitProgress,
)
from courses.queries.content import taught_unit, units_of
from courses.queries.timetable import teachers_of
from courses.services.imported_lines import LineReader, Outcome, Remark, code_key, key_of
from courses.services.progress import AttemptScore, record_scores

HUNDREDTH = Decimal("0.01")


class Mark(NamedTuple):
    score: Decimal
    passed: bool


class Attempt(NamedTuple):
    """What a result is of: two results of it are one, or a fault."""

    enrollment: int
    unit: UUID
    taken_on: dt.date


@dataclass(frozen=True)
class _Result:
    """A line that can be read."""

    line: int
    identity: Identity
    cohort: int
    unit: UUID
    mark: Mark
    taken_on: dt.date
    # Where the line says otherwise than the pass mark of the unit, that mark.
    other_pass_mark: int | None


class ResultImporter:
    def __init__(self, *, run: ImportRun, by: User) -> None:
        self.run, self.by = run, by
        codes = Cohort.objects.filter(center=run.center).values_list("code", "pk")
        self.cohorts = {code_key(code): pk for code, pk in codes}
        self._content: dict[int, Cohort] = {}
        self._teachers: dict[int, set[int]] = {}
        self._pass_marks: dict[tuple[int, UUID], int | None] = {}
        # Of the lines before: what each is of, and what it says.
        self._lines: dict[int, tuple[int, Mark]] = {}

    def remember(self, lines: list[Line]) -> None:
        self._readable(lines, Outcome())

    def do(self, lines: list[Line], *, writes: bool) -> Outcome:
        outcome = Outcome()
        results = self._readable(lines, outcome)
        enrollments = self._enrollments(results, writes=writes)
        present = _imported(enrollments.values())
        scores, corrected = _scores(enrollments.values()), _corrected(enrollments.values())
        marked = set(scores)
        new: dict[Attempt, tuple[_Result, Enrollment]] = {}
        for result in results:
            enrollment = enrollments.get((result.identity, result.cohort))
            if enrollment is None:
                self._refuse(result, "national_number", NotEnrolledThere(), outcome)
                continue
            attempt = Attempt(enrollment.pk, result.unit, result.taken_on)
            if attempt in present or attempt in new:
                # The line of another document of the same person comes here, too.
                before = present[attempt] if attempt in present else new[attempt][0].mark
                self._compare(result, before, corrected.get(attempt[:2]), outcome)
            elif error := self._obstacle(result, enrollment, is_marked=attempt[:2] in marked):
                self._refuse(result, "", error, outcome)
            else:
                new[attempt] = (result, enrollment)
                marked.add(attempt[:2])
        written = self._recorded(list(new.values()), outcome) if writes else list(new.values())
        self._tell(written, scores, outcome)
        outcome.created += len(written)
        if writes:
            self._keep(written)
        return outcome

    # Reading

    def _readable(self, lines: list[Line], outcome: Outcome) -> list[_Result]:
        """Those of the lines that can be read and are the first of their attempt."""
        first = []
        for line in lines:
            result, faults = self._read(line)
            if result is None:
                outcome.faulty += 1
                outcome.remarks += faults
                continue
            key = hash((key_of(result.identity), result.cohort, result.unit, result.taken_on))
            before, mark = self._lines.setdefault(key, (result.line, result.mark))
            if before == result.line:
                first.append(result)
            elif mark == result.mark:
                outcome.unchanged += 1
                same = SameResultAsLine(line=before)
                outcome.remarks.append(Remark(result.line, "", same, is_fault=False))
            else:
                self._refuse(result, "", OtherResultInLine(line=before), outcome)
        return first

    def _read(self, line: Line) -> tuple[_Result | None, list[Remark]]:
        reader = LineReader(line, ImportKind.RESULTS)
        identity = reader.identity()
        cohort, unit = self._unit(reader)
        score = reader.needed("score", _score_of)
        taken_on = reader.needed("taken_on", _day_of)
        said = reader.choice("passed", PASSED, PassedUnknown())
        pass_mark = self._pass_mark(cohort, unit) if cohort and unit else None
        passed = said if said is not None or score is None or pass_mark is None else score >= pass_mark
        if cohort and unit and passed is None and not reader.faults:
            reader.fault("passed", PassedMissing())
        if (
            reader.faults
            or not (identity and cohort and unit and taken_on)
            or score is None
            or passed is None
        ):
            return None, reader.faults
        differs = pass_mark is not None and passed != (score >= pass_mark)
        mark = Mark(score, passed)
        return _Result(
            line.number, identity, cohort.pk, unit, mark, taken_on, pass_mark if differs else None
        ), []

    def _unit(self, reader: LineReader) -> tuple[Cohort | None, UUID | None]:
        code, text = reader.text("cohort", is_needed=True), reader.text("unit", is_needed=True)
        pk = self.cohorts.get(code_key(code))
        if code and pk is None:
            reader.fault("cohort", CohortUnknown())
        if pk is None:
            return None, None
        if pk not in self._content:
            self._content[pk] = Cohort.objects.select_related("content_version").get(pk=pk)
        cohort = self._content[pk]
        found = _units_called(text, units_of(cohort)) if text else []
        if text and not found:
            reader.fault("unit", UnitUnknown())
        elif len(found) > 1:
            reader.fault("unit", UnitAmbiguous())
        elif found and found[0]["completes_by"] != CompletesBy.MARKS:
            reader.fault("unit", UnitNotMarked())
        elif found:
            return cohort, UUID(found[0]["unit"])
        return cohort, None

    def _pass_mark(self, cohort: Cohort, unit: UUID) -> int | None:
        version: ContentVersion | None = cohort.content_version
        if version is None:
            return None
        if (version.pk, unit) not in self._pass_marks:
            taught = taught_unit(version, unit)
            self._pass_marks[version.pk, unit] = taught.page.pass_mark() if taught else None
        return self._pass_marks[version.pk, unit]

    # Deciding

    def _enrollments(self, results: list[_Result], *, writes: bool) -> dict[tuple[Identity, int], Enrollment]:
        """The enrollments of the lines; locked where they are written to, in the order of their keys, as closing a cohort does."""
        documents = find_many(result.identity for result in results)
        people = {document.person_id for document in documents.values()}
        rows = Enrollment.objects.filter(
            person__in=people, cohort__in={result.cohort for result in results}
        ).select_related("person")
        rows = rows.annotate(was_moved=Exists(Transfer.objects.filter(enrollment=OuterRef("pk"))))
        if writes:
            rows = rows.select_for_update(no_key=True, of=("self",))
        by_place = {}
        for row in rows.order_by("pk"):
            row.cohort = self._content[row.cohort_id]
            by_place[row.person_id, row.cohort_id] = row
        return {
            (result.identity, result.cohort): by_place[place]
            for result in results
            if (document := documents.get(result.identity))
            and (place := (document.person_id, result.cohort)) in by_place
        }

    def _compare(self, result: _Result, before: Mark, corrected: Mark | None, outcome: Outcome) -> None:
        """A result that was imported is the same, or says what the mark was corrected to since."""
        if result.mark in (before, corrected):
            outcome.unchanged += 1
        else:
            self._refuse(result, "score", ResultDiffers(), outcome)

    def _obstacle(self, result: _Result, enrollment: Enrollment, *, is_marked: bool) -> DomainError | None:
        if enrollment.person_id in self.run.brought_by:
            return OwnMark()
        # Another result may replace the first one, as a correction does.
        if is_marked and self._is_brought_by_teacher(result.cohort):
            return CorrectedByTeacher()
        if enrollment.state != EnrollmentState.ACTIVE:
            return EnrollmentNotActive()
        starts_on = self._content[result.cohort].starts_on
        # A person who was transferred sat tests in another cohort, too.
        if result.taken_on < starts_on and not getattr(enrollment, "was_moved", False):
            return TakenBeforeCohort()
        return None

    def _is_brought_by_teacher(self, cohort: int) -> bool:
        if cohort not in self._teachers:
            self._teachers[cohort] = teachers_of(self._content[cohort])
        return not self._brought_by.isdisjoint(self._teachers[cohort])

    @cached_property
    def _brought_by(self) -> frozenset[int]:
        """Keys of the logins who brought the list, and of those whose deputies they were."""
        logins = (self.run.uploaded_by_id, self.run.imported_by_id)
        return made_by([key for key in logins if key is not None], Act.ASSESS)

    # Writing

    def _recorded(
        self, new: list[tuple[_Result, Enrollment]], outcome: Outcome
    ) -> list[tuple[_Result, Enrollment]]:
        """Record marks; those that are not refused. What refuses one is a fault of its line."""
        refused = record_scores(
            [AttemptScore(enrollment.pk, result.unit, *result.mark) for result, enrollment in new]
        )
        for place, error in refused.items():
            self._refuse(new[place][0], "", error, outcome)
        return [one for place, one in enumerate(new) if place not in refused]

    def _keep(self, written: list[tuple[_Result, Enrollment]]) -> None:
        rows = [
            ImportedResult(
                enrollment=enrollment,
                unit_key=result.unit,
                taken_on=result.taken_on,
                score=result.mark.score,
                passed=result.mark.passed,
                run=self.run,
                line=result.line,
            )
            for result, enrollment in written
        ]
        ImportedResult.objects.bulk_create(rows)
        AuditedModelLogEntry.objects.log_many(
            [
                (
                    row.enrollment,
                    {
                        "unit": str(row.unit_key),
                        "score": str(row.score),
                        "passed": row.passed,
                        "taken_on": row.taken_on.isoformat(),
                        "source": self.run.file_name,
                    },
                    (self.run.center_id, row.enrollment.person_id),
                )
                for row in rows
            ],
            "courses.progress.import",
            user=self.by,
        )

    def _tell(
        self,
        written: list[tuple[_Result, Enrollment]],
        scores: dict[tuple[int, UUID], Mark],
        outcome: Outcome,
    ) -> None:
        """What is worth knowing about results that are taken."""
        for result, enrollment in written:
            if result.other_pass_mark is not None:
                error = PassMarkDiffers(percent=result.other_pass_mark)
                outcome.remarks.append(Remark(result.line, "passed", error, is_fault=False))
            now = scores.get((enrollment.pk, result.unit))
            if now is not None and now.score > result.mark.score:
                outcome.remarks.append(Remark(result.line, "score", BetterScoreStays(), is_fault=False))

    def _refuse(self, result: _Result, column: str, error: DomainError, outcome: Outcome) -> None:
        outcome.faulty += 1
        outcome.remarks.append(Remark(result.line, column, error))


def _imported(enrollments: Iterable[Enrollment]) -> dict[Attempt, Mark]:
    rows = ImportedResult.objects.filter(enrollment__in=list(enrollments))
    return {
        Attempt(row.enrollment_id, row.unit_key, row.taken_on): Mark(row.score, row.passed) for row in rows
    }


def _scores(enrollments: Iterable[Enrollment]) -> dict[tuple[int, UUID], Mark]:
    """The marks on record now."""
    rows = UnitProgress.objects.filter(enrollment__in=list(enrollments), score__isnull=False).values_list(
        "enrollment", "unit_key", "score", "passed"
    )
    return {
        (enrollment, unit): Mark(score, bool(passed))
        for enrollment, unit, score, passed in rows
        if score is not None
    }


def _corrected(enrollments: Iterable[Enrollment]) -> dict[tuple[int, UUID], Mark]:
    """What marks were corrected to last."""
    rows = ScoreCorrection.objects.filter(progress__enrollment__in=list(enrollments)).order_by("at", "pk")
    named = ("progress__enrollment", "progress__unit_key", "to_score", "to_passed")
    return {
        (enrollment, unit): Mark(score, passed)
        for enrollment, unit, score, passed in rows.values_list(*named)
    }


def _units_called(text: str, units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The units with this key, number in teaching order or title in any language."""
    typed = fold_arabic(text)
    if is_decimal(typed) and 0 < int(typed) <= len(units):
        return [units[int(typed) - 1]]
    return [
        unit
        for unit in units
        if typed in {unit["unit"], fold_arabic(unit["title"]), *map(fold_arabic, unit["titles"].values())}
    ]


def _score_of(cell: Any) -> Decimal | None:
    text = number_of(cell, longest=30)
    for sign in ("%", "٪"):
        text = text.removeprefix(sign).removesuffix(sign)
    whole, point, rest = text.strip().replace("٫", ".").replace(",", ".").partition(".")
    if not text:
        return None
    if not is_decimal(whole) or (point and not is_decimal(rest)) or len(whole) > 3:
        raise NotAScore
    score = Decimal(f"{whole}.{rest or 0}")
    # Never up to a pass mark that was not reached.
    score = score.quantize(HUNDREDTH, ROUND_DOWN)
    if score > 100:
        raise NotAScore
    return score


def _day_of(cell: Any) -> dt.date | None:
    day = date_of(cell)
    if day is not None and day > timezone.localdate():
        raise TakenInTheFuture
    return day
