"""Errors about answers that arrived after the time."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NothingLate(DomainError):
    message = _("No late answers of this attempt wait for a decision: it was decided, or there are none.")


class OwnLateAnswers(DomainError):
    message = _(
        "These are your own answers, or those of one whose deputy you are. Somebody else has to decide."
    )


class LateOfOwnCohort(DomainError):
    message = _("You taught this person, or one whose deputy you are did. Somebody else has to decide.")


class LateTextMarked(DomainError):
    message = _(
        "Nothing here can be counted: a late text counts until a mark is given, and late files are not taken. Leave the answers as they are; the trainee may appeal against the mark."
    )
