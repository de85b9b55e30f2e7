"""Every line of our PDFs is Arabic with Arabic-Indic digits, or Latin with Latin digits."""

import re

import pypdfium2
import pytest

from certificates.drawing import draw_certificate, sample_certificate
from scripts.crawl.language import faults_of_text
from tests.certificates.designs import ASSETS, SITE, paper
from tests.certificates.goldens import SHEETS
from tests.certificates.passport_data import file_of
from tests.factories.accounts import CenterFactory
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory
from tests.factories.sharing import passported

ARABIC = re.compile(r"[\u0621-\u064a]")
NAMES = {
    "person__full_name_ar": "منى السيد عبد الله",
    "person__full_name_en": "Mona Elsayed Abdallah",
}
LATIN = re.compile(r"[A-Za-z]{2,}")


def faults_in(pdf: bytes) -> list[str]:
    """Lines with both scripts belong to no language; the laws hold for what is of one."""
    faults = []
    for page in pypdfium2.PdfDocument(pdf):
        for line in page.get_textpage().get_text_bounded().splitlines():
            is_arabic, is_latin = bool(ARABIC.search(line)), bool(LATIN.search(line))
            if is_arabic != is_latin:
                faults += faults_of_text(line, "ar" if is_arabic else "en")
    return [f"{fault.law}: {fault.text}" for fault in faults]


@pytest.mark.parametrize("name", SHEETS)
def test_a_certificate_keeps_the_laws_of_language(name: str):
    design, card, _scale = SHEETS[name]

    assert faults_in(draw_certificate(paper(design), card=card)) == []


def test_a_numbered_copy_keeps_the_laws_of_language():
    copied = sample_certificate("copy", design=paper("completion").design, site=SITE, assets=ASSETS)

    assert faults_in(draw_certificate(copied)) == []


def test_a_passport_keeps_the_laws_of_language(db: None):
    center = CenterFactory(name_ar="مركز تدريب شبرا", name_en="Shubra Training Center")
    credential = issued(CohortFactory(center=center, program__title="لحام القوس"), **NAMES)

    assert faults_in(file_of(passported(credential).passport)) == []
