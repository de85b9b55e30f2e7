"""A certificate as other software reads it: what is signed, and what the published documents say about it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from certificates.enums import KeyRole, Reason
from certificates.models import Credential, SigningKey
from certificates.offline.cose import short_kid
from certificates.openbadges.clauses import broken_clauses
from certificates.openbadges.credential import CONTEXTS, StatusPurpose, build_credential
from certificates.openbadges.jwt import read_credential
from certificates.openbadges.status_list import MINIMUM
from certificates.services.badges import credential_claims, offline_url, signed_badge
from certificates.services.jose_signers import jose_signer
from certificates.services.keys import mark_compromised, rotate_key
from certificates.services.statuses import reinstate, suspend
from tests.certificates.verifiers.addresses import read_verification_url
from tests.certificates.verifiers.keys import asserting_keys
from tests.certificates.verifiers.status_lists import decode_bits
from tests.database_owner import run_as_owner
from tests.external_programs import ask_node
from tests.factories.certificates import (
    issued,
    registrar_of,
    revoke,
)

SCRIPT = Path(__file__).parents[1] / "independent" / "check_badge.mjs"
FOLDER = Path(__file__).resolve().parents[3] / "certificates" / "openbadges" / "contexts"
SITE = "https://certificates.example.org"


@pytest.fixture(autouse=True)
def site(settings: Settings, demo_keys: list[SigningKey]) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def credential() -> Credential:
    return Credential.objects.select_related("type", "center").get(pk=issued().pk)


def published(client: Client, **badge: Any) -> dict[str, Any]:
    """A badge with what the site publishes now."""
    cache.clear()
    return {
        "did": client.get("/.well-known/did.json").json(),
        "statusLists": {
            f"{SITE}/status/{purpose}/0": client.get(f"/status/{purpose}/0").content.decode()
            for purpose in StatusPurpose
        },
        "contexts": {
            CONTEXTS[1]: json.loads((FOLDER / "ob-v3p0-context-3.0.3.json").read_text()),
            CONTEXTS[2]: json.loads((FOLDER / "ob-v3p0-extensions.json").read_text()),
        },
        "now": timezone.now().isoformat(),
        **badge,
    }


def verdicts(*badges: dict[str, Any]) -> Any:
    """What jose and Digital Bazaar say of each badge, with nothing but what the site had published."""
    return ask_node(SCRIPT, badges)


def validated(client: Client, **badge: Any) -> Any:
    (verdict,) = verdicts(published(client, **badge))
    return verdict


@pytest.mark.parametrize(
    ("kind", "has_level"), [("completion", False), ("licence", True), ("skill_level", True)]
)
def test_only_a_badge_that_certifies_a_level_gives_one_to_its_holder(
    credential: Credential, kind: str, has_level: bool
):
    credential.kind = kind

    results = build_credential(credential_claims(credential))["credentialSubject"]["result"]

    assert any(result["resultDescription"].endswith("#level") for result in results) is has_level


def test_a_badge_is_accepted_by_a_foreign_verifier_with_what_the_site_publishes(
    client: Client, credential: Credential
):
    verdict = validated(client, token=signed_badge(credential))

    assert verdict["accepted"], verdict["reason"]
    assert verdict["claims"]["credentialSubject"]["licenseNumber"] == credential.number


def test_a_tampered_badge_is_refused_by_a_foreign_verifier(client: Client, credential: Credential):
    head, payload, signature = signed_badge(credential).split(".")
    forged = payload[:-8] + ("A" if payload[-8] != "A" else "B") + payload[-7:]

    assert not validated(client, token=f"{head}.{forged}.{signature}")["accepted"]


def test_a_badge_from_before_a_rotation_stays_valid(client: Client, credential: Credential):
    token = signed_badge(credential)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)

    assert validated(client, token=token)["accepted"]


def test_a_badge_of_a_stolen_key_is_refused(client: Client, credential: Credential):
    token = signed_badge(credential)
    stolen = SigningKey.objects.get(role=KeyRole.CREDENTIAL, retired_at=None)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    mark_compromised(key_id=stolen.key_id, since=timezone.now(), by=None)

    assert not validated(client, token=token)["accepted"]


def test_revoked_and_suspended_badges_are_refused_for_that_reason(client: Client, credential: Credential):
    token, by = signed_badge(credential), registrar_of(credential)

    suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=by)
    suspended = published(client, token=token)
    reinstate(credential_id=credential.pk, note="", by=by)
    reinstated = published(client, token=token)
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=by)
    revoked = published(client, token=token)

    said = verdicts(suspended, reinstated, revoked)
    assert said[0] == {"accepted": False, "reason": "Error: suspension"}
    assert said[1]["accepted"]
    assert said[2] == {"accepted": False, "reason": "Error: revocation"}


def test_the_same_certificate_and_key_give_the_same_text_without_a_query(credential: Credential):
    signed_badge(credential)

    with CaptureQueriesContext(connection) as asked:
        texts = {signed_badge(credential) for _ in range(3)} | {offline_url(credential) for _ in range(3)}

    assert len(texts) == 2
    assert len(asked) == 0


def test_a_badge_breaks_no_clause_and_names_its_places(credential: Credential):
    content = build_credential(credential_claims(credential))

    assert broken_clauses(content) == []
    assert [entry["statusListIndex"] for entry in content["credentialStatus"]] == [str(credential.pk)] * 2
    assert content["credentialSubject"]["achievement"]["id"].startswith(f"{SITE}/achievements/completion/")


def test_the_next_list_begins_after_131072_certificates(credential: Credential):
    credential.pk = 3 * MINIMUM + 5

    places = credential_claims(credential).status

    assert {(place.list_url, place.index) for place in places} == {
        (f"{SITE}/status/revocation/3", 5),
        (f"{SITE}/status/suspension/3", 5),
    }


def test_a_list_names_its_very_first_certificate(client: Client, credential: Credential):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=registrar_of(credential))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    # The trigger and the foreign keys are disabled for the update.
    run_as_owner("SET LOCAL session_replication_role = replica")
    Credential.objects.filter(pk=credential.pk).update(id=MINIMUM)
    run_as_owner("SET LOCAL session_replication_role = origin")

    token = client.get("/status/revocation/1").content.decode()

    claims = jwt.decode(token, options={"verify_signature": False})
    bits = decode_bits(claims["credentialSubject"]["encodedList"])
    assert [place for place, is_set in enumerate(bits) if is_set] == [0]


def test_the_last_day_of_a_badge_ends_at_midnight_in_cairo(credential: Credential):
    credential.valid_until = credential.valid_from

    claims = credential_claims(credential)

    assert claims.valid_until is not None
    assert (claims.valid_until - claims.valid_from).total_seconds() in {86_399, 82_799, 89_999}
    assert replace(claims, valid_until=None).valid_from.utcoffset() == timezone.localtime().utcoffset()


def test_the_address_in_the_qr_code_has_the_printed_claims(credential: Credential):
    key = jose_signer(KeyRole.CREDENTIAL).public_key
    known = {short_kid(key): [key]}

    sealed, signed_with = read_verification_url(
        offline_url(credential), keys_named=lambda kid: known.get(kid, [])
    )

    assert signed_with == key
    assert (sealed.code, sealed.name_ar) == (credential.code, credential.claims["name_ar"])
    assert sealed.status_index == credential.pk


def test_the_keys_of_the_log_and_the_seals_may_not_speak_about_people(client: Client):
    document = client.get("/.well-known/did.json").json()

    roles = {
        SigningKey.objects.get(key_id=method["id"].partition("#")[2]).role
        for method in document["verificationMethod"]
    }
    assert roles == {KeyRole.CREDENTIAL, KeyRole.DATA_INTEGRITY}
    assert {key["role"] for key in client.get("/api/keys").json()} == {str(role) for role in KeyRole}


def test_a_status_list_costs_the_same_queries_however_many_are_revoked(
    client: Client, credential: Credential
):
    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/status/revocation/0").status_code == 200
        return len(queries)

    others = [issued(), issued()]
    asked()  # opens the key
    before = asked()
    for one in (credential, *others):
        revoke(credential_id=one.pk, reason=Reason.FRAUD, note="", by=registrar_of(one))

    assert asked() == before == 2
    with CaptureQueriesContext(connection) as queries:
        client.get("/status/revocation/0")
    assert len(queries) == 0


def test_a_list_without_certificates_is_not_found(client: Client, credential: Credential):
    assert client.get("/status/revocation/1").status_code == 404
    assert client.get("/status/revocation/9999999999999").status_code == 404


def test_an_achievement_is_a_page_for_people_and_json_for_programs(client: Client, credential: Credential):
    address = credential_claims(credential).achievement.id.removeprefix(SITE)
    program = credential.enrollment.cohort.program
    type(program).objects.filter(pk=program.pk).update(first_published_at=timezone.now())

    page = client.get(address, headers={"accept": "text/html"})
    document = client.get(address, headers={"accept": "application/ld+json"}).json()

    assert program.title in page.content.decode()
    in_badge = build_credential(credential_claims(credential))["credentialSubject"]["achievement"]
    assert {name: document[name] for name in in_badge} == in_badge
    assert client.get("/achievements/completion/NOTHING").status_code == 404


def test_an_achievement_outlives_the_code_of_its_program(client: Client, credential: Credential):
    achieved = build_credential(credential_claims(credential))["credentialSubject"]["achievement"]
    program = credential.enrollment.cohort.program
    type(program).objects.filter(pk=program.pk).update(code="RENAMED")

    document = client.get(achieved["id"].removeprefix(SITE), headers={"accept": "application/ld+json"}).json()

    assert {name: document[name] for name in achieved} == achieved


def test_a_badge_is_read_back_with_the_published_keys(credential: Credential):
    from certificates.openbadges.did import PublishedKey

    keys = [
        PublishedKey(key_id=key.key_id, public_key=key.loaded_public_key())
        for key in SigningKey.objects.filter(role=KeyRole.CREDENTIAL)
    ]

    content = read_credential(signed_badge(credential), keys=asserting_keys(site_url=SITE, keys=keys))

    assert content["id"] == credential.public_id.urn
