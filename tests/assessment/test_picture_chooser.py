"""The chooser of pictures of questions: pictures alone, and its limits before a file is chosen."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.documents.models import Document

from accounts.enums import RoleName
from accounts.models import Center
from accounts.services.content import open_library
from assessment.blocks import QuestionBlocks
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.assessment import board

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


@pytest.fixture
def client(center: Center) -> Client:
    open_library(center=center)
    client = Client()
    client.force_login(staff_member(RoleName.INSTRUCTOR, center))
    return client


def test_every_picture_of_a_question_is_chosen_as_a_picture():
    questions = QuestionBlocks().child_blocks
    places = questions["hotspot"].child_blocks["picture"].widget
    shown = questions["single"].child_blocks["medium"].child_blocks["picture"].widget

    for widget in (places, shown):
        assert str(widget.choose_one_text) == "اختيار صورة"
        assert widget.get_chooser_modal_url() == reverse("question_picture_chooser:choose")


def test_the_chooser_says_picture_and_its_limits(client: Client):
    step = client.get(reverse("question_picture_chooser:choose")).json()["html"]

    assert "اختيار صورة" in step
    assert "مستند" not in step
    assert "3 ميجابايت" in step
    assert 'accept="image/jpeg,image/png,image/webp"' in step


def test_it_offers_pictures_and_no_other_documents(client: Client, center: Center):
    picture = board()
    Document.objects.create(title="لوحة ملف", file=SimpleUploadedFile("sheet.pdf", b"%PDF-"))
    Document.objects.filter(pk=picture.pk).update(title="لوحة صورة")

    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))
    found = client.get(reverse("question_picture_chooser:choose_results"), {"q": "لوحة"}).content.decode()

    assert "لوحة صورة" in found
    assert "لوحة ملف" not in found


def test_a_document_that_is_no_picture_is_not_uploaded_there(client: Client):
    file = SimpleUploadedFile("sheet.pdf", b"%PDF-")
    prefix = "document-chooser-upload"

    answer = client.post(
        reverse("question_picture_chooser:create"), {f"{prefix}-title": "ملف", f"{prefix}-file": file}
    ).json()

    assert answer["step"] == "reshow_creation_form"
    assert not Document.objects.exists()


def test_a_picture_is_uploaded_and_chosen(client: Client):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    prefix = "document-chooser-upload"

    answer = client.post(
        reverse("question_picture_chooser:create"),
        {f"{prefix}-title": "لوحة", f"{prefix}-file": SimpleUploadedFile("board.png", data.getvalue())},
    ).json()

    assert answer["step"] == "chosen"
    assert answer["result"]["title"] == "لوحة"
