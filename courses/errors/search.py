"""Errors about synonyms of the catalog search."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class TooFewSynonyms(DomainError):
    message = _("Give at least two words, separated by commas or each on a line of its own.")


class TooManySynonyms(DomainError):
    message = _("These are %(given)s words. Give at most %(most)s in one group.")


class SynonymTooLong(DomainError):
    message = _("“%(word)s…” is too long. Give at most %(words)s words and %(letters)s letters for one name.")


class SynonymWithoutLetters(DomainError):
    message = _("“%(word)s” has no letters or digits to search for.")


class TooManySynonymGroups(DomainError):
    message = _(
        "There are %(most)s groups already. Delete one that is not needed, or add the words to another."
    )
