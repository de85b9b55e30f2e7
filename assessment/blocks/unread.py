"""Choosers whose rows are read only where they are looked at: to begin an attempt, their keys are enough."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # What is mixed into blocks of Wagtail, which has no types.
    ChooserBlock = Any
else:
    ChooserBlock = object


class Unread:
    """A row that was chosen, by its key. Anything else about it is read when it is asked for; `row` is None where it is there no more."""

    def __init__(self, block: Any, pk: int) -> None:
        self._block = block
        self.pk = pk

    @cached_property
    def row(self) -> Any:
        return self._block.read(self.pk)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.row, name)

    def __eq__(self, other: object) -> bool:
        """As two rows are the same: pages of comparisons ask it."""
        if isinstance(other, Unread):
            return (self._block.model_class, self.pk) == (other._block.model_class, other.pk)
        return isinstance(other, self._block.model_class) and other.pk == self.pk

    def __hash__(self) -> int:
        return hash(self.pk)

    def __str__(self) -> str:
        return str(self.row or "–")


def read(chosen: Any) -> Any:
    """The row of what was chosen, None where nothing was or it is there no more."""
    return chosen.row if isinstance(chosen, Unread) else chosen


class ReadsLater(ChooserBlock):
    """Mixed into a block that chooses a row: values of stored pages are `Unread`."""

    def read(self, pk: int) -> Any:
        return self.model_class._default_manager.filter(pk=pk).first()

    def bulk_to_python(self, values: list[int | None]) -> list[Unread | None]:
        return [Unread(self, pk) if pk else None for pk in values]

    def get_form_state(self, value: Any) -> Any:
        return super().get_form_state(read(value))

    def clean(self, value: Any) -> Any:
        return super().clean(read(value))

    def deconstruct(self) -> Any:
        """As migrations keep it: the block that it is mixed into."""
        _path, args, options = super().deconstruct()
        of = type(self).__mro__[2]
        return f"{of.__module__}.{of.__name__}", args, options
