"""The recording plays as a lesson: streamed in a browser, made by real workers, drafted, published, watched."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.enums import RoleName
from accounts.models import User
from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import LessonPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from courses.services.reviews import publish_reviewed, submit_for_review
from live.models import LiveSession, Recording
from live.queries.captions import TYPING_MS
from live.queries.video import stream_path
from live.services.recordings import record_ended
from live.services.stage import show_slide
from live.tasks import make_recording
from media_pipeline.enums import JobState
from media_pipeline.services.live_streams import live_stream_folders
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.live.browser_broadcast import end_class, has_begun, on_air, room_of, until_kept
from tests.live.conftest import enrolled
from tests.live.recordings.recorded import author_of, course_of
from tests.live.stage.decks import ready_deck
from tests.media_pipeline.transcode_jobs.workers import real_broker, started_workers
from tests.served_site import ON_SITE
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("a broadcast from a browser, recorded by a worker and played"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]


def ring_for(recording: Recording) -> None:
    """Dispatch to the broker of the embedded workers; no worker listens to the tests' own broker."""
    with real_broker() as broker:
        make_recording.apply_async(args=[recording.pk], connection=broker)


def place(page: Page) -> str:
    return page.locator("[data-replay-place]").inner_text()


def seek(page: Page, milliseconds: int) -> None:
    page.evaluate(
        "to => { document.querySelector('[data-player] video').currentTime = to; }", milliseconds / 1000
    )


def test_a_recording_plays_as_a_lesson(
    devices: Browser,
    site: str,
    session: LiveSession,
):
    course = course_of(session)
    instructor = author_of(session, course)
    deck = ready_deck(session, instructor, ("Switch off the breaker", "Test that it is dead"))
    served, _ = live_stream_folders(stream_path(session))

    # The class.
    staff = room_of(entered(devices, site, instructor, viewport=DESK), site, session)
    phone = room_of(entered(devices, site, enrolled(session), viewport=PHONE), site, session)
    keep(phone, "recorded-notice-phone-ar")
    phone.click("[data-recorded-notice] [type=submit]")
    expect(phone.locator("[data-recorded-notice]")).to_be_hidden()
    on_air(staff)
    wait_until((served / "360p.m3u8").exists)
    expect(phone.locator("[data-recorded]")).to_be_visible()
    show_slide(session_id=session.pk, by=instructor, deck=deck.public_id, page=1)
    # What is typed belongs to what was said a moment before it.
    until_kept(served, TYPING_MS / 1000)
    show_slide(session_id=session.pk, by=instructor, deck=deck.public_id, page=2)
    staff.click("[data-captions] summary")
    staff.fill("[data-caption-text]", "اختبر غياب الجهد قبل اللمس")
    staff.press("[data-caption-text]", "Enter")
    expect(phone.locator("[data-caption]")).to_have_text("اختبر غياب الجهد قبل اللمس")
    keep(staff, "typing-captions-desk-ar")
    keep(phone, "live-captions-phone-ar")
    until_kept(served, TYPING_MS / 1000 + 3)
    end_class(staff, served)

    # Its video.
    record_ended()
    recording = Recording.objects.get(session=session)
    with started_workers() as start:
        start("recorder")
        ring_for(recording)
        wait_until(lambda: _video_is_done(recording), 240)

    # The lesson.
    staff.goto(f"{site}/ar/live/{session.class_session.public_id}/")
    staff.evaluate("document.querySelector('[data-recording] video').play().catch(() => {})")
    expect(staff.locator("[data-replay-place]")).to_contain_text("الشريحة")
    keep(staff, "ended-class-desk-ar")
    phone.reload()
    phone.evaluate("document.querySelector('[data-recording] video').play().catch(() => {})")
    expect(phone.locator("[data-replay-place]")).to_contain_text("الشريحة")
    keep(phone, "ended-class-phone-ar")
    staff.click("text=أعدّ منها درسًا")
    staff.fill("[name=title]", "فصل التيار")
    staff.select_option("[name=course]", str(course.pk))
    keep(staff, "make-lesson-desk-ar")
    staff.click("[data-lesson-form] [type=submit]")
    expect(staff.locator("main")).to_contain_text("مسودة")
    lesson = LessonPage.objects.get(title="فصل التيار")
    assert not lesson.live
    publisher = MembershipFactory(
        role=RoleName.CENTER_MANAGER, center=session.class_session.cohort.center
    ).user
    review = submit_for_review(page_id=lesson.pk, by=lesson.owner)
    publish_reviewed(review_id=review.current_task_state_id, by=publisher)
    lesson.refresh_from_db()
    assert lesson.live

    # A trainee of the next cohort.
    learner = _trainee_of_the_next_cohort(session, instructor)
    watching = entered(devices, site, learner, viewport=PHONE)
    page = watching.new_page()
    page.on("pageerror", lambda error: print("page error:", error))
    page.goto(f"{site}{lesson.get_url()}")
    page.click("[data-play]")
    has_begun(page, "[data-player] video")
    expect(page.locator("[data-replay-place]")).to_contain_text("١")
    first, second = (entry["at"] for entry in recording.shown["stage"])
    seek(page, second + 300)
    expect(page.locator("[data-replay-place]")).to_have_text("الشريحة ٢ من ٢")
    expect(page.locator("[data-replay-picture]")).to_have_attribute("alt", "Test that it is dead")
    page.locator("[data-replay-steps]").scroll_into_view_if_needed()
    keep(page, "lesson-replay-phone-ar")
    seek(page, first + 300)
    expect(page.locator("[data-replay-place]")).to_have_text("الشريحة ١ من ٢")
    # By keyboard.
    page.focus("[data-replay-step='1']")
    page.keyboard.press("Enter")
    expect(page.locator("[data-replay-place]")).to_have_text("الشريحة ٢ من ٢")
    wait_until(lambda: page.evaluate("document.querySelector('[data-replay-picture]').naturalWidth > 0"))
    expect(page.locator("[data-player] track[kind=captions][srclang=ar]")).to_have_count(1)


def _video_is_done(recording: Recording) -> bool:
    recording.refresh_from_db()
    return bool(recording.video and recording.video.jobs.filter(state=JobState.DONE).exists())


def _trainee_of_the_next_cohort(session: LiveSession, clerk: User) -> User:
    cohort = session.class_session.cohort
    set_completion_rule(program_id=cohort.program_id, by=clerk, asks=Clauses(units=True))
    next_one = open_cohort(
        program_id=cohort.program_id,
        center_id=cohort.center_id,
        code="NEXT",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=10,
        by=clerk,
    )
    learner = TraineeFactory()
    enroll(person_id=learner.person_id, cohort_id=next_one.pk, by=clerk)
    return learner
