"""Digests of the audit trail: of a row, of its erasable parts, of a day.

All are HMAC-SHA256 (RFC 2104) under a key that is not in the database, so that write access to the database alone cannot
produce a valid row. The key comes from IDENTITY_HMAC_KEY, which never changes: identity numbers are found by it.

What the law may erase is covered by a commitment: the digest of the content and a random salt. The digest of the row covers
the commitment. Once the content and the salt are gone, the row still verifies, and the content cannot be guessed, not even
with the key.
"""

import json
import secrets
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac

SALT_BYTES = 16


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def digest_of(purpose: str, content: Any) -> str:
    """64 hexadecimal digits over `content`, which must be serializable as JSON. `purpose` keeps kinds of digests apart."""
    message = canonical(content)
    key = settings.IDENTITY_HMAC_KEY
    return salted_hmac(f"accounts.audit.{purpose}", message, secret=key, algorithm="sha256").hexdigest()


def commitment_to(content: Any, *, salt: str) -> str:
    return digest_of("commitment", [salt, content])


def chained(digests: Iterable[str]) -> str:
    """One digest over many, in order."""
    return digest_of("rows", list(digests))


def canonical(content: Any) -> str:
    """The same text before `content` is written to a `jsonb` column and after it is read from there.

    PostgreSQL keeps numbers by value (1e3 becomes 1000) and no order of keys.
    """
    return _text(
        json.loads(json.dumps(content, cls=DjangoJSONEncoder), parse_float=Decimal, parse_int=Decimal)
    )


def _text(value: Any) -> str:
    match value:
        case dict():
            return "{" + ",".join(f"{_text(key)}:{_text(value[key])}" for key in sorted(value)) + "}"
        case list():
            return "[" + ",".join(map(_text, value)) + "]"
        case Decimal():
            digits = format(value, "f") if value else "0"
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        case _:
            return json.dumps(value, ensure_ascii=False)
