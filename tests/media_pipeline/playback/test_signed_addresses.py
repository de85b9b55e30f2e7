"""A signed address is valid for one version until it expires."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import AsyncClient
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from media_pipeline.byteranges import RangeNotSatisfiable, requested_range
from media_pipeline.errors import VideoNotReady
from media_pipeline.folders import published_folder
from media_pipeline.models import Video
from media_pipeline.services.playback import Playback, sign_playback
from media_pipeline.services.revocations import viewer_tag
from tests.factories.media_pipeline import VideoFactory, published_video

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def video(db: None) -> Video:
    video = published_video()
    folder = published_folder() / video.published.path
    folder.mkdir(parents=True)
    (folder / "144p.mp4").write_bytes(CONTENT)
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    (folder / "poster.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "notes.txt").write_text("not for the public")
    return video


@pytest.fixture
def playback(video: Video) -> Playback:
    return sign_playback(video=video, viewer="user-7")


def rendition_path(playback: Playback) -> str:
    return (
        playback.renditions[0].file_url if playback.renditions[0].height else playback.renditions[1].file_url
    )


async def get(url: str, **headers: str):
    answer = await AsyncClient().get(url, headers=headers)
    body = b"".join([block async for block in answer]) if answer.streaming else answer.content
    return answer, body


def test_a_playback_lists_what_a_player_needs(playback: Playback):
    names = {rendition.name: rendition for rendition in playback.renditions}

    assert re.fullmatch(
        r"/media/v/\d+-[0-9a-f]{16}/[\w-]{22}/[0-9a-f]{32}/1/master.m3u8", playback.master_url
    )
    assert (names["240p"].height, names["240p"].bytes) == (240, 2_000_000)
    assert playback.audio_url.endswith("/audio.m3u8")
    assert playback.poster_url.endswith("/poster.jpg")
    assert playback.seconds == 60


def test_an_unpublished_video_cannot_be_signed(db: None):
    with pytest.raises(VideoNotReady):
        sign_playback(video=VideoFactory(), viewer="user-7")


def test_addresses_lead_back_to_the_viewer_and_stay_the_same_on_reload(video: Video):
    one = sign_playback(video=video, viewer="user-7", lifetime=dt.timedelta(hours=24))
    again = sign_playback(video=video, viewer="user-7", lifetime=dt.timedelta(hours=24))
    other = sign_playback(video=video, viewer="user-8", lifetime=dt.timedelta(hours=24))

    assert one.master_url == again.master_url
    assert one.master_url != other.master_url
    assert f"-{viewer_tag('user-7')}/" in one.master_url
    assert "user-7" not in one.master_url


async def test_the_whole_file_comes_with_its_type_and_a_private_cache(playback: Playback):
    answer, body = await get(rendition_path(playback))

    assert (answer.status_code, body) == (200, CONTENT)
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"].startswith("private, max-age=")
    assert answer["X-Content-Type-Options"] == "nosniff"


async def test_a_playlist_and_a_poster_have_their_types(playback: Playback):
    master, _ = await get(playback.master_url)
    poster, _ = await get(playback.poster_url)

    assert master["Content-Type"] == "application/vnd.apple.mpegurl"
    assert poster["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-299", 100, 299),
        ("bytes=10000-", 10_000, 10_239),
        ("bytes=-40", 10_200, 10_239),
    ],
)
async def test_a_range_gets_exactly_its_bytes(playback: Playback, wanted: str, first: int, last: int):
    answer, body = await get(rendition_path(playback), Range=wanted)

    assert answer.status_code == 206
    assert body == CONTENT[first : last + 1]
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer["Content-Length"] == str(len(body))


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
async def test_a_range_beyond_the_end_is_answered_with_the_size(playback: Playback, wanted: str):
    answer, _ = await get(rendition_path(playback), Range=wanted)

    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=-"])
async def test_a_range_that_makes_no_sense_gets_the_whole(playback: Playback, wanted: str):
    answer, body = await get(rendition_path(playback), Range=wanted)

    assert (answer.status_code, len(body)) == (200, len(CONTENT))


async def test_a_range_of_an_older_file_gets_the_whole(playback: Playback):
    fresh, _ = await get(rendition_path(playback))

    same, _ = await get(rendition_path(playback), Range="bytes=0-9", **{"If-Range": fresh["ETag"]})
    other, _ = await get(rendition_path(playback), Range="bytes=0-9", **{"If-Range": '"other"'})
    known, _ = await get(rendition_path(playback), **{"If-None-Match": fresh["ETag"]})

    assert (same.status_code, other.status_code, known.status_code) == (206, 200, 304)


@pytest.fixture
def expired(video: Video) -> Playback:
    return sign_playback(video=video, viewer="user-7", lifetime=dt.timedelta(seconds=-60))


async def test_an_expired_address_says_so(expired: Playback):
    answer, body = await get(expired.master_url, **{"Accept-Language": "en"})

    assert answer.status_code == 410
    assert b"expired" in body


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: re.sub(r"/v/\d+", "/v/99999999999", url),
        lambda url: re.sub(r"-[0-9a-f]{16}/", "-0123456789abcdef/", url),
        lambda url: re.sub(r"/1/master", "/2/master", url),
        lambda url: re.sub(r"/[0-9a-f]{32}/", f"/{'0' * 32}/", url),
        lambda url: url.replace("master.m3u8", "notes.txt"),
        lambda url: url.replace("master.m3u8", "absent.mp4"),
        lambda url: url.replace("master.m3u8", "../1/master.m3u8"),
        lambda url: url.replace("master.m3u8", "%2e%2e%2f1%2fmaster.m3u8"),
        lambda url: url.replace("master.m3u8", "master.m3u8%0a"),
    ],
)
async def test_a_changed_address_is_not_found(playback: Playback, tamper: Callable[[str], str]):
    answer, _ = await get(tamper(playback.master_url))

    assert answer.status_code == 404


async def test_a_stream_is_not_changed_by_a_post(playback: Playback):
    answer = await AsyncClient().post(playback.master_url)

    assert answer.status_code == 405


async def test_another_secret_opens_nothing(playback: Playback, settings: Settings):
    settings.MEDIA_LINK_SECRET = "another"

    answer, _ = await get(playback.master_url)

    assert answer.status_code == 404


@given(
    st.text(max_size=30) | st.from_regex(r"bytes=[0-9]{0,6}-[0-9]{0,6}", fullmatch=True),
    st.integers(1, 10**6),
)
def test_every_range_header_has_an_answer_inside_the_file(header: str, size: int):
    try:
        part = requested_range(header, size)
    except RangeNotSatisfiable:
        return

    assert part is None or 0 <= part[0] <= part[1] < size


def test_the_addresses_serve_the_published_video(stored_video: Video):
    playback = sign_playback(video=stored_video, viewer="user-7")

    folder = published_folder() / stored_video.published.path
    for rendition in playback.renditions:
        assert rendition.bytes == (folder / f"{rendition.name}.mp4").stat().st_size
