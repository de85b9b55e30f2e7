"""The operations of the API, and their access control."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from certificates.enums import ClientScope, Reason
from certificates.errors import AlreadyEndedClient, NotForYou
from certificates.jose import (
    NotAuthentic,
    read_compact,
)
from certificates.models import ApiClient, ApiUse, Credential, Lookup, SigningKey
from certificates.services.clients import client_with, end_client, make_client, purge_old_uses
from certificates.services.statuses import suspend
from certificates.services.verification import LOOKUPS_PER_MINUTE
from tests.certificates.browsers import confirmed
from tests.certificates.verifiers.keys import key_of
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.certificates import (
    issued,
    officer_of_the_ministry,
    registrar_of,
    revoke,
)
from tests.factories.courses import CohortFactory

SITE = "https://certificates.example.org"


@pytest.fixture(autouse=True)
def site(settings: Settings, demo_keys: list[SigningKey]) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def credential() -> Credential:
    return issued()


def bearer(*scopes: ClientScope, codes_per_minute: int = 5000) -> dict[str, str]:
    name = f"Portal {ApiClient.objects.count()}"
    _client, key = make_client(name=name, scopes=scopes, codes_per_minute=codes_per_minute, by=None)
    return {"authorization": f"Bearer {key}"}


def read(client: Client, jws: str) -> dict[str, Any]:
    """The signed answer, checked with the published keys alone."""
    methods = client.get("/.well-known/did.json").json()["verificationMethod"]
    keys = {one["id"]: key_of(one["publicKeyJwk"]) for one in methods if "publicKeyJwk" in one}
    return read_compact(jws, key_named=keys.get, types=("mihna-verification+jwt",))[0]


def ask_many(client: Client, codes: Any, headers: dict[str, str]) -> Any:
    return client.post(
        "/api/verify", json.dumps({"codes": codes}), content_type="application/json", headers=headers
    )


# --- One code ----------------------------------------------------------------------------------------------------


def test_a_code_is_verified_without_a_key_and_the_answer_is_signed(client: Client, credential: Credential):
    answer = client.get(f"/api/verify/{credential.code.lower()}")

    told = answer.json()
    assert (told["result"], told["certificate"]["number"]) == ("valid", credential.number)
    assert told["certificate"]["name_ar"] == credential.claims["name_ar"]
    assert "last4" not in answer.content.decode()
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    signed = read(client, told["jws"])
    assert signed["iss"] == "did:web:certificates.example.org"
    assert {name: signed[name] for name in ("code", "result", "certificate", "ended", "replaced_by")} == {
        name: told[name] for name in ("code", "result", "certificate", "ended", "replaced_by")
    }


def test_an_answer_that_was_changed_is_noticed(client: Client, credential: Credential):
    head, payload, signature = client.get(f"/api/verify/{credential.code}").json()["jws"].split(".")
    changed = f"{head}.{payload[:40]}{'A' if payload[40] != 'A' else 'B'}{payload[41:]}.{signature}"

    with pytest.raises(NotAuthentic):
        read(client, changed)


def test_a_revoked_certificate_says_when_and_why(client: Client, credential: Credential):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="private", by=registrar_of(credential))

    told = client.get(f"/api/verify/{credential.code}").json()

    assert (told["result"], told["ended"]["reason"]) == ("revoked", "fraud")
    assert "private" not in json.dumps(told)


@pytest.mark.parametrize(("code", "result"), [("nonsense", "malformed"), ("7K3M9QXD2A4BS", "unknown")])
def test_a_wrong_code_is_an_answer(client: Client, code: str, result: str):
    answer = client.get(f"/api/verify/{code}")

    assert (answer.status_code, answer.json()["result"], answer.json()["certificate"]) == (200, result, None)


def test_a_signed_answer_about_a_malformed_code_contains_the_question(client: Client, db: None):
    one = client.get("/api/verify/nonsense").json()
    many = ask_many(client, ["nonsense", "هراء"], bearer(ClientScope.VERIFY)).json()

    assert (one["asked"], one["code"]) == ("nonsense", "")
    assert read(client, one["jws"])["asked"] == "nonsense"
    assert [answer["asked"] for answer in read(client, many["jws"])["answers"]] == ["nonsense", "هراء"]


def test_one_address_asks_thirty_times_a_minute(client: Client, credential: Credential):
    statuses = [
        client.get(f"/api/verify/{credential.code}").status_code for _ in range(LOOKUPS_PER_MINUTE + 1)
    ]

    assert statuses == [200] * LOOKUPS_PER_MINUTE + [429]


def test_without_a_key_to_sign_with_nothing_is_answered(client: Client, credential: Credential):
    SigningKey.objects.filter(role="credential").update(retired_at="2100-01-01T00:00:00Z")
    from certificates.services.signers import clear_signer_cache

    clear_signer_cache()

    response = client.get(f"/api/verify/{credential.code}")

    assert (response.status_code, response.json()["code"]) == (503, "certificates.no-active-key")


# --- Many codes --------------------------------------------------------------------------------------------------


def test_a_ministry_asks_about_many_codes_at_once(client: Client, credential: Credential):
    other, suspended = issued(), issued()
    suspend(credential_id=suspended.pk, reason=Reason.COURT_ORDER, note="", by=registrar_of(suspended))
    codes = [credential.code, "nonsense", other.code, suspended.code, credential.code]

    answer = ask_many(client, codes, bearer(ClientScope.VERIFY)).json()

    results = [one["result"] for one in answer["answers"]]
    assert results == ["valid", "malformed", "valid", "suspended", "valid"]
    assert answer["answers"][3]["ended"]["reason"] == "court_order"
    assert [one["result"] for one in read(client, answer["jws"])["answers"]] == results
    assert Lookup.objects.count() == 5


def test_many_codes_cost_the_queries_of_one(client: Client):
    headers = bearer(ClientScope.VERIFY)
    credentials = [issued() for _number in range(3)]
    for one in credentials:
        revoke(credential_id=one.pk, reason=Reason.FRAUD, note="", by=registrar_of(one))

    def asked(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask_many(client, codes, headers).status_code == 200
        return len(queries)

    codes = [one.code for one in credentials]
    asked(codes[:1])
    assert asked(codes) == asked(codes[:1])


@pytest.mark.parametrize("codes", [[], ["x"] * 1001, ["x" * 61], "x", None])
def test_a_malformed_question_is_refused(client: Client, codes: Any):
    assert ask_many(client, codes, bearer(ClientScope.VERIFY)).status_code == 422


def test_bulk_verification_needs_a_key_of_that_scope(client: Client, credential: Credential):
    ended, key = make_client(name="Ended", scopes=[ClientScope.VERIFY], by=None)
    end_client(client_id=ended.pk, by=None)
    headers: list[dict[str, str]] = [
        {},
        {"authorization": "Bearer mihna_guess"},
        {"authorization": "Basic eDp5"},
        {"authorization": f"Bearer {key}"},
        bearer(ClientScope.CREDENTIALS),
    ]

    statuses = [ask_many(client, [credential.code], one).status_code for one in headers]

    assert statuses == [401] * 5


def test_a_client_that_asks_too_much_in_a_minute_has_to_wait(client: Client, credential: Credential):
    headers = bearer(ClientScope.VERIFY, codes_per_minute=3)

    statuses = [ask_many(client, [credential.code] * count, headers).status_code for count in (4, 2, 2, 1, 1)]

    assert statuses == [429, 200, 429, 200, 429]
    assert sum(use.codes for use in ApiUse.objects.all()) == 3


def test_counts_of_yesterday_are_forgotten(client: Client, credential: Credential):
    ask_many(client, [credential.code], bearer(ClientScope.VERIFY))
    kept = purge_old_uses()
    ApiUse.objects.update(minute=timezone.now() - timedelta(days=2))

    assert (kept, purge_old_uses(), ApiUse.objects.count()) == (0, 1, 0)


# --- Keys --------------------------------------------------------------------------------------------------------


def test_only_the_hash_of_a_key_is_kept(db: None):
    made, key = make_client(name="Portal", scopes=[ClientScope.VERIFY], by=officer_of_the_ministry())

    stored = json.dumps(ApiClient.objects.values("key_hash", "key_hint", "name").get())
    assert key not in stored
    assert client_with(key) == made


def test_only_the_ministry_makes_and_ends_keys(db: None):
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=CenterFactory()).user
    made, _key = make_client(name="Portal", scopes=[ClientScope.VERIFY], by=None)

    with pytest.raises(NotForYou):
        make_client(name="Own", scopes=[ClientScope.VERIFY], by=manager)
    with pytest.raises(NotForYou):
        end_client(client_id=made.pk, by=manager)
    end_client(client_id=made.pk, by=officer_of_the_ministry())
    with pytest.raises(AlreadyEndedClient):
        end_client(client_id=made.pk, by=None)


def test_a_key_is_made_and_ended_at_the_console(client: Client, credential: Credential):
    out = StringIO()
    call_command("api_client", "make", "Portal", "--may", "verify", stdout=out)
    headers = {"authorization": f"Bearer {out.getvalue().strip()}"}
    before = ask_many(client, [credential.code], headers).status_code
    with pytest.raises(CommandError):
        call_command("api_client", "make", "Portal", "--may", "verify")

    call_command("api_client", "end", "Portal", stdout=out)
    call_command("api_client", "list", stdout=out)

    assert (before, ask_many(client, [credential.code], headers).status_code) == (200, 401)
    assert "ended" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("api_client", "end", "Portal")


def test_the_ministry_makes_a_key_in_the_workplace_and_sees_it_once(credential: Credential):
    client = confirmed(officer_of_the_ministry())

    page = client.post(
        "/admin/api_clients/new/",
        {"name": "Portal", "scopes": ["verify"], "codes_per_minute": 100},
        follow=True,
    ).content.decode()

    key = page[page.index("mihna_") :][: len("mihna_") + 43]
    assert client_with(key) == ApiClient.objects.get()
    assert key not in client.get("/admin/api_clients/").content.decode()


# --- Credentials -------------------------------------------------------------------------------------------------


@pytest.fixture
def holder(credential: Credential) -> Any:
    return UserFactory(person=credential.holder)


def token_for(client: Client, credential: Credential, headers: dict[str, str] | None = None) -> Any:
    return client.get(f"/api/credentials/{credential.code}.jwt", headers=headers or {})


def test_the_holder_fetches_the_credential(client: Client, credential: Credential, holder: Any):
    client.force_login(holder)

    answer = token_for(client, credential)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vc+jwt")
    assert answer.content.decode().count(".") == 2
    assert answer["Cache-Control"] == "private, no-store"


def test_staff_of_the_center_and_clients_with_that_scope_fetch_it_too(client: Client, credential: Credential):
    scoped = bearer(ClientScope.CREDENTIALS)
    client_answer = token_for(client, credential, scoped)
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=credential.center).user)

    assert (client_answer.status_code, token_for(client, credential).status_code) == (200, 200)
    assert client.get("/api/credentials/1111111111111.jwt", headers=scoped).status_code == 404


def test_for_everybody_else_the_credential_is_not_there(client: Client, credential: Credential):
    visitor = token_for(client, credential).status_code
    unscoped = token_for(client, credential, bearer(ClientScope.VERIFY)).status_code
    client.force_login(UserFactory(person=issued().holder))
    another_holder = token_for(client, credential).status_code
    elsewhere = CohortFactory().center
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=elsewhere).user)

    assert (visitor, unscoped) == (401, 401)
    assert (another_holder, token_for(client, credential).status_code) == (404, 404)


# --- The description ---------------------------------------------------------------------------------------------


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def test_the_description_of_the_api_is_whole(client: Client, db: None):
    schema = client.get("/api/openapi.json").json()

    operations = [one for path in schema["paths"].values() for one in path.values()]
    assert schema["openapi"].startswith("3.")
    assert len({one["operationId"] for one in operations}) == len(operations) >= 6
    assert all(one["summary"] and one["description"] and one["responses"] for one in operations)
    for reference in references(schema):
        found: Any = schema
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found["type"] in {"object", "string"}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            in_path = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert in_path == {part[1:].split("}")[0] for part in path.split("/") if part.startswith("{")}
    secured = {one["operationId"] for one in operations if one.get("security")}
    # An optional engine may add its own.
    assert secured >= {
        "certificates_api_credentials_credential_token",
        "certificates_api_verification_verify_bulk",
    }


def test_the_page_of_the_api_lists_every_operation_and_loads_nothing_from_elsewhere(client: Client, db: None):
    page = client.get("/api/").content.decode()

    for path in client.get("/api/openapi.json").json()["paths"]:
        assert path in page
    assert "https://" not in page.replace("https://www.w3.org", "")


def test_the_cache_of_a_list_ends_within_five_minutes(client: Client, credential: Credential):
    cache.clear()
    listed = client.get("/status/revocation/0")
    payload = read_list(client, listed.content.decode())

    assert "max-age=60" in listed["Cache-Control"]
    assert payload["exp"] - read_seconds(payload["validFrom"]) == 300


def read_list(client: Client, token: str) -> dict[str, Any]:
    methods = client.get("/.well-known/did.json").json()["verificationMethod"]
    keys = {one["id"]: key_of(one["publicKeyJwk"]) for one in methods if "publicKeyJwk" in one}
    return read_compact(token, key_named=keys.get, types=("vc+jwt",))[0]


def read_seconds(text: str) -> int:
    from certificates.openbadges.credential import parse_timestamp

    return int(parse_timestamp(text).timestamp())
