"""What pages of staff say once."""

import re
from collections.abc import Iterable


def passwords_in(messages: Iterable[object]) -> list[str]:
    """The passwords that were told, as they stand on the page."""
    return re.findall(r">([a-z2-9]{4}(?:-[a-z2-9]{4}){2})<", " ".join(map(str, messages)))
