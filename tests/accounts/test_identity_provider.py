"""Sign-in by an identity provider: off without settings, and strict about the provider's responses."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from requests import TooManyRedirects

from accounts.checks import check_identity_provider
from accounts.identity_provider import StaffSignInAdapter, _is_of_one_person, provider_id
from tests.served_site import free_port


@pytest.fixture
def configured(settings: Settings) -> str:
    settings.OIDC_ISSUER = f"http://localhost:{free_port()}/realms/Staff"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "mihna", "secret"
    settings.OIDC_NAME = "حساب الوزارة"
    return settings.OIDC_ISSUER


class Elsewhere(BaseHTTPRequestHandler):
    """Redirects every request to another host."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/internal")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    Elsewhere.asked = []
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_there_is_none_without_settings(db: None):
    client = Client()

    assert "sign-in" not in client.get(reverse("account_login")).content.decode()
    assert client.post("/sign-in/anything/").status_code == 404
    assert client.get("/sign-in/anything/callback/").status_code == 404


def test_only_the_provider_of_the_settings_is_asked(db: None, configured: str):
    assert Client().post("/sign-in/another/").status_code == 404
    assert provider_id() in Client().get(reverse("account_login")).content.decode()


def test_an_unreachable_provider_gives_a_page_with_a_message(db: None, configured: str):
    answer = Client().post(f"/sign-in/{provider_id()}/")

    assert "لم يستجب مزوّد الهوية" in answer.content.decode()


def test_its_redirects_are_not_followed(elsewhere: str):
    with pytest.raises(TooManyRedirects), StaffSignInAdapter().get_requests_session() as session:
        session.get(f"{elsewhere}/.well-known/openid-configuration")

    assert Elsewhere.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "answers, is_one",
    [
        ({"id_token": {"sub": "a"}, "userinfo": {"sub": "a"}}, True),
        ({"id_token": {"sub": "a"}, "userinfo": {"sub": "b"}}, False),
        ({"userinfo": {"sub": "a"}}, False),
        ({"id_token": {"sub": ""}, "userinfo": {"sub": ""}}, False),
        ({"id_token": {}, "userinfo": {}}, False),
    ],
)
def test_its_answers_have_to_be_about_one_person(answers: dict[str, Any], is_one: bool):
    assert _is_of_one_person(answers) == is_one


def test_accounts_of_another_issuer_are_other_accounts(settings: Settings):
    names = set()
    for issuer in (
        "https://login.example/realms/a",
        "https://login.example/realms/b",
        "https://login.example",
    ):
        settings.OIDC_ISSUER = issuer
        names.add(provider_id())

    assert names == {"login-example-realms-a", "login-example-realms-b", "login-example"}


@pytest.mark.parametrize(
    "issuer, problems",
    [
        ("", 0),
        ("https://login.example/realms/staff", 0),
        ("http://localhost:8080", 0),
        ("http://login.example", 1),
        ("https://login.example/?a=b", 1),
        ("login.example", 1),
    ],
)
def test_an_address_that_is_none_fails_the_check(
    configured: str, settings: Settings, issuer: str, problems: int
):
    settings.OIDC_ISSUER = issuer

    assert len(check_identity_provider(None)) == problems


def test_an_unknown_client_fails_the_check(configured: str, settings: Settings):
    settings.OIDC_CLIENT_ID = settings.OIDC_CLIENT_SECRET = ""

    assert len(check_identity_provider(None)) == 2
