"""The IP address of the current request; background tasks have none."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("audit_address", default=None)


@contextmanager
def acting_from(address: str | None) -> Iterator[None]:
    """Record `address` in everything that is logged inside the block. Anything that is no IP address (a Unix socket) counts as none."""
    token = _address.set(_normalized(address))
    try:
        yield
    finally:
        _address.reset(token)


def current_address() -> str | None:
    return _address.get()


def _normalized(address: str | None) -> str | None:
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    # A server that listens on both protocols writes IPv4 clients as ::ffff:a.b.c.d.
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
