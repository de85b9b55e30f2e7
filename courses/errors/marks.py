"""Errors about marks and completions in doubt."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NothingMarked(DomainError):
    message = _("This unit has no score yet, so there is nothing to correct.")


class OwnMark(DomainError):
    message = _("These are your own marks. Another member of staff corrects them.")


class ScoreOutOfRange(DomainError):
    message = _("A score is a percentage from 0 to 100.")


class NotInDoubt(DomainError):
    message = _("What is on record supports this completion, or somebody has decided about it by now.")


class DoubtOfOwnDoing(DomainError):
    message = _(
        "You changed what this completion rests on, or taught the cohort, or it is your own. A colleague decides about it."
    )
