"""Resumable uploads over sockets to a real server: no byte that arrived is lost, no other is appended."""

import base64
import datetime as dt
import hashlib
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from media_pipeline.enums import JobState, UploadState
from media_pipeline.models import Upload, Video
from media_pipeline.services.arrived_uploads import process_upload, recover_uploads
from media_pipeline.uploading import UPLOADS_PATH
from tests.factories.accounts import MembershipFactory
from tests.live.conftest import Server, start_server, stop_server
from tests.live.shortening import shortened
from tests.media_pipeline.uploads.tus_client import TusClient, part_of, status_of
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.engines("uploads to a whole server"),
    pytest.mark.xdist_group("uploads to a server"),
    pytest.mark.django_db(transaction=True),
]
# A first 4 kB that is no text and no known container is refused; the rest may be anything.
BODY = b"\x00\x00\x00\x18ftypisom" + random.Random(1).randbytes(1_000_000)
HOUR = dt.timedelta(hours=1)


def started(**environment: str) -> Server:
    # The server waits half a second for the rest of a refused body, not five.
    return start_server(
        PRIVATE_ROOT=str(settings.PRIVATE_ROOT), **shortened({"__main__.DRAIN_SECONDS": 0.5}), **environment
    )


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    server = started()
    yield server
    stop_server(server)


@pytest.fixture
def tus(server: Server, manager: User) -> TusClient:
    return TusClient(server.port, manager)


def test_a_file_sent_at_once_becomes_a_video(tus: TusClient, center: Center, landscape: Path):
    content = landscape.read_bytes()
    url = tus.create(len(content), title="  توصيل لوحة التوزيع ")

    reply = tus.patch(url, 0, content)

    upload = Upload.objects.get()
    assert (reply.status, reply.offset, upload.state) == (204, len(content), UploadState.CHECKING)
    process_upload(upload_id=upload.pk)
    video = Video.objects.get()
    assert Path(video.source.path).read_bytes() == content
    assert (video.center, video.title, video.original_name) == (center, "توصيل لوحة التوزيع", "درس.mp4")
    assert video.sha256 == hashlib.sha256(content).hexdigest()
    assert video.jobs.get().state == JobState.QUEUED
    assert not part_of(url).exists()
    assert tus.head(url).offset == len(content)


@pytest.mark.parametrize("percent", [10, 50, 99])
def test_a_connection_cut_in_the_middle_loses_no_byte(tus: TusClient, percent: int):
    url = tus.create(len(BODY))
    sent = len(BODY) * percent // 100

    tus.cut_patch(url, 0, BODY, after=sent)

    assert tus.settled_offset(url, sent) == sent
    assert tus.patch(url, sent, BODY[sent:]).status == 204
    assert part_of(url).read_bytes() == BODY


def test_of_two_clients_that_send_the_same_bytes_one_is_accepted(tus: TusClient):
    url = tus.create(len(BODY))
    connections = [tus.started_patch(url, 0, len(BODY)) for _ in range(2)]

    for start in range(0, len(BODY), 100_000):
        for connection in connections:
            try:
                connection.sendall(BODY[start : start + 100_000])
            except ConnectionError:
                # Refused already.
                continue

    assert sorted(status_of(connection) for connection in connections) == [204, 409]
    assert part_of(url).read_bytes() == BODY
    for connection in connections:
        connection.close()


def test_a_connection_that_went_silent_does_not_keep_the_next_one_out(tus: TusClient):
    url = tus.create(len(BODY))
    with tus.started_patch(url, 0, len(BODY)) as silent:
        silent.sendall(BODY[:1000])
        assert tus.settled_offset(url, 1000) == 1000

        assert tus.patch(url, 1000, BODY[1000:]).status == 204
        silent.sendall(BODY[1000:2000])

        assert status_of(silent) == 409
    assert part_of(url).read_bytes() == BODY


def test_a_chunk_at_another_offset_is_refused(tus: TusClient):
    url = tus.create(len(BODY))

    assert [tus.patch(url, offset, b"x").status for offset in (1, len(BODY) - 1)] == [409, 409]
    assert part_of(url).stat().st_size == 0


def test_more_bytes_than_announced_are_refused_before_one_is_written(tus: TusClient):
    url = tus.create(1000)
    tus.patch(url, 0, BODY[:500])

    assert tus.patch(url, 500, BODY[500:1001]).status == 413
    assert part_of(url).read_bytes() == BODY[:500]


def test_an_overrun_in_a_chunked_body_is_refused(tus: TusClient):
    url = tus.create(1000)
    connection = tus.started_patch(url, 0, 0, Content_Length=None, Transfer_Encoding="chunked")
    connection.sendall(b"5dc\r\n" + BODY[:1500] + b"\r\n0\r\n\r\n")

    assert status_of(connection) == 413
    assert part_of(url).read_bytes() == b""
    connection.close()


def test_a_body_that_is_refused_early_is_not_taken_for_the_next_request(tus: TusClient):
    url = tus.create(10)
    inside = f"DELETE {url} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n\r\n".encode()
    connection = tus.started_patch(url, 5, 500_000)

    connection.sendall(inside * (500_000 // len(inside)))
    answers = connection.makefile("rb")

    assert answers.readline().split()[1] == b"413"
    assert b"connection: close" in answers.read().lower()
    assert Upload.objects.get().state == UploadState.RECEIVING
    connection.close()


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_right_checksum_lets_the_bytes_in_and_a_wrong_one_does_not(tus: TusClient, algorithm: str):
    url = tus.create(len(BODY))
    tus.patch(url, 0, BODY[:1000])

    def patch(hashed: bytes) -> int:
        digest = base64.b64encode(hashlib.new(algorithm, hashed).digest()).decode()
        return tus.patch(url, 1000, BODY[1000:], Upload_Checksum=f"{algorithm} {digest}").status

    assert (patch(BODY), part_of(url).stat().st_size) == (460, 1000)
    assert (patch(BODY[1000:]), part_of(url).read_bytes()) == (204, BODY)


def bytes_aside(server: Server) -> int | None:
    """The size of the server's unnamed temporary file of unchecked bytes; None without one."""
    for opened in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(OSError):
            if "/media/uploads/" in (name := str(opened.readlink())) and name.endswith("(deleted)"):
                return opened.stat().st_size
    return None


def test_bytes_that_could_not_be_checked_do_not_go_in(server: Server, tus: TusClient):
    url = tus.create(len(BODY))
    digest = base64.b64encode(hashlib.sha1(BODY).digest()).decode()

    with tus.started_patch(url, 0, len(BODY), Upload_Checksum=f"sha1 {digest}") as connection:
        connection.sendall(BODY[:500_000])
        wait_until(lambda: bytes_aside(server) == 500_000)
    wait_until(lambda: bytes_aside(server) is None)

    assert tus.head(url).offset == 0
    assert [part.name for part in part_of(url).parent.iterdir()] == [part_of(url).name]


@pytest.mark.parametrize("value", ["crc32 AAAAAA==", "sha1 AAAA", "sha1 ?", "sha1"])
def test_an_unknown_or_broken_checksum_is_refused(tus: TusClient, value: str):
    url = tus.create(100)

    assert tus.patch(url, 0, BODY[:100], Upload_Checksum=value).status == 400
    assert part_of(url).stat().st_size == 0


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1"])
def test_another_version_of_the_protocol_is_refused(tus: TusClient, version: str | None):
    url = tus.create(100)

    replies = [
        tus.ask("POST", UPLOADS_PATH, Upload_Length="10", Tus_Resumable=version),
        tus.patch(url, 0, BODY[:100], Tus_Resumable=version),
        tus.ask("HEAD", url, Tus_Resumable=version),
        tus.ask("DELETE", url, Tus_Resumable=version),
    ]

    assert [(reply.status, reply.headers["Tus-Version"]) for reply in replies] == [(412, "1.0.0")] * 4
    assert (Upload.objects.count(), part_of(url).stat().st_size) == (1, 0)


def test_options_need_no_login(server: Server):
    reply = TusClient(server.port, None).ask("OPTIONS", UPLOADS_PATH, Tus_Resumable=None)

    assert reply.status == 204
    assert reply.headers["Tus-Version"] == "1.0.0"
    assert reply.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
    assert "sha1" in reply.headers["Tus-Checksum-Algorithm"].split(",")
    assert reply.headers["Tus-Max-Size"] == str(settings.MEDIA_MAX_UPLOAD_BYTES)


@pytest.mark.parametrize("kind", [None, "application/octet-stream", "video/mp4"])
def test_another_type_of_body_is_refused(tus: TusClient, kind: str | None):
    url = tus.create(100)

    assert tus.patch(url, 0, BODY[:100], Content_Type=kind).status == 415


@pytest.mark.parametrize("length", ["", "-1", "1.5", "x", "9" * 30, "٣"])
def test_a_length_that_is_no_number_is_refused(tus: TusClient, length: str):
    length = length.encode().decode("latin-1")

    assert tus.ask("POST", UPLOADS_PATH, Upload_Length=length).status == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize("metadata", ["filename ?", "filename QQ==,filename QQ==", "x" * 9000])
def test_broken_metadata_are_refused(tus: TusClient, metadata: str):
    assert tus.ask("POST", UPLOADS_PATH, Upload_Length="10", Upload_Metadata=metadata).status == 400


def test_the_metadata_come_back_as_they_were_sent(tus: TusClient):
    said = "filename 2K/Ysdiz,is_first"
    url = tus.ask("POST", UPLOADS_PATH, Upload_Length="10", Upload_Metadata=said).headers["Location"]

    reply = tus.head(url)

    assert (reply.headers["Upload-Metadata"], reply.headers["Upload-Length"]) == (said, "10")
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_dropped_upload_is_gone_with_its_bytes(tus: TusClient):
    url = tus.create(100)
    tus.patch(url, 0, BODY[:50])

    assert tus.ask("DELETE", url).status == 204
    assert not part_of(url).exists()
    assert [tus.head(url).status, tus.patch(url, 50, b"x").status, tus.ask("DELETE", url).status] == [410] * 3


def test_an_upload_has_an_expiry_date_that_a_chunk_extends(tus: TusClient):
    url = tus.create(100)
    Upload.objects.update(expires_at=timezone.now() + HOUR)
    before = tus.head(url).headers["Upload-Expires"]

    after = tus.patch(url, 0, BODY[:50]).headers["Upload-Expires"]

    def moment(text: str) -> dt.datetime:
        return parsedate_to_datetime(text)

    assert moment(after) - moment(before) > 22 * HOUR


def test_an_unfinished_upload_expires_after_a_day_and_recovery_may_run_twice(tus: TusClient):
    old, fresh = tus.create(100), tus.create(100)
    tus.patch(old, 0, BODY[:50])
    Upload.objects.filter(public_id=old[-32:]).update(expires_at=timezone.now() - HOUR)
    yesterday = time.time() - 25 * 3600
    os.utime(part_of(old), (yesterday, yesterday))

    recover_uploads()
    recover_uploads()

    assert (tus.head(old).status, tus.head(fresh).status) == (410, 200)
    assert (part_of(old).exists(), part_of(fresh).exists()) == (False, True)


def test_part_files_without_an_upload_are_removed(tus: TusClient):
    stray = part_of(tus.create(100)).with_name("0" * 32)
    stray.write_bytes(b"x")
    yesterday = time.time() - 25 * 3600
    os.utime(stray, (yesterday, yesterday))

    recover_uploads()

    assert not stray.exists()


def test_uploading_needs_a_login(server: Server, tus: TusClient):
    url = tus.create(100)
    visitor = TusClient(server.port, None)

    replies = [visitor.announce(100), visitor.head(url), visitor.patch(url, 0, BODY[:100])]

    assert [reply.status for reply in replies] == [401, 401, 401]


def test_a_request_from_another_site_is_refused(tus: TusClient):
    url = tus.create(100)

    assert tus.ask("POST", UPLOADS_PATH, Upload_Length="10", X_CSRFToken=None).status == 403
    assert tus.patch(url, 0, BODY[:100], X_CSRFToken="u" * 32).status == 403
    assert tus.patch(url, 0, BODY[:100], Origin="https://elsewhere.example").status == 403
    assert tus.ask("GET", url, X_HTTP_Method_Override="DELETE", X_CSRFToken=None).status == 405
    assert tus.ask("POST", url, X_HTTP_Method_Override="DELETE", X_CSRFToken=None).status == 403
    assert tus.ask("HEAD", url, Host="elsewhere.example").status == 400
    assert Upload.objects.get().state == UploadState.RECEIVING


def test_an_upload_is_its_owners_only(server: Server, tus: TusClient, center: Center):
    url = tus.create(100)
    colleague = TusClient(server.port, MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user)

    replies = [colleague.head(url), colleague.patch(url, 0, BODY[:100]), colleague.ask("DELETE", url)]

    assert [reply.status for reply in replies] == [404, 404, 404]
    assert part_of(url).stat().st_size == 0


def test_a_person_who_lost_the_role_is_stopped_at_the_next_chunk(tus: TusClient, manager: User):
    url = tus.create(100)
    manager.memberships.all().delete()

    assert tus.patch(url, 0, BODY[:100]).status == 404
    assert tus.announce(100).status == 403


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.AUDITOR])
def test_uploading_needs_the_media_role(server: Server, center: Center, role: RoleName):
    user = MembershipFactory(role=role, center=center).user

    assert TusClient(server.port, user).announce(100).status == 403


def test_uploading_needs_a_second_factor(manager: User, center: Center, db: None):
    officer = MembershipFactory(role=RoleName.MINISTRY_OFFICER, center=center).user
    server = started(SECOND_FACTOR_REQUIRED="true")
    try:
        answers = [
            TusClient(server.port, user).announce(100, center=str(center.pk)).status
            for user in (officer, manager)
        ]
    finally:
        stop_server(server)

    assert answers == [403, 201]


def test_an_upload_into_a_foreign_center_is_refused(tus: TusClient, other_center: Center):
    reply = tus.announce(100, center=str(other_center.pk))

    assert (reply.status, reply.text) == (403, "اختر مركزًا يُسمح لك بالرفع فيه.")
    assert not Upload.objects.exists()


def test_a_server_killed_in_the_middle_keeps_what_arrived(manager: User, db: None):
    server = started()
    tus = TusClient(server.port, manager)
    url = tus.create(len(BODY))
    acknowledged = tus.patch(url, 0, BODY[:300_000]).offset
    with tus.started_patch(url, acknowledged, len(BODY) - acknowledged) as connection:
        connection.sendall(BODY[acknowledged:700_000])
        told = tus.settled_offset(url, 700_000)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()

    server = started()
    tus = TusClient(server.port, manager)
    offset = tus.head(url).offset
    reply = tus.patch(url, offset, BODY[offset:])
    stop_server(server)

    assert (acknowledged, told, offset) == (300_000, 700_000, 700_000)
    assert reply.status == 204
    assert part_of(url).read_bytes() == BODY


def test_an_upload_that_met_the_reserve_of_the_disk_goes_on_when_there_is_room(tus: TusClient, manager: User):
    url = tus.create(len(BODY))
    tus.patch(url, 0, BODY[:1000])
    server = started(MEDIA_DISK_RESERVE_BYTES=str(10**18))
    full = TusClient(server.port, manager)

    refused = full.patch(url, 1000, BODY[1000:])
    offset = full.head(url).offset
    stop_server(server)

    assert (refused.status, offset) == (507, 1000)
    assert refused.text == "لا تتسع مساحة الخادم لهذا الملف الآن. أبلغ مسؤول تشغيله، ثم حاول لاحقًا."
    assert tus.patch(url, 1000, BODY[1000:]).status == 204
    assert part_of(url).read_bytes() == BODY


def test_a_whole_file_whose_last_offset_was_not_recorded_is_found(tus: TusClient):
    asked, swept = tus.create(len(BODY)), tus.create(len(BODY))
    for url in (asked, swept):
        part_of(url).write_bytes(BODY)

    assert tus.head(asked).offset == len(BODY)
    recover_uploads()

    assert {upload.state for upload in Upload.objects.all()} == {UploadState.CHECKING}
