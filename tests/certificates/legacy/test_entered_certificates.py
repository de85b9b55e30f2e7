"""A certificate entered from paper has fewer claims than one issued here; every page and the API can show it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Center
from certificates.enums import LookupResult, Status
from certificates.models import Credential, SigningKey, StatusEvent
from certificates.openbadges.clauses import broken_clauses
from certificates.openbadges.credential import build_credential
from certificates.services.badges import credential_claims, offline_url, signed_badge
from certificates.services.passports import make_passport
from certificates.services.sharing import make_link
from certificates.services.verification import read_register
from certificates.signals import credential_status_changed
from tests.factories.accounts import TraineeFactory
from tests.factories.certificates_legacy import checker, entered, legacy_batch_in


@pytest.fixture
def credential(demo_keys: list[SigningKey], center: Center) -> Credential:
    batch, by = legacy_batch_in(center), checker(center)
    (credential,) = entered(batch, by=by)
    return Credential.objects.select_related("type", "center", "holder").get(pk=credential.pk)


def test_programs_get_a_badge_and_an_offline_payload(credential: Credential):
    badge = build_credential(credential_claims(credential))

    assert broken_clauses(badge) == []
    assert signed_badge(credential).count(".") == 2
    assert "#" in offline_url(credential)


def test_the_page_the_api_and_a_list_answer(client: Client, credential: Credential):
    page = client.get(reverse("certificates:verify", args=[credential.code]))
    badge = client.get(reverse("certificates:badge", args=[credential.code]))
    api = client.get(f"/api/verify/{credential.code}")
    (line,) = read_register([credential.code])

    assert page.context["verification"].result == LookupResult.VALID
    assert (badge.status_code, api.status_code) == (200, 200)
    assert line.result == LookupResult.VALID


def test_its_holder_shares_it_and_puts_it_in_a_passport(credential: Credential):
    login = TraineeFactory(person=credential.holder)

    link = make_link(holder=credential.holder, credential_ids=[credential.pk], days=7, by=login)
    passport = make_passport(
        holder=credential.holder, credential_ids=[credential.pk], days=30, is_agreed=True, by=login
    )

    assert Client().get(link.address, follow=True).status_code == 200
    assert credential.number in json.dumps(passport.passport.claims)


def test_its_entry_is_announced(demo_keys: list[SigningKey], center: Center):
    announced: list[StatusEvent] = []

    def hear(events: list[StatusEvent], **_: object) -> None:
        announced.extend(events)

    batch, by = legacy_batch_in(center), checker(center)
    credential_status_changed.connect(hear)
    try:
        (credential,) = entered(batch, by=by)
    finally:
        credential_status_changed.disconnect(hear)

    assert [(event.credential, event.status) for event in announced] == [(credential, Status.ISSUED)]
