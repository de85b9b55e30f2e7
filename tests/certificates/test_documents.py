"""Documents at fixed addresses: who may keep them, and what they answer when something is missing."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Center
from certificates.models import Credential, SigningKey
from certificates.services.signers import forget_signers
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center, demo_keys: list[SigningKey]) -> Credential:
    return issued(CohortFactory(center=center))


def test_without_a_key_a_status_list_says_so_and_nobody_keeps_that(client: Client, credential: Credential):
    SigningKey.objects.update(retired_at=timezone.now())
    forget_signers()
    cache.clear()

    response = client.get("/status/revocation/0")

    assert response.status_code == 503
    assert "لا يوجد مفتاح سارٍ" in response.json()["detail"]
    assert response["Cache-Control"] == "no-store"
