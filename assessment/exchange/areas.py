"""Areas of pictures in thousandths, from pixels and to them. Independent of Django."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessment.exchange.item import FaultCode, FaultyQuestion
from assessment.marking.hotspot import WIDE

_MOST_NUMBERS = 200


def area_in(shape: str, places: str, width: int, height: int) -> dict[str, Any]:
    """An area as keys hold it. `places` are pixels as HTML, Moodle and QTI write them. Raises FaultyQuestion."""
    numbers = [Fraction(one) for one in re.findall(r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?", places)[:_MOST_NUMBERS]]
    across = [_thousandth(one, width) for one in numbers]
    down = [_thousandth(one, height) for one in numbers]
    match shape.lower(), len(numbers):
        case "circle", 3:
            return {"circle": [across[0], down[1], across[2]]}
        case "rect" | "rectangle", 4:
            # Moodle writes the corner and the size, and sets them apart by a semicolon.
            right, bottom = (
                (numbers[0] + numbers[2], numbers[1] + numbers[3]) if ";" in places else numbers[2:]
            )
            ends = (
                sorted((across[0], _thousandth(right, width))),
                sorted((down[1], _thousandth(bottom, height))),
            )
            return {"rectangle": [ends[0][0], ends[1][0], ends[0][1], ends[1][1]]}
        case "poly" | "polygon", count if count >= 6 and count % 2 == 0:
            corners = [[across[at], down[at + 1]] for at in range(0, count, 2)]
            return {"polygon": corners[:-1] if corners[0] == corners[-1] else corners}
    raise FaultyQuestion(FaultCode.FORM, f"{shape} {places}"[:80])


def places_of(area: Mapping[str, Any], width: int, height: int) -> tuple[str, str]:
    """Shape and pixels of an area as Moodle writes them."""
    ((shape, places),) = area.items()
    match shape:
        case "circle":
            x, y, radius = places
            return shape, f"{_pixel(x, width)},{_pixel(y, height)};{_pixel(radius, width)}"
        case "rectangle":
            left, top, right, bottom = places
            x, y = _pixel(left, width), _pixel(top, height)
            return shape, f"{x},{y};{_pixel(right, width) - x},{_pixel(bottom, height) - y}"
    return shape, ";".join(f"{_pixel(x, width)},{_pixel(y, height)}" for x, y in places)


def _thousandth(pixel: Fraction, side: int) -> int:
    return min(max(round(pixel * WIDE / side), 0), WIDE)


def _pixel(thousandth: int, side: int) -> int:
    return round(Fraction(thousandth * side, WIDE))


def thousandths_of(area: Mapping[str, Any]) -> str:
    """The area as it is, for a reader of ours: pixels of a small picture are coarser."""
    ((shape, places),) = area.items()
    numbers: Sequence[int] = [one for corner in places for one in corner] if shape == "polygon" else places
    return ",".join(map(str, numbers))
