"""Attendance by code: an instructor opens the code page of a session, a trainee scans it, and a friend outside is refused.

Both act through the site's own pages.
"""

import datetime as dt
import re

from django.urls import reverse
from django.utils import timezone

from courses.enums import AttendanceSource, SessionKind
from courses.models import AttendanceRecord, ProgramPage
from courses.services.sessions import schedule_session
from lms.demo.browser import Browser, StepFailedError
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next
from lms.demo.newcomers import address, sign_up
from lms.demo.people import PASSWORD, DemoPeople


class CodeAttendanceJourney:
    """The steps, in order."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site = site
        self.journal = journal
        self.cast = cast
        self.cohort = open_next("CODE", cast=cast, program=program, instructors=[cast.login("instructor")])
        # Whole minutes, as in the form of a session: opened and saved, it has not changed.
        now = timezone.now().replace(second=0, microsecond=0)
        self.session = schedule_session(
            cohort_id=self.cohort.pk,
            kind=SessionKind.WORKSHOP,
            title="ورشة: الحضور بالرمز",
            starts_at=now - dt.timedelta(minutes=5),
            ends_at=now + dt.timedelta(minutes=55),
            by=cast.manager,
        )

    def attend(self) -> None:
        present, absent = self._trainee("نورا سامي عبد العزيز علي"), self._trainee("كريم سامي عبد العزيز علي")
        instructor = Browser(self.site)
        instructor.log_in(self.cast.login("instructor").get_username(), PASSWORD)
        screen = reverse("classsession:code", args=[self.session.pk])
        instructor.get(screen)
        shown = re.search(r"<bdi>(\d{3}) (\d{3})</bdi>", instructor.post(screen, {"late_after": "15"}).text)
        if shown is None:
            raise StepFailedError(f"no code is shown: {instructor.get(screen).main_text()}")
        digits = "".join(shown.groups())
        page = address("courses:check_in", self.session.public_id)
        present.get(page, code=digits)
        receipt = present.post(page, {})
        instructor.post(screen, {"close": "1"})
        refused = absent.post(page, {"digits": digits})
        marked = AttendanceRecord.objects.filter(session=self.session, source=AttendanceSource.QR)
        if marked.count() != 1:
            raise StepFailedError(
                f"{marked.count()} are marked: {receipt.main_text()}; {refused.main_text()}"
            )
        self.journal.report(
            "one trainee is present by the code; another one was refused after the page was closed"
        )

    def _trainee(self, name: str) -> Browser:
        trainee = Browser(self.site)
        sign_up(trainee, name)
        trainee.post(address("courses:enroll", self.cohort.public_id), {})
        return trainee
