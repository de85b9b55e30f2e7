"""What every refusal of a room has."""

from typing import ClassVar

from accounts.errors import DomainError


class LiveError(DomainError):
    code: ClassVar[str]
