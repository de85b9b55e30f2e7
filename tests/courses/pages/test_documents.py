"""Documents: addresses can be guessed, so only what is published is served."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import ReferenceIndex

from accounts.models import User
from courses.models import LessonPage
from tests.factories.courses import LessonPageFactory

pytestmark = pytest.mark.django_db


def document_of_the_ministry() -> AbstractDocument:
    file = ContentFile(b"%PDF-1.4", name="sheet.pdf")
    document: AbstractDocument = get_document_model().objects.create(title="ورقة", file=file)
    return document


def test_a_document_is_served_only_while_a_page_that_is_online_shows_it(client: Client):
    lesson = LessonPageFactory()
    document = document_of_the_ministry()
    assert client.get(document.url).status_code == 404

    ReferenceIndex.objects.create(
        base_content_type=ContentType.objects.get_by_natural_key("wagtailcore", "page"),
        content_type=ContentType.objects.get_for_model(LessonPage),
        object_id=str(lesson.pk),
        to_content_type=ContentType.objects.get_for_model(document),
        to_object_id=str(document.pk),
        model_path="body.item",
        content_path="body.1",
        content_path_hash="0" * 32,
    )
    online = client.get(document.url)
    b"".join(online)
    LessonPage.objects.filter(pk=lesson.pk).update(live=False)
    offline = client.get(document.url)

    assert (online.status_code, offline.status_code) == (200, 404)


def test_staff_who_may_choose_a_document_open_it_before(client: Client, superuser: User):
    document = document_of_the_ministry()
    client.force_login(superuser)

    answer = client.get(document.url)
    b"".join(answer)

    assert answer.status_code == 200
