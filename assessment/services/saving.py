"""Answers are saved as a log of events; a receipt is given after the commit. `docs/reference/save-protocol.md` states the protocol.

Saving and closing take the same lock of the attempt's row, so an answer that has a receipt is counted, and one that was refused is not.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from assessment.deadlines import milliseconds_left
from assessment.enums import EndedBy, Refusal
from assessment.errors import (
    AttemptOver,
    AttemptTakenOver,
    LogFull,
    NotOneOfTheQuestions,
    SaveRefused,
    SequenceUsed,
    TooLate,
    UnreadableAnswer,
)
from assessment.marking.question import UnreadableResponse
from assessment.models import Attempt, LateResponse, RefusedSave, ResponseEvent
from assessment.queries.questions import stored_questions
from assessment.queries.responses import next_seq, saved_bytes, saved_responses
from assessment.queries.responses_by_hand import strange_files

# Of one request. A device that was away for long sends several.
MOST_CHANGES = 100
# Of one device: a change in each second of ten hours, twice.
HIGHEST_SEQ = 72_000
# Of one attempt: a person who sends more is writing no exam.
MOST_LATE = 500
# Of one attempt, as the database stores them: three hours of an essay that grows, sent every five seconds, are half of it. Forms, with
# which a person hands in, have room beyond.
MOST_BYTES = 20_000_000
ROOM_OF_FORMS = 4_000_000
# What a row takes besides its response.
ROW_BYTES = 100

_SAVE = """
WITH held AS (
    SELECT id, closes_at FROM assessment_attempt
    WHERE id = %(attempt)s AND state = 'open' AND epoch = %(epoch)s
        AND (closes_at IS NULL OR %(now)s <= closes_at + make_interval(secs => grace_seconds))
        AND (SELECT coalesce(sum(coalesce(pg_column_size(response), 0) + %(row)s), 0) FROM assessment_responseevent WHERE attempt_id = %(attempt)s) < %(most)s
    FOR NO KEY UPDATE
), written AS (
    INSERT INTO assessment_responseevent (attempt_id, epoch, seq, slot, response, at)
    SELECT held.id, %(epoch)s, sent.seq, sent.slot, sent.response, %(now)s
    FROM held, unnest(%(seqs)s::integer[], %(slots)s::smallint[], %(responses)s::text[]::jsonb[]) AS sent (seq, slot, response)
    ON CONFLICT (attempt_id, epoch, seq) DO NOTHING
    RETURNING seq
)
SELECT held.closes_at, (SELECT count(*) FROM written) FROM held
"""


@dataclass(frozen=True)
class Change:
    """One change of one answer, as a device sends it. `seq` counts from 1 within the epoch; a `response` of None takes the answer back.

    `age_ms`: for how long it waited there, by the device's clock; None where the device does not say.
    """

    seq: int
    slot: int
    response: Any
    age_ms: int | None = None


@dataclass(frozen=True)
class Receipt:
    """What is saved for good. `left_ms`: until the attempt closes, None without a limit."""

    seqs: list[int]
    left_ms: int | None


def save_changes(*, attempt: Attempt, epoch: int, holder: str, changes: Sequence[Change]) -> Receipt:
    """Save what a device sends: all of it or nothing. The same change again is saved once and gets its receipt again.

    `attempt` as it was read, `holder` the device that sends. One statement, which is its own transaction: the receipt must not be given
    before the commit. Raises `AttemptOver`, `AttemptTakenOver`, `TooLate`, `LogFull`, `SequenceUsed`, `UnreadableAnswer`; what is refused is counted,
    in one row for the attempt and reason.
    """
    now = timezone.now()
    try:
        if attempt.is_open and attempt.holder != holder:
            raise AttemptTakenOver
        read = _read_changes(attempt, changes)
        return _saved(attempt, epoch, read, now)
    except SaveRefused as refusal:
        if refusal.is_counted:
            _count(attempt, Refusal(refusal.reason), now)
        raise


def _saved(attempt: Attempt, epoch: int, changes: Sequence[Change], now: dt.datetime) -> Receipt:
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {
                "attempt": attempt.pk,
                "epoch": epoch,
                "now": now,
                "row": ROW_BYTES,
                "most": MOST_BYTES,
                "seqs": [one.seq for one in changes],
                "slots": [one.slot for one in changes],
                "responses": [_as_json(one.response) for one in changes],
            },
        )
        row = cursor.fetchone()
    if row is None:
        _refuse(attempt, epoch, changes, now)
    closes_at, written = row
    if written < len(changes):
        _check_same(attempt, epoch, changes)
    return Receipt([one.seq for one in changes], milliseconds_left(closes_at, now))


def _read_changes(attempt: Attempt, changes: Sequence[Change]) -> list[Change]:
    """In the form in which they are kept. Raises `UnreadableAnswer`."""
    questions = stored_questions(attempt.versions)
    read = []
    for one in changes:
        if not (0 <= one.slot < len(questions) and 1 <= one.seq <= HIGHEST_SEQ):
            raise UnreadableAnswer(seq=one.seq)
        try:
            response = questions[one.slot].question.read(one.response)
        except UnreadableResponse as error:
            raise UnreadableAnswer(seq=one.seq) from error
        read.append(Change(one.seq, one.slot, response, one.age_ms))
    if len({one.seq for one in read}) < len(read):
        raise UnreadableAnswer(seq=read[-1].seq)
    strange = strange_files(attempt, [(one.slot, one.response) for one in read])
    if strange is not None:
        raise UnreadableAnswer(seq=read[strange].seq)
    return read


def _refuse(attempt: Attempt, epoch: int, changes: Sequence[Change], now: dt.datetime) -> None:
    """Say why the attempt takes no such save; keep what is only late. Raises."""
    attempt = Attempt.objects.only("state", "epoch", "ended_by", "closes_at", "grace_seconds").get(
        pk=attempt.pk
    )
    if attempt.ended_by == EndedBy.PERSON:
        raise AttemptOver
    if epoch > attempt.epoch:
        raise UnreadableAnswer(seq=changes[0].seq if changes else 0)
    if epoch < attempt.epoch:
        raise AttemptTakenOver
    if attempt.accepts_at(now) and saved_bytes(attempt, ROW_BYTES) >= MOST_BYTES:
        raise LogFull
    kept = LateResponse.objects.filter(attempt=attempt).count()
    if kept + len(changes) > MOST_LATE:
        raise TooLate(is_counted=True)
    LateResponse.objects.bulk_create(
        [
            LateResponse(
                attempt=attempt,
                epoch=epoch,
                seq=one.seq,
                slot=one.slot,
                response=one.response,
                at=now,
                claimed_at=None if one.age_ms is None else now - dt.timedelta(milliseconds=one.age_ms),
            )
            for one in changes
        ],
        ignore_conflicts=True,
    )
    raise TooLate


def _check_same(attempt: Attempt, epoch: int, changes: Sequence[Change]) -> None:
    """Whether what is there under these numbers is what was sent. Raises `SequenceUsed`."""
    events = ResponseEvent.objects.filter(attempt=attempt, epoch=epoch)
    rows = events.filter(seq__in=[one.seq for one in changes]).values_list("seq", "slot", "response")
    there = {seq: (slot, response) for seq, slot, response in rows}
    if any(there[one.seq] != (one.slot, one.response) for one in changes):
        raise SequenceUsed(next=next_seq(epoch, saved_responses([attempt])[attempt.pk]))


def _as_json(response: Any) -> str | None:
    return None if response is None else json.dumps(response, ensure_ascii=False)


def _count(attempt: Attempt, reason: Refusal, now: dt.datetime) -> None:
    one = {"attempt": attempt, "reason": reason}
    again = RefusedSave.objects.filter(**one)
    if again.update(count=F("count") + 1, last_at=now):
        return
    _row, is_first = RefusedSave.objects.get_or_create(**one, defaults={"first_at": now, "last_at": now})
    if not is_first:
        # Another refusal of this moment was the first.
        again.update(count=F("count") + 1, last_at=now)


@transaction.atomic
def save_answers(*, attempt_id: int, responses: Mapping[int, Any], epoch: int | None = None) -> Attempt:
    """Save the answers of a form: those that differ from what is saved. A response of None takes the answer back.

    `responses`: slot, from 0, -> what was answered there, as the kind of its question reads it. `epoch`: of the page that was sent, if
    known. Raises `AttemptOver`, `AttemptTakenOver`, `TooLate`, `LogFull`, `NotOneOfTheQuestions`; then nothing is saved.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    add_answers(attempt, responses, epoch=epoch)
    return attempt


def add_answers(attempt: Attempt, responses: Mapping[int, Any], *, epoch: int | None = None) -> None:
    """As `save_answers`, in a transaction that has locked the attempt."""
    now = timezone.now()
    if not attempt.is_open:
        raise AttemptOver
    if epoch not in (None, attempt.epoch):
        raise AttemptTakenOver
    if not attempt.accepts_at(now):
        raise TooLate
    read = _read(attempt, responses)
    saved = saved_responses([attempt])[attempt.pk]
    changed = {
        slot: response
        for slot, response in read.items()
        if response != (saved[slot].response if slot in saved else None)
    }
    if changed and saved_bytes(attempt, ROW_BYTES) >= MOST_BYTES + ROOM_OF_FORMS:
        raise LogFull
    ResponseEvent.objects.bulk_create(
        ResponseEvent(attempt=attempt, epoch=attempt.epoch, seq=seq, slot=slot, response=response, at=now)
        for seq, (slot, response) in enumerate(changed.items(), start=next_seq(attempt.epoch, saved))
    )


def _read(attempt: Attempt, responses: Mapping[int, Any]) -> dict[int, Any]:
    """The responses in the form in which they are kept. Raises `NotOneOfTheQuestions`."""
    questions = dict(enumerate(stored_questions(attempt.versions)))
    if not responses.keys() <= questions.keys():
        raise NotOneOfTheQuestions
    try:
        read = {slot: questions[slot].question.read(sent) for slot, sent in responses.items()}
    except UnreadableResponse as error:
        raise NotOneOfTheQuestions from error
    if strange_files(attempt, list(read.items())) is not None:
        raise NotOneOfTheQuestions
    return read


def holder_of(session_key: str) -> str:
    """How an attempt names the session of a device: the name opens no session."""
    return sha256(session_key.encode()).hexdigest()[:32]


@transaction.atomic
def take_over(*, attempt_id: int, holder: str, by: User) -> Attempt:
    """Go on with an attempt on this device: what the other one sends from now on is refused. The same device again changes nothing.

    Raises `AttemptOver`.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not attempt.is_open:
        raise AttemptOver
    if attempt.holder == holder:
        return attempt
    if attempt.holder:
        attempt.epoch += 1
        log(attempt, "assessment.attempt.take_over", user=by, data={"epoch": attempt.epoch})
    attempt.holder = holder
    attempt.save(update_fields=["holder", "epoch"])
    return attempt
