"""A lesson on a connection of 64 kbit/s and 600 ms: it starts, plays without stalls, and recovers from an interruption."""

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect
from wagtail.models import Site

from accounts.enums import RoleName
from accounts.models import User
from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import Enrollment, LessonPage, UnitProgress
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from courses.services.front_page import open_front_page
from media_pipeline.models import TranscodeJob
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.uploads import upload_video
from tests.browser_pages import PHONE, entered, keep
from tests.factories.accounts import CenterFactory, MembershipFactory, TraineeFactory
from tests.factories.courses import CoursePageFactory, LessonPageFactory, ProgramPageFactory
from tests.journey.weight import Weight
from tests.media_pipeline import clips
from tests.served_site import ON_SLOW_LINE
from tests.waiting import time_passes, wait_until

pytestmark = [
    pytest.mark.browser("two minutes at 64 kbit/s", nightly=True),
    ON_SLOW_LINE,
    pytest.mark.django_db(transaction=True),
]

# 64 kbit/s in bytes a second, and the delay of a request in ms.
LINE = {"latency": 600, "downloadThroughput": 8_000, "uploadThroughput": 8_000}
FILM_SECONDS = 150
WATCHED_SECONDS = 60
AWAY_SECONDS = 15
BLINK_SECONDS = 0.3
# Moving noise over slow gradients, as of a hand-held phone; a desktop on which little changes.
PICTURES = {
    "camera": f"gradients=s=320x180:r=25:speed=0.03:duration={FILM_SECONDS},noise=alls=14:allf=t",
    "screencast": f"testsrc=size=320x180:rate=15:duration={FILM_SECONDS}",
}


class School:
    """A program of two lessons, their videos sent through the real pipeline, and an enrolled trainee."""

    def __init__(self, folder: Path) -> None:
        center = CenterFactory()
        self.instructor: User = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
        self.center = center
        catalog = open_front_page()
        Site.objects.update(root_page=catalog)
        program = ProgramPageFactory(parent=catalog, slug="electrical")
        course = CoursePageFactory(parent=program, slug="basics")
        self.lessons: dict[str, LessonPage] = {
            name: LessonPageFactory(parent=course, title=name, slug=name, body=self.body(folder, name))
            for name in PICTURES
        }
        set_completion_rule(program_id=program.pk, by=self.instructor, asks=Clauses(units=True))
        cohort = open_cohort(
            program_id=program.pk,
            center_id=center.pk,
            code="SLOW-1",
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate() + dt.timedelta(days=30),
            shift=Shift.MORNING,
            seats=5,
            by=self.instructor,
        )
        self.trainee: User = TraineeFactory()
        self.enrollment: Enrollment = enroll(
            person_id=self.trainee.person_id, cohort_id=cohort.pk, by=self.trainee
        )

    def body(self, folder: Path, name: str) -> str:
        film = clips.make(
            folder / f"{name}.mp4",
            *("-f", "lavfi", "-i", PICTURES[name]),
            *("-f", "lavfi", "-i", f"anoisesrc=color=pink:amplitude=0.2:duration={FILM_SECONDS}"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"),
        )
        with film.open("rb") as file:
            video = upload_video(
                center=self.center, title=name, file=File(file, film.name), by=self.instructor
            )
        run_job(job_id=TranscodeJob.objects.get(video=video).pk)
        return json.dumps([{"type": "video", "value": video.pk}])

    def progress(self, name: str) -> UnitProgress:
        return UnitProgress.objects.get(unit_key=self.lessons[name].translation_key)


class Phone:
    """A browser of the trainee with one lesson open."""

    def __init__(self, browser: Browser, site: str, school: School) -> None:
        self.context: BrowserContext = entered(browser, site, school.trainee, locale="ar-EG", viewport=PHONE)
        self.page: Page = self.context.new_page()
        self.page.add_init_script(
            """window.heard = [];
            for (const name of ["start", "stall-begin", "stall-end", "quality"]) {
              document.addEventListener(`player:${name}`, ({ detail }) => heard.push({ name, ...detail }));
            }"""
        )
        self.devtools: CDPSession = self.context.new_cdp_session(self.page)
        self.devtools.send("Network.enable")
        self.site = site
        self.school = school

    def line(self, *, is_there: bool = True) -> None:
        self.devtools.send("Network.emulateNetworkConditions", {"offline": not is_there, **LINE})

    def open(self, name: str) -> None:
        self.page.goto(f"{self.site}{self.school.lessons[name].get_url()}", timeout=60_000)
        self.page.wait_for_selector("button[data-play]:visible", timeout=60_000)

    def wait_until(self, seconds: float, *, within: float) -> float:
        """How many seconds it took until the video was at `seconds` or later and playing."""
        started = time.monotonic()
        plays = (
            f"(({{ currentTime, paused, readyState }}) => currentTime >= {seconds} && !paused && readyState >= 3)"
            "(document.querySelector('video'))"
        )
        at = "document.querySelector('video').currentTime"
        wait_until(
            lambda: self.page.evaluate(plays), within, page=self.page, report=lambda: self.page.evaluate(at)
        )
        return time.monotonic() - started

    def lose_the_line(self) -> None:
        """Go offline and seek to a position that is not buffered."""
        self.line(is_there=False)
        self.page.keyboard.press("7")

    def come_back(self) -> float:
        """The seconds until it plays after the connection is back."""
        expect(self.page.locator("[data-message=offline]")).to_be_visible()
        self.line()
        return self.wait_until(FILM_SECONDS * 0.7 + 0.2, within=20)

    def heard(self, name: str) -> list[dict]:
        return [event for event in self.page.evaluate("window.heard") if event["name"] == name]


def test_a_lesson_plays_at_64_kbit_and_recovers_from_a_lost_connection(
    browser: Browser, site: str, tmp_path: Path
):
    school = School(tmp_path)
    # Each phone has a connection of its own, so both videos play at once.
    phones = {name: Phone(browser, site, school) for name in PICTURES}
    weights = {name: Weight.of(phone.page) for name, phone in phones.items()}
    figures: dict[str, dict[str, Any]] = {name: {} for name in PICTURES}

    for name, phone in phones.items():
        phone.line()
        phone.open(name)
        weight = weights[name]
        figures[name]["first_view"] = weight.bytes_of("Document", "Stylesheet", "Script"), len(weight)
        phone.page.click("button[data-play]")
        figures[name]["start"] = round(phone.wait_until(0.2, within=15), 1)
    for name, phone in phones.items():
        phone.wait_until(WATCHED_SECONDS, within=WATCHED_SECONDS + 10)
        figures[name]["stalls"] = [event["seconds"] for event in phone.heard("stall-end")]
    for name, phone in phones.items():
        phone.page.keyboard.press("9")
        figures[name]["seek"] = round(phone.wait_until(FILM_SECONDS * 0.9, within=10), 1)
    for phone in phones.values():
        phone.lose_the_line()
    time_passes(AWAY_SECONDS, "the player tries again by itself, ever more seldom", phone.page)
    for name, phone in phones.items():
        figures[name]["back"] = round(phone.come_back(), 1)
        figures[name]["quality"] = {event["quality"] for event in phone.heard("start")}
        figures[name]["library"] = any("hls.light" in url for _kind, url in weights[name].kinds.values())
        keep(phone.page, f"slow-{name}-phone-ar", full_page=True)
        phone.context.close()

    for figure in figures.values():
        assert figure["first_view"][0] <= 60_000
        assert figure["first_view"][1] <= 12
        assert figure["quality"] == {"144p-low"}
        assert not figure["library"]
        assert [stall for stall in figure["stalls"] if stall > BLINK_SECONDS] == []
        assert figure["back"] <= 10
    another_device_goes_on(browser, site, school)


def another_device_goes_on(browser: Browser, site: str, school: School) -> None:
    """What was watched on the first phone counts once, and the second continues where the first stopped."""
    before = school.progress("camera")
    phone = Phone(browser, site, school)
    phone.open("camera")
    offered = phone.page.locator("[data-resume]").inner_text()
    phone.page.click("button[data-play]")
    phone.wait_until(before.position, within=15)

    minutes, seconds = divmod(before.position, 60)
    digits = f"{minutes}:{seconds:02}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert FILM_SECONDS * 0.7 <= before.position < FILM_SECONDS * 0.9
    assert digits in offered
    assert WATCHED_SECONDS // 5 - 1 <= before.buckets_watched <= WATCHED_SECONDS // 5 + 8
    phone.context.close()
