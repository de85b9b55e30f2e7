"""Messages of staff: an announcement to a cohort that a trainee reads, and a message to those who fall behind."""

import re
import time

from django.urls import reverse

from accounts.models import SiteNotice
from courses.enums import AnnouncementState, CohortState, EnrollmentState
from courses.models import Announcement, AnnouncementNotice, Cohort
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.newcomers import address
from lms.demo.people import PASSWORD, DemoPeople

PATIENCE_SECONDS = 180
ANNOUNCEMENT = {
    "subject_ar": "موعد زيارة ورشة المصنع",
    "body_ar": "نزور المصنع يوم الخميس. نتقابل أمام باب المركز الساعة ٨ صباحًا.",
}
REMINDER = {
    "subject_ar": "نريد أن تكمل معنا",
    "body_ar": "فاتتك حصص أو دروس. تعال إلى مكتب المركز أو كلم مدربك لنساعدك.",
}
KEY_OF_MESSAGE = re.compile(r"/announcement/inspect/(\d+)/")
CHOSEN = re.compile(r'name="enrollment" value="(\d+)"')


class MessagesJourney:
    """The steps, in any order."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople) -> None:
        self.site = site
        self.journal = journal
        self.cast = cast

    def announce(self) -> None:
        """The manager writes to a whole cohort; a trainee of it sees the bell and reads the notice."""
        cohort, reader = self._cohort_with_a_reader()
        manager = self._logged_in(self.cast.manager.get_username())
        words = {"scope": "cohort", "cohort": str(cohort.pk), **ANNOUNCEMENT}
        sent = self._send(manager, manager.post(address("announcement:add"), words).url)
        trainee = self._logged_in(reader)
        listed = trainee.get(reverse("account_notices"))
        link = listed.tags("a", class_="notices__link")[0]["href"]
        if ANNOUNCEMENT["body_ar"] not in trainee.get(link).text:
            raise StepFailedError(f"the trainee does not read the announcement: {listed.main_text()}")
        self.journal.report(f"{sent.expected} trainees of {cohort.code} were told, and one has read it")

    def write_to_those_at_risk(self) -> None:
        """The instructor chooses in the workspace those who fall behind, and writes to them."""
        instructor = self._logged_in(self.cast.login("instructor").get_username())
        for cohort in self._running():
            form = instructor.get(address("cohort:write_to", cohort.pk), all="1", risk="any")
            if keys := CHOSEN.findall(form.text):
                break
        else:
            raise StepFailedError("no one in the running cohorts is at risk")
        draft = instructor.post(address("announcement:to"), {"enrollment": keys, **REMINDER})
        sent = self._send(instructor, draft.url)
        told = SiteNotice.objects.filter(
            about=AnnouncementNotice._meta.label_lower, notice__in=sent.notices.values("pk")
        )
        written = sent.notices.count()
        if not written or told.count() < written:
            raise StepFailedError(f"{told.count()} of {written} people find the message on the site")
        self.journal.report(f"{len(keys)} trainees of {cohort.code} fall behind, and were written to")

    def _send(self, browser: Browser, page: str) -> Announcement:
        """Send the draft of a page, and wait until the worker is done with it."""
        found = KEY_OF_MESSAGE.search(page)
        if found is None:
            raise StepFailedError(f"the message was not written: {browser.get(page).main_text()}")
        announcement = Announcement.objects.get(pk=int(found[1]))
        browser.post(address("announcement:send", announcement.pk), {})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while announcement.state != AnnouncementState.SENT:
            if time.monotonic() > deadline:
                raise StepFailedError(f"the message is {announcement.get_state_display()}")
            time.sleep(0.5)
            announcement.refresh_from_db()
        return announcement

    def _running(self) -> list[Cohort]:
        running = Cohort.objects.filter(center=self.cast.center, state=CohortState.RUNNING)
        return list(running.filter(instructors=self.cast.login("instructor")).order_by("pk"))

    def _cohort_with_a_reader(self) -> tuple[Cohort, str]:
        """A running cohort, and the login of somebody who learns there."""
        for cohort in self._running():
            learning = cohort.enrollments.filter(
                state=EnrollmentState.ACTIVE, person__user__is_active=True
            ).select_related("person__user")
            if (first := learning.order_by("pk").first()) is not None:
                return cohort, first.person.user.get_username()
        raise StepFailedError("no one with a login learns in a running cohort")

    def _logged_in(self, login: str) -> Browser:
        browser = Browser(self.site)
        browser.log_in(login, PASSWORD)
        return browser
