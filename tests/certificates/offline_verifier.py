"""The verifier of the browser, asked in Node.js: its modules as they are, without a bundler."""

import base64
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.programs import ROOT, ask_node

SCRIPT = Path(__file__).parent / "judge_offline.mjs"
MODULES = ROOT / "lms" / "static" / "js" / "verify"


def verdict_of(
    address: str,
    *,
    keys: Iterable[str],
    listed: bytes | None,
    now: datetime,
    hand_overs: Iterable[str] = (),
    seen: datetime | None = None,
    time_zone: str = "UTC",
) -> dict[str, Any]:
    """What the device says: {state, facts, since}, or {fault} where it refuses the keys or the list.

    `keys` are the sets in the order they came, `listed` a sealed list, `seen` the latest moment the device knows of,
    `time_zone` that of the place of issue.
    """
    case = {
        "address": address,
        "keys": list(keys),
        "handOvers": list(hand_overs),
        "list": None if listed is None else base64.b64encode(listed).decode(),
        "now": now.isoformat(),
        "seen": seen and seen.isoformat(),
        "hoursKept": 24,
        "timeZone": time_zone,
    }
    with tempfile.TemporaryDirectory() as folder:
        # Without a bundler, this is what tells Node that they are ES modules, as `type="module"` tells browsers.
        (Path(folder) / "package.json").write_text('{"type": "module"}')
        for module in MODULES.glob("*.js"):
            (Path(folder) / module.name).write_text(module.read_text())
        [verdict] = ask_node(SCRIPT, {"modules": folder, "cases": [case]})
    return verdict
