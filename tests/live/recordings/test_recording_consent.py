"""People are informed that a class is recorded, and their messages are replayed only while they allow it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Consent, User
from courses.models import CoursePage, LessonPage
from live.models import LiveSession, RecordingNotice
from live.queries.replay import whole_recording
from live.services.chat import remove_message, send_message
from live.services.lessons import ask_for_lesson
from live.services.recording_consent import RECORDING_TEXT, acknowledge_recording
from live.services.recordings import make_recording, record_ended
from tests.live.broadcast.recorder import recording
from tests.live.conftest import enrolled
from tests.live.recordings.recorded import author_of, broadcast, course_of, end, on_air, publish, watchable
from tests.live.simulated_attendance import Clock

pytestmark = pytest.mark.django_db
SENTENCE = "data-recorded-notice"


def room(session: LiveSession) -> str:
    return reverse("live:room", args=[session.class_session.public_id])


def answer(client: Client, session: LiveSession, **said: str) -> None:
    address = reverse("live:recorded", args=[session.class_session.public_id])
    assert client.post(address, said, headers={"X-Requested-With": "fetch"}).status_code == 204


@pytest.fixture
def policy(settings) -> None:
    settings.LIVE_REPLAY_CHAT = True


def test_a_person_who_opens_the_room_is_informed_once_and_it_is_stored(client: Client, opened):
    trainee = enrolled(opened)
    client.force_login(trainee)

    first = client.get(room(opened)).text
    client.get(room(opened))
    notice = RecordingNotice.objects.get(session=opened, user=trainee)
    assert SENTENCE in first
    assert (notice.text_version, notice.acknowledged_at) == (RECORDING_TEXT, None)

    answer(client, opened)
    notice.refresh_from_db()
    assert notice.acknowledged_at is not None
    assert SENTENCE not in client.get(room(opened)).text


def test_without_the_policy_nothing_is_asked_and_nothing_can_be_given(client: Client, opened):
    client.force_login(enrolled(opened))

    assert 'name="chat"' not in client.get(room(opened)).text
    answer(client, opened, asked="1", chat="yes")

    assert not Consent.objects.exists()


def test_agreement_is_given_and_taken_back_in_the_ledger(client: Client, opened, policy):
    trainee = enrolled(opened)
    client.force_login(trainee)

    assert 'name="chat"' in client.get(room(opened)).text
    answer(client, opened, asked="1", chat="yes")
    given = Consent.objects.get(person=trainee.person, purpose="class_replay")
    assert (given.text_version, given.withdrawn_at) == (RECORDING_TEXT, None)
    answer(client, opened, asked="1", chat="yes")
    assert Consent.objects.count() == 1

    answer(client, opened, asked="1")
    given.refresh_from_db()
    assert given.withdrawn_at is not None


def test_understanding_without_being_asked_changes_no_agreement(client: Client, opened, policy):
    trainee = enrolled(opened)
    client.force_login(trainee)
    answer(client, opened, asked="1", chat="yes")

    answer(client, opened)

    assert Consent.objects.get().withdrawn_at is None


# --- Replayed messages ---------------------------------------------------------------------------------------


@pytest.fixture
def author(opened: LiveSession) -> User:
    return author_of(opened, course_of(opened))


def say(session: LiveSession, by: User, text: str) -> int:
    return send_message(session_id=session.pk, by=by, text=text, client_id=uuid.uuid4()).seq


def lesson_of(session: LiveSession, author: User, **part: object) -> LessonPage:
    """A published lesson with messages."""
    wanted = ask_for_lesson(
        session_id=session.pk,
        by=author,
        title="A",
        course=CoursePage.objects.child_of(session.class_session.cohort.program).get(),
        has_chat=True,
        **part,
    )
    make_recording(recording_id=wanted.recording_id)
    wanted.refresh_from_db()
    return LessonPage.objects.get(translation_key=wanted.unit_key)


def messages(client: Client, lesson: LessonPage) -> list[tuple[str, str]]:
    answer = client.get(reverse("live:lesson_replay", args=[lesson.translation_key]))
    return [(message["name"], message["text"]) for message in answer.json()["messages"]]


@pytest.fixture
def people(opened: LiveSession, author: User, clock: Clock) -> list[User]:
    """Two trainees who allow it and one who does not; all have written in a class that is over, and the instructor."""
    willing, also, unwilling = (enrolled(opened) for _ in range(3))
    for user in (willing, also):
        acknowledge_recording(session=opened, by=user, allows_replay=True)
    on_air(opened, author)
    say(opened, unwilling, "mine")
    say(opened, also, "first")
    clock.at(3)
    say(opened, willing, "second")
    removed = say(opened, willing, "regretted")
    remove_message(session_id=opened.pk, by=author, seq=removed)
    say(opened, author, "from the instructor")
    clock.at(30)
    say(opened, willing, "after the picture")
    broadcast(opened, recording(6), since=clock.start)
    end(opened, author)
    record_ended()
    return [willing, also, unwilling]


def test_messages_are_replayed_without_names_and_only_of_people_who_allow_it(
    client: Client, opened, author, people, policy
):
    lesson = lesson_of(opened, author)
    client.force_login(author)

    assert messages(client, lesson) == [
        ("متدرب 1", "first"),
        ("متدرب 2", "second"),
        ("المدرب", "from the instructor"),
    ]


def test_the_page_of_a_lesson_without_slides_shows_its_messages(
    client: Client, opened, author, people, policy
):
    lesson = publish(lesson_of(opened, author))
    watchable(lesson.video())
    client.force_login(author)

    page = client.get(lesson.get_url(), follow=True)

    assert reverse("live:lesson_replay", args=[lesson.translation_key]) in page.text


def test_the_page_of_a_lesson_whose_class_wrote_nothing_has_no_replay(
    client: Client, opened, author, policy, clock
):
    on_air(opened, author)
    broadcast(opened, recording(6), since=clock.start)
    clock.at(30)
    end(opened, author)
    record_ended()
    lesson = publish(lesson_of(opened, author))
    watchable(lesson.video())
    client.force_login(author)

    page = client.get(lesson.get_url(), follow=True)

    assert "data-player" in page.text
    assert "data-replay" not in page.text


def test_messages_of_a_person_who_withdraws_consent_leave_the_replay(
    client: Client, opened, author, people, policy
):
    lesson = lesson_of(opened, author)
    acknowledge_recording(session=opened, by=people[0], allows_replay=False)
    client.force_login(author)

    assert [text for _, text in messages(client, lesson)] == ["first", "from the instructor"]


def test_a_part_has_the_messages_of_its_time_only(client: Client, opened, author, people, policy):
    lesson = lesson_of(opened, author, start_ms=2_000)
    client.force_login(author)

    assert [text for _, text in messages(client, lesson)] == ["second", "from the instructor"]


def test_without_the_policy_no_message_is_replayed(client: Client, opened, author, people):
    lesson = lesson_of(opened, author)
    client.force_login(author)

    assert messages(client, lesson) == []


def test_the_page_of_the_ended_class_replays_no_messages(client: Client, opened, author, people, policy):
    client.force_login(people[0])
    address = reverse("live:replay", args=[opened.class_session.public_id])

    assert whole_recording(opened)
    assert client.get(address).json()["messages"] == []
