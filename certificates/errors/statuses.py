"""Errors about what becomes of a certificate that was issued."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NoLongerEligible(DomainError):
    message = _("%(person)s is no longer eligible. Reject this proposal and propose again.")


class RestsOnDoubt(DomainError):
    message = _(
        "Certificate %(number)s, on which the one of %(person)s would rest, is in doubt. Decide about that first, or send this row back."
    )


class InDoubt(DomainError):
    message = _("Certificate %(number)s is in doubt. Decide about that first: its page says why.")


class BeingExamined(DomainError):
    message = _("The revocation of certificate %(number)s is proposed. Wait for the decision.")


class NotDoubted(DomainError):
    message = _("This doubt about certificate %(number)s is over. Open its page again.")


class OwnDecision(DomainError):
    message = _("You proposed or did this yourself. Another officer decides about it.")


class StillBeingHeard(DomainError):
    message = _("The holder of certificate %(number)s may answer until %(day)s. Decide after that day.")


class NotExamined(DomainError):
    message = _("No revocation of certificate %(number)s is proposed any more.")


class ReasonMissing(DomainError):
    message = _("Write a reason: it stays with the record.")


class AlreadyEnded(DomainError):
    message = _("Certificate %(number)s has ended already: %(state)s.")


class NotInForce(DomainError):
    message = _("Certificate %(number)s is not in force: %(state)s.")


class NotSuspended(DomainError):
    message = _("Certificate %(number)s is not suspended.")


class ReasonDoesNotFit(DomainError):
    message = _("This reason does not fit. Choose one from the list.")


class NotRenewable(DomainError):
    message = _(
        "Certificate %(number)s cannot be renewed now: it does not end soon, is not in force, or is not of the same"
        " center and kind as the others."
    )


class NothingToCorrect(DomainError):
    message = _("Certificate %(number)s already says what the records say. Correct the record first.")


class NothingChosen(DomainError):
    message = _("Choose at least one person.")


class ConfirmationNeeded(DomainError):
    message = _("Confirm with your password that it is you, then approve within five minutes.")


class ChangedSinceProposal(DomainError):
    message = _("The name of %(person)s changed after the proposal. Send this row back and propose again.")
