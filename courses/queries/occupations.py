"""Titles of occupations in the reader's language."""

from django.utils.translation import get_language

from courses.occupations import TITLES


def occupation_title(code: str) -> str:
    """The title of a unit group of ISCO-08, else the code itself."""
    titles = TITLES.get(code)
    if titles is None:
        return code
    return titles[0] if get_language() == "ar" else titles[1]


def occupations() -> list[tuple[str, str]]:
    """The unit groups of ISCO-08 that programs lead to: code, and code with title, in the order of the codes."""
    return [(code, f"{code} · {occupation_title(code)}") for code in sorted(TITLES)]
