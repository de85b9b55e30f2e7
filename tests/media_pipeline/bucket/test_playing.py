"""Videos are played from the bucket by signed addresses that expire."""

import gzip
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.logins import deactivate_login
from media_pipeline import stores
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.models import PublishedVersion, Video
from media_pipeline.queries.delivery import delivered
from media_pipeline.services.bucket_renditions import LONGEST, lifetime_of
from media_pipeline.services.captions import add_captions
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import viewer_of
from media_pipeline.services.watching import count_batch
from media_pipeline.stores import StoreFailed
from media_pipeline.telemetry import Batch
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.media_pipeline import WORDS, published_video
from tests.media_pipeline.bucket.asking import addresses_in, folder_of, get, rendition_address
from tests.media_pipeline.bucket.server import BucketServer

pytestmark = [
    pytest.mark.engines("a bucket on a server of its own"),
    pytest.mark.xdist_group("bucket"),
]


def test_every_range_of_every_playlist_is_answered_by_the_bucket(bucket: BucketServer, video: Video):
    playback = sign_playback(video=video, viewer="user-7")
    objects = bucket.objects()
    _, master = get(playback.master_url)
    base = playback.master_url.rpartition("/")[0]
    played = 0

    for name in re.findall(r"^[^#\n].*m3u8$", master.decode(), re.MULTILINE):
        _, playlist = get(f"{base}/{name}")
        [address] = addresses_in(playlist.decode())
        whole = objects[f"films/{video.published.rendition_set}/{name.replace('m3u8', 'mp4')}"]
        spans = re.findall(r'BYTERANGE[:=]"?(\d+)@(\d+)', playlist.decode())
        for length, offset in ((int(one), int(other)) for one, other in spans):
            last = offset + length - 1
            answer = requests.get(address, headers={"Range": f"bytes={offset}-{last}"}, timeout=10)
            assert answer.status_code == 206
            assert answer.headers["Content-Range"] == f"bytes {offset}-{last}/{len(whole)}"
            assert answer.content == whole[offset : last + 1]
            played += 1

    assert played >= 4


def test_a_playlist_is_compressed_and_cached_for_a_share_of_its_addresses_validity(video: Video):
    playback = sign_playback(video=video, viewer="user-7")
    media = playback.renditions[0].url
    plain, text = get(media)
    packed, short = get(media, **{"Accept-Encoding": "gzip"})

    [address] = addresses_in(text.decode())
    lives = int(parse_qs(urlsplit(address).query)["X-Amz-Expires"][0])
    kept = int(re.search(r"max-age=(\d+)", plain["Cache-Control"])[1])
    assert (lives, kept) == (lifetime_of(video.published), lives // 4)
    assert plain["Cache-Control"].startswith("private, ")
    assert plain["Content-Type"] == "application/vnd.apple.mpegurl"
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert addresses_in(gzip.decompress(short).decode())


@pytest.mark.parametrize(("minutes", "lives"), [(10, 45), (120, 210), (300, 360)])
def test_addresses_cover_the_video_up_to_six_hours(minutes: int, lives: int):
    version = PublishedVersion(seconds=minutes * 60)

    assert lifetime_of(version) == lives * 60 <= LONGEST.total_seconds()


def test_the_whole_rendition_is_one_redirect_away(bucket: BucketServer, video: Video):
    rendition = sign_playback(video=video, viewer="user-7").renditions[0]

    answer, _ = get(rendition.file_url)

    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    media = requests.get(answer["Location"], timeout=10)
    assert media.status_code == 200
    assert len(media.content) == rendition.bytes


def test_pictures_and_captions_come_from_our_disk(bucket: BucketServer, video: Video, manager: User):
    add_captions(
        video=video,
        language=CaptionLanguage.ARABIC,
        kind=CaptionKind.CAPTIONS,
        data=WORDS.encode(),
        by=manager,
    )
    video.refresh_from_db()
    playback = sign_playback(video=video, viewer="user-7")
    small = [playback.poster_url, playback.storyboard_url, playback.captions[0].url]
    below = f"{playback.master_url.rpartition('/')[0]}/captions-ar"

    assert [get(address)[0].status_code for address in small] == [200, 200, 200]
    assert [get(f"{below}.{kind}")[0].status_code for kind in ("m3u8", "vtt")] == [200, 200]
    assert all(address.startswith("/media/v/") for address in small)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: url.replace("240p.mp4", "144p.mp4"),
        lambda url: re.sub(r"X-Amz-Expires=\d+", "X-Amz-Expires=604800", url),
        lambda url: re.sub(r"X-Amz-Date=\d{4}", "X-Amz-Date=2030", url),
        lambda url: re.sub(r"X-Amz-Signature=.", "X-Amz-Signature=g", url),
        lambda url: url.partition("?")[0],
    ],
)
def test_a_changed_address_opens_nothing(video: Video, tamper: Callable[[str], str]):
    address = rendition_address(video)

    assert requests.get(address, timeout=10).status_code == 200
    assert requests.get(tamper(address), timeout=10).status_code == 403


def test_an_address_of_the_bucket_expires(video: Video):
    old = storages["films"].address(video.published.rendition_set, "240p.mp4", seconds=-1)

    assert requests.get(old, timeout=10).status_code == 403


def test_a_deactivated_viewer_gets_no_playlist_and_no_rendition(
    video: Video,
    superuser: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    trainee = UserFactory()
    playback = sign_playback(video=video, viewer=viewer_of(trainee))
    rendition = playback.renditions[0]
    wanted = [playback.master_url, rendition.url, rendition.file_url]
    before = [get(address)[0].status_code for address in wanted]

    with django_capture_on_commit_callbacks(execute=True):
        deactivate_login(user_id=trainee.pk, reason="left", by=superuser)

    assert before == [200, 200, 302]
    assert [get(address)[0].status_code for address in wanted] == [410, 410, 410]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: re.sub(r"/b/\d+", "/b/99999999999", url),
        lambda url: re.sub(r"/(\d+)/240p", r"/9\1/240p", url),
        lambda url: url.replace("240p.m3u8", "absent.m3u8"),
        lambda url: url.replace("240p.m3u8", "absent.mp4"),
        lambda url: url.replace("240p.m3u8", "master.mp4"),
        lambda url: url.replace("/media/b/", "/media/v/").replace("m3u8", "mp4"),
        lambda url: url.replace("240p.m3u8", "../2/240p.m3u8"),
    ],
)
def test_a_changed_address_of_ours_is_not_found(video: Video, tamper: Callable[[str], str]):
    playback = sign_playback(video=video, viewer="user-7")
    playlist = next(rendition.url for rendition in playback.renditions if rendition.name == "240p")

    assert get(tamper(playlist))[0].status_code == 404


def test_staff_of_another_center_find_no_page_to_take_addresses_from(
    video: Video, other_center: Center, manager_client: Client
):
    stranger = Client()
    stranger.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user)
    page = reverse("video:inspect", args=[video.pk])

    assert "/media/b/" in manager_client.get(page).content.decode()
    assert stranger.get(page).status_code == 404


def test_a_version_on_the_disk_has_no_address_below_the_bucket(bucket: BucketServer, db: None):
    video = published_video()
    folder_of(video).mkdir(parents=True)
    (folder_of(video) / "240p.m3u8").write_text('#EXTM3U\n#EXT-X-MAP:URI="240p.mp4",BYTERANGE="1@0"\n')
    playback = sign_playback(video=video, viewer="user-7")

    assert playback.master_url.startswith("/media/v/")
    for rendition in playback.renditions:
        assert get(rendition.url.replace("/v/", "/b/"))[0].status_code == 404


def test_bytes_from_the_bucket_are_estimated_from_what_was_played(video: Video):
    on_disk = published_video(center=video.center)
    batch = Batch(
        session="a" * 22, number=0, elapsed=30_000, plays={}, renditions={"240p": 16_000, "audio": 8_000}
    )

    for version in (video.published, on_disk.published):
        count_batch(version=version, viewer="0123456789abcdef", batch=batch)
        count_batch(version=version, viewer="0123456789abcdef", batch=batch)

    rates = dict(video.published.renditions.values_list("name", "average_bps"))
    assert delivered(video).bytes == rates["240p"] * 2 + rates["audio"]
    assert delivered(on_disk).bytes == 0


def test_a_response_costs_one_query_and_signing_costs_no_more(
    video: Video, django_assert_num_queries: DjangoAssertNumQueries
):
    video = Video.objects.select_related("published").get(pk=video.pk)
    with django_assert_num_queries(2):
        playback = sign_playback(video=video, viewer="user-7")

    for rendition in playback.renditions:
        with django_assert_num_queries(1):
            get(rendition.url)
        with django_assert_num_queries(1):
            get(rendition.file_url)


def test_renditions_of_a_bucket_no_longer_configured_answer_503(video: Video, settings: Settings):
    playback = sign_playback(video=video, viewer="user-7")
    settings.STORAGES = {name: storage for name, storage in settings.STORAGES.items() if name != "films"}

    answer, body = get(playback.renditions[0].url, **{"Accept-Language": "en"})

    assert answer.status_code == 503
    assert b"cannot be reached" in body
    with pytest.raises(StoreFailed):
        stores.store_of(video.published.rendition_set)
