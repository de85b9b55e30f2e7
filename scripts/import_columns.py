"""Prints the columns of lists as a page of the documentation: `python -m scripts.import_columns > docs/reference/imports.md`."""

import os
from collections.abc import Iterator

import django

HEAD = """# Columns of lists

What a list that is imported may say ([how to import one](../../manual/pages/en/import.md)). Printed from `courses/imports/` by
`python -m scripts.import_columns > docs/reference/imports.md`; a test compares them.

Headings may be any of those that are listed, in any order; capitals, spaces, hamzas and dots make no difference, neither in words. A column that is
not listed is refused. Digits may be Arabic or Western.
"""


def page() -> str:
    """The whole page, in Markdown."""
    from django.utils.translation import override  # noqa: PLC0415 - needs the app registry

    with override("en"):
        return "\n".join([HEAD, *_lists()])


def _lists() -> Iterator[str]:
    from courses.enums import ImportKind  # noqa: PLC0415 - needs the app registry
    from courses.imports.columns import COLUMNS, REQUIRED, label_of  # noqa: PLC0415 - needs the app registry

    for kind in ImportKind:
        needed = ", ".join(" or ".join(label_of(kind, name) for name in one) for one in REQUIRED[kind])
        yield f"## List of {kind.label}\n"
        yield f"Needed: {needed}.\n"
        yield "| column | also called | its cells |"
        yield "|---|---|---|"
        for column in COLUMNS[kind]:
            yield f"| {column.label} | {', '.join(column.aliases)} | {_cells(column) or 'text'} |"
        yield ""


def _cells(column: object) -> str:
    words = getattr(column, "words", None)
    if words is None:
        return str(getattr(column, "form", ""))
    return "; ".join(f"**{choice.label}**: {', '.join(choice.spellings())}" for choice in words.choices)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    print(page(), end="")
