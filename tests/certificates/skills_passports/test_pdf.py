"""The paper of a skills passport is sealed, readable and the same every time."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from uuid import UUID

import pymupdf
import pypdfium2
import pytest
from pyhanko.sign.validation.status import SignatureCoverageLevel

from accounts.models import Center
from certificates.models import Credential
from certificates.passports.content import Entry, passport_content
from certificates.passports.drawing import draw_passport
from certificates.passports.layout import Face, PassportData
from certificates.passports.signed import FILE_NAME
from certificates.queries.keys import seal_trust
from certificates.sealing import Coverage, Verdict, examine
from tests.certificates.designs import OLD_FACTS
from tests.certificates.drawing.test_sentences import sizes_in
from tests.certificates.passport_data import NAME, SITE, another_of, file_of, held_in
from tests.certificates.seal_readers import output_of_pdfsig, validated_by_pyhanko
from tests.factories.sharing import passported
from tests.typesetting.validators import outloud_findings, preflight, qpdf
from typesetting.lint import lint


@pytest.fixture
def credential(center: Center) -> Credential:
    return held_in(center)


def test_the_pdf_is_sealed_and_has_its_content_attached(credential: Credential):
    passport = passported(credential).passport

    pdf = file_of(passport)

    assert (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (passport.sha256, passport.size)
    reading = examine(pdf, seal_trust())
    assert lint(pdf) == []
    assert (reading.verdict, reading.coverage) == (Verdict.INTACT, Coverage.WHOLE_FILE)
    with pymupdf.open(stream=pdf) as document:
        attached = json.loads(document.embfile_get(0))
        assert document.embfile_names() == [FILE_NAME]
    assert attached["passport"] == passport.claims
    assert attached["jws"] == passport.token


def test_a_sealed_passport_conforms(credential: Credential, center: Center):
    # With one line alone outloud counts more headings than data and takes them for shredded.
    pdf = file_of(passported(credential, another_of(credential, center)).passport)

    assert outloud_findings(pdf) == []


def test_qpdf_has_nothing_against_a_sealed_passport(credential: Credential):
    assert qpdf(file_of(passported(credential).passport)) == ""


@pytest.mark.engines("PDFBox Preflight runs in a Java machine of its own")
def test_preflight_has_nothing_against_a_sealed_passport(credential: Credential):
    assert preflight(file_of(passported(credential).passport)) == []


def test_foreign_readers_call_the_seal_of_a_passport_valid(credential: Credential, tmp_path: Path):
    pdf = file_of(passported(credential).passport)

    status, said = validated_by_pyhanko(pdf), output_of_pdfsig(pdf, tmp_path)

    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert "Signature is Valid." in said


@pytest.mark.parametrize("reader", ["pdfium", "mupdf"])
def test_arabic_names_are_read_back_from_the_pdf(credential: Credential, reader: str):
    pdf = file_of(passported(credential).passport)

    if reader == "pdfium":
        text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    else:
        with pymupdf.open(stream=pdf) as document:
            text = document[0].get_text()
    assert NAME in text.splitlines()
    assert credential.holder.full_name_en in text.splitlines()
    assert credential.number in text


def test_a_passport_says_that_its_hours_are_those_of_the_programs(credential: Credential):
    with pymupdf.open(stream=file_of(passported(credential).passport)) as document:
        text = " ".join(document[0].get_text().split())

    assert "Hours of the programs" in text
    assert f"Program hours: {credential.claims['hours']}" in text
    assert "Hours of training" not in text


def test_many_certificates_take_several_pages(credential: Credential):
    claims = passported(credential).passport.claims
    (entry,) = claims["credentials"]
    entries = [{**entry, "number": f"CAI-03/2026/{number:06d}"} for number in range(40)]
    paper = PassportData(
        content={**claims, "credentials": entries}, file=b"{}", share_address=SITE, seal_size=4000
    )

    pdf = draw_passport(paper)

    pages = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    assert len(pages) > 1
    assert [one["number"] for one in entries if one["number"] not in text] == []
    assert lint(pdf) == []


def test_the_same_passport_gives_the_same_bytes(credential: Credential):
    claims = passported(credential).passport.claims
    paper = PassportData(content=claims, file=b"{}", share_address=SITE, seal_size=4000)

    assert draw_passport(paper) == draw_passport(paper)


@pytest.mark.parametrize("occupations", [1, 14])
def test_the_certificates_stand_below_the_occupations_however_many(occupations: int):
    made_at = dt.datetime(2026, 9, 28, tzinfo=dt.UTC)
    content = passport_content(
        id_=UUID(int=1),
        site_url=SITE,
        issuer={"name_ar": "وزارة العمل", "name_en": "Ministry of Labor"},
        holder={"name_ar": NAME, "name_en": "Abdelrahman"},
        consent={},
        made_at=made_at,
        expires_at=made_at + dt.timedelta(days=90),
        entries=[in_occupation(str(7211 + number)) for number in range(occupations)],
    )

    pdf = draw_passport(PassportData(content, b"{}", share_address=SITE, seal_size=100))

    with pymupdf.open(stream=pdf) as document:
        (sums,), (table,) = (
            document[0].search_for(text) for text in ("Good until", "Certificate and program")
        )
    assert sums.y1 < table.y0


def in_occupation(code: str) -> Entry:
    return Entry(
        kind="completion",
        number=f"CAI-03/2026/SL-00{code}",
        code="7K3M9QXD0109R",
        verify_url=f"{SITE}/v/7K3M9QXD0109R",
        standing="valid",
        issued_on=dt.date(2026, 9, 28),
        valid_from=dt.date(2026, 9, 28),
        valid_until=None,
        claims={**OLD_FACTS, "program_code": f"PRG-{code}", "occupation_code": code},
    )


@pytest.mark.parametrize("count", [1, 6])
def test_a_passport_says_whose_it_is_and_has_no_letter_below_six_points(count: int):
    made_at = dt.datetime(2026, 9, 28, tzinfo=dt.UTC)
    content = passport_content(
        id_=UUID(int=1),
        site_url=SITE,
        issuer={"name_ar": "وزارة العمل", "name_en": "Ministry of Labor"},
        holder={"name_ar": NAME, "name_en": ""},
        consent={},
        made_at=made_at,
        expires_at=made_at + dt.timedelta(days=90),
        entries=[in_occupation(str(7211 + number)) for number in range(count)],
    )
    face = Face(state_ar="جمهورية مصر العربية", state_en="Arab Republic of Egypt")

    pdf = draw_passport(PassportData(content, b"{}", share_address=SITE, seal_size=100, face=face))

    pages = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    assert {"Arab Republic of Egypt", "Electronic seal: Ministry of Labor"} <= set(text.splitlines())
    assert min(sizes_in(pdf)) >= 6
    assert len(pdf) < 150_000
    assert lint(pdf) == []
