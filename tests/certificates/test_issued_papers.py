"""The papers that the site really issues, in each built-in design: for archives, screen readers, and every reader of seals."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pytest_django import DjangoDbBlocker

from certificates.designs import NAMES
from certificates.enums import FileKind
from certificates.models import CertificateTemplate, RenderJob
from certificates.services import install_designs, propose
from certificates.services.papers import draw_sealed
from tests.certificates.designs import SIGNATORY
from tests.certificates.seal_readers import judged_by_pyhanko, said_by_pdfsig
from tests.factories.accounts import CenterFactory, MembershipFactory, PersonFactory
from tests.factories.certificates import approved, completed_enrollment, type_printed_by
from tests.factories.courses import taught_cohort
from tests.factories.signing_keys import with_demo_keys
from tests.typesetting.gates import outloud_findings, preflight, qpdf
from tests.typesetting.reading import text_by_mupdf, text_by_pdfium, texts_by_pdfjs
from typesetting.lint import lint

# The papers are drawn once for the module; pytest-django makes databases for marked tests only.
pytestmark = pytest.mark.django_db

NAME = "لمياء عبد الله الشرنوبي"
LATIN = "Lamiaa Abdallah El-Sharnoubi"


@pytest.fixture(scope="module", params=NAMES)
def pdf(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> bytes:
    """A sealed paper of a built-in design, about somebody whose name has ligatures."""
    with django_db_blocker.unblock(), transaction.atomic():
        drawn = sealed_paper_of(request.param)
        transaction.set_rollback(True)
    return drawn


def sealed_paper_of(design: str) -> bytes:
    with_demo_keys()
    center = CenterFactory()
    by = MembershipFactory(role="center_manager", center=center).user
    install_designs(by=by)
    template = CertificateTemplate.objects.get(built_in__startswith=f"{design}-")
    for field, text in SIGNATORY.items():
        setattr(template, field, text)
    template.live = True
    template.save()
    # A supplement lists more units than its first page holds.
    cohort = taught_cohort(center=center, lessons=30 if design == "supplement" else 2)
    completed_enrollment(cohort, person=PersonFactory(full_name_ar=NAME, full_name_en=LATIN))
    proposal = propose(
        cohort_id=cohort.pk, type_id=type_printed_by(template).pk, template_id=template.pk, by=by
    )
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
    with_demo_keys()

    status, said = judged_by_pyhanko(pdf), said_by_pdfsig(pdf, tmp_path)

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
