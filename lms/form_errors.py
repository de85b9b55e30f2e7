"""Form errors repeat the beginning of what was typed, not a megabyte of it: Django's and Wagtail's as well as ours."""

from collections.abc import Mapping
from decimal import Decimal
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError

MOST_CHARACTERS = 100


def repeat_little() -> None:
    """Shorten what every `ValidationError` fills into its sentence. Django has no setting, and forms of Wagtail no class of ours."""
    make = ValidationError.__init__

    @wraps(make)
    def make_short(
        self: ValidationError, message: Any, code: str | None = None, params: Mapping[str, Any] | None = None
    ) -> None:
        make(
            self,
            message,
            code,
            {name: shortened(value) for name, value in params.items()} if params else None,
        )

    ValidationError.__init__ = make_short  # type: ignore[method-assign]


def shortened(value: Any) -> Any:
    """A value as it is, or the beginning of what it would be written as."""
    if not isinstance(value, str | bytes | list | tuple | set | dict | Decimal):
        return value
    written = str(value)
    return value if len(written) <= MOST_CHARACTERS else written[: MOST_CHARACTERS - 1] + "…"
