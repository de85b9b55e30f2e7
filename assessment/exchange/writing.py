"""What all writers do: an item is written only if it is read again as it was. Independent of Django."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assessment.exchange.canonical import checked
from assessment.exchange.figures import percent_of_share
from assessment.exchange.item import (
    FaultyQuestion,
    Item,
    Reading,
    UnreadableFile,
    Unwritable,
    UnwritableCode,
    UnwritableQuestion,
)


def written_items[Part](
    items: Iterable[Item],
    write: Callable[[Item], Part],
    read: Callable[[Part], Reading],
    *,
    holds_pictures: bool = False,
) -> tuple[list[tuple[Item, Part]], tuple[Unwritable, ...]]:
    """The items in the one form with what was written of each, and those that the format cannot hold."""
    parts: list[tuple[Item, Part]] = []
    unwritable: list[Unwritable] = []
    for place, given in enumerate(items):
        try:
            item = replace(checked(given), notes=())
            _check_medium(item, holds_pictures=holds_pictures)
            part = write(item)
            _compare(item, read(part))
        except UnwritableQuestion as error:
            unwritable.append(Unwritable(place, error.code, error.detail, given.title))
        except (FaultyQuestion, UnreadableFile) as error:
            unwritable.append(Unwritable(place, UnwritableCode.NOT_HELD, str(error), given.title))
        else:
            parts.append((item, part))
    return parts, tuple(unwritable)


def _check_medium(item: Item, *, holds_pictures: bool) -> None:
    """A question without what it shows or plays would be another one."""
    medium = item.content.get("medium", {})
    if "recording" in medium:
        raise UnwritableQuestion(UnwritableCode.RECORDING)
    if medium and not (holds_pictures and item.shown):
        raise UnwritableQuestion(UnwritableCode.PICTURE, medium["picture"])


def _compare(item: Item, reading: Reading) -> None:
    """Raises UnwritableQuestion where an item is read otherwise than it was."""
    # The category of an item is written by the file around it.
    found = [replace(one, notes=(), category=item.category) for one in reading.items]
    if found != [item] or reading.count != 1:
        raise UnwritableQuestion(UnwritableCode.NOT_HELD)


def percent(share: str) -> str:
    """Raises UnwritableQuestion."""
    text = percent_of_share(share)
    if text is None:
        raise UnwritableQuestion(UnwritableCode.SHARE, share)
    return text


def languages_of(item: Item) -> Sequence[str]:
    return tuple(item.text)
