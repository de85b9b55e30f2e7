"""The OpenAPI document describes all responses, also errors."""

from typing import Any

import pytest
from django.test import Client

from certificates.enums import ClientScope
from certificates.models import SigningKey
from certificates.services.clients import make_client
from certificates.services.verification import LOOKUPS_PER_MINUTE


@pytest.fixture
def paths(client: Client, db: None) -> dict[str, Any]:
    return client.get("/api/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    ("method", "path", "codes"),
    [
        ("get", "/api/verify/{code}", {"200", "429", "503"}),
        ("post", "/api/verify", {"200", "400", "401", "413", "422", "429", "503"}),
        ("get", "/api/credentials/{code}.jwt", {"200", "401", "404", "429", "503"}),
    ],
)
def test_every_answer_is_declared(paths: dict[str, Any], method: str, path: str, codes: set[str]):
    responses = paths[path][method]["responses"]

    assert set(responses) == codes
    assert "429" not in codes or "Retry-After" in responses["429"]["headers"]


def test_what_is_declared_is_what_is_answered(db: None):
    _client, key = make_client(name="Portal", scopes=[ClientScope.VERIFY], by=None)

    malformed = Client(enforce_csrf_checks=True).post(
        "/api/verify",
        {"codes": 1},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )

    assert (malformed.status_code, type(malformed.json()["detail"])) == (422, list)


def test_the_scope_of_the_key_is_described_at_the_operation(paths: dict[str, Any]):
    asked = {
        path: operation["x-scopes"]
        for path, operations in paths.items()
        for operation in operations.values()
        if "ApiKey" in {name for one in operation.get("security", []) for name in one}
    }

    assert asked == {
        "/api/verify": ["verify"],
        "/api/credentials/{code}.jwt": ["credentials"],
    }


def test_a_code_is_never_said_to_be_a_file(client: Client, db: None):
    text = client.get("/api/openapi.json").content.decode()

    assert '"malformed"' in text
    assert '"altered"' not in text
    assert '"foreign"' not in text


def test_a_client_above_its_limit_is_told_when_to_retry(client: Client, demo_keys: list[SigningKey]):
    _client, key = make_client(name="Portal", scopes=[ClientScope.VERIFY], codes_per_minute=1, by=None)
    for _number in range(LOOKUPS_PER_MINUTE):
        client.get("/api/verify/AAAA")

    anybody = client.get("/api/verify/AAAA")
    program = client.post(
        "/api/verify",
        {"codes": ["A", "B"]},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )

    for response in (anybody, program):
        assert response.status_code == 429
        assert 1 <= int(response["Retry-After"]) <= 60
        assert response.json()["detail"]


def test_a_question_that_is_too_long_is_refused_in_json(client: Client, demo_keys: list[SigningKey]):
    _client, key = make_client(name="Portal", scopes=[ClientScope.VERIFY], codes_per_minute=1, by=None)

    response = client.post(
        "/api/verify",
        '{"codes": ["' + "a" * 3_000_000 + '"]}',
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )

    assert response.status_code == 413
    assert response.json()["detail"]
