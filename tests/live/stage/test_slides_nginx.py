"""nginx serves slides by the addresses that Django signs, with the configuration of deploy/nginx.conf."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from pytest_django.fixtures import Settings

from live.enums import LiveRole
from live.queries.admission import Reader
from live.queries.stage import slides_base
from live.slides.folders import incoming_folder, slides_folder
from media_pipeline.services.playback import signature_of
from media_pipeline.services.revocations import revoke_playback, sync_revocations, viewer_of
from scripts.proxy import Proxy
from tests.live.stage.decks import ready_deck
from tests.waiting import wait_until

pytestmark = [pytest.mark.scaled("needs nginx"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def nginx(tmp_path: Path, settings: Settings) -> Iterator[str]:
    with Proxy(tmp_path, files=Path(settings.VAR_DIR), secret=settings.MEDIA_LINK_SECRET) as proxy:
        yield proxy.address


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=5)


def test_nginx_serves_slides_by_addresses_that_django_signed(nginx, session, trainee, instructor):
    slide = ready_deck(session, instructor).slides.first()
    folder = slides_folder(session.class_session.public_id)
    incoming = incoming_folder(session.class_session.public_id)
    incoming.mkdir(parents=True)
    (incoming / "1.pdf").write_bytes(b"%PDF-")
    address = f"{nginx}{slides_base(Reader(session, trainee, LiveRole.TRAINEE))}/{slide.large}"
    refused = {
        "later": re.sub(r"/s/\d+", "/s/99999999999", address),
        "viewer": re.sub(r"-[0-9a-f]{16}/", "-0123456789abcdef/", address),
        "room": address.replace(session.class_session.public_id.hex, "0" * 32),
        "upload": address.replace(slide.large, "../../incoming/1.pdf"),
        "unknown": address.replace(slide.large, f"{'0' * 32}-480.webp"),
    }

    found = get(address)
    codes = {name: get(changed).status_code for name, changed in refused.items()}
    old_pass = f"1700000000-{'0' * 16}"
    path = session.class_session.public_id.hex
    old = get(f"{nginx}/media/s/{old_pass}/{signature_of(old_pass, path)}/{path}/{slide.large}")
    revoke_playback(viewer=viewer_of(trainee))
    sync_revocations()
    # nginx caches file lookups for two seconds.
    wait_until(lambda: get(address).status_code == 410)

    assert (found.status_code, found.content) == (200, (folder / slide.large).read_bytes())
    assert found.headers["Content-Type"] == f"image/{slide.large.rsplit('.', 1)[1]}"
    assert "private" in found.headers["Cache-Control"]
    assert "immutable" in found.headers["Cache-Control"]
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert codes == dict.fromkeys(refused, 404)
    assert old.status_code == 410
