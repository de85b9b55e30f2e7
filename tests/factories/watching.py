"""Batches as a player makes them."""

import secrets
from typing import Any


def new_session() -> str:
    return secrets.token_urlsafe(16)


def batch_of(plays: dict[int, int] | None = None, **facts: Any) -> dict[str, Any]:
    """Half a minute of watching, as JSON; `facts` change single keys."""
    plays = {0: 1, 1: 1} if plays is None else plays
    return {
        "session": "s" * 22,
        "number": 0,
        "elapsed": 30_000,
        "plays": [[bucket, times] for bucket, times in sorted(plays.items())],
        "rungs": {"144p": 10_000},
        "stalls": {"count": 0, "milliseconds": 0},
        "start": None,
        "bytes": 100_000,
        **facts,
    }
