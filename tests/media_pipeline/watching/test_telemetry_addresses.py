"""The address of reports: for one viewer and one version, until it expires, by POST only."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from media_pipeline.models import Video, WatchSession
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import revoke_playback
from tests.factories.media_pipeline import published_video
from tests.factories.watching import batch_of, post


@pytest.fixture
def video(db: None) -> Video:
    """60 s, 12 buckets; 144p, 240p and sound."""
    return published_video()


@pytest.fixture
def address(video: Video) -> str:
    return sign_playback(video=video, viewer="user-7", is_counted=True).telemetry_url


def test_an_expired_address_is_gone(video: Video):
    old = sign_playback(video=video, viewer="user-7", is_counted=True, lifetime=dt.timedelta(seconds=-60))

    answer = post(old.telemetry_url, batch_of())

    assert answer.status_code == 410
    assert not WatchSession.objects.exists()


def test_a_revoked_viewer_is_no_longer_counted(
    address: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        revoke_playback(viewer="user-7")

    answer = post(address, batch_of())

    assert answer.status_code == 410
    assert not WatchSession.objects.exists()


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: re.sub(r"/t/\d+", "/t/99999999999", url),
        lambda url: re.sub(r"-[0-9a-f]{16}/", "-0123456789abcdef/", url),
        lambda url: re.sub(r"/1$", "/2", url),
        lambda url: re.sub(r"/[0-9a-f]{32}/", f"/{'0' * 32}/", url),
        lambda url: url + "%0a",
    ],
)
def test_a_changed_address_is_not_found(address: str, tamper: Callable[[str], str]):
    assert post(tamper(address), batch_of()).status_code == 404


def test_the_signature_of_a_stream_is_not_valid_for_reports(video: Video):
    playback = sign_playback(video=video, viewer="user-7", is_counted=True)
    stream = playback.master_url.removesuffix("/master.m3u8")

    answer = post(stream.replace("/media/v/", "/media/t/"), batch_of())

    assert answer.status_code == 404


def test_an_address_accepts_only_post(address: str):
    assert Client().get(address).status_code == 405
