"""Passwords that pages of staff show once."""

import re
from collections.abc import Iterable


def passwords_in(messages: Iterable[object]) -> list[str]:
    """The passwords on the page, as they are shown."""
    return re.findall(r">([a-z2-9]{4}(?:-[a-z2-9]{4}){2})<", " ".join(map(str, messages)))
