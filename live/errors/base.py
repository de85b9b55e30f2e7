"""The base class of errors of live rooms."""

from accounts.errors import DomainError


class LiveError(DomainError):
    """Its subclasses set `code`: a word of the protocol of rooms (docs/reference/live-protocol.md)."""
