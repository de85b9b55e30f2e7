"""The save protocol: receipts after the commit, one row for one change, and a clear word for each refusal."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from assessment.errors import LogFull
from assessment.models import Attempt, LateResponse, QuizPage, RefusedSave, ResponseEvent
from assessment.protocol import MOST_BYTES
from assessment.services import saving
from assessment.services.closing import close_expired_attempts
from assessment.services.saving import MOST_LATE, save_answers
from tests.assessment.test_quiz_page import address, enrollment, logged_in, quiz, started, trainee  # noqa: F401
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import options_of, saved


@pytest.fixture
def phone(trainee: User) -> Client:  # noqa: F811
    return logged_in(trainee)


@pytest.fixture
def attempt(phone: Client, quiz: QuizPage) -> Attempt:  # noqa: F811
    return started(phone, quiz)


def change(seq: int, slot: int, response: Any) -> dict[str, Any]:
    return {"seq": seq, "slot": slot, "response": response}


def send(client: Client, attempt: Attempt, *changes: dict[str, Any], epoch: Any = 1) -> HttpResponse:
    body = {"epoch": epoch, "changes": changes}
    return client.post(address("changes", attempt), json.dumps(body), content_type="application/json")


def code(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def let_pass(attempt: Attempt, *, seconds: int, grace: int = 30) -> None:
    """The attempt closed so many seconds ago."""
    closes_at = timezone.now() - dt.timedelta(seconds=seconds)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=closes_at, grace_seconds=grace)


def test_a_change_is_saved_and_gets_its_receipt(phone: Client, attempt: Attempt):
    first, second, _third = options_of(attempt)[0]

    receipts = [
        send(phone, attempt, change(1, 0, first)),
        send(phone, attempt, change(2, 0, second), change(3, 1, options_of(attempt)[1][:1])),
    ]

    assert [one.json() for one in receipts] == [
        {"saved": [1], "left_ms": None},
        {"saved": [2, 3], "left_ms": None},
    ]
    assert saved(attempt) == {0: second, 1: options_of(attempt)[1][:1]}
    assert ResponseEvent.objects.count() == 3


def test_the_same_change_however_often_is_one_row(phone: Client, attempt: Attempt):
    own = change(1, 0, options_of(attempt)[0][0])

    answers = [send(phone, attempt, own) for _time in range(5)]

    assert {one.status_code for one in answers} == {200}
    assert ResponseEvent.objects.count() == 1
    assert not RefusedSave.objects.exists()


def test_the_order_of_arrival_does_not_matter(phone: Client, attempt: Attempt):
    first, second, third = options_of(attempt)[0]

    for own in (change(2, 0, second), change(3, 0, third), change(1, 0, first)):
        send(phone, attempt, own)

    assert saved(attempt) == {0: third}


def test_an_answer_is_taken_back(phone: Client, attempt: Attempt):
    send(phone, attempt, change(1, 0, options_of(attempt)[0][0]))

    send(phone, attempt, change(2, 0, None))

    assert saved(attempt) == {}


def test_another_answer_under_a_number_that_was_used_is_refused_and_told_the_next(
    phone: Client, attempt: Attempt
):
    first, second, _third = options_of(attempt)[0]
    send(phone, attempt, change(1, 0, first), change(2, 1, None))

    refused = send(phone, attempt, change(1, 0, second))

    assert (code(refused), refused.json()["next"]) == ((409, "sequence_used"), 3)
    assert saved(attempt) == {0: first}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([change(1, 2, "x")], "unreadable"),
        ([change(1, 0, "no such option")], "unreadable"),
        ([change(1, 0, ["a"])], "unreadable"),
        ([change(1, 1, "text for a choice")], "unreadable"),
        ([change(1, 0, 5)], "unreadable"),
        ([change(72_001, 0, None)], "unreadable"),
        ([change(1, 0, None), change(1, 1, None)], "unreadable"),
        ([change(1, -1, None)], "malformed"),
        ([change(-1, 0, None)], "malformed"),
        ([change(0, 0, None)], "malformed"),
        ([change(2**63, 0, None)], "malformed"),
        ([change(1, 2**63, None)], "malformed"),
        ([{"seq": True, "slot": 0, "response": None}], "malformed"),
        ([{"seq": 1.5, "slot": 0, "response": None}], "malformed"),
        ([{"seq": 1, "slot": 0}], "malformed"),
        ([change(1, 0, "x" * MOST_BYTES)], "malformed"),
        ([change(1, 0, float("nan"))], "malformed"),
        ([change(seq, 0, None) for seq in range(1, 102)], "malformed"),
        ([], "malformed"),
        (["text"], "malformed"),
    ],
)
def test_what_is_no_answer_is_refused_whole(phone: Client, attempt: Attempt, sent: Any, expected: str):
    good = change(100, 0, options_of(attempt)[0][0])

    refused = send(phone, attempt, *([good] if sent else []), *sent)

    assert code(refused) == (400, expected)
    assert not ResponseEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"null", b'{"epoch": 1}', b"\xff", b"[" * 100_000, b'{"epoch": "1", "changes": []}'],
)
def test_what_is_no_json_of_the_protocol_is_a_400(phone: Client, attempt: Attempt, body: bytes):
    refused = phone.post(address("changes", attempt), body, content_type="application/json")

    assert code(refused) == (400, "malformed")


@pytest.mark.parametrize("epoch", [0, -1, 2**15, 2**63, None, "1", True])
def test_an_epoch_that_none_can_be_is_a_400(phone: Client, attempt: Attempt, epoch: Any):
    assert code(send(phone, attempt, change(1, 0, None), epoch=epoch)) == (400, "malformed")


def test_refusals_of_one_reason_are_one_row_with_a_count(phone: Client, attempt: Attempt):
    for _time in range(4):
        send(phone, attempt, change(1, 0, "no such option"))
    send(phone, attempt, change(1, 0, None), epoch=7)

    assert list(RefusedSave.objects.values_list("reason", "count")) == [("unreadable", 5)]


def test_a_second_device_goes_on_and_the_first_is_refused(
    phone: Client,
    attempt: Attempt,
    trainee: User,  # noqa: F811
):
    first, second, _third = options_of(attempt)[0]
    send(phone, attempt, change(1, 0, first))
    desk = logged_in(trainee)

    before = send(desk, attempt, change(1, 0, second))
    told = desk.post(address("go_on", attempt), headers={"Accept": "application/json"})
    after = send(desk, attempt, change(told.json()["next_seq"], 0, second), epoch=told.json()["epoch"])
    refused = send(phone, attempt, change(2, 0, first))

    assert code(before) == (409, "taken_over")
    assert told.json() == {"epoch": 2, "next_seq": 1, "epochs": {"0": 1}, "left_ms": None}
    assert after.status_code == 200
    assert code(refused) == (409, "taken_over")
    assert saved(attempt) == {0: second}


def test_the_same_device_goes_on_without_a_new_epoch(phone: Client, attempt: Attempt):
    told = [phone.post(address("go_on", attempt), headers={"Accept": "application/json"}) for _time in "12"]

    assert [one.json()["epoch"] for one in told] == [1, 1]


def test_after_it_was_handed_in_nothing_is_saved(phone: Client, attempt: Attempt):
    phone.post(address("submit", attempt), {"confirmed": "1"})

    refused = send(phone, attempt, change(1, 0, options_of(attempt)[0][0]))

    assert code(refused) == (409, "over")
    assert not ResponseEvent.objects.exists()
    assert not LateResponse.objects.exists()
    assert RefusedSave.objects.get().count == 1


def test_within_the_grace_it_counts_and_after_it_is_kept_apart(phone: Client, attempt: Attempt):
    first, second, _third = options_of(attempt)[0]
    let_pass(attempt, seconds=29)
    in_time = send(phone, attempt, change(1, 0, first))
    let_pass(attempt, seconds=31)

    late = [send(phone, attempt, change(2, 0, second)) for _time in range(3)]

    assert in_time.json() == {"saved": [1], "left_ms": 0}
    assert {code(one) for one in late} == {(409, "late")}
    assert saved(attempt) == {0: first}
    assert [(one.seq, one.response) for one in LateResponse.objects.all()] == [(2, second)]


def test_what_is_late_after_the_sweep_is_kept_apart_too(phone: Client, attempt: Attempt):
    let_pass(attempt, seconds=40)
    close_expired_attempts()

    late = send(phone, attempt, change(1, 0, options_of(attempt)[0][0]))

    attempt.refresh_from_db()
    assert code(late) == (409, "late")
    assert (LateResponse.objects.count(), attempt.score) == (1, 0)


def test_late_answers_are_kept_up_to_a_number(phone: Client, attempt: Attempt):
    let_pass(attempt, seconds=40)
    LateResponse.objects.bulk_create(
        LateResponse(attempt=attempt, epoch=1, seq=seq, slot=0, at=timezone.now())
        for seq in range(1, MOST_LATE + 1)
    )

    late = send(phone, attempt, change(MOST_LATE + 1, 0, None))

    assert code(late) == (409, "late")
    assert LateResponse.objects.count() == MOST_LATE
    assert RefusedSave.objects.get().reason == "late"


def test_changes_of_an_attempt_have_so_many_bytes_and_handing_in_has_room_beyond(
    phone: Client, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
):
    first, second, third = options_of(attempt)[0]
    monkeypatch.setattr(saving, "MOST_BYTES", 370)

    answers = [
        send(phone, attempt, change(seq, 0, one)) for seq, one in enumerate((first, second, third, first), 1)
    ]
    save_answers(attempt_id=attempt.pk, responses={0: third})

    assert [one.status_code for one in answers] == [200, 200, 200, 409]
    assert answers[3].json()["code"] == "full"
    assert answers[3].json()["detail"]
    assert saved(attempt) == {0: third}
    assert RefusedSave.objects.get().reason == "full"


def test_forms_have_so_many_bytes_too(phone: Client, attempt: Attempt, monkeypatch: pytest.MonkeyPatch):
    first, second, _third = options_of(attempt)[0]
    monkeypatch.setattr(saving, "MOST_BYTES", 50)
    monkeypatch.setattr(saving, "ROOM_OF_FORMS", 50)
    save_answers(attempt_id=attempt.pk, responses={0: first})

    with pytest.raises(LogFull):
        save_answers(attempt_id=attempt.pk, responses={0: second})
    save_answers(attempt_id=attempt.pk, responses={0: first})

    assert saved(attempt) == {0: first}


def test_a_save_says_how_long_there_is(phone: Client, attempt: Attempt):
    let_pass(attempt, seconds=-90)

    left = send(phone, attempt, change(1, 0, None)).json()["left_ms"]

    assert 80_000 < left <= 90_000
    assert 80_000 < phone.get(address("state", attempt)).json()["left_ms"] <= left


def test_a_save_asks_four_statements_at_most(phone: Client, attempt: Attempt):
    send(phone, attempt, change(1, 0, options_of(attempt)[0][0]))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        send(phone, attempt, change(2, 0, options_of(attempt)[0][1]), change(3, 1, None))

    assert len(queries) <= 4, [query["sql"] for query in queries]


def test_the_database_itself_keeps_what_was_answered(phone: Client, attempt: Attempt):
    send(phone, attempt, change(1, 0, options_of(attempt)[0][0]))

    for act in (lambda: ResponseEvent.objects.update(slot=1), lambda: ResponseEvent.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_stranger_saves_nothing(phone: Client, attempt: Attempt, db: None):

    assert send(logged_in(TraineeFactory()), attempt, change(1, 0, None)).status_code == 404
    assert send(Client(), attempt, change(1, 0, None)).status_code == 302


def test_a_late_change_keeps_for_how_long_it_waited_as_the_device_says(phone: Client, attempt: Attempt):
    let_pass(attempt, seconds=60)
    chosen = options_of(attempt)[0][0]

    send(phone, attempt, {**change(1, 0, chosen), "age_ms": 600_000}, change(2, 0, chosen))
    refused = send(phone, attempt, {**change(3, 0, chosen), "age_ms": -1})

    first, second = LateResponse.objects.order_by("seq")
    assert first.at - first.claimed_at == dt.timedelta(minutes=10)
    assert second.claimed_at is None
    assert code(refused) == (400, "malformed")
