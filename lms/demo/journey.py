"""The journey of one trainee, from the catalog to the verification of the certificate by an employer.

Staff and trainee act through the site's own pages and socket. The database is read to wait for results; one row is
written: the date of enrollment moves before the workshop day, which is in the past.
"""

import asyncio
import datetime as dt
import json
import math
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.services.people import correct_person
from assessment.models import QuizPage
from certificates.models import CertificateTemplate, Credential, CredentialType, Proposal
from courses.coverage import BUCKET_SECONDS, TOP_SPEED, buckets_of
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState, SessionKind
from courses.models import Enrollment, ProgramPage
from courses.queries.outline import outline
from courses.services.attendance import record_attendance
from courses.services.sessions import schedule_session
from live.attendance.policy import CURRENT
from live.services.scheduling import schedule_live_session
from lms.demo.browser import Browser, Page, StepFailedError
from lms.demo.classroom import Participant
from lms.demo.clock import moment
from lms.demo.journal import Journal
from lms.demo.new_cohorts import open_next
from lms.demo.newcomers import address, sign_up
from lms.demo.people import PASSWORD, DemoPeople
from media_pipeline.folders import published_folder

# Two whole beats, of which the attendance policy asks for one.
CLASS_SECONDS = 2 * CURRENT.beat_seconds + 2
# So short that those beats are half of it, which counts as held; a slow machine may need as long to open it.
CLASS_MINUTES = 3
PATIENCE_SECONDS = 120


class Journey:
    """The steps, in order. Each leaves what the next one needs on the object."""

    def __init__(self, *, site: str, journal: Journal, cast: DemoPeople, program: ProgramPage) -> None:
        self.site = site
        self.journal = journal
        self.cast = cast
        self.program = program
        self.trainee = Browser(site)
        self.hls = ""
        self.enrollment: Enrollment
        self.credential: Credential

    def staff(self, user: User) -> Browser:
        browser = Browser(self.site)
        browser.log_in(user.get_username(), PASSWORD)
        return browser

    # --- Before the trainee comes -----------------------------------------------------------------------------

    def open_cohort(self) -> None:
        """A new cohort for today's trainee, which began with a workshop on the last working day."""
        manager = self.cast.login("center_manager")
        self.cohort = open_next(
            "DEMO",
            cast=self.cast,
            program=self.program,
            seats=15,
            instructors=[self.cast.login("instructor")],
        )
        self.workshop = schedule_session(
            cohort_id=self.cohort.pk,
            kind=SessionKind.WORKSHOP,
            title="يوم الورشة: تركيب لوحة توزيع",
            starts_at=moment(-1, 9),
            ends_at=moment(-1, 12),
            by=manager,
        )

    # --- Finding and joining ----------------------------------------------------------------------------------

    def find_program(self) -> None:
        """Search the catalog as people type: without hamza, with ه for ة."""
        words = self.program.title.replace("أ", "ا").replace("إ", "ا").replace("ة", "ه")
        found = self.trainee.get(address("courses:catalog"), q=words)
        if self.program.title not in found.text:
            raise StepFailedError(f"the catalog does not find “{words}”: {found.main_text()}")

    def sign_up(self) -> None:
        """A trainee comes with a name and a phone number, no e-mail."""
        self.user = sign_up(self.trainee, "محمد عبد الرحمن السيد الشربيني")
        self.journal.report(f"a trainee signed up as {self.user.phone}")

    def enroll(self) -> None:
        page = self.trainee.post(address("courses:enroll", self.cohort.public_id), {})
        enrollment = (
            Enrollment.objects.filter(person=self.user.person, cohort=self.cohort)
            .select_related("cohort__program")
            .first()
        )
        if enrollment is None:
            raise StepFailedError(f"no seat was given: {page.main_text()}")
        self.enrollment = enrollment

    def complete_the_record(self) -> None:
        """The registrar adds the Latin spelling, exactly as in the passport."""
        correct_person(
            person_id=self.enrollment.person_id,
            full_name_en="Mohamed Abdelrahman Elsayed El-Sherbini",
            by=self.cast.login("registrar"),
        )

    # --- Learning ---------------------------------------------------------------------------------------------

    def study(self) -> None:
        """Do every unit of the cohort in order: watch, read, answer."""
        for unit in self._outline():
            page = self.trainee.get(unit.url)
            if unit.kind == "quiz":
                self.answer(page, unit.unit_key)
            elif "data-progress-url" in page.text:
                self.watch(page)
            else:
                self.trainee.post(address("courses:unit_done", self.enrollment.public_id, unit.unit_key), {})
            self.journal.report(f"finished “{unit.title}”")
        unfinished = [unit.title for unit in self._outline() if unit.state != "done"]
        if unfinished:
            raise StepFailedError(f"units stayed unfinished: {unfinished}")

    def _outline(self) -> list[Any]:
        with translation.override("ar"):
            return outline(self.enrollment)

    def watch(self, page: Page) -> None:
        """Play a video at the top speed: fetch the stream as a player does, and report the watched buckets."""
        player = page.first_tag("section", having="data-player")
        self.hls = player["data-master"]
        self._stream(self.hls)
        total = buckets_of(float(player["data-seconds"]))
        begun = time.monotonic()
        answer: dict[str, Any] = {}
        while not answer.get("completed"):
            if time.monotonic() - begun > total * BUCKET_SECONDS / TOP_SPEED + PATIENCE_SECONDS:
                raise StepFailedError(f"watching {page.url} is not credited: {answer}")
            time.sleep(BUCKET_SECONDS / TOP_SPEED)
            seen = min(total, math.floor((time.monotonic() - begun) * TOP_SPEED / BUCKET_SECONDS))
            position = min((seen) * BUCKET_SECONDS, int(float(player["data-seconds"])))
            report = {"buckets": list(range(seen)), "position": position}
            answer = self.trainee.post_json(player["data-progress-url"], report)

    def _stream(self, master: str) -> None:
        """Fetch the master playlist, the first picture playlist and the first part of its file."""
        playlist = next(
            line
            for line in self.trainee.fetch(master).decode().splitlines()
            if line and not line.startswith("#")
        )
        media = urljoin(master, playlist)
        lines = self.trainee.fetch(media).decode()
        file = re.search(r'#EXT-X-MAP:URI="([^"]+)"', lines)
        if file is None or "#EXT-X-ENDLIST" not in lines:
            raise StepFailedError(f"{media} is not a whole playlist")
        if len(self.trainee.fetch(urljoin(media, file[1]), Range="bytes=0-1023")) != 1024:
            raise StepFailedError(f"{file[1]} does not answer a range")

    def answer(self, page: Page, quiz_key: object) -> None:
        """Take the quiz, knowing the answers: the demo wrote the questions."""
        quiz = QuizPage.objects.get(translation_key=quiz_key, locale=self.program.locale)
        right = {
            option.id
            for question in quiz.questions
            for option in question.value["options"].bound_blocks
            if option.value["is_right"]
        }
        sheet = self.trainee.post(address("assessment:start", quiz_key), {})
        if "is_right" in sheet.text or "data-right" in sheet.text:
            raise StepFailedError("the quiz tells its answers before marking")
        form = next(tag for tag in sheet.tags("form", method="post") if tag.get("class") == "form quiz")
        chosen: dict[str, list[str]] = {}
        for name, option in re.findall(r'name="(question-[^"]+)" value="([^"]+)"', sheet.text):
            if option in right:
                chosen.setdefault(name, []).append(option)
        self.trainee.post(form["action"], {**chosen, "confirmed": ["1"]})

    # --- The live class ---------------------------------------------------------------------------------------

    def attend(self) -> None:
        now = timezone.now()
        self.live = schedule_live_session(
            cohort=self.cohort,
            title="لقاء قصير: أسئلة قبل الاختبار",
            starts_at=now,
            ends_at=now + dt.timedelta(minutes=CLASS_MINUTES),
            by=self.cast.login("center_manager"),
        )
        asyncio.run(self._attend())

    async def _attend(self) -> None:
        """The instructor opens the room; the trainee writes, raises a hand, loses the connection and reconnects."""
        room = str(self.live.class_session.public_id)
        teacher = Participant(await asyncio.to_thread(self.staff, self.cast.login("instructor")), room)
        trainee = Participant(self.trainee, room)
        await teacher.enter()
        await teacher.send_command("room.open")
        opened = time.monotonic()
        await trainee.enter()
        await trainee.send_command("beat")
        await trainee.send_command("chat.send", text="السلام عليكم، هل نفصل القاطع الرئيسي أولًا؟")
        heard = await teacher.wait_for_event("chat")
        self.journal.report(f"the instructor heard: {heard['text']}")
        hand = await trainee.send_command("hand.raise")
        await teacher.wait_for_event("hand.raised")
        await teacher.send_command("hand.call", seq=hand["seq"])
        await trainee.wait_for_event("hand.called")
        await trainee.leave()
        await teacher.send_command("chat.send", text="نعم، دائمًا.")
        await trainee.enter()
        await trainee.wait_for_event("chat", text="نعم، دائمًا.")
        self.journal.report("the trainee lost the line, came back and missed nothing")
        while time.monotonic() - opened < CLASS_SECONDS:
            await asyncio.sleep(min(CURRENT.beat_seconds, CLASS_SECONDS - (time.monotonic() - opened)) + 0.1)
            await trainee.send_command("beat")
        await teacher.send_command("room.end", reason="عرض قصير")
        await trainee.wait_for_event("room.ended")
        await trainee.leave()
        await teacher.leave()

    def workshop_day(self) -> None:
        """The instructor signs the day in the workshop; the seat was taken before it."""
        Enrollment.objects.filter(pk=self.enrollment.pk).update(enrolled_at=moment(-1, 8))
        record_attendance(
            session_id=self.workshop.pk,
            enrollment_id=self.enrollment.pk,
            status=AttendanceStatus.PRESENT,
            minutes=180,
            source=AttendanceSource.INSTRUCTOR,
            by=self.cast.login("instructor"),
        )

    def complete(self) -> None:
        """Every clause of the rule is met, so the enrollment completed by itself."""
        self.enrollment.refresh_from_db()
        if self.enrollment.state != EnrollmentState.COMPLETED:
            evidence = self.enrollment.eligibilities.latest().evidence
            raise StepFailedError(f"the program is not complete: {json.dumps(evidence, ensure_ascii=False)}")

    # --- The certificate --------------------------------------------------------------------------------------

    def propose(self, template: CertificateTemplate) -> None:
        manager = self.staff(self.cast.login("center_manager"))
        manager.get(reverse("proposals:add"))
        template_type = CredentialType.objects.get(code="completion")
        page = manager.post(
            reverse("proposals:add"),
            {"cohort": self.cohort.pk, "type": template_type.pk, "template": template.pk},
        )
        proposal = Proposal.objects.filter(cohort=self.cohort).first()
        if proposal is None:
            raise StepFailedError(f"nothing was proposed: {page.main_text()}")
        self.proposal = proposal
        if f"/approve/{self.proposal.pk}/" in page.text:
            raise StepFailedError("the person who proposed is offered to approve")

    def approve(self) -> None:
        officer = self.staff(self.cast.login("certifying_officer"))
        page = officer.get(reverse("proposals:inspect", args=[self.proposal.pk]))
        shown = page.tags("input", name_="shown_design")
        if not shown:
            raise StepFailedError(f"no draft of the certificate is shown: {page.main_text()}")
        page = officer.post(
            reverse("proposals:approve", args=[self.proposal.pk]), {"shown_design": shown[0]["value"]}
        )
        credential = Credential.objects.filter(enrollment=self.enrollment).first()
        if credential is None:
            raise StepFailedError(f"nothing was issued: {page.main_text()}")
        self.credential = credential
        self.journal.report(f"certificate {credential.number} issued")

    def download(self, folder: Path) -> Path:
        """Wait until the worker has rendered the certificate, and download it as its holder."""
        url = address("certificates:download", self.credential.public_id)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while url not in self.trainee.get(address("certificates:mine")).text:
            if time.monotonic() > deadline:
                raise StepFailedError(f"no worker drew {self.credential.number}")
            time.sleep(0.5)
        pdf = self.trainee.fetch(url)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "certificate.pdf"
        path.write_bytes(pdf)
        return path

    def verify(self) -> str:
        """An employer, without a login and in either language, follows the QR code."""
        results = set()
        for language in ("ar", "en"):
            page = Browser(self.site, language).get(f"/v/{self.credential.code}")
            results |= {tag["data-result"] for tag in page.tags("div") if "data-result" in tag}
            if self.credential.number not in page.text:
                raise StepFailedError(
                    f"the public page does not know {self.credential.number}: {page.main_text()}"
                )
        if len(results) != 1:
            raise StepFailedError(f"the public page answers {results or 'nothing'}")
        return results.pop()

    def hls_file(self) -> Path:
        """The path of the master playlist that was watched."""
        return published_folder().joinpath(*self.hls.split("/")[-3:])
