"""The audit finds every inconsistency, and nothing in a consistent register."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from accounts.enums import RoleName
from certificates.enums import Reason
from certificates.models import Artifact, Copy, Credential, NumberSeries, RenderJob
from certificates.services.auditing import Audit
from certificates.services.file_storage import CERTIFICATES, TEMPORARY_FOLDER, private_path
from certificates.services.rendering import render_certificates
from certificates.services.statuses import issue_copy
from jobs.enums import JobState
from tests.database_owner import trigger_disabled
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import approved, proposed
from tests.factories.courses import CohortFactory
from tests.factories.jobs import put

pytestmark = pytest.mark.engines("draws a register of certificates for each test")


@pytest.fixture
def register(no_drawn_files: None) -> list[Credential]:
    """Three certificates and a copy, all drawn; files of other tests are out of the way."""
    credentials = approved(proposed(CohortFactory(), people=3))
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credentials[0].center).user
    issue_copy(credential_id=credentials[0].pk, reason=Reason.LOST, by=officer)
    render_certificates(job_ids=list(RenderJob.objects.values_list("pk", flat=True)))
    return credentials


def kinds() -> list[str]:
    return [finding.kind for finding in Audit().findings()]


def past_the_trigger(table: str, statement: str, *parameters: object) -> None:
    """Run SQL as the owner of the tables."""
    with connection.cursor() as cursor, trigger_disabled(table):
        cursor.execute(statement, parameters)


def long_ago(file: Path) -> None:
    os.utime(file, (0, 0))


def file_of(credential: Credential) -> Path:
    return private_path(credential.artifacts.get(copy=None).path)


def test_nothing_is_found_where_all_is_well(register: list[Credential]):
    audit = Audit()

    assert list(audit.findings()) == []
    assert (audit.credentials, audit.copies, audit.files, audit.open, audit.failed) == (3, 1, 4, 0, 0)
    assert audit.bytes == sum(Artifact.objects.values_list("size", flat=True))


def test_the_command_ends_with_a_line_of_json(register: list[Credential]):
    output = StringIO()

    call_command("audit_certificates", stdout=output)

    answer = json.loads(output.getvalue().splitlines()[-1])
    assert (answer["credentials"], answer["files"], answer["findings"]) == (3, 4, 0)


def test_the_command_fails_on_any_finding(register: list[Credential]):
    file_of(register[1]).unlink()
    errors, output = StringIO(), StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("audit_certificates", stdout=output, stderr=errors)

    assert end.value.code == 1
    assert "missing: certificates/" in errors.getvalue()
    assert json.loads(output.getvalue().splitlines()[-1])["found"] == {"missing": 1}


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_a_flipped_byte_is_found(register: list[Credential], place: int):
    file = file_of(register[0])
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)

    assert kinds() == ["hash"]


def test_an_appended_byte_is_found(register: list[Credential]):
    with file_of(register[0]).open("ab") as file:
        file.write(b"\n")

    assert kinds() == ["size", "hash"]


def test_a_file_without_a_row_is_found_once_it_is_older_than_a_lease(register: list[Credential]):
    stranger = file_of(register[0]).with_name("stranger.pdf")
    stranger.write_bytes(b"%PDF-")

    assert kinds() == []
    long_ago(stranger)
    assert kinds() == ["orphan"]


def test_an_unfinished_file_is_found_once_it_is_abandoned(register: list[Credential]):
    left = private_path(TEMPORARY_FOLDER) / "left.part"
    left.write_bytes(b"%PDF-")

    assert kinds() == []
    long_ago(left)
    assert kinds() == ["orphan"]
    left.unlink()


def test_a_drawn_certificate_without_a_file_is_found(register: list[Credential]):
    past_the_trigger(
        "certificates_artifact",
        "DELETE FROM certificates_artifact WHERE credential_id = %s AND copy_id IS NULL",
        register[0].pk,
    )
    long_ago(file_of_path := next(private_path(CERTIFICATES).rglob(f"{register[0].public_id}-paper0-*")))

    assert kinds() == ["no_file", "orphan"]
    file_of_path.unlink()


def test_a_drawn_copy_without_a_file_is_found(register: list[Credential]):
    past_the_trigger("certificates_artifact", "DELETE FROM certificates_artifact WHERE copy_id IS NOT NULL")

    assert kinds() == ["no_file"]


def test_a_certificate_without_a_render_job_is_found(register: list[Credential]):
    RenderJob.objects.filter(credential=register[2]).delete()
    RenderJob.objects.filter(copy=Copy.objects.get()).delete()

    assert kinds() == ["no_job", "no_job"]


def test_a_gap_in_the_middle_is_found(register: list[Credential]):
    number = register[1].number
    past_the_trigger(
        "certificates_credential",
        "UPDATE certificates_credential SET number = %s WHERE number = %s",
        number.replace("000002", "000009"),
        number,
    )

    # From 1 to 3, from 3 to 9, and the end is not what was counted.
    assert kinds() == ["gap", "gap", "gap"]


def test_a_number_twice_in_a_series_is_found(register: list[Credential]):
    number = register[2].number
    past_the_trigger(
        "certificates_credential",
        "UPDATE certificates_credential SET number = %s WHERE number = %s",
        number.replace("000003", "X00002"),
        number,
    )

    assert kinds() == ["duplicate_number", "gap"]


def test_a_series_that_counted_further_than_was_issued_is_found(register: list[Credential]):
    NumberSeries.objects.update(last=F("last") + 1)

    assert kinds() == ["gap"]


def test_a_certificate_outside_every_series_is_found(register: list[Credential]):
    past_the_trigger("certificates_numberseries", "DELETE FROM certificates_numberseries")

    assert kinds() == ["no_series"] * 3


def test_what_waits_or_failed_is_counted_and_no_finding(register: list[Credential]):
    approved(proposed(CohortFactory(), people=2))
    first = RenderJob.objects.filter(state=JobState.WAITING).first()
    put(RenderJob.objects.filter(pk=first.pk), JobState.FAILED)
    audit = Audit()

    assert list(audit.findings()) == []
    assert (audit.open, audit.failed) == (1, 1)
