"""The scripts and style sheets of pages, bundled as their sources are now."""

import json
from functools import cache

from tests.external_programs import ROOT, run_node

ASSETS = ROOT / "lms" / "assets"
STATIC = ROOT / "lms" / "static"


@cache
def bundle() -> dict[str, list[str]]:
    """Bundle, once in a process. Returns the sources of each bundle, both by their paths."""
    sources: dict[str, list[str]] = json.loads(run_node(ROOT / "scripts" / "bundle.mjs", "--list"))
    return sources


def bundled(name: str) -> str:
    """The content of a bundle such as `js/player.js`."""
    bundle()
    return (STATIC / name).read_text(encoding="utf-8")
