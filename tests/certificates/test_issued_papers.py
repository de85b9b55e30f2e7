"""The papers that the site really issues, in each built-in design: for archives, screen readers, and every reader of seals."""

import re
from pathlib import Path

import pytest
from pyhanko.sign.validation.status import SignatureCoverageLevel

from accounts.models import Center
from certificates.designs import NAMES
from certificates.enums import FileKind
from certificates.models import CertificateTemplate, RenderJob, SigningKey
from certificates.services import install_designs, propose
from certificates.services.papers import draw_sealed
from tests.certificates.designs import SIGNATORY
from tests.certificates.seal_readers import judged_by_pyhanko, said_by_pdfsig
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import approved, completed_enrollment, credential_type
from tests.factories.courses import taught_cohort
from tests.typesetting.gates import outloud_findings, preflight, qpdf
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
    assert qpdf(pdf) == ""


@pytest.mark.engines("PDFBox Preflight runs in a Java machine of its own")
def test_preflight_has_nothing_against_a_sealed_paper(pdf: bytes):
    assert preflight(pdf) == []


def test_foreign_readers_call_its_seal_valid(pdf: bytes, tmp_path: Path):
    status, said = judged_by_pyhanko(pdf), said_by_pdfsig(pdf, tmp_path)

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
