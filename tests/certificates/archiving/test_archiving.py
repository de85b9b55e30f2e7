"""Every night sealed files get long-term evidence."""

import datetime as dt
import socket
from collections.abc import Iterator

import pytest
from django.core.files.storage import storages
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from certificates import tasks
from certificates.enums import FileKind, Reason
from certificates.models import Artifact, Credential, RenderJob, SigningKey
from certificates.queries.keys import seal_trust
from certificates.sealing import Coverage, Verdict, examine
from certificates.services.archiving import archive_certificates
from certificates.services.auditing import Audit
from certificates.services.file_verification import verify_file
from certificates.services.rendering import render_certificates
from certificates.services.statuses import issue_copy
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import drawn, issued


@pytest.fixture
def credential(demo_keys: list[SigningKey]) -> Credential:
    return issued()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port without a listening process."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def stored(artifact: Artifact) -> bytes:
    with storages["private"].open(artifact.path) as file:
        return file.read()


@pytest.mark.usefixtures("no_drawn_files")
def test_a_sealed_file_is_archived_once_and_does_not_change(credential: Credential):
    paper = drawn(credential)
    before = stored(paper)

    archived = archive_certificates(limit=10), archive_certificates(limit=10)

    archive = credential.artifacts.get(kind=FileKind.ARCHIVE)
    reading = examine(stored(archive), seal_trust())
    assert archived == (1, 0)
    assert stored(paper) == before
    assert stored(archive).startswith(before)
    assert (reading.verdict, reading.coverage) == (Verdict.INTACT, Coverage.ALLOWED_ADDITIONS)
    assert reading.timestamped_at is not None
    assert list(Audit().findings()) == []


@pytest.mark.usefixtures("no_drawn_files")
def test_numbered_copies_are_archived_each_for_itself(credential: Credential):
    original = drawn(credential)
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    render_certificates(job_ids=list(RenderJob.objects.values_list("pk", flat=True)))

    archived = archive_certificates(limit=10), archive_certificates(limit=10)

    archives = credential.artifacts.filter(kind=FileKind.ARCHIVE)
    assert archived == (2, 0)
    assert {one.copy for one in archives} == {None, copy}
    assert {one.archive_of for one in archives} == {original, copy.artifacts.get(kind=FileKind.CERTIFICATE)}
    assert list(Audit().findings()) == []


def test_the_public_page_knows_the_archive_too(credential: Credential):
    drawn(credential)
    archive_certificates(limit=10)

    check = verify_file(pdf=stored(credential.artifacts.get(kind=FileKind.ARCHIVE)), address="127.0.0.1")

    assert check.verdict == "genuine"


def test_a_night_archives_no_more_than_its_limit(demo_keys: list[SigningKey]):
    for _number in range(3):
        drawn(issued())

    assert [archive_certificates(limit=2) for _night in range(3)] == [2, 1, 0]


def test_a_run_whose_time_is_over_begins_no_other_file(demo_keys: list[SigningKey]):
    for _number in range(2):
        drawn(issued())

    assert [archive_certificates(limit=10, within=dt.timedelta(0)) for _run in range(3)] == [1, 1, 0]


def test_without_an_answer_of_the_authority_the_file_waits(
    credential: Credential, settings: Settings, closed_port: int
):
    drawn(credential)
    settings.TIMESTAMP_AUTHORITY_URL = f"http://127.0.0.1:{closed_port}/"

    archived = archive_certificates(limit=10)

    assert archived == 0
    assert not Artifact.objects.filter(kind=FileKind.ARCHIVE).exists()


@pytest.mark.parametrize(("papers", "rings"), [(0, 0), (1, 1)])
def test_the_night_rings_for_its_next_part_until_nothing_is_left(
    demo_keys: list[SigningKey], monkeypatch: pytest.MonkeyPatch, papers: int, rings: int
):
    rung: list[None] = []
    monkeypatch.setattr(tasks.archive, "delay", lambda: rung.append(None))
    for _number in range(papers):
        drawn(issued())

    tasks.archive()

    assert Artifact.objects.filter(kind=FileKind.ARCHIVE).count() == papers
    assert len(rung) == rings
