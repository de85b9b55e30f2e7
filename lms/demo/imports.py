"""A registrar imports a list of trainees from a spreadsheet, then their seats, through the pages of the workplace."""

import csv
import io
import time
from collections.abc import Sequence

from accounts.services.national_number import check_digit
from courses.enums import ImportKind, ImportStep, Shift
from courses.models import ImportRun, ProgramPage
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next, opened_before
from lms.demo.people import PASSWORD, DemoPeople

IMPORTS = "/admin/imports/"
PEOPLE = 40
SEATS = 30
PATIENCE_SECONDS = 120
FIRST = ("سلمى", "هاجر", "آية", "دعاء", "شيماء", "بسمة", "رانيا", "نهى")
REST = (
    "رفعت عبد الغني السعدني",
    "منصور فؤاد الجندي",
    "شكري بهجت النجار",
    "لطفي راغب الحداد",
    "وجدي نصر الدين البنا",
)


class ImportJourney:
    """The steps, in order."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site, self.journal, self.center = site, journal, cast.center
        # Numbers and phones of this run.
        self.run = opened_before("LIST")
        self.cohort = open_next(
            "LIST", cast=cast, program=program, days=(6, 36), seats=SEATS, shift=Shift.EVENING
        )

    def bring_lists(self) -> None:
        """A list with a doubled and a faulty line, the same list again, and a list of more people than there are seats."""
        self.registrar = Browser(self.site)
        self.registrar.log_in("registrar", PASSWORD)
        people = [
            (f"{first} {rest}", self._number(place), f"0155{self.run:03}{place:04}")
            for place, (first, rest) in enumerate((first, rest) for first in FIRST for rest in REST)
        ]
        rows = [("الاسم", "الرقم القومي", "الموبايل"), *people, people[0], ("هدى", "123", "")]
        first = self._imported(ImportKind.TRAINEES, rows)
        self._expect(first, created=PEOPLE, unchanged=1, faulty=1)
        again = self._uploaded(ImportKind.TRAINEES, rows)
        self._expect(again, created=0, unchanged=PEOPLE + 1, faulty=1)
        self.journal.report(
            f"{PEOPLE} trainees came from a list; the same list once more would change nothing"
        )
        seats = [
            ("الرقم القومي", "المجموعة"),
            *((number, self.cohort.code) for _name, number, _phone in people),
        ]
        given = self._imported(ImportKind.ENROLLMENTS, seats)
        self._expect(given, created=SEATS, unchanged=0, faulty=PEOPLE - SEATS)
        self.journal.report(
            f"{SEATS} of them have the seats of {self.cohort.code}, the others are told apart"
        )

    def _number(self, place: int) -> str:
        """A national number of a woman who was born abroad, on another day than those of an earlier run who have the same names."""
        body = f"29804{1 + self.run % 28:02}88{(2 * (place + PEOPLE * self.run)) % 10_000:04}"
        return body + check_digit(body)

    def _imported(self, kind: ImportKind, rows: Sequence[tuple[str, ...]]) -> ImportRun:
        run = self._uploaded(kind, rows)
        self.registrar.post(f"{IMPORTS}start/{run.pk}/", {})
        return self._waited(run, ImportStep.IMPORTED)

    def _uploaded(self, kind: ImportKind, rows: Sequence[tuple[str, ...]]) -> ImportRun:
        file = io.StringIO()
        csv.writer(file, delimiter=";").writerows(rows)
        data = file.getvalue().encode("cp1256")
        page = self.registrar.post(
            f"{IMPORTS}new/",
            {"kind": kind.value, "center": self.center.pk},
            files={"file": (f"{kind.value}-{self.run + 1}.csv", data, "text/csv")},
        )
        run = ImportRun.objects.filter(center=self.center).order_by("-pk").first()
        if run is None or f"/{run.pk}/" not in page.url:
            raise StepFailedError(f"the list was not taken: {page.main_text()}")
        return self._waited(run, ImportStep.CHECKED)

    def _waited(self, run: ImportRun, step: ImportStep) -> ImportRun:
        until = time.monotonic() + PATIENCE_SECONDS
        run.refresh_from_db()
        while run.is_open:
            if time.monotonic() > until:
                raise StepFailedError(f"import {run.pk} has not ended after {PATIENCE_SECONDS} s")
            time.sleep(0.5)
            run.refresh_from_db()
        if run.step != step:
            raise StepFailedError(f"import {run.pk} is {run.step}: {run.refusal} {run.error}")
        return run

    def _expect(self, run: ImportRun, *, created: int, unchanged: int, faulty: int) -> None:
        found = (run.created, run.unchanged, run.faulty)
        if found != (created, unchanged, faulty):
            faults = list(run.faults.values_list("line", "code")[:10])
            raise StepFailedError(
                f"import {run.pk}: {found} instead of {(created, unchanged, faulty)}: {faults}"
            )
