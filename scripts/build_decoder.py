"""Join the two modules of the npm package `qr` into one file.

One imports the other by its plain name, which static files keep for a year while its content changes with the package: an
upgrade would pair a new module with an old one. One file has one name, with the fingerprint of all of it.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "node_modules" / "qr"
TARGET = ROOT / "lms" / "static" / "vendor" / "qr" / "decode.js"
IMPORT = re.compile(r"^import \{ ([^}]*?),? \} from '\./index\.js';$", re.MULTILINE)
NAMED = re.compile(r"^export \{ ([^}]*?),? \};$", re.MULTILINE)
DEFAULT = re.compile(r"^export default \w+;$", re.MULTILINE)
DECLARED = re.compile(r"^export (?=function |const )", re.MULTILINE)
SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S+\s*$")


class CannotJoin(Exception):
    """The package is of another form than the one that was joined before."""


def joined(decode: str, index: str) -> str:
    """The decoder with what it imports in a scope of its own before it. Raises CannotJoin."""
    if len(IMPORT.findall(decode)) != 1 or len(NAMED.findall(index)) != 1:
        raise CannotJoin("qr: one import by its neighbor and one list of exports are what we know")
    exported = NAMED.findall(index)[0]
    body = DECLARED.sub("", DEFAULT.sub("", NAMED.sub("", SOURCE_MAP.sub("\n", index))))
    others = IMPORT.sub("", decode)
    if re.search(r"^(?:import|export)\b", body, re.MULTILINE) or re.search(
        r"^import\b", others, re.MULTILINE
    ):
        raise CannotJoin("qr: an import or export of another form")
    returned = ", ".join(f"{outer}: {inner}" for inner, outer in _pairs(exported))
    taken = ", ".join(f"{name}: {alias}" for name, alias in _pairs(IMPORT.findall(decode)[0]))
    neighbor = f"const {{ {taken} }} = (() => {{\n{body.strip()}\nreturn {{ {returned} }};\n}})();"
    return IMPORT.sub(lambda _found: neighbor, SOURCE_MAP.sub("\n", decode))


def _pairs(names: str) -> list[tuple[str, str]]:
    """The `inner as outer` of a list; without an alias both are one."""
    pairs = [name.strip().split(" as ") for name in names.split(",")]
    return [(pair[0], pair[-1]) for pair in pairs]


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    decode, index = ((SOURCES / name).read_text(encoding="utf-8") for name in ("decode.js", "index.js"))
    TARGET.write_text(joined(decode, index), encoding="utf-8")
