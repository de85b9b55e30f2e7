"""nginx accepts the addresses that Django signs, with the configuration of deploy/nginx.conf."""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import User
from accounts.services.logins import deactivate_login, reactivate_login
from accounts.services.memberships import end_role
from courses.services.enrollments import enroll, withdraw
from media_pipeline.folders import published_folder
from media_pipeline.models import DeliveredBytes, PlaybackRevocation, Video
from media_pipeline.services.delivery_log import count_deliveries
from media_pipeline.services.live_streams import live_stream_folders, live_stream_path, sign_live_stream
from media_pipeline.services.playback import Playback, sign_playback, signature_of
from media_pipeline.services.revocations import EFFECTIVE_AFTER, revoke_playback, viewer_of
from scripts.proxy import Proxy
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.factories.courses import CohortFactory
from tests.factories.media_pipeline import published_video
from tests.waiting import wait_until

pytestmark = [pytest.mark.scaled("needs nginx"), pytest.mark.django_db(transaction=True)]
CONTENT = b"0123456789" * 100


@pytest.fixture
def trainee() -> User:
    return TraineeFactory()


@pytest.fixture
def playback(trainee: User) -> Playback:
    video = published_video()
    folder = published_folder() / video.published.path
    folder.mkdir(parents=True)
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    (folder / "144p.mp4").write_bytes(CONTENT)
    (folder / "notes.txt").write_text("not for the public")
    return sign_playback(video=video, viewer=viewer_of(trainee))


@pytest.fixture
def nginx(tmp_path: Path, playback: Playback, settings: Settings) -> Iterator[str]:
    with Proxy(tmp_path, files=Path(settings.VAR_DIR), secret=settings.MEDIA_LINK_SECRET) as proxy:
        yield proxy.address


def rendition_path(playback: Playback) -> str:
    return playback.master_url.replace("master.m3u8", "144p.mp4")


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=5)


def test_nginx_serves_what_django_signed(nginx: str, playback: Playback):
    master = get(nginx + playback.master_url)
    part = get(nginx + rendition_path(playback), Range="bytes=5-9")

    assert (master.status_code, master.text) == (200, "#EXTM3U\n")
    assert master.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert (part.status_code, part.content, part.headers["Content-Type"]) == (206, b"56789", "video/mp4")
    assert "private" in part.headers["Cache-Control"]
    assert part.headers["X-Content-Type-Options"] == "nosniff"


def test_nginx_refuses_what_django_refuses(nginx: str, playback: Playback):
    url = nginx + playback.master_url
    answers = {
        "later": re.sub(r"/v/\d+", "/v/99999999999", url),
        "viewer": re.sub(r"-[0-9a-f]{16}/", "-0123456789abcdef/", url),
        "version": url.replace("/1/master", "/2/master"),
        "kind": url.replace("master.m3u8", "notes.txt"),
        "up": url.replace("master.m3u8", "%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    }

    codes = {name: get(changed).status_code for name, changed in answers.items()}

    assert codes == dict.fromkeys(answers, 404)


def test_nginx_serves_pictures_of_pages_and_no_documents(nginx: str, settings: Settings):
    files = Path(settings.VAR_DIR) / "media"
    for name in ("images/cut.png", "documents/members.pdf"):
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_bytes(b"content")

    picture = get(f"{nginx}/files/images/cut.png")

    assert (picture.status_code, picture.content) == (200, b"content")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    for path in (
        "documents/members.pdf",
        "images/../documents/members.pdf",
        "images/%2e%2e/documents/members.pdf",
    ):
        assert get(f"{nginx}/files/{path}").status_code == 404


def test_nginx_says_that_an_address_expired(nginx: str, playback: Playback):
    _, _, _, pass_, _, public_id, number, name = playback.master_url.split("/")
    old = re.sub(r"^\d+", "1700000000", pass_)
    path = f"{public_id}/{number}"

    answer = get(f"{nginx}/media/v/{old}/{signature_of(old, path)}/{path}/{name}")

    assert answer.status_code == 410


def deactivated(trainee: User) -> None:
    deactivate_login(user_id=trainee.pk, reason="left", by=UserFactory(is_superuser=True))


def withdrawn(trainee: User) -> None:
    clerk = UserFactory()
    enrollment = enroll(person_id=trainee.person_id, cohort_id=CohortFactory().pk, by=clerk)
    withdraw(enrollment_id=enrollment.pk, reason="moved away", by=clerk)


def dismissed(trainee: User) -> None:
    role = MembershipFactory(role=RoleName.INSTRUCTOR, user=trainee)
    end_role(membership_id=role.pk, reason="left", by=UserFactory(is_superuser=True))


@pytest.mark.parametrize("lose_the_right", [deactivated, withdrawn, dismissed], ids=lambda act: act.__name__)
def test_a_stream_that_plays_stops_within_five_seconds(
    nginx: str, playback: Playback, trainee: User, lose_the_right: Callable[[User], None]
):
    # Watching until the revocation, so that nginx has cached that there was none.
    assert get(nginx + rendition_path(playback), Range="bytes=0-9").status_code == 206

    lose_the_right(trainee)
    lost_at = time.monotonic()
    while get(nginx + rendition_path(playback), Range="bytes=0-9").status_code == 206:
        assert time.monotonic() - lost_at < 5

    assert get(nginx + rendition_path(playback), Range="bytes=10-19").status_code == 410
    assert get(nginx + playback.master_url).status_code == 410


def test_a_reactivated_viewer_gets_new_addresses(nginx: str, playback: Playback, trainee: User):
    deactivated(trainee)
    reactivate_login(user_id=trainee.pk, reason="came back", by=UserFactory(is_superuser=True))
    PlaybackRevocation.objects.update(revoked_at=timezone.now() - EFFECTIVE_AFTER)
    public_id = playback.master_url.split("/")[5]

    fresh = sign_playback(video=Video.objects.get(public_id=public_id), viewer=viewer_of(trainee))

    assert get(nginx + fresh.master_url).status_code == 200
    assert get(nginx + playback.master_url).status_code == 410


def test_ranges_are_answered_as_players_and_download_managers_ask_for_them(nginx: str, playback: Playback):
    url = nginx + rendition_path(playback)
    tag = get(url).headers["ETag"]

    suffix = get(url, Range="bytes=-4")
    several = get(url, Range="bytes=0-1,5-6")
    beyond = get(url, Range="bytes=1000-")
    same = get(url, Range="bytes=0-9", **{"If-Range": tag})
    other = get(url, Range="bytes=0-9", **{"If-Range": '"another"'})
    known = get(url, **{"If-None-Match": tag})
    head = requests.head(url, timeout=5)

    assert (suffix.status_code, suffix.content) == (206, b"6789")
    assert several.status_code == 206
    assert several.headers["Content-Type"].startswith("multipart/byteranges")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */1000")
    assert (same.status_code, other.status_code, known.status_code) == (206, 200, 304)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "1000")


def test_what_nginx_delivers_is_counted(nginx: str, playback: Playback, tmp_path: Path, settings: Settings):
    settings.DELIVERY_LOG_ROOT = tmp_path / "logs"
    get(nginx + rendition_path(playback), Range="bytes=0-99")
    get(nginx + rendition_path(playback))
    get(nginx + re.sub(r"/v/\d+", "/v/99999999999", rendition_path(playback)))

    # nginx writes its buffer every 2 s.
    wait_until(count_deliveries)

    row = DeliveredBytes.objects.get()
    assert (row.bytes, row.answers, row.day) == (1_100, 2, timezone.localdate())


def test_signatures_stay_out_of_the_logs(nginx: str, playback: Playback, tmp_path: Path):
    get(nginx + playback.master_url)
    signature = playback.master_url.split("/")[4]

    written = "".join(path.read_text() for path in tmp_path.rglob("*.log"))

    assert signature not in written


def test_a_live_stream_has_the_same_signatures_and_its_playlist_is_never_cached(trainee: User, nginx: str):
    path = live_stream_path(uuid.uuid4(), 7)
    folder, _ = live_stream_folders(path)
    folder.mkdir(parents=True)
    (folder / "live.m3u8").write_text("#EXTM3U\n")
    (folder / "360p-1-00000.mp4").write_bytes(CONTENT)
    (folder / "run_1.json").write_text("{}")
    base = nginx + sign_live_stream(path=path, viewer=viewer_of(trainee))

    assert get(base + "live.m3u8").headers["Cache-Control"] == "no-store"
    (folder / "live_new").write_text("#EXTM3U\n#new\n")
    (folder / "live_new").replace(folder / "live.m3u8")
    assert get(base + "live.m3u8").text == "#EXTM3U\n#new\n"
    segment = get(base + "360p-1-00000.mp4")
    assert (segment.content, "immutable" in segment.headers["Cache-Control"]) == (CONTENT, True)
    assert get(base + "run_1.json").status_code == 404
    assert get(base.replace("/l/", "/v/") + "live.m3u8").status_code == 404
    assert get(base.replace("/7/", "/8/") + "live.m3u8").status_code == 404
    revoke_playback(viewer=viewer_of(trainee))
    lost_at = time.monotonic()
    while get(base + "360p-1-00000.mp4").status_code == 200:
        assert time.monotonic() - lost_at < 5
    assert get(base + "live.m3u8").status_code == 410
