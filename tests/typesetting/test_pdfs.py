"""The PDFs of the product conform to PDF/A and PDF/UA."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from certificates.drawing import CertificateData, draw_certificate
from live.attendance.sheet_drawing import Sheet, SheetRow, draw_sheet
from tests.typesetting.reading import text_by_mupdf, text_by_pdfium, texts_by_pdfjs
from tests.typesetting.validators import outloud_findings, preflight
from typesetting.lint import lint

NAME = "أحمد محمد عبد الرحمن السيد الشربيني"


def certificate() -> bytes:
    return draw_certificate(
        CertificateData(
            number="CTR-2026-000123",
            code="7K3M9QXD0109",
            issued_on=date(2026, 11, 24),
            claims={
                "name_ar": NAME,
                "name_en": "Ahmed Mohamed Abdelrahman Elsayed Elsherbini",
                "program_ar": "لحام القوس المعدني",
                "program_en": "Shielded Metal Arc Welding",
                "completed_on": "2026-10-30",
                "level_ar": "المستوى الثالث",
                "level_en": "Level 3",
                "hours": 420,
                "center_ar": "مركز تدريب المعادي",
                "center_en": "Maadi Training Center",
                "governorate_ar": "القاهرة",
                "governorate_en": "Cairo",
            },
            design={
                "accent": "#0B6E6E",
                "authority_ar": "وزارة العمل – الإدارة العامة للتدريب المهني",
                "authority_en": "Ministry of Labor – Vocational Training",
                "heading_ar": "شهادة إتمام تدريب مهني",
                "heading_en": "Certificate of Vocational Training",
                "statement_ar": "تشهد وزارة العمل بأن",
                "statement_en": "has completed the program",
                "signatory_ar": "مدير التدريب",
                "signatory_en": "Director of Training",
                "signatory_title_ar": "وزارة العمل",
                "signatory_title_en": "Ministry of Labor",
            },
            verify_url="https://example.org/c/7K3M9QXD0109R",
        )
    )


def attendance_sheet() -> bytes:
    """Three pages."""
    rows = [SheetRow(f"{NAME} {number}", "٦٠", f"{number % 4}/٣", "حاضر", "") for number in range(60)]
    return draw_sheet(
        Sheet(
            title="لحام القوس المعدني",
            facts=[("المدرب", NAME), ("التاريخ", "٢٠٢٦/١١/٢٤")],
            rows=rows,
            rule="يحضر من بقي ثلاثة أرباع الحصة وأجاب.",
            state="سجل مجمد",
            digest="ab" * 32,
            printed_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        )
    )


@pytest.mark.parametrize("paper", [certificate, attendance_sheet])
def test_a_pdf_conforms(paper: Callable[[], bytes]) -> None:
    pdf = paper()

    assert lint(pdf) == []
    # Rows of a sheet look alike from page to page; outloud takes the nearest to an edge for a running title.
    assert [finding for finding in outloud_findings(pdf) if not finding.startswith("PAG-001: 1 ")] == []


@pytest.mark.engines("PDFBox Preflight runs in a Java machine of its own")
@pytest.mark.parametrize("paper", [certificate, attendance_sheet])
def test_preflight_accepts_a_pdf(paper: Callable[[], bytes]) -> None:
    assert preflight(paper()) == []


def test_the_name_on_a_certificate_is_copied_as_it_was_written() -> None:
    pdf = certificate()

    for text in (text_by_pdfium(pdf), text_by_mupdf(pdf), *texts_by_pdfjs([pdf])):
        assert NAME in [line.strip() for line in text.splitlines()]


def test_a_certificate_is_small() -> None:
    assert len(certificate()) <= 150_000
