"""Comments of markers on places of files, with their numbers: on the picture and in the list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.formatting import format_number
from assessment.marking.hotspot import WIDE
from assessment.queries.responses_by_hand import FileToRead


@dataclass(frozen=True)
class Pin:
    """`number`: from 1, the same in the list and on the picture. `x`, `y`: of the width and the height of a picture, as "12.5%"; empty on pages of a PDF."""

    number: int
    file: str
    where: str
    text: str
    x: str = ""
    y: str = ""


def pins_of(points: Iterable[Mapping[str, Any]], files: Sequence[FileToRead], *, first: int = 1) -> list[Pin]:
    """`points`: as `assessment.models.Mark` keeps them; `files`: of the answer, in its order. Numbers go on from `first`."""
    places = {str(file.public_id): (number, file) for number, file in enumerate(files, start=1)}
    return [
        Pin(
            number=number,
            file=str(point["file"]),
            where=_where(places.get(str(point["file"])), int(point["page"])),
            text=str(point["text"]),
            x=_percent(point.get("x")),
            y=_percent(point.get("y")),
        )
        for number, point in enumerate(points, start=first)
    ]


def _where(place: tuple[int, FileToRead] | None, page: int) -> str:
    if place is None:
        # Taken back since, as by an erasure.
        return _("a file that is no longer there")
    number, file = place
    if file.is_picture:
        return _("picture %(number)s") % {"number": format_number(number)}
    return _("file %(number)s, page %(page)s") % {
        "number": format_number(number),
        "page": format_number(page),
    }


def _percent(place: int | None) -> str:
    return "" if place is None else f"{100 * place / WIDE:g}%"
