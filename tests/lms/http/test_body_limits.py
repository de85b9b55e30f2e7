"""Bodies above the limit of their address are refused before they are stored."""

import contextlib
import re
import select
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from lms.body_limits import DEFAULT, LIMITS, MEBIBYTE, limit_for
from tests.external_programs import ROOT
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.served_site import served

GIBIBYTE = 1024 * MEBIBYTE
UPLOADS = "/ar/teach/uploads/"


def test_a_form_without_files_takes_one_mebibyte():
    assert {limit_for(path) for path in ("/", "/ar/accounts/login/", "/ar/verify/", "/media/count")} == {
        DEFAULT
    }


def test_more_than_three_mebibytes_are_for_staff():
    assert [limit.paths for limit in LIMITS if limit.mebibytes > 3 and not limit.is_for_staff] == []


@pytest.mark.parametrize(
    ("page", "mebibytes"),
    [
        ("video:add", 4096),
        ("uploads:page", 4096),
        ("legacy_batches:add", 200),
        ("legacy_papers:edit", 10),
        ("imports:add", 25),
        ("question_imports:add", 25),
        ("wagtailimages:add", 10),
        ("wagtailimages_chooser:create", 10),
        ("wagtaildocs:add", 10),
        ("wagtaildocs_chooser:create", 10),
        ("question_picture_chooser:create", 10),
        ("captions:add", 2),
        ("certificates:check_file", 2),
    ],
)
def test_pages_that_ask_for_a_file_take_it(page: str, mebibytes: int):
    address = reverse(page, args=[1] if page == "legacy_papers:edit" else [])

    assert limit_for(address).mebibytes > mebibytes or limit_for(address).mebibytes == mebibytes == 4096


def test_nginx_has_the_same_limits_in_the_same_order():
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    blocks = re.findall(r"location ~ \^(/\S+) \{([^}]*)\}", conf)
    theirs = [
        (paths, int(size[1]), "auth_request /may-upload/;" in block)
        for paths, block in blocks
        if (size := re.search(r"client_max_body_size (\d+)m;", block))
    ]

    assert theirs == [(limit.paths, limit.mebibytes, limit.is_for_staff) for limit in LIMITS]
    assert f"client_max_body_size {DEFAULT.mebibytes}m;" in conf


def test_who_works_here_may_upload_and_a_trainee_may_not(client: Client, db: None):
    answers = {}
    for name, user in {"trainee": TraineeFactory(), "instructor": MembershipFactory().user}.items():
        client.force_login(user)
        answers[name] = client.get("/may-upload/").status_code
    client.logout()

    assert answers == {"trainee": 403, "instructor": 204}
    assert client.get("/may-upload/").status_code == 403
    assert client.get("/may-upload/", headers={"X-Original-Method": "GET"}).status_code == 204


@pytest.fixture
def site(django_db_setup: None) -> Iterator[str]:
    with served() as address:
        yield address


def announce(
    site: str, path: str, length: int, *, headers: str = "", chunked: bool = False
) -> tuple[int, int]:
    """Send a body of zeros until it is refused: the status, and how many bytes were sent by then."""
    address, sent = urlsplit(site), 0
    size = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {length}"
    block = bytes(64 * 1024)
    piece = b"%x\r\n%s\r\n" % (len(block), block) if chunked else block
    with socket.create_connection((address.hostname or "", address.port or 0), 20) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{size}\r\n{headers}\r\n".encode())
        line.setblocking(False)
        answer, rest, until = b"", b"", time.monotonic() + 20
        while b"\r\n" not in answer and time.monotonic() < until:
            with contextlib.suppress(BlockingIOError):
                answer += line.recv(4096)
            if not rest and sent < length:
                rest = piece
            try:
                # Part of a piece may go: the rest goes next, or the chunks are malformed.
                taken = line.send(rest)
                sent, rest = sent + taken, rest[taken:]
            except BlockingIOError:
                select.select([line], [line], [], 1)
            except OSError:
                break
    return int(answer.split()[1]) if answer else 0, sent


@pytest.mark.engines("a server process that is sent gigabytes")
@pytest.mark.django_db(transaction=True)
def test_five_gibibytes_are_refused_at_every_address_announced_or_in_chunks(site: str):
    paths = ("/ar/accounts/login/", "/admin/", "/", UPLOADS, "/ar/verify/file/", "/healthz")

    announced = {path: announce(site, path, 5 * GIBIBYTE)[0] for path in paths}
    counted = announce(site, "/ar/accounts/login/", 5 * GIBIBYTE, chunked=True)[0]

    assert announced == dict.fromkeys(paths, 413)
    assert counted == 413


@pytest.mark.engines("a server process that is sent a body of forty megabytes")
@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_taken_from_staff_only(site: str, superuser: User, client: Client):
    client.force_login(superuser)
    cookie = f"Cookie: sessionid={client.cookies['sessionid'].value}\r\n"

    assert announce(site, UPLOADS, 40 * MEBIBYTE, headers="X-Original-Method: GET\r\n")[0] == 413
    # Read to its end, and refused by Django: no token against forgery came along.
    assert announce(site, UPLOADS, 2 * MEBIBYTE, headers=cookie)[0] == 403


@pytest.mark.engines("a server process answers what is too large")
@pytest.mark.django_db(transaction=True)
def test_the_error_is_a_page_of_the_site(site: str):
    arabic = httpx.post(f"{site}/ar/accounts/login/", content=bytes(2 * MEBIBYTE))
    english = httpx.post(f"{site}/en/accounts/login/", content=bytes(2 * MEBIBYTE))
    check = httpx.post(f"{site}/en/verify/file/", content=bytes(4 * MEBIBYTE))

    assert [answer.status_code for answer in (arabic, english, check)] == [413] * 3
    assert "الملف أكبر" in arabic.text or "أكبر مما" in arabic.text
    assert "More was sent than this page takes" in english.text
    assert "Our certificates are smaller than 2 MB." in check.text
