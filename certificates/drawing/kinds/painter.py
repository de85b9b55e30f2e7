"""What laying out a block leaves: the drawing of it, on any page of any document."""

from collections.abc import Callable

from typesetting import Page

Painter = Callable[[Page], None]
