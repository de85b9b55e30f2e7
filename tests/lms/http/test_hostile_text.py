"""A megabyte of hostile text in each form and address that is for all delays no other request."""

import threading
import time
from collections.abc import Iterator
from itertools import count, cycle, islice
from typing import NamedTuple
from urllib.parse import quote

import httpx
import pytest
from bs4 import BeautifulSoup
from django.urls import NoReverseMatch, reverse

from accounts.models import Center
from lms.body_limits import DEFAULT
from tests.project.authorization.rows import TABLE
from tests.project.authorization.subjects import ARGUMENTS
from tests.project.authorization.table import Address, Kind, addresses, rows_for
from tests.served_site import served

KINDS = {
    "one letter": "ض",
    "digits": "1",
    "Arabic and digits": "ض١5 ",
    "spaces": " ",
    "line breaks": "\n",
    "openings": "<",
    "quotes": "\"'",
    "direction overrides": "\u202e\u2066",
    "isolates": "\u2068",
    "signs of an address": "@.",
    "entities": "&a",
}
ANSWER_SECONDS, HEALTH_SECONDS = 1.0, 0.1
# A longer first line of a request is refused by daphne, and by nginx already beyond half of it.
LINE_BYTES = 12_000
# Somebody else may have the processor: a fault is one that comes each time.
TRIES = 12
PARTS = 4
# They take a file, which other tests send; and the log-out ends nothing for a visitor.
WITHOUT_TEXT = {"account_logout"}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.engines("a megabyte to a served site, hundreds of times"),
]


class Sent(NamedTuple):
    what: str
    method: str
    path: str
    form: dict[str, str]


@pytest.fixture
def site(center: Center) -> Iterator[str]:
    # Each request comes from another address, so that no limit answers in the place of the page.
    with served(BEHIND_PROXY="true") as address:
        yield address


class Visitor:
    """Sends requests, with an eye on the health of the site."""

    def __init__(self, site: str) -> None:
        self.client = httpx.Client(base_url=site, timeout=60, headers={"Accept-Language": "ar"})
        self.health = httpx.Client(base_url=site, timeout=60)
        self.addresses = count(1)
        self.token = ""

    def shown(self, path: str) -> str:
        answer = self.client.get(path)
        return answer.text if answer.headers.get("Content-Type", "").startswith("text/html") else ""

    def fault(self, sent: Sent) -> str:
        """What went wrong each time, or ""."""
        for _try in range(TRIES):
            status, seconds, slowest = self._timed(sent)
            if status >= 500 and status != 503:
                return f"{sent.what}: {status}"
            if seconds <= ANSWER_SECONDS and slowest <= HEALTH_SECONDS:
                return ""
        return f"{sent.what}: answered in {seconds:.2f} s, /healthz meanwhile in {slowest:.2f} s"

    def _timed(self, sent: Sent) -> tuple[int, float, float]:
        slowest, over = [0.0], threading.Event()

        def watch() -> None:
            while not over.is_set():
                since = time.monotonic()
                self.health.get("/healthz")
                slowest[0] = max(slowest[0], time.monotonic() - since)
                over.wait(0.02)

        number = next(self.addresses)
        headers = {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        # In parts, in which a letter takes two bytes; as an address it would take six.
        files = {name: (None, value) for name, value in sent.form.items()}
        watching = threading.Thread(target=watch)
        watching.start()
        try:
            since = time.monotonic()
            answer = self.client.request(sent.method, sent.path, files=files or None, headers=headers)
            return answer.status_code, time.monotonic() - since, slowest[0]
        finally:
            over.set()
            watching.join()


def text_of(kind: str, size: int) -> str:
    letters = KINDS[kind]
    return letters * (size // len(letters.encode()))


def public_paths() -> list[str]:
    found = {}
    for address in addresses():
        rows = rows_for(address, TABLE)
        if rows and TABLE[rows[0]].kind is Kind.PUBLIC and address not in WITHOUT_TEXT:
            found[address] = path_of(address)
    return sorted({path for path in found.values() if path})


def path_of(address: Address) -> str | None:
    try:
        return reverse(str(address), kwargs={name: ARGUMENTS.get(name, "x") for name in address.arguments})
    except NoReverseMatch:
        return None


def requests_to(visitor: Visitor, path: str) -> Iterator[Sent]:
    number = len(path)
    for kind in [*islice(cycle(KINDS), number, number + 3)]:
        text = quote(text_of(kind, LINE_BYTES // 6))
        yield Sent(
            f"{path}?q= {kind}", "GET", f"{path}?q={text}&page={text[:300]}&governorate={text[:300]}", {}
        )
    page = BeautifulSoup(visitor.shown(path), "html.parser")
    forms = [form for form in page.find_all("form") if str(form.get("method", "")).lower() == "post"]
    for form in forms:
        fields = {
            str(field["name"]): str(field.get("value", "x"))
            for field in form.find_all(["input", "select", "textarea"])
            if field.get("name") and field.get("type") != "file"
        }
        to = str(form.get("action") or path)
        room = DEFAULT.size - 4096 - sum(len(value.encode()) + 200 for value in fields.values())
        names = sorted(fields.keys() - {"csrfmiddlewaretoken"})
        # Each kind in some field, and in each field what is neither a number nor a word.
        pairs = (
            {*zip(cycle(names), KINDS, strict=False), *((name, "Arabic and digits") for name in names)}
            if names
            else set()
        )
        for name, kind in sorted(pairs):
            yield Sent(f"{to} {name} {kind}", "POST", to, fields | {name: text_of(kind, room)})
    if not forms:
        for kind in ("one letter", "Arabic and digits"):
            yield Sent(f"{path} body {kind}", "POST", path, {"text": text_of(kind, DEFAULT.size - 4096)})


@pytest.mark.parametrize("part", range(PARTS))
def test_a_megabyte_of_hostile_text_keeps_nobody_waiting(site: str, part: int):
    visitor = Visitor(site)
    with visitor.client, visitor.health:
        faults = [
            fault
            for path in public_paths()[part::PARTS]
            for sent in requests_to(visitor, path)
            if (fault := visitor.fault(sent))
        ]

    assert faults == []
