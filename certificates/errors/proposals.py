"""Errors about proposals, and about who decides them."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NothingToPropose(DomainError):
    message = _(
        "No one here can get “%(type)s” now: each person holds one, waits for one, or does not meet its rule yet."
    )


class CertificateBeingDecided(DomainError):
    message = _("A certificate of this trainee is being decided. Transfer them after the decision.")


class CohortHasCertificates(DomainError):
    message = _(
        "Certificates were proposed or issued since this cohort was closed, so it stays closed. A proposal that still waits"
        " can be taken back or sent back first."
    )


class PrerequisiteWithdrawn(DomainError):
    message = _(
        "This cannot be renewed: the certificate it is based on, %(number)s, is revoked or suspended."
    )


class PersonTwice(DomainError):
    message = _(
        "%(person)s is listed here twice, and a proposal names each person once. Untick one of the two certificates"
        " and propose it by itself."
    )


class SeveralCenters(DomainError):
    message = _("Choose certificates of one center at a time.")


class NoPrerequisite(DomainError):
    message = _("“%(type)s” is not based on another certificate. Propose it for a cohort.")


class CohortStillRuns(DomainError):
    message = _(
        "Cohort %(cohort)s is not closed, so no trainee has attended all of it. Close it, then propose statements of attendance."
    )


class AlreadyProposed(DomainError):
    """`proposal_id` is that of the one that waits."""

    message = _(
        "A proposal for %(cohort)s waits for the decision of a certifying officer. To propose again, take it back on its page, or wait for"
        " the decision."
    )

    def __init__(self, *, cohort: object, proposal_id: int) -> None:
        super().__init__(cohort=cohort)
        self.proposal_id = proposal_id


class AlreadyHeld(DomainError):
    message = _("%(person)s already holds a certificate of this kind for this trade. Send this row back.")


class WaitsAlready(DomainError):
    message = _(
        "A proposal about certificate %(number)s waits for the decision of a certifying officer. To propose again, take it back on its page,"
        " or wait for the decision."
    )


class AlreadyDecided(DomainError):
    message = _("This proposal was already decided by %(by)s. Nothing was issued again.")


class DecidedMeanwhile(DomainError):
    message = _(
        "%(by)s decided on this proposal meanwhile, so it is not taken back. Read the decision below."
    )


class TakenBackAlready(DomainError):
    message = _("This proposal was taken back by %(by)s. Nothing was issued on it.")


class SamePerson(DomainError):
    message = _(
        "The person who proposed certificates cannot decide about them. Ask another certifying officer."
    )


class OwnRecord(DomainError):
    message = _("You cannot propose or decide about your own record. Ask a colleague.")


class InstructorOfTheCohort(DomainError):
    message = _(
        "A person who taught the cohort cannot propose or decide about its certificates. Ask a colleague."
    )


class AssessorOfPrerequisite(DomainError):
    message = _(
        "A person who taught or marked for the earlier certificate cannot propose or decide about the one that follows"
        " from it. Ask a colleague."
    )


class ProposedByAssessor(DomainError):
    message = _(
        "%(by)s, who proposed this, taught or marked for the earlier certificate. Send it back, so that somebody else"
        " proposes."
    )


class MarkedForIt(DomainError):
    message = _(
        "You corrected, recorded or imported marks of %(people)s, on which a certificate would rest. A colleague proposes and decides"
        " about it."
    )


class ProposedByMarker(DomainError):
    message = _(
        "%(by)s, who proposed this, has corrected, recorded or imported marks of %(people)s. Leave these out, or send it back, so"
        " that somebody else proposes."
    )


class ProposedByInstructor(DomainError):
    message = _(
        "%(by)s, who proposed this, has taught the cohort by now. Send it back, so that somebody else proposes."
    )


class NotAllowedHere(DomainError):
    message = _("Your role does not include this in %(center)s.")


class NotForYou(DomainError):
    message = _("Your role does not include this.")


class FactsCorrectedSince(DomainError):
    message = _(
        "The ministry corrected what papers of %(cohort)s print since this was proposed. Send it back, and have it proposed again."
    )


class FactsNotCompared(DomainError):
    message = _(
        "What papers of %(cohort)s print is of the day of the upgrade, not of the day the cohort opened. Compare it with the records of the"
        " cohort, and say that you did; if it differs, ask the ministry to correct it."
    )
