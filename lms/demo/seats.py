"""Two trainees and one seat: a waiting list that moves up by itself, and a transfer to another cohort.

Trainees and staff act through the site's own pages.
"""

from accounts.models import Person, User
from courses.enums import EnrollmentState, Shift, WithdrawalReason
from courses.models import Cohort, Enrollment, ProgramPage
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next
from lms.demo.newcomers import address, sign_up
from lms.demo.people import PASSWORD, DemoPeople


class SeatsJourney:
    """The steps, in order."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site = site
        self.journal = journal
        self.cast = cast
        self.full, self.other = (
            open_next("SEATS", cast=cast, program=program, days=(5, 35), seats=seats, shift=shift)
            for shift, seats in ((Shift.MORNING, 1), (Shift.EVENING, 10))
        )

    def move_up(self) -> None:
        """The first takes the one seat and gives it back; it is kept for the second, who takes it."""
        first, second = Browser(self.site), Browser(self.site)
        leaver = sign_up(first, "سيد محمود عبد الله حسن")
        first.post(address("courses:enroll", self.full.public_id), {})
        seat = self._seat(leaver, self.full)
        self.waiting = sign_up(second, "فاطمة إبراهيم علي سالم")
        wait = address("courses:wait", self.full.public_id)
        refused = second.get(address("courses:enroll", self.full.public_id))
        if wait not in refused.text:
            raise StepFailedError(f"a full cohort offers no waiting list: {refused.main_text()}")
        second.post(wait, {})
        self.journal.report(f"one waits for the seat of another in cohort {self.full.code}")
        first.post(
            address("courses:give_back", seat.public_id),
            {"withdrawn_for": WithdrawalReason.WORK, "reason": ""},
        )
        page = second.get(address("courses:my_learning"))
        if address("courses:enroll", self.full.public_id) not in page.text:
            raise StepFailedError(f"the seat that became free is not offered: {page.main_text()}")
        second.post(address("courses:enroll", self.full.public_id), {})
        self.enrollment = self._seat(self.waiting, self.full)
        self.trainee = second

    def transfer(self) -> None:
        """The manager transfers the second trainee to the other cohort, and her page shows it."""
        manager = Browser(self.site)
        manager.log_in(self.cast.manager.get_username(), PASSWORD)
        form = address("enrollment:transfer", self.enrollment.pk)
        manager.get(form)
        page = manager.post(form, {"cohort": self.other.pk, "reason": "يناسبها المساء"})
        if self._seat(self.waiting, self.other) != self.enrollment:
            raise StepFailedError(f"the transfer was refused: {page.main_text()}")
        if self.other.code not in self.trainee.get(address("courses:my_learning")).text:
            raise StepFailedError(f"her page does not show cohort {self.other.code}")

    def _seat(self, user: User, cohort: Cohort) -> Enrollment:
        person: Person | None = user.person
        seat = Enrollment.objects.filter(person=person, cohort=cohort, state=EnrollmentState.ACTIVE).first()
        if seat is None:
            raise StepFailedError(f"{person} has no seat in cohort {cohort.code}")
        return seat
