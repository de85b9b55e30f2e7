"""Questions of trainees: asked, voted for, resolved."""

import uuid

import pytest

from live import errors
from live.enums import LiveRole, QuestionState
from live.models import Question
from live.queries.admission import Reader
from live.queries.log import logged_events_after
from live.queries.questions import questions_shown
from live.services.chat import send_message
from live.services.moderation import mute_person
from live.services.questions import ask_question, resolve_question, vote_for_question, withdraw_question_vote
from tests.live.conftest import enrolled

pytestmark = pytest.mark.django_db


def ask(session, user, text="متى الاختبار؟") -> int:
    return ask_question(session_id=session.pk, by=user, text=text, client_id=uuid.uuid4()).seq


def settle(session, instructor, seq, state) -> None:
    resolve_question(session_id=session.pk, by=instructor, seq=seq, state=state)


def shown_to(session, user) -> list[dict]:
    session.refresh_from_db()
    return questions_shown(Reader(session, user, LiveRole.TRAINEE))


def test_the_most_wanted_question_comes_first_and_a_wish_is_taken_back(session, trainee):
    asker, third = enrolled(session), enrolled(session)
    first, second = ask(session, asker, "الأول"), ask(session, asker, "الثاني")
    wish = {"session_id": session.pk, "seq": second}

    vote_for_question(**wish, by=trainee)
    vote_for_question(**wish, by=trainee)
    vote_for_question(**wish, by=third)
    wanted = shown_to(session, trainee)
    for user in (trainee, third):
        withdraw_question_vote(**wish, by=user)
    taken_back = shown_to(session, trainee)

    assert [(one["seq"], one["votes"], one["voted"]) for one in wanted] == [
        (second, 3, True),
        (first, 1, False),
    ]
    assert [(one["seq"], one["votes"]) for one in taken_back] == [(first, 1), (second, 1)]


def test_a_question_sent_again_is_one_question(session, trainee):
    command = uuid.uuid4()

    for _ in range(2):
        ask_question(session_id=session.pk, by=trainee, text="مرة", client_id=command)

    assert Question.objects.count() == 1


def test_a_dismissed_question_has_no_text_for_newcomers(session, trainee, instructor):
    aside, answered = ask(session, trainee, "كلام مسيء"), ask(session, trainee)
    settle(session, instructor, aside, QuestionState.DISMISSED)
    settle(session, instructor, answered, QuestionState.ANSWERED)

    events = logged_events_after(session.pk, 0, 10)

    assert "كلام" not in "".join(event.text for event in events)
    assert events[2].hides == events[0]
    assert [(one["seq"], one["answered"]) for one in shown_to(session, trainee)] == [(answered, True)]


def test_what_cannot_be_asked_or_wanted_is_refused(session, planned, trainee, instructor):
    own = ask(session, trainee)
    wish = {"session_id": session.pk, "by": trainee}

    with pytest.raises(errors.OwnQuestion):
        vote_for_question(**wish, seq=own)
    with pytest.raises(errors.NoSuchQuestion):
        vote_for_question(**wish, seq=own + 1)
    with pytest.raises(errors.TraineesOnly):
        ask(session, instructor)
    with pytest.raises(errors.MessageRefused):
        ask(session, trainee, " \u202e ")
    with pytest.raises(errors.RoomNotOpen):
        ask(planned, enrolled(planned))
    settle(session, instructor, own, QuestionState.ANSWERED)
    for refused in (
        lambda: vote_for_question(**wish, seq=own),
        lambda: settle(session, instructor, own, QuestionState.DISMISSED),
    ):
        with pytest.raises(errors.NoSuchQuestion):
            refused()


def test_three_questions_of_one_person_may_wait(session, trainee, instructor):
    seqs = [ask(session, trainee, str(number)) for number in range(3)]

    with pytest.raises(errors.TooManyQuestions):
        ask(session, trainee)
    settle(session, instructor, seqs[0], QuestionState.ANSWERED)

    assert ask(session, trainee) > seqs[-1]


def test_a_muted_person_cannot_ask(session, trainee, instructor):
    message = send_message(session_id=session.pk, by=trainee, text="كلام", client_id=uuid.uuid4())
    mute_person(session_id=session.pk, by=instructor, seq=message.seq)

    with pytest.raises(errors.Muted):
        ask(session, trainee)


@pytest.mark.parametrize("count", [1, 3])
def test_the_questions_of_a_welcome_ask_the_same_of_the_database_however_many(
    session, trainee, instructor, count, django_assert_num_queries
):
    asker = enrolled(session)
    for number in range(count):
        answered = ask(session, asker, str(number))
        settle(session, instructor, answered, QuestionState.ANSWERED)
    for number in range(count):
        ask(session, asker, str(number))
    session.refresh_from_db()

    with django_assert_num_queries(2):
        questions_shown(Reader(session, trainee, LiveRole.TRAINEE))
