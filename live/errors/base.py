"""The base class of errors of live rooms."""

from typing import ClassVar

from accounts.errors import DomainError


class LiveError(DomainError):
    code: ClassVar[str]
