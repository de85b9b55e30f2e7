"""Join the modules of the player, the live room and the check of certificates: one request instead of twenty, without comments and indents.

Runs in set-up, before `collectstatic`. The modules stay plain ES modules that a browser could load one by one; the
joiner asks for a little order in return, and refuses what it would break: imports are whole lines that name their
neighbor, exports are declarations, and a top-level name occurs once in the folder.
"""

import re
from pathlib import Path

from scripts.whole_files import write_whole

JS = Path(__file__).resolve().parent.parent / "lms" / "static" / "js"
# The folder of modules under `js/`, and the file they become beside it.
JOINED = {"player": "player.js", "room": "live-room.js", "verify": "verify.js"}
IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"\./([\w-]+\.js)";\n', re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:class|function\*?|const|let) (\w+)", re.MULTILINE)
# Only whole-line comments: one behind code could stand inside a string.
COMMENT = re.compile(r"^\s*(?://.*|/\*\*?(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
INDENT = re.compile(r"\n\s*")


class CannotJoin(Exception):
    """A module breaks the order that joining asks for."""


def joined(folder: Path = JS / "player", entry: str = "main.js") -> str:
    """The entry and everything it imports, neighbors before who needs them. Raises CannotJoin."""
    modules: dict[str, str] = {}
    _collect(folder, entry, modules, ())
    owners: dict[str, str] = {}
    for name, source in modules.items():
        for declared in DECLARED.findall(source):
            if owners.setdefault(declared, name) != name:
                raise CannotJoin(f"{declared} is declared in {owners[declared]} and in {name}")
    return "".join(_plain(name, source) for name, source in modules.items())


def _collect(folder: Path, name: str, modules: dict[str, str], above: tuple[str, ...]) -> None:
    if name in above:
        raise CannotJoin(f"{' > '.join((*above, name))} go in a circle")
    if name in modules:
        return
    source = (folder / name).read_text(encoding="utf-8")
    for neighbor in IMPORT.findall(source):
        _collect(folder, neighbor, modules, (*above, name))
    modules[name] = source


def _plain(name: str, source: str) -> str:
    text = COMMENT.sub("", IMPORT.sub("", source))
    if re.search(r"^(?:import\s|export (?:default|\{|\*))", text, re.MULTILINE):
        raise CannotJoin(f"{name}: an import or export of another form")
    text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    return INDENT.sub("\n", text).strip() + "\n"


def build() -> None:
    for name, target in JOINED.items():
        write_whole(JS / target, joined(JS / name))


if __name__ == "__main__":
    build()
