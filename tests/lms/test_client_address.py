"""Who the client is, behind our proxy and without one."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

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
