"""What a row of the table of permissions says."""

from typing import NamedTuple

from accounts.enums import Act


class Grant(NamedTuple):
    """What a verb needs: an act in the place of the row, and further conditions (`but`, as text for the docs).

    `second_to`: of an act that needs two people, what the first one did. The two are people apart, and the card of the second was compared
    (`accounts.scoping.hands`); `tests/lms/test_one_hand.py` plays each with logins that count as one.
    """

    act: Act
    but: str = ""
    second_to: str = ""
