"""A moment that lasts."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    with patch.object(timezone, "now", lambda: moment):
        yield
