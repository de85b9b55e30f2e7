"""The six digits that a code page shows, another one every 30 seconds.

A time-based one-time password (RFC 6238) with HMAC-SHA-256: the counter is the number of the time step, with the public id
of the session before it, so that a code of one session is none of another. Digits by dynamic truncation (RFC 4226, section 5.3).
"""

import datetime as dt
import hmac
import math
import secrets
from uuid import UUID

STEP_SECONDS = 30
# How long the code before is taken after it turned: typing and a slow connection take time.
GRACE_SECONDS = 6
DIGITS = 6
SECRET_BYTES = 32


def new_secret() -> str:
    return secrets.token_hex(SECRET_BYTES)


def code_at(secret: str, session: UUID, at: dt.datetime) -> str:
    """The six digits that are shown at a moment."""
    return _code_of(secret, session, _step_at(at))


def is_shown(typed: str, secret: str, session: UUID, at: dt.datetime) -> bool:
    """Whether `typed` is on the screen at a moment, or was until `GRACE_SECONDS` before it."""
    step = _step_at(at)
    steps = [step, step - 1] if at.timestamp() % STEP_SECONDS < GRACE_SECONDS else [step]
    return any(hmac.compare_digest(_code_of(secret, session, one).encode(), typed.encode()) for one in steps)


def seconds_left(at: dt.datetime) -> int:
    """Until the code turns: 1 to `STEP_SECONDS`."""
    return STEP_SECONDS - math.floor(at.timestamp() % STEP_SECONDS)


def _step_at(at: dt.datetime) -> int:
    return int(at.timestamp() // STEP_SECONDS)


def _code_of(secret: str, session: UUID, step: int) -> str:
    digest = hmac.digest(bytes.fromhex(secret), session.bytes + step.to_bytes(8, "big"), "sha256")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"
