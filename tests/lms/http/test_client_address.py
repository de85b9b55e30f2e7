"""Who the client is, behind our proxy and without one."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.audit.context import current_address
from lms.addresses import ClientAddress
from lms.middleware import ClientAddressMiddleware


def address_of(**headers: str) -> str:
    request = RequestFactory().get("/", headers=headers)
    seen: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ClientAddressMiddleware(answer)(request)
    return seen[0]


def test_without_a_proxy_the_header_is_not_believed(settings: Any):
    settings.BEHIND_PROXY = False

    assert address_of(x_forwarded_for="203.0.113.9") == "127.0.0.1"


@pytest.mark.parametrize("header", ["203.0.113.9", "198.51.100.1, 203.0.113.9", "junk,203.0.113.9"])
def test_behind_the_proxy_only_the_address_it_appended_counts(settings: Any, header: str):
    settings.BEHIND_PROXY = True

    assert address_of(x_forwarded_for=header) == "203.0.113.9"


@pytest.mark.parametrize(("is_behind_proxy", "seen"), [(False, "192.0.2.1"), (True, "203.0.113.9")])
def test_what_a_socket_logs_carries_the_address_of_its_client(
    settings: Settings, is_behind_proxy: bool, seen: str | None
):
    settings.BEHIND_PROXY = is_behind_proxy
    addresses: list[str | None] = []

    async def application(_scope: dict, _receive: object, _send: object) -> None:
        addresses.append(await sync_to_async(current_address, thread_sensitive=False)())

    scope = {"headers": [(b"x-forwarded-for", b"10.0.0.1, 203.0.113.9")], "client": ("192.0.2.1", 4711)}
    asyncio.run(ClientAddress(application)(scope, None, None))

    assert (addresses, current_address()) == ([seen], None)
