"""Errors about cohorts."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class CohortCodeTaken(DomainError):
    message = _("Another cohort already has the code %(code)s. Choose another code.")


class CohortDatesReversed(DomainError):
    message = _("A cohort cannot end before it starts. Check the two dates.")


class CohortClosed(DomainError):
    message = _("This cohort is closed and can no longer be changed.")


class CohortRunning(DomainError):
    message = _("Teaching of this cohort has begun already.")


class CohortNotClosed(DomainError):
    message = _("This cohort is not closed.")


class OutcomeChanged(DomainError):
    """Since the page was shown, a person was enrolled or a record was amended."""

    message = _("The list of those who would not complete has changed. Read it again, then confirm.")


class FactsNotFrozen(DomainError):
    message = _("Cohort %(cohort)s has not opened yet, so nothing that its papers will say is fixed.")


class FactsCorrectionWaits(DomainError):
    message = _("A correction of these facts waits for a second officer. Decide about it first.")


class SameFacts(DomainError):
    message = _("These are the facts that papers of this cohort print already.")


class FactsAreDecided(DomainError):
    message = _("This correction was decided meanwhile.")


class FactsByOneHand(DomainError):
    message = _(
        "You asked for this correction, or act for who did. Another officer of the ministry decides about it."
    )


class FactsOfTheMinistry(DomainError):
    message = _("Only officers of the whole ministry correct what papers print.")
