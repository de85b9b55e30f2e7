"""Parses reports of players strictly: malformed ones are refused."""

import json
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from courses.coverage import BUCKET_SECONDS, MOST_BUCKETS

MOST_BYTES = 64 * 1024
# A year: reports of devices that were offline for longer are refused.
OLDEST_SECONDS = 366 * 86_400


class ReportUnreadable(DomainError):
    message = _("This progress report cannot be read. Reload the lesson; what you watched before is kept.")


@dataclass(frozen=True)
class ProgressReport:
    """The 5 s buckets seen since the last answer, the playing position in seconds, and how old that is in seconds."""

    buckets: list[int]
    position: int
    age: int = 0

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read `{"buckets": [0, 1, 2], "position": 12}`, with or without `"age": 3600`. Raises `ReportUnreadable`."""
        if len(body) > MOST_BYTES:
            raise ReportUnreadable
        try:
            facts = json.loads(body, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ReportUnreadable from error
        if not isinstance(facts, dict) or facts.keys() - {"age"} != {"buckets", "position"}:
            raise ReportUnreadable
        buckets, position = facts["buckets"], facts["position"]
        if not isinstance(buckets, list) or len(buckets) > MOST_BUCKETS:
            raise ReportUnreadable
        if not all(_is_whole(bucket, MOST_BUCKETS) for bucket in buckets):
            raise ReportUnreadable
        if not _is_whole(position, MOST_BUCKETS * BUCKET_SECONDS):
            raise ReportUnreadable
        age = facts.get("age", 0)
        if not _is_whole(age, OLDEST_SECONDS):
            raise ReportUnreadable
        return cls(buckets, position, age)


def _is_whole(value: Any, limit: int) -> bool:
    # True is an int to Python, not to a player.
    return type(value) is int and 0 <= value <= limit


def _refuse(constant: str) -> None:
    raise ValueError(constant)
