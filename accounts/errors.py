"""The base of every domain error: a fact about the domain with a sentence a person can act on."""

import re
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the domain said no. Nothing was changed.

    Subclasses set `message`, a lazy translation that may carry `%(name)s` places; the facts for those places are
    the keyword arguments. `str(error)` is the sentence in the reader's language.

    `code` is what programs read: the app and the name of the class, as "courses.cohort-full". A class that sets its own
    keeps that. Programs rely on it: a class that is renamed sets the code it had.
    """

    message: str | Promise
    code: ClassVar[str]

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        # Not inherited: a subclass is another refusal.
        if "code" not in vars(cls):
            words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", cls.__name__)
            cls.code = f"{cls.__module__.partition('.')[0]}.{'-'.join(words).lower()}"

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
