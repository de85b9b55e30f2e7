"""What a row of the table of permissions says."""

from typing import NamedTuple

from accounts.enums import Act


class Grant(NamedTuple):
    """What a verb needs: an act in the place of the row, and further conditions (`but`, as text for the docs)."""

    act: Act
    but: str = ""
