"""The whole table."""

from tests.project.authorization.sign_in import SIGN_IN
from tests.project.authorization.site import SITE
from tests.project.authorization.table import Entry, rows_for
from tests.project.authorization.wagtail_pages import WAGTAIL
from tests.project.authorization.workplace import WORKPLACE

TABLE: dict[str, Entry] = {**WORKPLACE, **SITE, **WAGTAIL, **SIGN_IN}


def entry_of(name: str) -> Entry:
    """The row of an address. Raises `KeyError` where there is none; `test_table` says what to add."""
    keys = rows_for(name, TABLE)
    if not keys:
        raise KeyError(name)
    return TABLE[keys[0]]
