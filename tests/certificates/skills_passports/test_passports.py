"""A skills passport has the certificates that its holder consented to show, and is signed."""

import hashlib
import json
import re
from pathlib import Path

import jwt
import pymupdf
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import RoleName
from accounts.models import Center, Consent
from accounts.services.identity_documents import register_national_id
from certificates.enums import Reason
from certificates.errors import (
    ConsentMissing,
    NotYours,
    PassportCannotBePrinted,
    PassportsNotReady,
    TooManyPassports,
)
from certificates.jose import NotAuthentic
from certificates.models import Credential, Passport, SigningKey
from certificates.openbadges.did import did_of, key_url
from certificates.passports.content import SCHEMA_FILE, hours_in, schema_address
from certificates.passports.signed import (
    TYPE,
)
from certificates.services.passports import MOST_PASSPORTS_A_DAY, PURPOSE, TEXT_VERSION, make_passport
from certificates.services.signers import clear_signer_cache
from tests.certificates.passport_data import (
    NAME,
    SITE,
    another_of,
    file_of,
    held_in,
    officer_of,
    published_key,
)
from tests.certificates.verifiers.passports import read_passport
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.certificates_legacy import batch_in, entered
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of, passported


@pytest.fixture
def credential(center: Center) -> Credential:
    return held_in(center)


# --- Made under consent ------------------------------------------------------------------------------------------


def test_a_holder_reads_agrees_and_gets_a_passport(credential: Credential):
    passported(credential)
    client = Client()
    client.force_login(holder_of(credential))
    with translation.override("ar"):
        text = render_to_string("certificates/passport_consent.html", {"version": TEXT_VERSION})

    form = client.get(reverse("certificates:new_passport")).content.decode()
    answer = client.post(
        reverse("certificates:new_passport"),
        {"credentials": [credential.public_id], "days": 90, "is_agreed": "on"},
    )

    assert re.sub(r"\s+", " ", text).strip() in re.sub(r"\s+", " ", form)
    assert re.search(rf'value="{credential.public_id}"[^>]* checked', form)
    assert "/s/" in answer.content.decode()
    consent = Consent.objects.get(person=credential.holder, purpose=PURPOSE)
    assert (consent.text_version, consent.withdrawn_at) == (TEXT_VERSION, None)
    assert Passport.objects.first().consent == consent


def test_nothing_is_made_without_consent(credential: Credential):
    client = Client()
    client.force_login(holder_of(credential))

    client.post(reverse("certificates:new_passport"), {"credentials": [credential.public_id], "days": 90})
    with pytest.raises(ConsentMissing):
        make_passport(
            holder=credential.holder,
            credential_ids=[credential.pk],
            days=90,
            is_agreed=False,
            by=holder_of(credential),
        )

    assert not Passport.objects.exists()
    assert not Consent.objects.filter(purpose=PURPOSE).exists()


def test_letters_that_no_font_has_are_named_in_the_language_of_the_reader(center: Center):
    (credential,) = entered(batch_in(center, {"program_ar": "لحام 🔥"}))

    with pytest.raises(PassportCannotBePrinted) as caught, translation.override("ar"):
        passported(credential)

    with translation.override("ar"):
        assert "🔥 (U+1F525)" in str(caught.value)
        assert "glyph" not in str(caught.value)
    assert not Passport.objects.exists()


def test_a_changed_consent_text_needs_a_new_version():
    """If this fails, raise TEXT_VERSION: a consent names the version of the text that was agreed to."""
    template = Path("templates/certificates/passport_consent.html").read_text()

    assert (TEXT_VERSION, hashlib.sha256(template.encode()).hexdigest()[:16]) == (
        "2026-11.2",
        "5b0ead916ad81490",
    )


def test_a_passport_of_certificates_of_others_is_refused(center: Center, credential: Credential):
    other = issued(CohortFactory(center=center))

    for holder, chosen in ((credential.holder, [other.pk]), (other.holder, [other.pk])):
        with pytest.raises(NotYours):
            make_passport(
                holder=holder, credential_ids=chosen, days=90, is_agreed=True, by=holder_of(credential)
            )


def test_a_certificate_that_is_not_in_force_is_not_offered(center: Center, credential: Credential):
    revoked = another_of(credential, center)
    revoke(credential_id=revoked.pk, reason=Reason.FRAUD, note="", by=officer_of(center))
    client = Client()
    client.force_login(holder_of(credential))

    form = client.get(reverse("certificates:new_passport")).content.decode()

    assert str(credential.public_id) in form
    assert str(revoked.public_id) not in form


def test_passports_of_a_day_are_bounded(credential: Credential):
    for _number in range(MOST_PASSPORTS_A_DAY):
        passported(credential)

    with pytest.raises(TooManyPassports):
        passported(credential)


def test_without_keys_the_holder_sees_an_error_and_nothing_is_stored(credential: Credential):
    SigningKey.objects.update(retired_at=timezone.now())
    clear_signer_cache()

    with pytest.raises(PassportsNotReady):
        make_passport(
            holder=credential.holder,
            credential_ids=[credential.pk],
            days=90,
            is_agreed=True,
            by=holder_of(credential),
        )

    assert not Consent.objects.filter(purpose=PURPOSE).exists()


# --- What it says and who signed it ------------------------------------------------------------------------------


def test_it_has_the_claims_of_the_certificates(credential: Credential):
    claims = passported(credential).passport.claims

    entry = claims["credentials"][0]
    assert (claims["holder"]["name_ar"], entry["name_ar"]) == (NAME, NAME)
    assert entry["program_ar"] == credential.claims["program_ar"]
    assert entry["isco_08"] == (credential.claims["occupation_code"] or None)
    assert (entry["number"], entry["code"]) == (credential.number, credential.code)
    assert (entry["hours"], claims["hours"]) == (credential.claims["hours"],) * 2


def test_it_does_not_contain_the_identity_number(center: Center):
    person = PersonFactory(full_name_ar=NAME)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    register_national_id(person_id=person.pk, number="29001011234567", by=manager)
    credential = issued(CohortFactory(center=center), person=person)
    assert credential.claims["identity"]["last4"] == "4567"

    passport = passported(credential).passport

    said = json.dumps(passport.claims)
    with pymupdf.open(stream=file_of(passport)) as document:
        printed = document[0].get_text()
    assert "identity" not in said
    assert "29001011234567" not in said + printed
    assert "••••" not in said + printed


def test_it_has_the_members_of_its_schema_and_no_others(credential: Credential):
    schema = json.loads(SCHEMA_FILE.read_text())

    claims = passported(credential).passport.claims

    served = Client().get(claims["$schema"].removeprefix(SITE))
    assert claims["$schema"] == schema_address(SITE)
    assert json.loads(served.content) == schema
    for value, part in (
        (claims, schema),
        (claims["issuer"], schema["properties"]["issuer"]),
        (claims["holder"], schema["properties"]["holder"]),
        (claims["consent"], schema["properties"]["consent"]),
        (claims["credentials"][0], schema["properties"]["credentials"]["items"]),
    ):
        assert set(value) == set(part["required"]) == set(part["properties"])


def test_hours_of_one_program_count_once():
    entries = [
        {"program_code": "EL-1", "program_ar": "أ", "hours": 240},
        {"program_code": "EL-1", "program_ar": "أ", "hours": 240},
        {"program_code": "PL-2", "program_ar": "ب", "hours": 120},
    ]

    assert hours_in(entries) == 360


def test_the_signed_form_verifies_with_pyjwt(credential: Credential):
    passport = passported(credential).passport
    key = published_key()

    claims = jwt.decode(
        passport.token,
        key.public_key,
        algorithms=["ES256"],
        issuer=did_of(SITE),
        options={"require": ["exp", "iat"]},
    )

    head = jwt.get_unverified_header(passport.token)
    assert (head["alg"], head["typ"]) == ("ES256", TYPE)
    assert head["kid"] == key_url(did_of(SITE), key.key_id)
    assert claims["credentials"] == passport.claims["credentials"]
    assert claims["jti"] == f"urn:uuid:{passport.public_id}"


def test_a_changed_signed_form_is_refused(credential: Credential):
    token = passported(credential).passport.token
    key = published_key()
    head, payload, signature = token.split(".")
    changed = payload[:40] + ("A" if payload[40] != "A" else "B") + payload[41:]

    for forged in (
        f"{head}.{changed}.{signature}",
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"{head}.{payload}.",
    ):
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(forged, key.public_key, algorithms=["ES256"])


def test_our_reader_takes_only_passports_of_published_keys(credential: Credential):
    passport = passported(credential).passport
    key = published_key()
    public_key = key.loaded_public_key()
    kid = key_url(did_of(SITE), key.key_id)

    assert read_passport(passport.token, keys={kid: public_key}) == passport.claims
    with pytest.raises(NotAuthentic):
        read_passport(passport.token, keys={})
