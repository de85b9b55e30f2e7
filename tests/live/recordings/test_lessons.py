"""Lessons of recordings: who may make which, what trainees can watch, and the replay."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from courses.clauses import Clauses
from courses.enums import Shift
from courses.errors import CourseNotYours
from courses.models import CoursePage, LessonPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll, withdraw
from jobs.enums import JobState
from live.enums import LiveState
from live.errors import InvalidCut, NothingRecorded
from live.models import LiveSession, RecordedLesson, Recording
from live.queries.recordings import courses_for
from live.queries.replay import whole_recording
from live.queries.video import stream_path
from live.services.lessons import ask_for_lesson
from live.services.recordings import make_recording, record_ended
from live.services.stage import clear_stage
from media_pipeline.models import Video
from media_pipeline.services.live_streams import live_stream_folders
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import CoursePageFactory
from tests.live.broadcast.recorder import recording
from tests.live.conftest import enrolled
from tests.live.recordings.recorded import (
    author_of,
    broadcast,
    course_of,
    end,
    on_air,
    publish,
    slide,
    watchable,
)
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
    """A class of six seconds with a slide at its beginning and one after three seconds, which is over."""
    on_air(opened, author)
    slide(opened, 1, "Switch off")
    clock.at(3.2)
    slide(opened, 2, "Test")
    clock.at(60)
    broadcast(opened, recording(6), since=clock.start)
    end(opened, author)
    record_ended()
    return opened


def made(session: LiveSession, **part: int) -> Recording:
    found = session.recordings.get(**part)
    make_recording(recording_id=found.pk)
    found.refresh_from_db()
    return found


def ask(session: LiveSession, course: CoursePage, by: User, **facts: object) -> RecordedLesson:
    return ask_for_lesson(session_id=session.pk, by=by, **{"title": "فصل التيار", "course": course, **facts})


def trainee_of_next_cohort(session: LiveSession, clerk: User) -> User:
    cohort = session.class_session.cohort
    set_completion_rule(program_id=cohort.program_id, by=clerk, asks=Clauses(units=True))
    following = open_cohort(
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
    enroll(person_id=learner.person_id, cohort_id=following.pk, by=clerk)
    return learner


# --- Making ---------------------------------------------------------------------------------------------------------


def test_a_lesson_of_the_whole_class_is_a_draft_with_its_video(held, course, author):
    whole = made(held)

    wanted = ask(held, course, author)

    page = LessonPage.objects.get(translation_key=wanted.unit_key)
    assert (page.title, page.live, page.owner, page.get_parent().pk) == (
        "فصل التيار",
        False,
        author,
        course.pk,
    )
    assert page.video() == whole.video
    assert page.get_latest_revision().user == author
    assert not page.permissions_for_user(author).can_publish()


def test_a_lesson_waits_for_its_part_to_be_cut_and_holds_nothing_else(held, course, author):
    made(held)

    wanted = ask(held, course, author, start_ms=2_000, end_ms=5_000)
    assert not LessonPage.objects.exists()
    part = made(held, start_ms=2_000)
    wanted.refresh_from_db()

    assert LessonPage.objects.get(translation_key=wanted.unit_key).video() == part.video
    assert Video.objects.count() == 2
    assert part.video.byte_size < held.recordings.get(start_ms=0).video.byte_size
    assert sum(length for _, length in part.spans) == pytest.approx(3_000, abs=100)
    # The slide that was shown when the part begins is there from its beginning.
    assert [(entry["page"], round(entry["at"], -2)) for entry in part.shown["stage"]] == [(1, 0), (2, 1200)]


def test_the_same_part_is_cut_once_for_any_number_of_lessons(held, course, author):
    for title in ("One", "Two"):
        ask(held, course, author, title=title, start_ms=2_000, end_ms=5_000)
    made(held, start_ms=2_000)
    ask(held, course, author, title="Three", start_ms=2_000, end_ms=5_000)

    assert Video.objects.count() == 1
    assert sorted(LessonPage.objects.values_list("title", flat=True)) == ["One", "Three", "Two"]


def test_an_end_near_the_end_is_the_whole_class(held, course, author):
    assert ask(held, course, author, start_ms=300, end_ms=5_900).recording.is_whole


@pytest.mark.parametrize(
    ("start_ms", "end_ms"), [(5_000, 2_000), (2_000, 2_000), (60_000, None), (2_100, 2_900)]
)
def test_a_part_with_nothing_in_it_is_refused(held, course, author, start_ms, end_ms):
    with pytest.raises(InvalidCut):
        ask(held, course, author, start_ms=start_ms, end_ms=end_ms)

    assert not RecordedLesson.objects.exists()
    assert held.recordings.count() == 1


def test_a_class_without_a_recording_makes_no_lesson(opened, course, author, clock):
    with pytest.raises(NothingRecorded):
        ask(opened, course, author)
    clock.at(60)
    end(opened, author)
    with pytest.raises(NothingRecorded):
        ask(opened, course, author)


def test_a_class_that_goes_on_makes_no_lesson(held, course, author):
    LiveSession.objects.filter(pk=held.pk).update(state=LiveState.OPEN, ended_at=None)

    with pytest.raises(NothingRecorded):
        ask(held, course, author)


def test_what_is_no_longer_kept_can_still_be_a_lesson_whole(held, course, author):
    made(held)
    for path in live_stream_folders(stream_path(held))[0].iterdir():
        path.unlink()

    assert ask(held, course, author).unit_key
    with pytest.raises(NothingRecorded):
        ask(held, course, author, start_ms=2_000)


def test_a_person_who_may_not_write_in_a_course_makes_no_lesson_there(held, course, author):
    elsewhere = course_of(held)
    plain = MembershipFactory(role=RoleName.INSTRUCTOR).user

    assert courses_for(held, plain) == []
    # The other course is the ministry's.
    assert [one.pk for one in courses_for(held, author)] == [course.pk]
    for refused, user in ((course, plain), (elsewhere, author)):
        with pytest.raises(CourseNotYours):
            ask(held, refused, user)


def test_a_right_that_was_lost_meanwhile_leaves_a_wish_without_a_draft(held, course, author):
    wanted = ask(held, course, author, start_ms=2_000, end_ms=5_000)
    author.memberships.all().delete()

    assert made(held, start_ms=2_000).state == JobState.DONE
    wanted.refresh_from_db()
    assert wanted.unit_key is None
    assert not LessonPage.objects.exists()


# --- The page -------------------------------------------------------------------------------------------------------


def page_of(session: LiveSession) -> str:
    return reverse("live:lesson", args=[session.class_session.public_id])


def test_the_instructor_makes_a_lesson_on_the_page_of_the_class(client: Client, held, course, author):
    made(held)
    client.force_login(author)

    assert page_of(held) in client.get(reverse("live:room", args=[held.class_session.public_id])).text
    assert "data-lesson-form" in client.get(page_of(held)).text
    answer = client.post(
        page_of(held), {"title": "A", "course": course.pk, "start": "٠:٠٢", "end": "0:05"}, follow=True
    )

    wanted = RecordedLesson.objects.get()
    assert (wanted.recording.start_ms, wanted.recording.end_ms, wanted.made_by) == (2_000, 5_000, author)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "times",
    [
        {"start": "0:05", "end": "0:02"},
        {"start": "soon"},
        {"start": "0:75"},
        {"start": "²:00"},
        {"start": "-0:01"},
    ],
)
def test_invalid_times_are_refused_with_a_message(client: Client, held, course, author, times):
    client.force_login(author)

    answer = client.post(page_of(held), {"title": "A", "course": course.pk, **times})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not RecordedLesson.objects.exists()


def test_a_course_outside_the_program_is_no_choice(client: Client, held, course, author):
    foreign = CoursePageFactory()
    client.force_login(author)

    client.post(page_of(held), {"title": "A", "course": foreign.pk})

    assert not RecordedLesson.objects.exists()


def test_trainees_and_outsiders_find_no_such_page(client: Client, held):
    for user in (enrolled(held), TraineeFactory(), MembershipFactory(role=RoleName.INSTRUCTOR).user):
        client.force_login(user)
        assert client.get(page_of(held)).status_code == 404
        assert client.post(page_of(held), {"title": "A"}).status_code == 404


def test_a_class_that_is_not_over_has_no_such_page(client: Client, opened, author):
    client.force_login(author)

    assert client.get(page_of(opened)).status_code == 404


# --- Replay -------------------------------------------------------------------------------------------------


def replay_address(lesson: LessonPage) -> str:
    return reverse("live:lesson_replay", args=[lesson.translation_key])


@pytest.fixture
def published(held: LiveSession, course: CoursePage, author: User) -> LessonPage:
    watchable(made(held).video)
    return publish(LessonPage.objects.get(translation_key=ask(held, course, author).unit_key))


def test_a_person_who_may_open_the_lesson_gets_the_replay(client: Client, held, published, author):
    learner = trainee_of_next_cohort(held, author)
    client.force_login(learner)

    page = client.get(published.get_url(), follow=True)
    answer = client.get(replay_address(published))

    assert replay_address(published) in page.text
    assert [entry["text"] for entry in answer.json()["stage"]] == ["Switch off", "Test"]
    assert answer.json()["base"].startswith("/media/s/")
    assert "no-store" in answer["Cache-Control"]


def test_a_trainee_keeps_the_replay_when_the_page_is_gone(client: Client, held, published, author):
    client.force_login(trainee_of_next_cohort(held, author))
    published.delete()

    assert client.get(replay_address(published)).status_code == 200


def test_others_do_not_get_the_replay(client: Client, held, published, author):
    learner = trainee_of_next_cohort(held, author)
    client.force_login(TraineeFactory())
    assert client.get(replay_address(published)).status_code == 404
    client.logout()
    assert client.get(replay_address(published)).status_code == 302

    withdraw(enrollment_id=learner.person.enrollments.get().pk, by=author, reason="moved away")
    client.force_login(learner)
    assert client.get(replay_address(published)).status_code == 404


def test_a_lesson_that_shows_another_video_now_has_no_replay(client: Client, held, published, author):
    client.force_login(author)
    assert client.get(replay_address(published)).status_code == 200

    other = Video.objects.create(center=held.class_session.cohort.center, title="x", byte_size=1)
    published.body = [("video", other)]
    published.save()

    assert client.get(replay_address(published)).status_code == 404


def test_the_page_of_the_ended_class_has_it_too(client: Client, held):
    trainee, outsider = enrolled(held), TraineeFactory()
    address = reverse("live:replay", args=[held.class_session.public_id])
    client.force_login(trainee)

    assert address in client.get(reverse("live:room", args=[held.class_session.public_id])).text
    assert len(client.get(address).json()["stage"]) == 2
    client.force_login(outsider)
    assert client.get(address).status_code == 404


def test_a_class_without_slides_and_polls_has_no_replay(client: Client, opened, author, clock):
    on_air(opened, author)
    broadcast(opened, recording(2), since=clock.start)
    clock.at(60)
    end(opened, author)
    record_ended()
    client.force_login(enrolled(opened))

    assert whole_recording(opened)
    assert "data-replay" not in client.get(reverse("live:room", args=[opened.class_session.public_id])).text


def test_a_slide_that_was_hidden_before_the_picture_began_makes_no_replay(
    client: Client, opened, author, clock
):
    slide(opened, 1, "We begin at nine")
    clear_stage(session_id=opened.pk, by=author)
    clock.at(10)
    on_air(opened, author)
    broadcast(opened, recording(2), since=clock.now)
    clock.at(60)
    end(opened, author)
    record_ended()
    client.force_login(enrolled(opened))

    page = client.get(reverse("live:room", args=[opened.class_session.public_id]))

    assert whole_recording(opened)
    assert "data-replay" not in page.text
