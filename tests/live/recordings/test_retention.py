"""Recordings are purged after their retention; those in a lesson are kept."""

import datetime as dt
from pathlib import Path

import pytest
from wagtail.models import ModelLogEntry

from accounts.models import User
from courses.models import CoursePage, LessonPage
from courses.queries.videos import is_shown_somewhere
from courses.services.lessons import draft_lesson
from jobs.enums import JobState
from live.broadcast.folders import recording_work_folder
from live.models import LiveSession, Recording
from live.queries.video import stream_path
from live.services.lessons import ask_for_lesson
from live.services.recordings import make_recording, record_ended
from live.services.retention import purge_recordings
from media_pipeline.folders import published_folder
from media_pipeline.models import TranscodeJob, Video
from media_pipeline.services.live_streams import live_stream_folders
from tests.factories.jobs import put
from tests.live.broadcast.recorder import recording
from tests.live.recordings.recorded import author_of, broadcast, course_of, end, on_air, slide
from tests.live.simulated_attendance import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(opened: LiveSession) -> CoursePage:
    return course_of(opened)


@pytest.fixture
def author(opened: LiveSession, course: CoursePage) -> User:
    return author_of(opened, course)


@pytest.fixture
def held(opened: LiveSession, author: User, clock: Clock) -> LiveSession:
    """A class that is over, with its video."""
    on_air(opened, author)
    slide(opened, 1)
    broadcast(opened, recording(), since=clock.start)
    clock.at(60)
    end(opened, author)
    record_ended()
    make_recording(recording_id=opened.recordings.get().pk)
    return opened


def finish_jobs() -> None:
    """As if the media pipeline had done its work."""
    TranscodeJob.objects.update(state="done", finished_at=dt.datetime.now(dt.UTC))


def forget(capture) -> int:
    with capture(execute=True):
        return purge_recordings()


def is_kept(session: LiveSession) -> bool:
    return live_stream_folders(stream_path(session))[0].exists()


def test_a_recording_goes_after_its_time_with_its_video(held, clock, django_capture_on_commit_callbacks):
    finish_jobs()
    video = Video.objects.get()
    source = video.source.path
    shown = published_folder() / video.public_id.hex
    (shown / "1").mkdir(parents=True)

    clock.at(364 * 86_400)
    assert forget(django_capture_on_commit_callbacks) == 0
    assert is_kept(held)
    clock.at(366 * 86_400)
    assert forget(django_capture_on_commit_callbacks) == 1

    assert not is_kept(held)
    assert not Video.objects.exists()
    assert not Recording.objects.exists()
    assert not shown.exists()
    assert not Path(source).exists()
    assert [*recording_work_folder().iterdir()] == []
    # Once gone, it is not looked for again.
    assert forget(django_capture_on_commit_callbacks) == 0
    record_ended()
    assert not Recording.objects.exists()


def test_a_lesson_keeps_its_video_and_its_replay(
    held, course, author, clock, django_capture_on_commit_callbacks
):
    finish_jobs()
    wanted = ask_for_lesson(session_id=held.pk, by=author, title="A", course=course)

    clock.at(366 * 86_400)
    assert forget(django_capture_on_commit_callbacks) == 1

    assert not is_kept(held)
    lesson = LessonPage.objects.get(translation_key=wanted.unit_key)
    assert lesson.video() == Video.objects.get()
    assert Recording.objects.get().shown["stage"]


def test_a_video_that_an_author_took_for_a_lesson_of_their_own_stays(
    held, course, author, clock, django_capture_on_commit_callbacks
):
    finish_jobs()
    draft_lesson(course_id=course.pk, title="B", video=Video.objects.get(), by=author)

    clock.at(366 * 86_400)
    forget(django_capture_on_commit_callbacks)

    assert Video.objects.exists()
    assert not is_kept(held)


def test_a_video_that_stayed_is_purged_counted_and_logged_once_no_page_shows_it(
    held, course, author, clock, django_capture_on_commit_callbacks
):
    finish_jobs()
    page = draft_lesson(course_id=course.pk, title="B", video=Video.objects.get(), by=author)
    clock.at(366 * 86_400)
    forget(django_capture_on_commit_callbacks)
    page.delete()

    assert forget(django_capture_on_commit_callbacks) == 1

    assert not Video.objects.exists()
    assert not Recording.objects.exists()
    logged = ModelLogEntry.objects.filter(action="live.recording.forget", object_id=str(held.pk))
    assert [entry.data["kept"] for entry in logged.order_by("pk")] == [1, 0]
    assert forget(django_capture_on_commit_callbacks) == 0


def test_a_video_that_only_a_draft_shows_stays(
    held, course, author, clock, django_capture_on_commit_callbacks
):
    finish_jobs()
    video = Video.objects.get()
    page = draft_lesson(course_id=course.pk, title="B", video=video, by=author)
    # What is published shows something else; the draft is older.
    page.body = []
    page.save()

    assert is_shown_somewhere(video)
    clock.at(366 * 86_400)
    forget(django_capture_on_commit_callbacks)

    assert Video.objects.exists()


def test_a_recording_that_is_being_made_waits(held, clock, django_capture_on_commit_callbacks):
    put(Recording.objects, JobState.WAITING)

    clock.at(366 * 86_400)

    assert forget(django_capture_on_commit_callbacks) == 0
    assert is_kept(held)


def test_zero_days_keep_everything(held, clock, settings, django_capture_on_commit_callbacks):
    settings.LIVE_RECORDING_DAYS = 0
    clock.at(9999 * 86_400)

    assert forget(django_capture_on_commit_callbacks) == 0
    assert is_kept(held)
