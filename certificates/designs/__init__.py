"""The designs that come with the product, as data: `NAME.json` holds what a template's editor would store."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class BuiltInDesign:
    """A design by its name; `wording` are fields of the template, `body` its blocks as a StreamField stores them.

    `kinds` are the `CredentialKind`s it can print.
    """

    name: str
    title: str
    kinds: list[str]
    page_format: str
    wording: dict[str, str]
    body: list[dict[str, Any]]


_KINDS = {
    "completion": ["completion"],
    "skill_level": ["skill_level"],
    "licence_card": ["licence"],
    "supplement": ["supplement"],
}
NAMES = tuple(_KINDS)


@cache
def built_in_designs() -> tuple[BuiltInDesign, ...]:
    return tuple(_load(name) for name in NAMES)


def _load(name: str) -> BuiltInDesign:
    text = (resources.files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    return BuiltInDesign(name=name, kinds=_KINDS[name], **json.loads(text))
