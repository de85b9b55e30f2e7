"""A holder shows a valid certificate with one tap, and puts it into a profile elsewhere without typing."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from accounts.models import Center
from certificates.enums import Reason
from certificates.models import Credential
from tests.certificates.wallet.test_wording import wallet_page
from tests.factories.certificates import (
    issued,
    registrar_of,
    revoke,
)
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def linkedin_in(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'href="(https://www\.linkedin\.com/[^"]+)"', page)]


def test_a_certificate_is_added_to_a_profile_with_all_that_the_form_asks(credential: Credential):
    (address,) = linkedin_in(wallet_page(credential))

    claims = credential.claims
    assert urlsplit(address).path == "/profile/add"
    assert parse_qs(urlsplit(address).query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": [f"{claims['type_ar']}: {claims['program_ar']}"],
        "organizationName": [credential.design["authority_ar"]],
        "issueYear": [str(credential.issued_on.year)],
        "issueMonth": [str(credential.issued_on.month)],
        "certUrl": [f"{settings.SITE_URL}/v/{credential.code}"],
        "certId": [credential.number],
    }


def test_the_sheet_of_the_phone_sends_the_public_page(credential: Credential):
    page = wallet_page(credential)

    # Without a script, or a browser that has a sheet, there is no button that does nothing.
    assert f'data-share="{settings.SITE_URL}/v/{credential.code}" hidden' in page
    assert "js/share_certificate.js" in page or "share_certificate." in page


def test_a_revoked_certificate_cannot_be_shared(credential: Credential):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=registrar_of(credential))

    page = wallet_page(credential)

    assert linkedin_in(page) == []
    assert "data-share" not in page
