"""nginx accepts the addresses that Django signs, by the very block of deploy/nginx.conf."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from media_pipeline.folders import published_folder
from media_pipeline.services import Playback, sign_playback
from tests.factories.media_pipeline import published_video

pytestmark = [pytest.mark.scaled, pytest.mark.django_db]
CONTENT = b"0123456789" * 100
CONFIG = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"


def location() -> str:
    """The block of deploy/nginx.conf that serves streams, filled in as the container's entry point does."""
    block = re.search(r"    location ~ \"\^/media/v/.*?\n    }\n", CONFIG.read_text(), re.DOTALL)[0]
    filled = block.replace("${MEDIA_LINK_SECRET}", settings.MEDIA_LINK_SECRET)
    return filled.replace("${PROXY_FILES}/private/media/published", str(published_folder()))


@pytest.fixture
def playback() -> Playback:
    video = published_video()
    folder = published_folder() / video.published.path
    folder.mkdir(parents=True)
    (folder / "master.m3u8").write_text("#EXTM3U\n")
    (folder / "144p.mp4").write_bytes(CONTENT)
    (folder / "notes.txt").write_text("not for the public")
    return sign_playback(video=video, viewer="user:7")


@pytest.fixture
def nginx(tmp_path: Path, playback: Playback) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "nginx.conf"
    owner = "user root;" if published_folder().owner() == "root" else ""
    config.write_text(
        f"{owner} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p;"
        f" fastcgi_temp_path {tmp_path}/f; uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s;\n"
        f"server {{ listen 127.0.0.1:{port};\n{location()}\n}} }}\n"
    )
    server = subprocess.Popen(["/usr/sbin/nginx", "-c", config, "-e", tmp_path / "error.log"])
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def test_nginx_serves_what_django_signed(nginx: str, playback: Playback):
    master = requests.get(nginx + playback.master_url, timeout=5)
    part = requests.get(
        nginx + playback.master_url.replace("master.m3u8", "144p.mp4"),
        headers={"Range": "bytes=5-9"},
        timeout=5,
    )

    assert (master.status_code, master.text) == (200, "#EXTM3U\n")
    assert master.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert (part.status_code, part.content, part.headers["Content-Type"]) == (206, b"56789", "video/mp4")
    assert "private" in part.headers["Cache-Control"]


def test_nginx_refuses_what_django_refuses(nginx: str, playback: Playback):
    url = nginx + playback.master_url
    answers = {
        "later": re.sub(r"/v/\d+", "/v/99999999999", url),
        "viewer": re.sub(r"-[0-9a-f]{16}/", "-0123456789abcdef/", url),
        "version": url.replace("/1/master", "/2/master"),
        "kind": url.replace("master.m3u8", "notes.txt"),
        "up": url.replace("master.m3u8", "%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    }

    codes = {name: requests.get(changed, timeout=5).status_code for name, changed in answers.items()}

    assert codes == dict.fromkeys(answers, 404)


def test_nginx_says_that_an_address_expired(nginx: str, playback: Playback):
    from media_pipeline.services.playback import signature_of

    _, _, _, pass_, _, public_id, number, name = playback.master_url.split("/")
    old = re.sub(r"^\d+", "1700000000", pass_)
    path = f"{public_id}/{number}"

    answer = requests.get(f"{nginx}/media/v/{old}/{signature_of(old, path)}/{path}/{name}", timeout=5)

    assert answer.status_code == 410
