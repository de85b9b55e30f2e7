"""The names of QTI 2 in place of those of QTI 3, and back. Independent of Django."""

import re
from dataclasses import replace

from assessment.exchange.markup import Node

_PREFIX = "qti-"


def as_version_2(node: Node) -> Node:
    """`qti-choice-interaction` and `max-choices` as `choiceInteraction` and `maxChoices`."""
    name = _camel(node.name.removeprefix(_PREFIX)) if node.name.startswith(_PREFIX) else node.name
    return replace(
        node,
        name=name,
        attributes={
            _camel(one) if "data-" not in one else one: value for one, value in node.attributes.items()
        },
        inside=[as_version_2(one) if isinstance(one, Node) else one for one in node.inside],
    )


def as_version_3(written: str, html: frozenset[str]) -> str:
    """What was written with names of QTI 2 with those of QTI 3; names of HTML stay."""

    def renamed(found: re.Match[str]) -> str:
        slash, name, attributes = found[1], found[2], found[3]
        if name not in html:
            name = _PREFIX + _kebab(name)
        # With its value, which may end as a name does.
        attributes = re.sub(
            r'(?<![A-Za-z:])([A-Za-z:]+)=("[^"]*")', lambda one: f"{_kebab(one[1])}={one[2]}", attributes
        )
        return f"<{slash}{name}{attributes}"

    return re.sub(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z:]+=\"[^\"]*\")*)", renamed, written)


def _camel(name: str) -> str:
    return re.sub(r"-([a-z0-9])", lambda found: found[1].upper(), name)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"-{found[1].lower()}", name)
