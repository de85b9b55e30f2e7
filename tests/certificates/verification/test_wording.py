"""One English word, two Arabic ones: "certificate" is feminine in Arabic, "skills passport" is masculine."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Center
from certificates.enums import LinkResult, LookupResult
from certificates.models import Credential, SigningKey
from certificates.services.passports import withdraw_passport
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of, passported


@pytest.fixture
def credential(center: Center, demo_keys: list[SigningKey]) -> Credential:
    return issued(CohortFactory(center=center))


def test_a_certificate_and_a_link_expire_each_in_its_gender():
    with translation.override("ar"):
        words = [str(one.label) for one in (LookupResult.EXPIRED, LinkResult.EXPIRED)]

    assert words == ["انتهت مدتها", "انتهت مدته"]


def test_a_withdrawn_passport_is_named_so(client: Client, credential: Credential):
    made, holder = passported(credential), holder_of(credential)
    withdraw_passport(passport_id=made.passport.pk, by=holder)
    client.force_login(holder)

    with translation.override("ar"):
        page = client.get(reverse("certificates:passports")).content.decode()

    assert "مسحوب" in page
    assert "منسحب" not in page
