"""The base of every domain error: a fact about the domain with a sentence a person can act on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the domain said no. Nothing was changed.

    Subclasses set `message`, a lazy translation that may carry `%(name)s` places; the facts for those places are
    the keyword arguments. `str(error)` is the sentence in the reader's language.
    """

    message: str | Promise

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message) % self.facts


class ReasonMissing(DomainError):
    message = _("Say why.")


class NeedsConfirmation(DomainError):
    """Nothing is wrong: what follows is said first, and a second save that confirms it is done."""

    message = _("Nothing is saved yet: tick the box and save again.")

    @property
    def consequence(self) -> str:
        """What follows, for the box that confirms it."""
        raise NotImplementedError
