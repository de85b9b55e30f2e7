"""The owner of the tables: migrations alone connect as this role (`DATABASE_OWNER_URL`)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

LOGIN = ("HOST", "PORT", "USER", "PASSWORD")


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner while the block runs; outside of transactions only."""
    application = connection.settings_dict
    options = {**application["OPTIONS"], **settings.DATABASE_OWNER.get("OPTIONS", {})}
    # The pool's connections are the application's.
    options.pop("pool", None)
    connection.close()
    connection.settings_dict = {
        **application,
        **{name: settings.DATABASE_OWNER[name] for name in LOGIN},
        "OPTIONS": options,
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application


def is_another_role() -> bool:
    """Whether the application's role is not the owner's."""
    return bool(settings.DATABASES["default"]["USER"] != settings.DATABASE_OWNER["USER"])
