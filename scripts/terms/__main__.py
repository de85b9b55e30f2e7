"""Report retired words in names and in prose. It is part of `make lint`.

`identifiers.csv` has rows (identifier, app, replacement): no Python file of the app, and none of its tests, may use the identifier as a name, nor have it as
the name of a module. `*` means every app. `phrases.csv` has rows (phrase, replacement): no text of the project may contain the phrase as whole words, in upper or
lower case. A phrase that is all of a quoted string is a value (of the database, of a protocol), and is allowed. `arabic.csv` has rows (word, replacement): no Arabic
translation and no Arabic page of the manual may contain the word, with or without the article and a particle before it. What the words of the project are:
`docs/reference/words.md`.
"""

import csv
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

TEXTS = {".css", ".html", ".js", ".md", ".mjs", ".py", ".sh", ".sql", ".toml", ".yml"}
# Translations, and the manual in Arabic.
ARABIC_TEXTS = ("lms/locale/", "manual/pages/ar/")
ARABIC_BEFORE = "[وفبكل]?(?:ال|لل)?"
TEXTS_WITHOUT_SUFFIX = {"Dockerfile", "Makefile"}
# Generated files.
GENERATED = {"__pycache__", "node_modules", "static", "var"}
# Pages and data about the retired words themselves.
ABOUT_WORDS = ("scripts/terms/", "docs/reference/words.md", "tests/project/test_terms.py")


class Finding(NamedTuple):
    path: str
    line: int
    found: str
    replacement: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.found!r} is retired: {self.replacement}"


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _app_of(path: str) -> str:
    """The app whose terms apply to a file; tests and templates belong to their app."""
    parts = path.split("/")
    if parts[0] in ("tests", "templates") and len(parts) > 2:
        return parts[1]
    return parts[0]


def _is_quoted(text: str, match: re.Match[str]) -> bool:
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return before == after and before in ("'", '"', "`")


class Words:
    def __init__(
        self,
        identifiers: list[dict[str, str]],
        phrases: list[dict[str, str]],
        arabic: list[dict[str, str]] | None = None,
    ) -> None:
        self._identifiers = {(row["app"], row["identifier"]): row["replacement"] for row in identifiers}
        self._phrases = {row["phrase"].lower(): row["replacement"] for row in phrases}
        self._arabic = {row["word"]: row["replacement"] for row in arabic or []}
        any_phrase = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in self._phrases)
        self._phrase = (
            re.compile(rf"(?<![\w-])({any_phrase})(?![\w-])", re.IGNORECASE) if self._phrases else None
        )

    def in_names(self, path: str, source: str) -> Iterator[Finding]:
        app = _app_of(path)
        module = Path(path).stem if not path.endswith("__init__.py") else Path(path).parent.name
        yield from (Finding(path, 1, *retired) for retired in self._retired(app, module))
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                yield from (
                    Finding(path, token.start[0], *retired) for retired in self._retired(app, token.string)
                )

    def in_prose(self, path: str, text: str) -> Iterator[Finding]:
        if self._phrase is None:
            return
        for match in self._phrase.finditer(text):
            if _is_quoted(text, match):
                continue
            phrase = " ".join(match[1].lower().split())
            yield Finding(path, text.count("\n", 0, match.start()) + 1, phrase, self._phrases[phrase])

    def in_arabic(self, path: str, text: str) -> Iterator[Finding]:
        for word, replacement in self._arabic.items():
            for match in re.finditer(rf"(?<!\w){ARABIC_BEFORE}{re.escape(word)}(?!\w)", text):
                yield Finding(path, text.count("\n", 0, match.start()) + 1, word, replacement)

    def _retired(self, app: str, name: str) -> Iterator[tuple[str, str]]:
        """The retired identifiers in a name, with their replacements: a name is one, and a lookup (`rung_at__lt`) has several."""
        for identifier in {name, *name.split("__")}:
            for scope in (app, "*"):
                if (scope, identifier) in self._identifiers:
                    yield identifier, self._identifiers[scope, identifier]


def project_words() -> Words:
    return Words(_rows("identifiers.csv"), _rows("phrases.csv"), _rows("arabic.csv"))


def _texts() -> Iterator[tuple[str, Path]]:
    """Every text of the project, with its path below the root."""
    for folder, folders, names in ROOT.walk():
        folders[:] = [name for name in folders if name not in GENERATED and not name.startswith(".")]
        for name in names:
            path = (folder / name).relative_to(ROOT).as_posix()
            is_text = Path(name).suffix in TEXTS or name in TEXTS_WITHOUT_SUFFIX
            is_translation = name.endswith(".po") and path.startswith(ARABIC_TEXTS)
            if (is_text or is_translation) and not path.startswith(ABOUT_WORDS):
                yield path, folder / name


def findings(words: Words) -> Iterator[Finding]:
    for path, file in _texts():
        text = file.read_text(encoding="utf-8")
        if path.startswith(ARABIC_TEXTS):
            yield from words.in_arabic(path, text)
        if file.suffix != ".po":
            yield from words.in_prose(path, text)
        if file.suffix == ".py":
            yield from words.in_names(path, text)


def main() -> int:
    found = list(findings(project_words()))
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
