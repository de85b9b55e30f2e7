"""Every address of the site answers hostile keys, queries and incomplete forms without an error 500.

One value of each kind in `make test`, all of them every night.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern
from pytest_django.fixtures import Settings

from accounts.models import User
from certificates.services.signers import clear_signer_cache
from tests.factories.signing_keys import with_demo_keys

HUGE, LONG = "9" * 30, "a" * 5000
# "first" is the root of all pages, too.
KEYS = {
    "²": "²",
    "huge": HUGE,
    "nul": "%00",
    "long": LONG,
    "٣": "٣",
    "negative": "-1",
    "first": "1",
    "climbing": "../x",
}
QUERIES = {
    "no number": "id=²&p=²&page=²&q=²&ordering=²",
    "nul": "id=%00&p=%00&page=%00&q=%00&ordering=%00",
    "huge": f"id={HUGE}&p={HUGE}&page={HUGE}&q={HUGE}&ordering={HUGE}",
    "long": f"q={LONG}&ordering={LONG[:3000]}",
    "negative": "id=-1&p=-1&page=-1&ordering=-",
    "arabic": "id=٣&p=٣&page=٣&ordering=pk__x",
}
HALF_FORMS: dict[str, dict[str, str]] = {
    "empty": {},
    "no numbers": {"title": "x", "name": "²", "id": "²", "body-count": "x", "form-TOTAL_FORMS": "²"},
}
# It fails on purpose, for the operator's monitoring to be tried; and the session has to stay.
LEFT_OUT = {"wagtailadmin_error_test", "wagtailadmin_logout", "account_logout"}
# How many tests share the addresses: one may use a second of CPU.
PARTS = 12


class Address(NamedTuple):
    name: str
    # With each argument as <...>.
    path: str
    pattern: URLPattern

    def reached_with(self, key: str) -> str | None:
        """The path with this key in the place of every argument, where it still leads here."""
        path = re.sub(r"<[^>]+>", key.replace("\\", r"\\"), self.path)
        try:
            found = resolve(unquote(path))
        except Resolver404:
            return None
        return path if found.func is self.pattern.callback else None


def addresses(resolver: URLResolver, prefix: str = "/", space: str = "") -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        path = prefix + written(pattern)
        if isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name}", path, pattern)
        else:
            yield from addresses(
                pattern, path, f"{space}{pattern.namespace}:" if pattern.namespace else space
            )


def written(pattern: URLPattern | URLResolver) -> str:
    """What a person would write for it."""
    route = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        return route
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    return route.removeprefix("^").removesuffix("$").replace("\\Z", "").replace("\\", "")


ALL = [address for address in addresses(get_resolver()) if address.name not in LEFT_OUT]
WITH_KEY = [address for address in ALL if "<" in address.path]
WITHOUT_KEY = [address for address in ALL if address not in WITH_KEY]


class Faults:
    """Sends requests as a superuser, rolls them back, and records errors 500."""

    def __init__(self, user: User) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.found: dict[str, list[str]] = defaultdict(list)

    def ask(self, address: Address, kind: str, path: str, form: dict[str, str] | None = None) -> None:
        with transaction.atomic():
            answer = self.client.get(path) if form is None else self.client.post(path, form)
            if answer.streaming:
                b"".join(answer)
            transaction.set_rollback(True)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.found[address.name].append(f"{kind}: {answer.status_code}")


@pytest.fixture
def faults(superuser: User, settings: Settings, tmp_path: Path) -> Iterator[Faults]:
    # Without keys some addresses rightly say that they cannot answer now.
    settings.SEALING_KEYS_DIR = tmp_path / "keys"
    settings.SEALING_KEYS_DIR.mkdir(mode=0o700)
    with_demo_keys()
    yield Faults(superuser)
    clear_signer_cache()


@pytest.mark.walks("every address with a key")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_answers_a_key_by_a_fault(faults: Faults, part: int):
    for address in WITH_KEY[part::PARTS]:
        path = address.reached_with(KEYS["²"]) or address.reached_with(KEYS["huge"])
        if path:
            faults.ask(address, "GET", path)

    assert faults.found == {}


@pytest.mark.walks("every address without a key")
@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_answers_a_query_or_half_a_form_by_a_fault(faults: Faults, part: int):
    for address in WITHOUT_KEY[part::PARTS]:
        faults.ask(address, "GET", f"{address.path}?{QUERIES['no number']}")
        faults.ask(address, "POST", address.path, HALF_FORMS["no numbers"])

    assert faults.found == {}


@pytest.mark.engines("thousands of requests", nightly=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_answers_anything_by_a_fault(faults: Faults, part: int):
    for address in WITH_KEY[part::PARTS]:
        for kind, key in KEYS.items():
            if path := address.reached_with(key):
                faults.ask(address, f"GET {kind}", path)
                faults.ask(address, f"POST {kind}", path, {})
    for address in WITHOUT_KEY[part::PARTS]:
        for kind, query in QUERIES.items():
            faults.ask(address, f"GET {kind}", f"{address.path}?{query}")
        for kind, form in HALF_FORMS.items():
            faults.ask(address, f"POST {kind}", address.path, form)

    assert faults.found == {}
