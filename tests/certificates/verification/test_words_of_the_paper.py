"""The page about a certificate says what its paper says, in the words of the paper."""

import pymupdf
import pytest
from django.utils import translation

from accounts.models import Center
from certificates.designs import NAMES
from certificates.drawing import draw_certificate
from certificates.models import Credential
from certificates.services.sealed_pdfs import certificate_facts
from certificates.templatetags.certificates import printed_facts
from tests.certificates.designs import built_in
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

# Terms of the register itself: the paper has these facts without a label.
OF_THE_REGISTER = {
    "Kind of certificate",
    "Name as printed",
    "Name in Latin letters",
    "Program",
    "Certificate number",
    "Code",
    # Listed of each certificate.
    "Issued on",
    "Valid until",
    "Based on certificate",
}


@pytest.fixture
def credential(center: Center) -> Credential:
    credential = issued(CohortFactory(center=center))
    # Digits next to Arabic letters are read back from a PDF in another order.
    credential.claims |= {"name_ar": "منى السيد عبد الله الشافعي", "program_en": "Wiring of Buildings"}
    credential.claims |= {"identity": {"kind": "national_id", "last4": "4321"}, "attended_hours": 8}
    return credential


def text_of(credential: Credential, *, card: bool) -> str:
    with pymupdf.open(stream=draw_certificate(certificate_facts(credential), card=card)) as document:
        return " ".join(" ".join(page.get_text() for page in document).split())


def listed(credential: Credential, language: str = "en") -> dict[str, str]:
    with translation.override(language):
        return {fact["term"]: fact["value"] for fact in printed_facts(credential)}


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_each_line_of_the_page_is_on_the_paper_with_its_label(credential: Credential, name: str):
    credential.design = built_in(name)
    paper = text_of(credential, card=False) + (
        text_of(credential, card=True) if name == "skill_level" else ""
    )

    lines = listed(credential)

    assert lines["Kind of certificate"] == credential.design["heading_en"]
    assert [value for value in lines.values() if value not in paper] == []
    assert [term for term in lines if term not in OF_THE_REGISTER and term not in paper] == []


@pytest.mark.django_db
def test_the_digits_of_an_identity_document_are_listed_only_where_the_paper_has_them(credential: Credential):
    credential.design = built_in("attendance")
    without = listed(credential)
    credential.design = built_in("licence_card")

    on_a_card = listed(credential)

    assert "4321" not in " ".join(without.values())
    assert "•••• 4321" in on_a_card.values()


@pytest.mark.django_db
def test_the_kind_is_named_as_on_the_paper_in_both_languages(credential: Credential):
    credential.design = built_in("attendance")

    assert listed(credential, "ar")["نوع الشهادة"] == "إفادة حضور برنامج تدريبي"
    assert listed(credential)["Kind of certificate"] == "Statement of Attendance"
