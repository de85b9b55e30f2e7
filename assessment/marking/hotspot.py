"""Places on a picture, with a question that asks the same without it.

Content: `{"most": 2, "picture": ..., "instead": {"kind", "content"}}`; key: `{"areas": [...], "instead": {...}}`. Coordinates are thousandths of
the picture's width and height, from its upper left corner, whatever the direction of the page. An area is `{"circle": [x, y, radius]}` (the
radius in thousandths of the width, drawn on a picture whose `ratio` of height to width is in the content), `{"rectangle": [x, y, x, y]}` or
`{"polygon": [[x, y], ...]}`; its edge belongs to it.

Each area that has a point in it earns an equal share. At most `most` points may be placed, as many as there are areas: a point everywhere
is no answer. Who cannot see the picture answers `instead`, and only that is marked.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from assessment.marking.choice import MultipleChoice, SingleChoice
from assessment.marking.question import (
    NOTHING,
    InvalidQuestion,
    Question,
    UnreadableResponse,
)
from assessment.marking.short_text import ShortText

WIDE = 1000
_MOST_AREAS = 20
_MOST_CORNERS = 50
_INSTEAD: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Question]] = {
    "single": SingleChoice,
    "multiple": MultipleChoice,
    "short_text": ShortText,
}

type Point = tuple[int, int]
type Area = Callable[[Point], bool]


class Hotspot:
    def __init__(self, content: Mapping[str, Any], key: Mapping[str, Any]) -> None:
        ratio = Fraction(str(content.get("ratio", 1)))
        self._areas = [_area(stored, ratio) for stored in key["areas"]]
        self._most = int(content["most"])
        if not 1 <= len(self._areas) <= _MOST_AREAS or self._most != len(self._areas):
            raise InvalidQuestion("there are not as many points as areas")
        instead = content["instead"]
        if instead["kind"] not in _INSTEAD:
            raise InvalidQuestion("the question in place of the picture is of no such kind")
        self._instead = _INSTEAD[instead["kind"]](instead["content"], key["instead"])

    def read(self, sent: Any) -> dict[str, Any] | None:
        if sent is None:
            return None
        if not isinstance(sent, dict) or len(sent) != 1 or not {"points", "instead"} & set(sent):
            raise UnreadableResponse("points, or the answer in place of them, are asked for")
        if "instead" in sent:
            instead = self._instead.read(sent["instead"])
            return None if instead is None else {"instead": instead}
        return self._points(sent["points"])

    def _points(self, points: Any) -> dict[str, Any] | None:
        if not isinstance(points, list) or len(points) > self._most or not all(map(_is_point, points)):
            raise UnreadableResponse("so many points on the picture are asked for")
        return {"points": sorted(points)} if points else None

    def mark(self, response: Mapping[str, Any] | None) -> Fraction:
        if not response:
            return NOTHING
        if "instead" in response:
            return self._instead.mark(response["instead"]) or NOTHING
        points = [(x, y) for x, y in response["points"]]
        return Fraction(_met(self._areas, points), len(self._areas))


def _met(areas: list[Area], points: list[Point]) -> int:
    """How many areas have a point of their own, at most (bipartite matching by augmenting paths)."""
    owner: dict[int, int] = {}

    def finds(area: int, tried: set[int]) -> bool:
        for number, point in enumerate(points):
            if number in tried or not areas[area](point):
                continue
            tried.add(number)
            if number not in owner or finds(owner[number], tried):
                owner[number] = area
                return True
        return False

    return sum(finds(area, set()) for area in range(len(areas)))


def _is_point(sent: Any) -> bool:
    return (
        isinstance(sent, list)
        and len(sent) == 2
        and all(type(place) is int and 0 <= place <= WIDE for place in sent)
    )


def _area(stored: Mapping[str, Any], ratio: Fraction) -> Area:
    match stored:
        case {"circle": [int(x), int(y), int(radius)]} if radius > 0:
            return lambda point: (point[0] - x) ** 2 + ((point[1] - y) * ratio) ** 2 <= radius**2
        case {"rectangle": [int(x), int(y), int(right), int(bottom)]} if x < right and y < bottom:
            return lambda point: x <= point[0] <= right and y <= point[1] <= bottom
        case {"polygon": [*corners]} if 3 <= len(corners) <= _MOST_CORNERS and all(map(_is_point, corners)):
            return _polygon([(x, y) for x, y in corners])
    raise InvalidQuestion(f"{stored!r} is no area")


def _polygon(corners: list[Point]) -> Area:
    """Even and odd crossings of a ray to the right, in whole numbers."""
    edges = list(pairwise([*corners, corners[0]]))

    def holds(point: Point) -> bool:
        x, y = point
        is_inside = False
        for (ax, ay), (bx, by) in edges:
            side = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            if side == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
                return True
            if (ay > y) != (by > y) and (side > 0) == (by > ay):
                is_inside = not is_inside
        return is_inside

    return holds
