"""Files of answers that are refused, belong elsewhere, or are no longer needed."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.models import AnswerFile, AnswerFilePart, Attempt, LateResponse
from assessment.services.answer_files import MOST_SENT, PARTS_KEPT, purge_answer_files
from assessment.services.saving import holder_of
from lms.body_limits import DEFAULT, limit_for
from tests.assessment.files.sending import PIECE, SLOT, WHOLE, form, named, post, sent, stored, upload
from tests.factories.assessment import photo

pytestmark = pytest.mark.django_db


def test_a_file_that_is_none_is_refused_when_it_is_whole_and_its_pieces_go(client: Client, attempt: Attempt):
    refused = sent(client, attempt, b"<html>" + b"x" * 30_000)

    assert (refused.status_code, refused.json()["code"]) == (422, "file")
    assert (AnswerFilePart.objects.count(), AnswerFile.objects.count(), stored(attempt)) == (0, 0, [])


@pytest.mark.parametrize(
    ("offset", "length", "data"),
    [
        (0, 8_000_001, b"x"),
        (0, 10**12, b"x"),
        (0, 10, b"x" * 11),
        (0, 0, b""),
        (0, 10, b""),
        (0, 400_000, b"x" * 262_145),
    ],
)
def test_a_piece_beyond_its_file_or_the_limits_is_refused(
    client: Client, attempt: Attempt, offset: int, length: int, data: bytes
):
    refused = post(client, attempt, data, offset, length)

    assert (refused.status_code, AnswerFilePart.objects.count()) == (422, 0)


def test_a_question_takes_so_many_files_in_all_and_no_more(client: Client, attempt: Attempt):
    one = sent(client, attempt)
    file = AnswerFile.objects.get()
    AnswerFile.objects.bulk_create(
        AnswerFile(
            attempt=attempt,
            slot=SLOT,
            sent_as=uuid.uuid4(),
            kind="picture",
            size=1,
            sha256="",
            path=f"x{n}",
            at=file.at,
        )
        for n in range(MOST_SENT - 2)
    )
    last = post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE), sent_as=uuid.UUID(int=20))
    refused = post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE), sent_as=uuid.UUID(int=21))

    assert (one.status_code, last.status_code, refused.status_code) == (200, 200, 422)
    assert "30" in refused.json()["detail"] or "٣٠" in refused.json()["detail"]
    assert form(client, attempt, file=upload(WHOLE)).status_code == 400


def test_an_earlier_device_sends_nothing_any_more(client: Client, attempt: Attempt, trainee: User):
    other = Client()
    other.force_login(trainee)
    other.post(reverse("assessment:go_on", args=[attempt.public_id]))

    old_device = post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE))
    old_epoch = post(other, attempt, WHOLE[:PIECE], 0, len(WHOLE))

    assert [(one.status_code, one.json()["code"]) for one in (old_device, old_epoch)] == [
        (409, "taken_over")
    ] * 2
    assert form(client, attempt, file=upload(WHOLE)).status_code == 302
    assert (AnswerFilePart.objects.count(), AnswerFile.objects.count()) == (0, 0)


def test_nothing_is_taken_after_the_end(client: Client, attempt: Attempt):
    post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE))
    past = timezone.now() - dt.timedelta(minutes=5)
    Attempt.objects.update(closes_at=past)

    late = post(client, attempt, WHOLE[PIECE:], PIECE, len(WHOLE))
    by_form = form(client, attempt, file=upload(WHOLE))
    Attempt.objects.update(closes_at=None)
    client.post(reverse("assessment:submit", args=[attempt.public_id]), {"confirmed": "1"})
    handed_in = post(client, attempt, WHOLE[PIECE:], PIECE, len(WHOLE))

    assert (late.status_code, late.json()["code"]) == (409, "late")
    assert (handed_in.status_code, handed_in.json()["code"]) == (409, "over")
    assert (by_form.status_code, AnswerFile.objects.count()) == (302, 0)
    assert LateResponse.objects.count() == 0


def test_files_belong_to_questions_that_ask_for_them(client: Client, attempt: Attempt):
    assert post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE), slot=0).status_code == 404
    assert post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE), slot=5).status_code == 404
    assert client.get(reverse("assessment:files", args=[attempt.public_id, 0])).status_code == 404


def test_bodies_are_limited_by_address_before_they_are_read():
    page = "/ar/assessment/attempts/0d2cf3c8-3c7b-4a34-9d0e-0a7c21c7a0a1/files/3/"

    assert limit_for(page).mebibytes == 3
    assert limit_for(page + "0d2cf3c8-3c7b-4a34-9d0e-0a7c21c7a0a1/") == DEFAULT


def test_once_an_attempt_has_ended_files_that_no_answer_names_go(client: Client, attempt: Attempt):
    kept = sent(client, attempt).json()["file"]["id"]
    sent(client, attempt, photo(120), sent_as=uuid.UUID(int=9))
    late = sent(client, attempt, photo(130), sent_as=uuid.UUID(int=10)).json()["file"]["id"]
    post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE), sent_as=uuid.UUID(int=11))
    named(client, attempt, [kept])
    assert (purge_answer_files(), AnswerFile.objects.count()) == (0, 3)
    LateResponse.objects.create(
        attempt=attempt, epoch=1, seq=9, slot=SLOT, response=[kept, late], at=timezone.now()
    )
    client.post(reverse("assessment:submit", args=[attempt.public_id]), {"confirmed": "1"})

    deleted = purge_answer_files()

    assert (deleted, purge_answer_files()) == (1, 0)
    assert set(AnswerFile.objects.exclude(kept_at=None).values_list("public_id", flat=True)) == {
        uuid.UUID(kept),
        uuid.UUID(late),
    }
    assert AnswerFile.objects.count() == 2
    assert AnswerFilePart.objects.count() == 0


def test_the_database_itself_keeps_a_file_that_an_answer_names(client: Client, attempt: Attempt):
    kept = sent(client, attempt).json()["file"]["id"]
    named(client, attempt, [kept])
    with pytest.raises(IntegrityError, match="stays as it was saved"), transaction.atomic():
        AnswerFile.objects.update(sha256="0" * 64)
    client.post(reverse("assessment:submit", args=[attempt.public_id]), {"confirmed": "1"})
    purge_answer_files()

    for change in (AnswerFile.objects.all().delete, lambda: AnswerFile.objects.update(kept_at=None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_pieces_of_a_file_wait_for_two_days(client: Client, attempt: Attempt):
    post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE))
    purge_answer_files()
    assert AnswerFilePart.objects.count() == 1
    AnswerFilePart.objects.update(at=timezone.now() - PARTS_KEPT - dt.timedelta(minutes=1))

    purge_answer_files()

    assert AnswerFilePart.objects.count() == 0


def test_holders_are_named_as_by_saves(client: Client, attempt: Attempt):
    assert attempt.holder == holder_of(client.session.session_key)
