"""The whole journey of a trainee on a phone, in Arabic, in a real browser."""

import datetime as dt
import json
import re
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files import File
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from wagtail.models import Site

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.models import Credential
from certificates.services.deciding import approve
from certificates.services.proposing import propose
from courses.clauses import Clauses, Score
from courses.enums import EnrollmentState, Shift
from courses.models import ClassSession, Cohort, Enrollment, LessonPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.front_page import open_front_page
from live.models import Event, LiveSession, PresenceMinute
from live.services.chat import send_message
from live.services.scheduling import schedule_live_session
from live.services.sessions import end_room, open_room
from media_pipeline.models import TranscodeJob, Video, WatchTally
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.uploads import upload_video
from tests.browser_pages import PHONE, keep
from tests.factories.accounts import CenterFactory, MembershipFactory
from tests.factories.assessment import QuizPageFactory, multiple, single
from tests.factories.certificates import CertificateTemplateFactory, credential_type, drawn
from tests.factories.courses import (
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
)
from tests.journey.weight import KILOBYTE, weigh
from tests.media_pipeline import clips
from tests.served_site import ON_SITE
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("the whole journey on a phone, with a worker that encodes"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

PASSWORD = "كلمة-سر-طويلة-7"
NAME = "منى حسن إبراهيم الصاوي"


class World:
    """A center with one program: a lesson with a real video, a quiz, and a live class that is on."""

    def __init__(self, folder: Path) -> None:
        self.center: Center = CenterFactory(name_ar="مركز تدريب شبرا")
        self.manager = self.holder(RoleName.CENTER_MANAGER)
        self.officer = self.holder(RoleName.CERTIFYING_OFFICER)
        self.instructor = self.holder(RoleName.INSTRUCTOR)
        catalog = open_front_page()
        Site.objects.update(root_page=catalog)
        self.program = ProgramPageFactory(parent=catalog, title="تمديدات كهربائية منزلية", slug="electrical")
        course = CoursePageFactory(parent=self.program, title="أساسيات الكهرباء", slug="basics")
        self.lesson: LessonPage = LessonPageFactory(
            parent=course, title="توصيل لوحة التوزيع", slug="board", body=self.body(folder)
        )
        QuizPageFactory(parent=course, title="اختبار", slug="quiz", questions=[single(), multiple()])
        set_completion_rule(
            program_id=self.program.pk,
            by=self.manager,
            asks=Clauses(units=True, attendance=75, score=Score(60)),
        )
        self.cohort: Cohort = open_cohort(
            program_id=self.program.pk,
            center_id=self.center.pk,
            code="ROAD-1",
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate() + dt.timedelta(days=30),
            shift=Shift.MORNING,
            seats=15,
            by=self.manager,
            instructors=[self.instructor],
        )
        now = timezone.now()
        self.live: LiveSession = schedule_live_session(
            cohort=self.cohort,
            title="أسئلة وأجوبة",
            starts_at=now - dt.timedelta(minutes=1),
            ends_at=now + dt.timedelta(hours=1),
            by=self.manager,
            instructor=self.instructor,
        )

    def holder(self, role: RoleName) -> User:
        return MembershipFactory(role=role, center=self.center).user

    def body(self, folder: Path) -> str:
        """The lesson's blocks, its video sent through the real pipeline."""
        film = clips.make_video(folder / "درس.mp4", seconds=11)
        with film.open("rb") as file:
            video: Video = upload_video(
                center=self.center, title="توصيل اللوحة", file=File(file, film.name), by=self.instructor
            )
        run_job(job_id=TranscodeJob.objects.get(video=video).pk)
        return json.dumps([{"type": "video", "value": video.pk}])

    def certify(self) -> Credential:
        proposal = propose(
            cohort_id=self.cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory().pk,
            by=self.manager,
        )
        credential = approve(proposal_id=proposal.pk, by=self.officer, confirmed_at=timezone.now())[0]
        drawn(credential)
        return credential


@pytest.fixture
def world(tmp_path: Path, site: str) -> World:
    return World(tmp_path)


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(locale="ar-EG", viewport=PHONE, device_scale_factor=1)
    return context.new_page()


def test_a_trainee_walks_from_the_catalog_to_a_verified_certificate_on_a_light_site(
    site: str, world: World, page: Page
):
    catalog = weigh(page, f"{site}/ar/programs/")
    sign_up_and_enroll(page, site)
    lesson = weigh(page, f"{site}{world.lesson.get_url()}")
    page.goto(f"{site}{world.lesson.get_url()}")
    watch_the_lesson(page)
    pass_the_quiz(page)
    wait_until(lambda: WatchTally.objects.filter(views=1, finished=1).exists())
    attend_the_live_class(page, site, world)
    enrollment = Enrollment.objects.get(cohort=world.cohort)
    credential = world.certify() if enrollment.state == EnrollmentState.COMPLETED else None

    assert credential, enrollment.eligibilities.latest().evidence
    see_the_certificate(page, site, credential)
    for first_view in (catalog, lesson):
        assert first_view.is_light, first_view
    assert 0 < lesson.bytes_of("Document", "Stylesheet", "Script") <= 60 * KILOBYTE


def sign_up_and_enroll(page: Page, site: str) -> None:
    page.goto(f"{site}/ar/programs/?q={quote('تمديدات كهربائيه')}")
    keep(page, "catalog-phone-ar", full_page=True)
    page.get_by_role("link", name="تمديدات كهربائية منزلية").first.click()
    keep(page, "program-phone-ar", full_page=True)
    page.locator("a[href*='/enroll/']").first.click()
    expect(page).to_have_url(re.compile("/accounts/signup/"))
    page.fill("[name=full_name_ar]", NAME)
    # As an Arabic keyboard types it.
    page.fill("[name=birth_date]", "٢٥/٣/١٩٩٨")
    page.fill("[name=phone]", "٠١٠١٢٣٤٥٦٧٨")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.check("[name=consent]")
    keep(page, "signup-phone-ar", full_page=True)
    page.locator("main form button[type=submit]").last.click()
    # The seat whose facts were shown is taken with the account.
    wait_until(Enrollment.objects.filter(person__full_name_ar=NAME).exists)
    page.goto(f"{site}/ar/learning/")
    expect(page.locator("main")).to_contain_text("تمديدات كهربائية منزلية")
    keep(page, "learning-phone-ar", full_page=True)


def watch_the_lesson(page: Page) -> None:
    """Play the video at double speed until the server says it is done."""
    page.wait_for_selector("[data-play]:not([hidden])")
    keep(page, "lesson-phone-ar", full_page=True)
    page.click("[data-play]")
    page.click("[data-settings]")
    page.select_option("[data-speed]", "2")
    page.keyboard.press("Escape")
    expect(page.locator("[data-coverage]")).to_contain_text(re.compile("100|١٠٠"), timeout=40_000)
    # The page shows it without a reload.
    expect(page.locator(".lesson__end")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-fresh=units] [aria-current]")).to_be_visible()
    keep(page, "lesson-end-phone-ar", full_page=True)


def pass_the_quiz(page: Page) -> None:
    page.locator("a[rel=next]").click()
    page.locator("form[action*='assessment'] button").first.click()
    expect(page.get_by_label("أفصل التيار", exact=True)).to_be_visible()
    assert "is_right" not in page.content()
    for right in ("أفصل التيار", "مفك اختبار", "كماشة بمقبض مطاطي"):
        page.get_by_label(right, exact=True).check()
    keep(page, "quiz-phone-ar", full_page=True)
    # Answers are saved before the page goes on.
    page.get_by_role("button", name="مراجعة ثم إرسال").click()
    expect(page.locator("main")).to_contain_text("أجبت عن كل الأسئلة")
    keep(page, "quiz-confirm-phone-ar", full_page=True)
    page.get_by_role("button", name="إرسال الإجابات").click()
    expect(page.locator("main")).to_contain_text(re.compile("١٠٠|100"))
    keep(page, "quiz-result-phone-ar", full_page=True)


def attend_the_live_class(page: Page, site: str, world: World) -> None:
    # A class of three minutes: of a longer one, too little would be held to say who attended it.
    now = timezone.now()
    ClassSession.objects.filter(pk=world.live.class_session_id).update(
        starts_at=now - dt.timedelta(minutes=1), ends_at=now + dt.timedelta(minutes=2)
    )
    open_room(session_id=world.live.pk, by=world.instructor)
    page.goto(f"{site}/ar/live/")
    page.locator(f"a[href*='{world.live.class_session.public_id}']").first.click()
    page.wait_for_selector("[data-write]:not([hidden])")
    page.fill("[data-text]", "هل نفصل القاطع أولًا؟")
    page.locator("[data-write] button[type=submit]").click()
    wait_until(lambda: Event.objects.filter(kind="chat").exists())
    send_message(session_id=world.live.pk, by=world.instructor, text="نعم، دائمًا.", client_id=uuid.uuid4())
    expect(page.locator("[data-chat]")).to_contain_text("نعم، دائمًا.")
    page.locator("[data-hand]").click()
    wait_until(lambda: Event.objects.filter(kind="hand.raised").exists())
    wait_until(PresenceMinute.objects.exists)
    keep(page, "live-phone-ar", full_page=True)
    end_room(session_id=world.live.pk, by=world.instructor, reason="انقطاع التيار")


def see_the_certificate(page: Page, site: str, credential: Credential) -> None:
    page.goto(f"{site}/ar/certificates/")
    keep(page, "certificates-phone-ar", full_page=True)
    link = page.locator("a[href$='.pdf']").get_attribute("href")
    assert page.request.get(f"{site}{link}").body().startswith(b"%PDF-")
    employer = page.context.browser.new_context(viewport=PHONE).new_page()
    employer.goto(f"{site}/v/{credential.code}")
    expect(employer.locator("[data-result]")).to_have_attribute("data-result", "valid")
    expect(employer.locator("main")).to_contain_text(NAME)
    keep(employer, "verify-phone-ar", full_page=True)
