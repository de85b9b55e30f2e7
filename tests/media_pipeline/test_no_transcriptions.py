"""Without a configured recognizer no machine draft is offered."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Center, User
from media_pipeline.enums import CaptionLanguage
from media_pipeline.errors import TranscriptionOff
from media_pipeline.services.transcribers import machine_languages
from media_pipeline.services.transcriptions import start_transcription
from tests.factories.media_pipeline import published_video


def test_recognition_is_off_by_default(db: None, manager: User):
    assert machine_languages() == []
    with pytest.raises(TranscriptionOff):
        start_transcription(video=published_video(), language=CaptionLanguage.ENGLISH, by=manager)


def test_without_recognition_the_page_offers_none(manager_client: Client, center: Center):
    video = published_video(center=center)

    page = manager_client.get(reverse("video:inspect", args=[video.pk])).content.decode()

    assert reverse("transcription:add") not in page
