"""Files are sent in pieces or by a form, saved with a receipt, named by the answer, and taken back: by the person of the attempt alone."""

import io
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.services.formatting import format_size
from assessment.models import AnswerFile, AnswerFilePart, Attempt, QuizPage
from assessment.services import answer_files
from assessment.services.answer_files import Device, receive_file
from assessment.services.attempts import start_attempt
from tests.assessment.files import pdfs
from tests.assessment.files.sending import PIECE, SLOT, WHOLE, form, named, post, sent, stored, upload
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import photo, saved
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


def other_attempt(quiz: QuizPage) -> Attempt:
    enrollment = EnrollmentFactory(person=TraineeFactory().person, cohort=quiz_cohort(quiz))
    return start_attempt(
        enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=enrollment.person.user
    )


def quiz_cohort(quiz: QuizPage) -> Any:
    return quiz.get_parent().get_parent().cohorts.get()


def test_a_file_sent_in_pieces_has_a_receipt_once_all_of_it_is_there(client: Client, attempt: Attempt):
    first = post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE))
    last = sent(client, attempt, WHOLE, sent_as=uuid.UUID(int=8))

    file = AnswerFile.objects.get()
    assert first.json() == {"offset": PIECE}
    assert last.json() == {
        "file": {
            "id": str(file.public_id),
            "kind": "picture",
            "pages": 1,
            "size": file.size,
            "size_text": format_size(file.size),
        }
    }
    assert b"SECRET" not in answer_files.path_of(file.path).read_bytes()
    assert set(AnswerFilePart.objects.values_list("sent_as", flat=True)) == {uuid.UUID(int=7)}


def test_a_device_that_heard_nothing_asks_how_much_has_arrived_and_goes_on(client: Client, attempt: Attempt):
    address = reverse("assessment:file_part", args=[attempt.public_id, SLOT, uuid.UUID(int=7)])
    post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE))

    told = client.get(address).json()
    again = post(client, attempt, WHOLE[:PIECE], 0, len(WHOLE))
    offset = again.json()["offset"]
    rest = [
        post(client, attempt, WHOLE[at : at + PIECE], at, len(WHOLE))
        for at in range(offset, len(WHOLE), PIECE)
    ]

    assert told == {"offset": PIECE}
    assert (again.status_code, again.json()["code"], offset) == (409, "offset", PIECE)
    # A receipt that was lost is given again; the file is kept once.
    assert (
        post(client, attempt, WHOLE[-1:], len(WHOLE) - 1, len(WHOLE)).json()
        == rest[-1].json()
        == client.get(address).json()
    )
    assert AnswerFile.objects.count() == 1


def test_pieces_whose_last_receipt_was_lost_before_they_were_put_together_become_a_file(
    client: Client, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
):
    def broken(_data: bytes) -> None:
        raise MemoryError

    with monkeypatch.context() as killed:
        killed.setattr(answer_files, "rewritten", broken)
        with pytest.raises(MemoryError):
            sent(client, attempt)

    again = post(client, attempt, WHOLE[-1:], len(WHOLE) - 1, len(WHOLE))

    assert again.json()["file"]["id"] == str(AnswerFile.objects.get().public_id)


def test_an_answer_names_its_files_and_taking_one_back_is_another_answer(client: Client, attempt: Attempt):
    one = sent(client, attempt).json()["file"]["id"]
    two = sent(client, attempt, photo(120), sent_as=uuid.UUID(int=9)).json()["file"]["id"]

    assert named(client, attempt, [one, two]).status_code == 200
    assert named(client, attempt, [two], seq=2).status_code == 200
    page = client.get(reverse("assessment:attempt", args=[attempt.public_id])).content.decode()

    assert saved(attempt) == {SLOT: [two]}
    assert (page.count(f'data-file="{one}"'), page.count(f'data-file="{two}"')) == (0, 1)


@pytest.mark.parametrize("strange", ["of another attempt", "of no one", "twice", "of another question"])
def test_an_answer_names_only_what_was_sent_to_its_question(
    client: Client, attempt: Attempt, quiz: QuizPage, strange: str
):
    own = sent(client, attempt).json()["file"]["id"]
    other = other_attempt(quiz)
    theirs = receive_file(attempt=other, slot=SLOT, device=Device("", 1), data=WHOLE)
    if strange == "of another question":
        theirs = AnswerFile.objects.create(
            attempt=attempt,
            slot=0,
            sent_as=uuid.uuid4(),
            kind="picture",
            size=1,
            sha256="",
            path="x",
            at=theirs.at,
        )
    ids = {"of no one": [str(uuid.uuid4())], "twice": [own, own]}.get(strange, [str(theirs.public_id)])

    refused = named(client, attempt, ids)

    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable")
    assert saved(attempt) == {}


def test_files_are_sent_and_taken_back_by_forms_alone(client: Client, attempt: Attempt):
    page = client.post(
        reverse("assessment:submit", args=[attempt.public_id]),
        {"epoch": "1", "asked": ["0", "1"], "question-0": "أفصل التيار", "files": str(SLOT)},
    )
    assert page.url == reverse("assessment:files", args=[attempt.public_id, SLOT])

    form(client, attempt, file=[upload(WHOLE), upload(pdfs.telling(), "x.png")])
    one, two = saved(attempt)[SLOT]
    shown = client.get(page.url).content.decode()
    form(client, attempt, take_back=one)

    assert (one in shown, two in shown) == (True, True)
    assert "أحمد" not in shown
    assert saved(attempt) == {0: "أفصل التيار", SLOT: [two]}
    # An old page of the questions says nothing of files.
    client.post(
        reverse("assessment:submit", args=[attempt.public_id]),
        {"epoch": "1", "asked": ["0", "1"], "question-0": "أفصل التيار ثم أفتح"},
    )
    assert saved(attempt) == {0: "أفصل التيار ثم أفتح", SLOT: [two]}


def test_what_is_refused_by_the_form_says_why_and_is_not_kept(client: Client, attempt: Attempt):
    refusals = [
        form(client, attempt, file=upload(b"<svg></svg>", "photo.jpg")),
        form(client, attempt, file=upload(pdfs.locked(), "answer.pdf")),
        form(client, attempt),
        form(client, attempt, file=[upload(WHOLE)] * 3),
        form(client, attempt, file=upload(b"%PDF-" + b"x" * 3_000_001)),
        form(client, attempt, take_back=str(uuid.uuid4())),
        form(client, attempt, epoch="9", file=upload(WHOLE)),
    ]

    assert [page.status_code for page in refusals] == [400] * len(refusals)
    assert all('role="alert"' in page.content.decode() for page in refusals)
    assert (saved(attempt), AnswerFile.objects.count(), AnswerFilePart.objects.count(), stored(attempt)) == (
        {},
        0,
        0,
        [],
    )


def test_no_name_of_a_file_is_kept_or_told(client: Client, attempt: Attempt):
    form(client, attempt, file=upload(WHOLE))
    file = AnswerFile.objects.get()

    answer = client.get(reverse("assessment:answer_file", args=[attempt.public_id, file.public_id]))

    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "image/jpeg",
        'inline; filename="answer.jpg"',
    )
    assert (answer["X-Content-Type-Options"], "private" in answer["Cache-Control"]) == ("nosniff", True)
    assert "أحمد" not in repr(vars(file)) + file.path
    again = client.get(
        reverse("assessment:answer_file", args=[attempt.public_id, file.public_id]),
        headers={"If-None-Match": answer["ETag"]},
    )
    assert again.status_code == 304


def test_a_file_is_read_by_its_person_alone(client: Client, attempt: Attempt, quiz: QuizPage):
    own = sent(client, attempt).json()["file"]["id"]
    other = other_attempt(quiz)
    stranger = Client()
    stranger.force_login(other.enrollment.person.user)

    answers = [
        stranger.get(reverse("assessment:answer_file", args=[attempt.public_id, own])),
        stranger.get(reverse("assessment:answer_file", args=[other.public_id, own])),
        stranger.get(reverse("assessment:answer_file", args=[attempt.public_id, own]) + "?small"),
        stranger.get(reverse("assessment:file_part", args=[attempt.public_id, SLOT, uuid.UUID(int=7)])),
        post(stranger, attempt, WHOLE[:PIECE], 0, len(WHOLE)),
        stranger.get(reverse("assessment:files", args=[attempt.public_id, SLOT])),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)


def test_a_picture_has_a_small_one_for_lists_and_its_size_is_said_in_one_way(
    client: Client, attempt: Attempt
):
    told = sent(client, attempt).json()["file"]
    address = reverse("assessment:answer_file", args=[attempt.public_id, told["id"]]) + "?small"
    small = client.get(address)
    named(client, attempt, [told["id"]])
    page = client.get(reverse("assessment:attempt", args=[attempt.public_id])).content.decode()

    assert small["Content-Type"] == "image/webp"
    assert len(small.content) < 8_000
    assert "private" in small["Cache-Control"]
    assert max(Image.open(io.BytesIO(small.content)).size) == 160
    assert client.get(address, headers={"if-none-match": small["ETag"]}).status_code == 304
    assert f'src="{address}"' in page
    assert page.count(told["size_text"]) >= 1
