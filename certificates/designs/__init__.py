"""The built-in designs: `NAME.json` has the stored values of a template."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class BuiltInDesign:
    """A design by its name; `wording` are fields of the template, `body` its blocks as a StreamField stores them.

    `kinds` are the `CredentialKind`s it can print.
    An `edition` is a separate design: an installed earlier edition stays, and the new one is installed as another draft.
    """

    name: str
    edition: int
    title: str
    kinds: list[str]
    page_format: str
    wording: dict[str, str]
    body: list[dict[str, Any]]

    @property
    def installed_as(self) -> str:
        """The value of `CertificateTemplate.built_in`. It is the name alone for first editions."""
        return f"{self.name}-{self.edition}"


_KINDS = {
    "completion": ["completion"],
    "skill_level": ["skill_level"],
    "licence_card": ["licence"],
    "supplement": ["supplement"],
    "attendance": ["attendance"],
}
NAMES = tuple(_KINDS)


@cache
def built_in_designs() -> tuple[BuiltInDesign, ...]:
    return tuple(_load(name) for name in NAMES)


def _load(name: str) -> BuiltInDesign:
    text = (resources.files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    return BuiltInDesign(name=name, kinds=_KINDS[name], **json.loads(text))
