"""Errors of presence checks, objections and the frozen record."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class CheckOver(LiveError):
    code = "check_over"
    message = _(
        "The time to answer this presence check had passed, so it is not counted. The next one counts again."
    )


class ChecksCannotChange(LiveError):
    code = "checks_settled"
    message = _("Presence checks can be switched on or off only before the class is opened.")


class ObjectionTermOver(LiveError):
    code = "objection_term_over"
    message = _("The term for objections is over and the attendance of this class is final.")


class ObjectionNeedsReason(LiveError):
    code = "objection_reason"
    message = _("Write the reason in a sentence.")


class ObjectionMade(LiveError):
    code = "objection_made"
    message = _("You have already objected to the attendance of this class. Wait for the answer.")


class ObjectionAnswered(LiveError):
    code = "objection_answered"
    message = _(
        "%(name)s answered this objection already, on %(when)s: %(decision)s, “%(answer)s”. Your answer was not sent."
    )


class NothingHeld(LiveError):
    code = "nothing_held"
    message = _("This class was not opened, so there is no attendance of it.")


class NothingToAmend(LiveError):
    code = "nothing_to_amend"
    message = _("To grant an objection, give the status and the minutes that are right.")


class RecordFrozen(LiveError):
    code = "record_frozen"
    message = _("The attendance of this class is frozen. Amend it in the register, with a reason.")
