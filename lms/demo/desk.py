"""The front desk of a center: a young woman, her brother on the same phone, a minor with his father, and a second record of the woman.

The registrar acts through the desk's own page, and the first of them logs in with the slip.
"""

import re

from accounts.models import Person
from accounts.services.national_number import check_digit
from accounts.services.notes import add_note
from accounts.services.people import register_person
from courses.enums import EnrollmentState
from courses.models import Enrollment, ProgramPage
from lms.demo.browser import Browser, Page, StepFailedError
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next, opened_before
from lms.demo.newcomers import address
from lms.demo.people import PASSWORD, DemoPeople

DESK = "/admin/desk/"


class DeskJourney:
    """The steps, in order."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site = site
        self.journal = journal
        self.cast = cast
        # Cards and phones of this run: the numbers of an earlier one belong to its people.
        self.run = opened_before("DESK")
        self.cohort = open_next("DESK", cast=cast, program=program, days=(5, 35), seats=12)

    def serve(self) -> None:
        """Three people come: each leaves with a seat, and with a login of their own."""
        self.registrar = Browser(self.site)
        self.registrar.log_in("registrar", PASSWORD)
        phone = f"010800{self.run:05}"
        woman = {
            "full_name_ar": "نور الهدى سامي عبد الحميد",
            "number": self._card("299", 1, 2),
            "phone": phone,
        }
        slip = self._served({**woman, "was_called": "on"})
        self._log_in_with(slip)
        brother = {"full_name_ar": "عمر سامي عبد الحميد", "number": self._card("301", 2, 3), "phone": phone}
        asked = self.registrar.post(DESK, self._answers(brother))
        if 'name="same_phone"' not in asked.text:
            raise StepFailedError(f"the desk does not ask whose number it is: {asked.main_text()}")
        self._served({**brother, "same_phone": "shared"})
        self.journal.report("a brother and a sister share one phone, and each has a login")
        child = {"full_name_ar": "يوسف كريم محمد علي", "number": self._card("312", 3, 5)}
        father = {
            "guardian_name": "كريم محمد علي",
            "guardian_phone": f"011800{self.run:05}",
            "guardian_agrees": "on",
        }
        self._served({**child, **father})
        minor = Person.objects.filter(full_name_ar=child["full_name_ar"]).latest("pk")
        if minor.guardian is None:
            raise StepFailedError("the minor has no guardian")
        self.journal.report(f"{minor.guardian} agreed for {minor}, who is under 18")
        self._merge(woman["full_name_ar"])

    def _merge(self, name: str) -> None:
        """A list of last year had the woman without her number: the registrar finds that both are one person."""
        kept = Person.objects.filter(full_name_ar=name).latest("pk")
        second = register_person(
            full_name_ar="نور الهدي سامي عبدالحميد", registered_at=self.cast.center, by=self.cast.manager
        )
        add_note(person_id=second.pk, text="تفضّل الحصص الصباحية.", by=self.cast.manager)
        found = self.registrar.get(address("person:merge_choose", kept.pk))
        if str(second) not in found.text:
            raise StepFailedError(
                f"the page of {kept} does not show who may be the same: {found.main_text()}"
            )
        reason = {"reason": "حضرت بالبطاقة، وقالت إنها كانت في كشف العام الماضي."}
        merged = self.registrar.post(address("person:merge", kept.pk, second.pk), reason)
        if Person.everyone.get(pk=second.pk).merged_into != kept:
            raise StepFailedError(f"the two records were not merged: {merged.main_text()}")
        self.journal.report(f"two records of {kept} were merged; her page says so and can undo it")

    def _card(self, century_and_year: str, month: int, serial: int) -> str:
        """A national number of Cairo; the serial is even for women.

        People of an earlier run were born on another day: with the same name and day, or a number that differs in one digit, the
        desk asks who it is.
        """
        day = 1 + self.run % 28
        body = f"{century_and_year}{month:02}{day:02}01{(serial + 22 * self.run) % 10000:04}"
        return body + check_digit(body)

    def _answers(self, person: dict[str, str]) -> dict[str, object]:
        wishes = {"wants_login": "on", "language": "ar", "agrees": "on"}
        return {**person, **wishes, "center": self.cast.center.pk, "cohort": self.cohort.pk}

    def _served(self, person: dict[str, str]) -> Page:
        slip = self.registrar.post(DESK, self._answers(person))
        seats = Enrollment.objects.filter(cohort=self.cohort, state=EnrollmentState.ACTIVE)
        if not seats.filter(person__full_name_ar=person["full_name_ar"]).exists():
            raise StepFailedError(f"the desk refused {person['full_name_ar']}: {slip.main_text()}")
        return slip

    def _log_in_with(self, slip: Page) -> None:
        """On the person's phone: log in with what is printed, choose a password, see the cohort."""
        login, *_other_ways, password = re.findall(r'class="slip__secret"[^>]*>([^<]+)<', slip.text)
        phone = Browser(self.site)
        page = phone.log_in(login, password)
        choose = address("account_choose_password")
        if choose not in page.url:
            raise StepFailedError(f"the printed password is for more than the first time: {page.url}")
        phone.post(choose, {"password1": PASSWORD, "password2": PASSWORD})
        if self.cohort.code not in phone.get(address("courses:my_learning")).text:
            raise StepFailedError(f"her page does not show cohort {self.cohort.code}")
        self.journal.report(f"served at the desk, she logged in as {login} with her slip")
