"""The verifier of the browser in Node.js: its modules, not bundled."""

import base64
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.external_programs import ask_node

SCRIPT = Path(__file__).parent / "judge_offline.mjs"


def verdict_of(
    address: str,
    *,
    keys: Iterable[str],
    listed: bytes | None,
    now: datetime,
    rollovers: Iterable[str] = (),
    seen: datetime | None = None,
    time_zone: str = "UTC",
) -> dict[str, Any]:
    """The verdict of the device: {state, facts, since}, or {fault} where it refuses the keys or the list.

    `keys` are the sets in the order they came, `listed` a sealed list, `seen` the latest moment the device knows of,
    `time_zone` that of the place of issue.
    """
    case = {
        "address": address,
        "keys": list(keys),
        "rollovers": list(rollovers),
        "list": None if listed is None else base64.b64encode(listed).decode(),
        "now": now.isoformat(),
        "seen": seen and seen.isoformat(),
        "hoursKept": 24,
        "timeZone": time_zone,
    }
    verdict: dict[str, Any]
    [verdict] = ask_node(SCRIPT, {"cases": [case]})
    return verdict
