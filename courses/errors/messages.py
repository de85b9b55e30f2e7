"""Errors about messages to trainees."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NotYoursToWriteTo(DomainError):
    message = _(
        "You may write to the trainees of your own center, or of the cohorts that you teach. Choose one of those."
    )


class NoRecipients(DomainError):
    message = _("No one would get this message: no one learns there now. Choose other recipients.")


class TooManyChosen(DomainError):
    message = _(
        "You chose %(chosen)s trainees, and %(most)s at most are written to at once. Write to their cohort instead."
    )


class TooManyMessages(DomainError):
    message = _(
        "You sent %(count)s messages within a day, which is the limit. Put what you want to say into one message, or send it tomorrow."
    )


class NotADraft(DomainError):
    message = _("This message was sent or canceled already. Write a new one.")


class NotBeingSent(DomainError):
    message = _("This message is not being sent any more: everyone was told, or it was canceled.")


class DirectionOverride(DomainError):
    message = _(
        "The text has invisible marks that turn its letters around. Type it again, without copying it from another program."
    )


class ShortTextTooLong(DomainError):
    message = _("The short message takes %(parts)s parts, and %(most)s at most are sent. Make it shorter.")


class UrgentByOthers(DomainError):
    message = _(
        "Urgent messages wake people at night: the center's registrar or manager, or the ministry sends them."
    )
