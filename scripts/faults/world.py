"""A world in an empty database, for clients to storm: trainees in a class and a course, and staff who upload.

Django has to be set up. The rows are those of the tests' factories; the video is transcoded by the engine.
"""

import datetime as dt
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import CatalogPage, Cohort, ContentVersion, CoursePage, LessonPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from live.models import LiveSession
from media_pipeline.models import Video
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import viewer_of
from media_pipeline.services.uploads import upload_video
from media_pipeline.transcoding.binaries import find_binaries
from tests.factories.accounts import CenterFactory, MembershipFactory, TraineeFactory, UserFactory
from tests.factories.courses import (
    CoursePageFactory,
    EnrollmentFactory,
    LessonPageFactory,
    ProgramPageFactory,
)
from tests.factories.live import OpenLiveSessionFactory

TOKEN = "t" * 32
SEATS = 5000


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who is logged in: the cookies of their browser, and the addresses that are theirs alone."""

    user: User
    cookies: dict[str, str]
    done_paths: list[str]
    # Of the lesson with a video, in their enrollment.
    lesson: str = ""


@dataclass(frozen=True, slots=True)
class World:
    center: Center
    cohort: Cohort
    session: LiveSession
    video: Video
    # Paths of pages and streams.
    program: str
    room: str
    ticket: str
    segments: list[str]
    trainees: list[Login]
    staff: list[Login]


def make_film(target: Path, *, seconds: int, mark: int = 0) -> Path:
    """A video with sound; videos with different marks are different files."""
    ffmpeg = find_binaries().ffmpeg
    subprocess.run(
        [
            str(ffmpeg), "-v", "error", "-y",
            "-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=frequency={440 + mark}:duration={seconds}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(target),
        ],
        check=True,
    )  # fmt: skip
    return target


def make_world(folder: Path, *, trainees: int, staff: int, lessons: int = 20) -> World:
    center = CenterFactory()
    video = _video(center, folder)
    course = _course(lessons)
    watched = LessonPageFactory(parent=course, body=f'[{{"type": "video", "value": {video.pk}}}]')
    cohort = _cohort(center, course)
    session = OpenLiveSessionFactory(class_session__cohort=cohort)
    people = [TraineeFactory(username=f"storm-{number}") for number in range(trainees)]
    version = ContentVersion.objects.filter(program=cohort.program_id).latest("number")
    units = [unit["unit"] for unit in version.units]
    units.remove(str(watched.translation_key))
    with override("ar"):
        logins = [_trainee(user, cohort, units, watched) for user in people]
        playback = sign_playback(video=video, viewer=viewer_of(people[0]))
        room = session.class_session.public_id
        return World(
            center=center,
            cohort=cohort,
            session=session,
            video=video,
            program=cohort.program.get_url() or "",
            room=reverse("live:room", args=[room]),
            ticket=reverse("live:ticket", args=[room]),
            segments=[rendition.file_url for rendition in playback.renditions],
            trainees=logins,
            staff=[
                login(MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user) for _ in range(staff)
            ],
        )


def login(user: User, done_paths: list[str] | None = None, lesson: str = "") -> Login:
    browser = Client()
    browser.force_login(user)
    cookies = {"sessionid": browser.cookies["sessionid"].value, "csrftoken": TOKEN}
    return Login(user, cookies, done_paths or [], lesson)


def _trainee(user: User, cohort: Cohort, units: list[str], watched: LessonPage) -> Login:
    enrollment = EnrollmentFactory(person=user.person, cohort=cohort)
    return login(
        user,
        [reverse("courses:unit_done", args=[enrollment.public_id, unit]) for unit in units],
        reverse("courses:unit", args=[enrollment.public_id, watched.translation_key]),
    )


def _course(lessons: int) -> CoursePage:
    catalog = CatalogPage.objects.filter(locale__language_code="ar").earliest("pk")
    course = CoursePageFactory(parent=ProgramPageFactory(parent=catalog))
    for _ in range(lessons):
        LessonPageFactory(parent=course)
    return course


def _cohort(center: Center, course: CoursePage) -> Cohort:
    clerk = UserFactory()
    program = course.get_parent().specific
    set_completion_rule(program_id=program.pk, by=clerk, asks=Clauses(units=True))
    return open_cohort(
        program_id=program.pk,
        center_id=center.pk,
        code="STORM-1",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=SEATS,
        by=clerk,
    )


def _video(center: Center, folder: Path) -> Video:
    film = make_film(folder / "film.mp4", seconds=10)
    uploader = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    with film.open("rb") as file:
        video = upload_video(center=center, title="الدرس", file=File(file, film.name), by=uploader)
    run_job(job_id=video.jobs.get().pk)
    video.refresh_from_db()
    return video
