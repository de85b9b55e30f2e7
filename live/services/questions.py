"""Questions of trainees: asked, voted for, answered or dismissed."""

import uuid
from functools import partial

from django.db import transaction

from accounts.models import User
from live.enums import EventKind, QuestionState
from live.errors import MessageRefused, Muted, NoSuchQuestion, OwnQuestion, TooManyQuestions
from live.models import Event, LiveSession, Question, QuestionVote
from live.queries.chat import is_muted
from live.server.event_gateway import event_gateway
from live.services.chat import clean_text
from live.services.events import already_done, append_event, locked_session, require_open
from live.services.votes import require_trainee

QUESTION_CHARACTERS = 300
WAITING_OF_ONE_PERSON = 3


@transaction.atomic
def ask_question(*, session_id: int, by: User, text: str, client_id: uuid.UUID | None = None) -> Event:
    """Ask the instructor a question. Idempotent by `client_id`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    require_trainee(session, by)
    if is_muted(session.pk, by.pk):
        raise Muted
    text = clean_text(text)[:QUESTION_CHARACTERS]
    if not text:
        raise MessageRefused
    waiting = Question.objects.filter(session=session, asker=by, state=QuestionState.WAITING)
    if waiting.count() >= WAITING_OF_ONE_PERSON:
        raise TooManyQuestions
    event = append_event(
        session=session,
        kind=EventKind.QUESTION_ASKED,
        actor=by,
        payload={"text": text},
        client_id=client_id,
    )
    Question.objects.create(session=session, seq=event.seq, asker=by, name=event.name, text=text)
    return event


@transaction.atomic
def resolve_question(
    *, session_id: int, by: User, seq: int, state: QuestionState, client_id: uuid.UUID | None = None
) -> Event:
    """Mark the question of event `seq` answered, or dismiss it: then its text is no longer shown."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    question = (
        Question.objects.select_for_update()
        .filter(session=session, seq=seq, state=QuestionState.WAITING)
        .first()
    )
    if question is None:
        raise NoSuchQuestion
    is_answered = state == QuestionState.ANSWERED
    event = append_event(
        session=session,
        kind=EventKind.QUESTION_ANSWERED if is_answered else EventKind.QUESTION_DISMISSED,
        actor=by,
        target=seq,
        client_id=client_id,
    )
    question.state = state
    question.resolved_seq = event.seq
    question.save(update_fields=["state", "resolved_seq"])
    return event


def _waiting_question(session_id: int, seq: int, *, by: User) -> Question:
    session = LiveSession.objects.select_related("class_session__cohort").get(pk=session_id)
    require_open(session)
    require_trainee(session, by)
    question = (
        Question.objects.select_for_update(no_key=True)
        .filter(session=session, seq=seq, state=QuestionState.WAITING)
        .first()
    )
    if question is None:
        raise NoSuchQuestion
    return question


def _publish_votes(session_id: int, seq: int) -> None:
    transaction.on_commit(partial(event_gateway.aggregate, session_id, f"question:{seq}"), robust=True)


@transaction.atomic
def vote_for_question(*, session_id: int, by: User, seq: int) -> None:
    """Vote for a question. A repeated vote counts once."""
    question = _waiting_question(session_id, seq, by=by)
    if question.asker_id == by.pk:
        raise OwnQuestion
    _, is_new = QuestionVote.objects.get_or_create(question=question, user=by)
    if is_new:
        _publish_votes(session_id, seq)


@transaction.atomic
def withdraw_question_vote(*, session_id: int, by: User, seq: int) -> None:
    question = _waiting_question(session_id, seq, by=by)
    deleted, _ = QuestionVote.objects.filter(question=question, user=by).delete()
    if deleted:
        _publish_votes(session_id, seq)
