"""Errors about corrections of keys."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class RegradeNotAllowed(DomainError):
    message = _("Keys are corrected by the ministry, as the question may be asked in every center.")


class KeyNotMarkable(DomainError):
    message = _("By this key the question cannot be marked. Correct it, or choose that it does not count.")


class SameKey(DomainError):
    message = _("The question is marked by this key already.")


class KeyReasonMissing(DomainError):
    message = _("Write what was wrong, in a sentence. It is kept with each mark that changes.")


class RegradeNotCounted(DomainError):
    message = _(
        "What it changes has to be counted first, or it was started or dropped by now. Open the page again."
    )


class AnotherRegrade(DomainError):
    message = _("Another correction of this question is on its way. Wait until it is done, or drop it.")


class OutOfDate(DomainError):
    message = _("Its key was corrected since this was counted. Drop this, and have it counted again.")


class RegradeByProposer(DomainError):
    message = _(
        "You asked for this correction, or one whose deputy you are or who is yours. Another officer of the ministry has to start it."
    )


class RegradeOfOwnTest(DomainError):
    message = _(
        "You took a test with this question, or one whose deputy you are. Somebody else has to start it."
    )


class RegradeByTeacher(DomainError):
    message = _(
        "You taught people whose marks change, or one whose deputy you are. Somebody else has to start it."
    )


class NothingTouched(DomainError):
    message = _("No corrected key waits here to be looked at: it was done meanwhile. Open the page again.")


class OwnCertificate(DomainError):
    message = _(
        "This is your own certificate, or of one whose deputy you are. Somebody else has to look at it."
    )
