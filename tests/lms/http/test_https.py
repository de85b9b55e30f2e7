"""Settings of HTTPS: HSTS, redirects, and whose headers are trusted."""

import runpy
from typing import Any

import pytest

from tests.external_programs import ROOT

PROXY_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch):
    def settings(**environment: str) -> dict[str, Any]:
        for name in ("BEHIND_PROXY", "HTTPS_ONLY", "HSTS_WHOLE_DOMAIN", "HSTS_PRELOAD"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"SITE_URL": "https://training.example.gov.eg", **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "lms" / "settings.py"))

    return settings


@pytest.mark.parametrize(
    ("given", "subdomains", "preload"),
    [
        ({}, False, False),
        ({"HSTS_WHOLE_DOMAIN": "true"}, True, False),
        # The lists take whole domains only.
        ({"HSTS_PRELOAD": "true"}, False, False),
        ({"HSTS_WHOLE_DOMAIN": "true", "HSTS_PRELOAD": "true"}, True, True),
        (
            {"SITE_URL": "http://localhost:8000", "HSTS_WHOLE_DOMAIN": "true", "HSTS_PRELOAD": "true"},
            False,
            False,
        ),
    ],
)
def test_a_domain_is_preloaded_only_where_it_is_asked_for(read, given: dict, subdomains: bool, preload: bool):
    settings = read(**given)

    assert (settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"], settings["SECURE_HSTS_PRELOAD"]) == (
        subdomains,
        preload,
    )


@pytest.mark.parametrize(("given", "believed"), [({}, None), ({"BEHIND_PROXY": "true"}, PROXY_HEADER)])
def test_a_header_says_that_a_request_came_by_https_only_behind_our_proxy(read, given: dict, believed: Any):
    assert read(**given)["SECURE_PROXY_SSL_HEADER"] == believed
