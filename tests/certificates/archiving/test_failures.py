"""A failure of archiving affects that file alone, or is logged once if it affects all."""

import datetime as dt
import logging
from pathlib import Path

import pytest
from django.utils import timezone

from certificates.enums import FileKind, KeyRole
from certificates.models import Artifact, SigningKey
from certificates.queries.keys import active_key
from certificates.services.archiving import archive_certificates
from certificates.services.file_storage import private_path
from certificates.services.keys import mark_compromised
from certificates.services.signers import read_revocation_lists
from tests.factories.certificates import drawn, issued


def archives() -> int:
    return Artifact.objects.filter(kind=FileKind.ARCHIVE).count()


def test_a_lost_file_does_not_stop_the_others(demo_keys: list[SigningKey]):
    papers = [drawn(issued()) for _number in range(3)]
    private_path(papers[0].path).unlink()

    archived = [archive_certificates(limit=1) for _run in range(3)]

    assert archived == [1, 1, 0]
    assert archives() == 2


@pytest.mark.parametrize("content", [b"", b"-----BEGIN X509 CRL-----\n", b"<html>"])
def test_a_revocation_list_that_cannot_be_read_is_said_once(
    demo_keys: list[SigningKey], keys_dir: Path, caplog: pytest.LogCaptureFixture, content: bytes
):
    for _number in range(2):
        drawn(issued())
    (keys_dir / "ministry.crl").write_bytes(content)

    archived = archive_certificates(limit=10)

    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert (archived, archives()) == (0, 0)
    assert ["ministry.crl" in record.getMessage() for record in said] == [True]


def test_files_sealed_by_a_compromised_key_are_not_archived(
    demo_keys: list[SigningKey], caplog: pytest.LogCaptureFixture
):
    drawn(issued())
    key = active_key(KeyRole.PDF_SEAL)
    assert key is not None
    mark_compromised(key_id=key.key_id, since=timezone.now() - dt.timedelta(days=1), by=None)

    archived = archive_certificates(limit=10)

    assert archived == 0
    assert "cannot be archived" not in caplog.text


def test_the_demo_revocation_list_is_written_whole(demo_keys: list[SigningKey], keys_dir: Path):
    """The revocation list is replaced atomically: a reader gets the old one or the new one."""
    reader = (keys_dir / "demo-root.crl").open("rb")
    key = active_key(KeyRole.PDF_SEAL)
    assert key is not None

    mark_compromised(key_id=key.key_id, since=timezone.now(), by=None)

    with reader:
        old = reader.read()
    assert old
    assert read_revocation_lists()[0] != old
    assert list(keys_dir.glob("*.part")) == []
