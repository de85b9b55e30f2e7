"""Files of questions that are refused, damaged or made to do harm."""

import codecs
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.enums import RoleName
from accounts.models import Center
from assessment.enums import FileFormat, RemarkKind
from assessment.errors import (
    FileOfQuestionsTooLarge,
)
from assessment.exchange.item import FaultCode
from assessment.exchange.packages import pack
from assessment.models import Question, QuestionImport
from assessment.services import question_imports
from courses.enums import ImportStep
from tests.assessment.question_files import (
    MOODLE,
    checked,
    counts,
    file_of,
    places_on_a_picture,
    remarks,
    uploaded,
    worked,
)
from tests.factories.accounts import staff_member

pytestmark = pytest.mark.django_db


STATEMENT = "يُقطع التيار قبل الفتح. {T}\n"


@pytest.mark.parametrize(("data", "file_format", "code"), [
    (b"\x89PNG\r\n\x1a\n\0", FileFormat.MOODLE_XML, FaultCode.XML),
    (b"\x89PNG\r\n\x1a\n\0", FileFormat.GIFT, FaultCode.NOT_TEXT),
    (b"<quiz><question></quiz>", FileFormat.MOODLE_XML, FaultCode.XML),
    (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', FileFormat.MOODLE_XML, FaultCode.ENTITIES),
    (b"PK\x03\x04 and no more", FileFormat.QTI, FaultCode.NOT_A_PACKAGE),
    (pack({"xl/workbook.xml": b"<a/>"}), FileFormat.TABLE, "NotATable"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFormat.TABLE, "OldOrLockedWorkbook"),
    (b"kind,phone\nx,y", FileFormat.TABLE, FaultCode.HEADING_UNKNOWN),
    (b"kind,question\n", FileFormat.TABLE, FaultCode.NO_QUESTIONS),
    (b'kind,question\nx,"open', FileFormat.TABLE, "LineBroken"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_and_deleted(
    center: Center,
    data: bytes,
    file_format: FileFormat,
    code: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    run = uploaded(data, owner=center, file_format=file_format)
    with django_capture_on_commit_callbacks(execute=True):
        run = worked(run)

    assert (run.step, run.refusal) == (ImportStep.REFUSED, code)
    assert not file_of(run).exists()
    assert not Question.objects.exists()


def package(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members:
            archive.writestr(zipfile.ZipInfo(name), inside, zipfile.ZIP_DEFLATED)
    return file.getvalue()


ITEM = '<assessmentItem identifier="a" title="a"><itemBody><p>اشرح</p><extendedTextInteraction/></itemBody></assessmentItem>'.encode()


def claiming_a_gigabyte() -> bytes:
    """The directory of the package says that its member has a gigabyte."""
    data = package(("a.xml", ITEM))
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + (10**9).to_bytes(4, "little") + data[at + 4 :]


@pytest.mark.parametrize(("data", "file_format", "code"), [
    (package(("../a.xml", ITEM)), FileFormat.QTI, FaultCode.UNSAFE_NAME),
    (package(("/etc/a.xml", ITEM)), FileFormat.QTI, FaultCode.UNSAFE_NAME),
    (package(("a.xml", b" " * 5_000_000)), FileFormat.QTI, FaultCode.TOO_LARGE),
    (claiming_a_gigabyte(), FileFormat.QTI, FaultCode.TOO_LARGE),
    (package(("[Content_Types].xml", b""), *((f"xl/{n}", b" " * 40_000_000) for n in range(8))), FileFormat.TABLE, "WorkbookTooLarge"),
])  # fmt: skip
def test_a_hostile_package_is_refused_as_a_whole(
    center: Center, data: bytes, file_format: FileFormat, code: str
):
    run = checked(data, owner=center, file_format=file_format)

    assert (run.step, run.refusal) == (ImportStep.REFUSED, code)


def test_a_picture_that_would_burst_costs_its_question_alone(center: Center):
    bomb = places_on_a_picture().replace("</file>", "A" * 11_000_000 + "</file>")
    both = bomb.replace("</quiz>", MOODLE.partition("</question>")[2])

    run = checked(both, owner=center, file_format=FileFormat.MOODLE_XML)

    assert counts(run) == (3, 0, 0, 1)
    assert remarks(run, RemarkKind.FAULT) == [(1, FaultCode.TOO_LARGE)]


def test_letters_of_every_encoding_are_read(center: Center):
    for number, data in enumerate(
        (
            codecs.BOM_UTF8 + STATEMENT.encode(),
            STATEMENT.encode("utf-16"),
            STATEMENT.encode("cp1256", "ignore"),
        )
    ):
        assert counts(checked(data, owner=center)) == (1, 0, 0, 0), number


def test_a_file_that_is_too_large_is_not_stored(center: Center):
    folder = Path(storages["private"].path("question-imports"))
    before = set(folder.iterdir()) if folder.exists() else set()

    with pytest.raises(FileOfQuestionsTooLarge):
        question_imports.upload_questions(
            owner=center,
            name="a",
            chunks=[b" " * 5_000_000] * 6,
            file_format=FileFormat.GIFT,
            by=staff_member(RoleName.INSTRUCTOR, center),
        )

    assert set(folder.iterdir()) == before
    assert not QuestionImport.objects.exists()
