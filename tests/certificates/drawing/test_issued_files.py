"""The papers that the site really issues, in each built-in design: for archives, screen readers, and every reader of seals."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pytest_django import DjangoDbBlocker

from certificates.designs import NAMES
from certificates.enums import FileKind
from certificates.models import RenderJob
from certificates.services.sealed_pdfs import render_sealed_pdf
from tests.certificates.drawing.issued_files import LATIN, NAME, certificate_of
from tests.certificates.seal_readers import output_of_pdfsig, validated_by_pyhanko
from tests.factories.signing_keys import with_demo_keys
from tests.typesetting.reading import text_by_mupdf, text_by_pdfium, texts_by_pdfjs
from tests.typesetting.validators import outloud_findings, preflight, qpdf
from typesetting.lint import lint

# The papers are drawn once for the module; pytest-django makes databases for marked tests only.
pytestmark = [
    pytest.mark.engines("other programs read the sealed papers of all built-in designs"),
    pytest.mark.xdist_group("issued files"),
    pytest.mark.django_db,
]


@pytest.fixture(scope="module", params=NAMES)
def pdf(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> bytes:
    """A sealed paper of a built-in design, about somebody whose name has ligatures."""
    with django_db_blocker.unblock(), transaction.atomic():
        drawn = render_sealed_pdf(
            RenderJob(credential=certificate_of(request.param), kind=FileKind.CERTIFICATE)
        ).pdf
        transaction.set_rollback(True)
    return drawn


def test_a_sealed_file_conforms(pdf: bytes):
    assert lint(pdf) == []
    assert outloud_findings(pdf) == []
    assert qpdf(pdf) == ""


@pytest.mark.engines("PDFBox Preflight runs in a Java machine of its own")
def test_preflight_accepts_a_sealed_file(pdf: bytes):
    assert preflight(pdf) == []


def test_foreign_readers_call_its_seal_valid(pdf: bytes, tmp_path: Path):
    with_demo_keys()

    status, said = validated_by_pyhanko(pdf), output_of_pdfsig(pdf, tmp_path)

    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_its_names_are_copied_as_they_were_written(pdf: bytes):
    for text in (text_by_pdfium(pdf), text_by_mupdf(pdf), *texts_by_pdfjs([pdf])):
        lines = [re.sub("[\u200e\u200f\u202a-\u202e]", "", line).strip() for line in text.splitlines()]

        # A long name takes two lines of a narrow column.
        said = " ".join(lines)
        assert NAME in said
        assert LATIN in said
        assert len(pdf) <= 150_000
