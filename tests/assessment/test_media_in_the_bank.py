"""The form of the bank with media: what may be chosen, what stays, and who opens what the pages show."""

import re

import pytest
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import FileFormat
from assessment.models import Question, QuestionRecording
from media_pipeline.models import Video
from tests.assessment.question_files import brought_in
from tests.assessment.test_bank_pages import posted, signed_in
from tests.assessment.test_media_in_files import with_picture
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.assessment import board
from tests.factories.media_pipeline import published_video

pytestmark = pytest.mark.django_db
OWN = "question-0-value-medium-"


@pytest.fixture
def center() -> Center:
    return CenterFactory()


@pytest.fixture
def writer(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


def with_recording(center: Center, video: Video) -> dict[str, str]:
    return posted(center, **{f"{OWN}recording": str(video.pk)})


def described(center: Center, **changes: str) -> dict[str, str]:
    return posted(center, **{f"{OWN}alt-ar": "لوحة", f"{OWN}alt-en": "A board", **changes})


def test_a_picture_is_written_opened_again_and_shown_to_readers_in_both_languages(
    center: Center, writer: User
):
    client, document = signed_in(writer), board(center)

    client.post(reverse("bank:add"), described(center, **{f"{OWN}picture": str(document.pk)}))
    question = Question.objects.get()
    before = question.draft
    client.post(
        reverse("bank:edit", args=[question.pk]), described(center, **{f"{OWN}picture": str(document.pk)})
    )
    question.refresh_from_db()
    page = client.get(reverse("bank:inspect", args=[question.pk])).text

    assert before["content"]["medium"]["alt"] == {"ar": "لوحة", "en": "A board"}
    assert before["content"]["medium"]["document"] == document.pk
    assert question.draft == before
    [shown] = set(re.findall(r'src="([^"]*/questions/media/[^"]+)"', page))
    assert 'alt="لوحة"' in page
    assert 'alt="A board"' in page
    assert client.get(shown)["Content-Type"] == "image/webp"
    assert signed_in(staff_member(RoleName.INSTRUCTOR, center)).get(shown).status_code == 404


def test_a_recording_of_the_own_center_is_chosen_and_kept(center: Center, writer: User):
    video = published_video(center=center)

    signed_in(writer).post(reverse("bank:add"), with_recording(center, video))

    medium = Question.objects.get().draft["content"]["medium"]
    assert medium == {"kind": "recording", "video": video.pk, "sha256": video.sha256}
    assert QuestionRecording.objects.get().video_id == video.pk


def test_a_recording_of_another_center_is_not_taken(center: Center, writer: User):
    answer = signed_in(writer).post(reverse("bank:add"), with_recording(center, published_video()))

    assert answer.status_code == 200
    assert not Question.objects.exists()
    assert not QuestionRecording.objects.exists()


def test_a_picture_from_a_file_stays_when_the_question_is_saved_and_is_described_there(
    center: Center, writer: User
):
    brought_in(with_picture(alt=""), owner=center, file_format=FileFormat.MOODLE_XML)
    question = Question.objects.get()
    source = question.draft["content"]["medium"]["source"]
    edit = reverse("bank:edit", args=[question.pk])
    client = signed_in(writer)

    form = client.get(edit).text
    undescribed = client.post(edit, posted(None, keeps_picture="on"))
    client.post(edit, described(center, keeps_picture="on"))
    question.refresh_from_db()

    assert 'name="keeps_picture"' in form
    assert undescribed.status_code == 200
    assert question.draft["content"]["medium"]["source"] == source
    assert question.draft["content"]["medium"]["alt"] == {"ar": "لوحة", "en": "A board"}


def test_a_picture_from_a_file_is_taken_away_by_a_tick(center: Center, writer: User):
    brought_in(with_picture(), owner=center, file_format=FileFormat.MOODLE_XML)
    question = Question.objects.get()

    signed_in(writer).post(reverse("bank:edit", args=[question.pk]), posted(center))
    question.refresh_from_db()

    assert "medium" not in question.draft["content"]
