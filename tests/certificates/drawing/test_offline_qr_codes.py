"""The size of an offline QR code depends on the certificate itself, not on a sample."""

import pytest
from django.test import override_settings

from certificates.drawing import CodeTooSmall, Problem, check_printable, sample_certificate
from certificates.drawing.offline_codes import placeholder_offline_url
from certificates.models import SigningKey
from certificates.services.badges import offline_url
from tests.certificates.designs import NUMBER, SITE, built_in, paper
from tests.certificates.drawing.test_drawing import changed, number_of, problems_of
from tests.factories.certificates import completed_enrollment, credential_type, issued_for
from tests.factories.courses import CohortFactory

LONG = {
    "name_ar": "عبد الرحمن " * 10,
    "program_ar": "تشغيل وصيانة منظومات التبريد والتكييف المركزي " * 3,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("type_code", "spare"), [("skill-level", 24), ("completion", 36)])
def test_the_address_before_issue_is_as_long_as_the_one_after(
    type_code: str, spare: int, demo_keys: list[SigningKey]
):
    credential_type("skill-level", identity_document=False)
    cohort = CohortFactory()
    completed_enrollment(cohort)
    credential = issued_for(cohort, type_code=type_code)

    with override_settings(SITE_URL=SITE):
        real = offline_url(credential)
    like = placeholder_offline_url(
        credential.claims, code=credential.code, number=credential.number, site=SITE
    )

    # A young register counts in fewer bytes, a certificate may have no end, and a first paper is signed on its day.
    # The code of a completion does not say the level, which is that of its program.
    assert len(real) <= len(like) <= len(real) + spare


def with_signed_code(side: float) -> dict:
    design = built_in("completion")
    number = number_of(design, "qr")
    place = {"side": "page", "x": 125, "y": 140, "width": side, "height": side}
    return changed(design, number, payload="offline", place=place)


def test_samples_are_as_long_as_their_names_and_programs():
    lengths = {
        sample: len(sample_certificate(sample, design=built_in("completion"), site=SITE).offline_url)
        for sample in ("usual", "long_program")
    }

    assert lengths["long_program"] > lengths["usual"] > 330


def test_a_code_that_holds_the_usual_name_and_not_the_longest_is_a_problem():
    assert Problem.QR_TOO_SMALL not in problems_of(with_signed_code(30), "usual")
    assert Problem.QR_TOO_SMALL in problems_of(with_signed_code(30))


def test_a_row_whose_code_phones_cannot_read_is_blocked():
    usual = paper("completion").claims

    check_printable(usual, with_signed_code(36), number=NUMBER, site=SITE)
    with pytest.raises(CodeTooSmall) as caught:
        check_printable({**usual, **LONG}, with_signed_code(36), number=NUMBER, site=SITE)
    assert caught.value.needed > 36
