"""The result of laying out a block: a function that draws it on a page of a document."""

from collections.abc import Callable
from dataclasses import dataclass

from typesetting import Page

Painter = Callable[[Page], None]


@dataclass(frozen=True)
class PagedPainter:
    """The painter of a block that goes on where its sheet ends: each of `further` draws on a page of its own."""

    first: Painter
    further: tuple[Painter, ...]

    def __call__(self, page: Page) -> None:
        self.first(page)
