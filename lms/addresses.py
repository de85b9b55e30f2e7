"""The IP address of clients of ASGI applications without Django's middleware: sockets, uploads, asynchronous views."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from accounts.audit.context import acting_from

type Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class ClientAddress:
    """ASGI middleware that records the client's address in what is logged (`lms.middleware` does it for pages)."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        with acting_from(address_of(scope)):
            await self.application(scope, receive, send)


def address_of(scope: dict[str, Any]) -> str | None:
    """As for pages: behind our proxy, the last address of `X-Forwarded-For`, which it appended; else the peer's address."""
    forwarded = [value for name, value in scope.get("headers", ()) if name.lower() == b"x-forwarded-for"]
    if settings.BEHIND_PROXY and forwarded:
        return forwarded[-1].decode("latin-1").rpartition(",")[2].strip()
    client = scope.get("client")
    return client[0] if client else None
