"""What was answered so far in an attempt, and what a device has to know to go on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, Sum
from django.db.models.functions import Coalesce

from assessment.deadlines import milliseconds_left
from assessment.models import Attempt, ResponseEvent


@dataclass(frozen=True)
class SavedResponse:
    """The change of a slot that counts, in the form that `assessment.marking` keeps; `response` is None where it was taken back."""

    response: Any
    epoch: int
    seq: int


type SavedResponses = Mapping[int, SavedResponse]


def saved_responses(attempts: Sequence[Attempt]) -> dict[int, dict[int, SavedResponse]]:
    """Attempt -> slot -> the change with the highest (epoch, seq). One query."""
    found: dict[int, dict[int, SavedResponse]] = {attempt.pk: {} for attempt in attempts}
    rows = (
        ResponseEvent.objects.filter(attempt__in=found)
        .order_by("attempt_id", "slot", "-epoch", "-seq")
        .distinct("attempt_id", "slot")
        .values_list("attempt_id", "slot", "response", "epoch", "seq")
    )
    for attempt, slot, response, epoch, seq in rows:
        found[attempt][slot] = SavedResponse(response, epoch, seq)
    return found


def saved_bytes(attempt: Attempt, row_bytes: int) -> int:
    """What its changes take in the database, with so much for each row."""
    size = (
        Coalesce(Func(F("response"), function="pg_column_size", output_field=IntegerField()), 0) + row_bytes
    )
    return ResponseEvent.objects.filter(attempt=attempt).aggregate(size=Coalesce(Sum(size), 0))["size"]


def answered(saved: SavedResponses) -> dict[int, Any]:
    """Slot -> response, of the slots that have one."""
    return {slot: one.response for slot, one in saved.items() if one.response is not None}


def next_seq(epoch: int, saved: SavedResponses) -> int:
    """The number of a device's next change: the last change of the latest epoch counts for its slot, so it is among them."""
    return max((one.seq for one in saved.values() if one.epoch == epoch), default=0) + 1


def device_state(attempt: Attempt, saved: SavedResponses, now: dt.datetime) -> dict[str, Any]:
    """What a device has to know to go on, as the save protocol words it: its epoch, its next number, in which epoch each slot was
    answered, and until when it may.
    """
    return {
        "epoch": attempt.epoch,
        "next_seq": next_seq(attempt.epoch, saved),
        "epochs": {str(slot): one.epoch for slot, one in saved.items()},
        "left_ms": milliseconds_left(attempt.closes_at, now),
    }
