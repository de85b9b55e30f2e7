"""What every kind of question has in common.

A question is made of two JSON objects that are stored apart: its content, which everybody sees who is asked, and its key, which does
not leave the server before the mark. Texts in the content are by language code: `{"ar": "...", "en": "..."}`.

A share is what a response earns of the points of its question, from 0 to 1.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Protocol

NOTHING = Fraction(0)
EVERYTHING = Fraction(1)

# Characters. A line that is typed, and an essay.
LONGEST_LINE = 200
LONGEST_ESSAY = 20_000

# C0 and C1 controls, which PostgreSQL or a page cannot show; line ends and tabs stay. Surrogates without their other half, too.
_UNWRITABLE = dict.fromkeys({*range(32), *range(127, 160), *range(0xD800, 0xE000)} - {9, 10, 13})


class UnreadableResponse(ValueError):
    """The response has a form that its question cannot take, as a text in place of an option. Nothing of it may be kept."""


class InvalidQuestion(ValueError):
    """The content and the key make no question that can be marked; the text says why, for developers."""


class Question(Protocol):
    """A question with its key."""

    def read(self, sent: Any) -> Any:
        """What was sent, in the one form in which it is kept: JSON, and None where nothing was answered.

        Two responses that say the same have one form. Raises UnreadableResponse.
        """

    def mark(self, response: Any) -> Fraction | None:
        """The share that a response earns which `read` returned; None where a person has to mark it."""


def clean_text(sent: Any, longest: int) -> str:
    """A typed text without what cannot be stored, as it was typed but for spaces around it. Raises UnreadableResponse."""
    if not isinstance(sent, str) or len(sent) > longest:
        raise UnreadableResponse("a text is asked for, not longer than the field")
    return sent.translate(_UNWRITABLE).strip()


def one_of(sent: Any, ids: Iterable[str]) -> str:
    """The id that was sent. Raises UnreadableResponse."""
    if not isinstance(sent, str) or sent not in ids:
        raise UnreadableResponse("no such choice in this question")
    return sent


def ids_in(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The ids of the choices in a list of the content, in its order. Raises InvalidQuestion where one is there twice."""
    ids = tuple(str(one["id"]) for one in content[name])
    if not ids or len(set(ids)) < len(ids):
        raise InvalidQuestion(f"{name} are none, or one is there twice")
    return ids


def read_share(text: str) -> Fraction:
    """A share or weight as keys write it: `1`, `0.5`, `-1/3`. Raises InvalidQuestion."""
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise InvalidQuestion(f"{text!r} is no share") from error
    if abs(share) > 1 or share.denominator > 10**6:
        raise InvalidQuestion(f"{text!r} is beyond the whole")
    return share


def total_percent(points: Iterable[int], shares: Iterable[Fraction]) -> Fraction:
    """The mean of the shares, weighted with the points of their questions, in percent from 0 to 100."""
    earned: dict[int, int] = {}
    whole = 0
    # Few denominators occur: adding whole numbers for each costs a tenth of adding fractions.
    for weight, share in zip(points, shares, strict=True):
        numerator, denominator = share.as_integer_ratio()
        earned[denominator] = earned.get(denominator, 0) + weight * numerator
        whole += weight
    total = sum((Fraction(sum_, denominator) for denominator, sum_ in earned.items()), NOTHING)
    return 100 * total / whole
