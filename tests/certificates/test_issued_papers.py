"""The papers that the site really issues, in each built-in design: for archives, screen readers, and every reader of seals."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from accounts.models import Center
from certificates.designs import NAMES
from certificates.enums import FileKind, KeyRole
from certificates.models import CertificateTemplate, RenderJob, SigningKey
from certificates.queries import active_key
from certificates.sealing.signing import der_of
from certificates.services import install_designs, propose
from certificates.services.papers import draw_sealed
from tests.certificates.designs import SIGNATORY
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import approved, completed_enrollment, credential_type
from tests.factories.courses import taught_cohort
from tests.typesetting.gates import HAS_PREFLIGHT, HAS_QPDF, outloud_findings, preflight, qpdf
from tests.typesetting.reading import text_by_mupdf, text_by_pdfium, texts_by_pdfjs
from typesetting.lint import lint

NAME = "لمياء عبد الله الشرنوبي"
LATIN = "Lamiaa Abdallah El-Sharnoubi"


@pytest.fixture(params=NAMES)
def pdf(request: pytest.FixtureRequest, demo_keys: list[SigningKey], center: Center) -> bytes:
    """A sealed paper of a built-in design, about somebody whose name has ligatures."""
    by = MembershipFactory(role="center_manager", center=center).user
    install_designs(by=by)
    template = CertificateTemplate.objects.get(built_in=request.param)
    for field, text in SIGNATORY.items():
        setattr(template, field, text)
    template.live = True
    template.save()
    # A supplement lists more units than its first page holds.
    kind = "supplement" if request.param == "supplement" else "completion"
    cohort = taught_cohort(center=center, lessons=30)
    completed_enrollment(cohort, person=PersonFactory(full_name_ar=NAME, full_name_en=LATIN))
    proposal = propose(cohort_id=cohort.pk, type_id=credential_type(kind).pk, template_id=template.pk, by=by)
    (credential,) = approved(proposal)
    return draw_sealed(RenderJob(credential=credential, kind=FileKind.PAPER)).pdf


def test_a_sealed_paper_passes_every_gate(pdf: bytes):
    assert lint(pdf) == []
    assert outloud_findings(pdf) == []
    if HAS_QPDF:
        assert qpdf(pdf) == ""
    if HAS_PREFLIGHT:
        assert preflight(pdf) == []


def test_foreign_readers_call_its_seal_valid(pdf: bytes, tmp_path: Path):
    key = active_key(KeyRole.PDF_SEAL)
    assert key is not None
    root = key.certificates()[-1]
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    (tmp_path / "sealed.pdf").write_bytes(pdf)

    status = validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[x509.Certificate.load(der_of(root))], allow_fetching=False),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
    )
    said = subprocess.run(
        ["pdfsig", "-nssdir", tmp_path, tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False
    ).stdout

    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_its_names_are_copied_as_they_were_written(pdf: bytes):
    for text in (text_by_pdfium(pdf), text_by_mupdf(pdf), *texts_by_pdfjs([pdf])):
        lines = [re.sub("[\u200e\u200f\u202a-\u202e]", "", line).strip() for line in text.splitlines()]

        assert NAME in lines
        assert any(LATIN in line for line in lines)
        assert len(pdf) <= 150_000
