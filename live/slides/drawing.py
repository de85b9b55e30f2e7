"""Renders the pages of a file by the program in the sandbox, and checks all its output."""

import importlib.util
import json
import logging
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.services import sandbox

logger = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("program.py")
SMALL_WIDTH, LARGE_WIDTH = 480, 1280
REASONS = frozenset({"broken", "locked", "pages", "pixels"})
NAME = re.compile(r"[0-9]{1,3}-(?:480|1280)\.(?:webp|png)", re.ASCII)
MOST_CHARACTERS = 1_500
LIMITS = sandbox.Limits(
    wall_seconds=240,
    # A page that takes longer to render is refused.
    stall_seconds=30,
    cpu_seconds=240,
    file_bytes=4 * 1024**2,
    memory_bytes=1024**3,
)


class Unreadable(Exception):
    """The file cannot be rendered; `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Page:
    """One page: two pictures in the folder, the size of the large one in pixels, and the text layer."""

    small: str
    large: str
    small_bytes: int
    large_bytes: int
    width: int
    height: int
    text: str


def draw_pages(files: Sequence[Path], *, folder: Path, most_pages: int) -> list[Page]:
    """Render every page of `files` (one PDF, or pictures) into `folder`. Raises Unreadable.

    Raises `SandboxFailed` and `Killed` where the machine may be the cause."""
    said: list[str] = []
    packages = _packages_folder()
    command = [sys.executable, "-I", str(PROGRAM), str(packages), str(most_pages), str(folder)]
    try:
        sandbox.run(
            [*command, *map(str, files)],
            folder=folder,
            limits=LIMITS,
            readable=[PROGRAM, packages, Path(sys.base_prefix), *files],
            on_line=said.append,
        )
    except (sandbox.SandboxFailed, sandbox.Killed):
        raise
    except sandbox.TranscodingFailed as error:
        logger.warning("Slides could not be rendered: %s", error)
        raise Unreadable("broken") from error
    if said and said[-1].startswith("refused "):
        reason = said[-1].removeprefix("refused ")
        raise Unreadable(reason if reason in REASONS else "broken")
    pages = [_page(line, folder) for line in said]
    if not pages:
        raise Unreadable("broken")
    if len(pages) > most_pages:
        raise Unreadable("pages")
    return pages


def _packages_folder() -> Path:
    spec = importlib.util.find_spec("pypdfium2")
    assert spec is not None and spec.origin is not None  # noqa: S101 - a dependency of the project
    return Path(spec.origin).parent.parent


def _page(line: str, folder: Path) -> Page:
    try:
        facts = json.loads(line)
        small, large = (facts[str(width)]["name"] for width in (SMALL_WIDTH, LARGE_WIDTH))
        width, height = map(int, facts[str(LARGE_WIDTH)]["size"])
        text = str(facts["text"])[:MOST_CHARACTERS]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("broken") from error
    for name in (small, large):
        if not NAME.fullmatch(name) or not (folder / name).is_file():
            raise Unreadable("broken")
    small_bytes, large_bytes = ((folder / name).stat().st_size for name in (small, large))
    return Page(small, large, small_bytes, large_bytes, width=max(1, width), height=max(1, height), text=text)
