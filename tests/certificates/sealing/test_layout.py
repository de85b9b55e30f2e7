"""Between the seal and a valid time stamp, bytes that only some readers of PDFs parse are refused."""

import re
import subprocess
from pathlib import Path

import pytest

from certificates.sealing import Verdict, add_long_term, examine
from tests.certificates.sealing.updates import open_update, restamped, stamped, start_of_sections
from tests.external_programs import program

# The first page of the tests, smaller: as if somebody had written another certificate over it.
_PAGE = b"5 0 obj\n<</Type /Page /Parent 3 0 R /MediaBox [0 0 111 111] /Contents 6 0 R /Resources <<>>>>\nendobj\n"


@pytest.fixture
def archived(sealed, timestamper, trust) -> bytes:
    return add_long_term(sealed, timestamper=timestamper, trust=trust)


def with_another_page(pdf: bytes) -> bytes:
    """`pdf` and an update that no `%%EOF` ends: who looks for the last of those finds the one before."""
    section = b"xref\n5 1\n%010d 00000 n \ntrailer\n<</Root 1 0 R /Size 14 /Prev %d>>\nstartxref\n%d\n"
    return pdf + _PAGE + section % (len(pdf), start_of_sections(pdf), len(pdf) + len(_PAGE))


def width_in_poppler(pdf: bytes, folder: Path) -> str:
    (folder / "read.pdf").write_bytes(pdf)
    command = [program("pdfinfo", package="poppler-utils"), folder / "read.pdf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.findall(r"Page size: +(\d+)", said)[0]


def test_an_update_behind_the_last_end_of_the_file_is_refused(archived, timestamper, trust, tmp_path):
    """Readers that look for the last `startxref` show its page, those that look for the last `%%EOF` the sealed one."""
    forged = restamped(with_another_page(archived), timestamper)

    widths = [width_in_poppler(pdf, tmp_path) for pdf in (archived, forged)]

    assert widths == ["300", "111"]
    assert [examine(pdf, trust).verdict for pdf in (archived, forged)] == [Verdict.INTACT, Verdict.ALTERED]


@pytest.mark.parametrize(
    "hidden", [b"% nothing\n", _PAGE, b"\0", b"xref\n0 0\n"], ids=["comment", "object", "zero", "section"]
)
def test_bytes_between_the_seal_and_the_first_object_are_refused(sealed, timestamper, trust, hidden):
    pdf = stamped(open_update(sealed + hidden), timestamper)

    assert examine(pdf, trust).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        (b"xref\n0 2", _PAGE + b"xref\n0 2"),
        (b"xref\n0 2", b"% nothing\nxref\n0 2"),
        (b"/Root 1 0 R\n", b"/Root 1 0 R % nothing\n"),
        (b"/Root 1 0 R\n", b"/Root 1 0 R /XRefStm 15\n"),
        (b"startxref\n", b"startxref % nothing\n"),
        (b"\n%%EOF\n", b"\n%%EOF nothing\n"),
        (b"\n%%EOF\n", b"\n%%EOF\n% nothing\n"),
    ],
    ids=["object", "comment", "in the trailer", "hybrid", "before the place", "at the end", "after the end"],
)
def test_what_is_written_otherwise_than_a_revision_is_refused(
    sealed, archived, timestamper, trust, written, otherwise
):
    sealed_part, added = archived[: len(sealed)], archived[len(sealed) :]
    before, found, after = added.rpartition(written)
    pdf = sealed_part + before + otherwise + after
    if written.startswith(b"xref"):
        pdf = re.sub(rb"startxref\n\d+(?=\n%%EOF\n$)", b"startxref\n%d" % pdf.rindex(b"xref\n0 2"), pdf)

    verdict = examine(restamped(pdf, timestamper), trust).verdict

    assert found
    assert verdict is Verdict.ALTERED


def test_a_time_stamp_of_later_years_finds_the_layout_as_it_was_written(archived, timestamper, trust):
    twice = add_long_term(archived, timestamper=timestamper, trust=trust)

    assert examine(restamped(twice, timestamper), trust).verdict is Verdict.INTACT
