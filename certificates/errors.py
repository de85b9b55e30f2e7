"""What the rules of issuing refuse."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NothingToPropose(DomainError):
    message = _("Nobody in %(cohort)s has completed the program and still lacks a certificate.")


class AlreadyProposed(DomainError):
    message = _("A proposal for %(cohort)s is already waiting for approval. Decide that one first.")


class AlreadyDecided(DomainError):
    message = _("This proposal was already decided by %(by)s. Nothing was issued again.")


class SamePerson(DomainError):
    message = _("Whoever proposed certificates cannot decide about them. Ask another certifying officer.")


class OwnRecord(DomainError):
    message = _("Nobody decides about their own record. Ask another certifying officer.")


class TrainerOfTheCohort(DomainError):
    message = _(
        "A trainer of the cohort cannot decide about its certificates. Ask another certifying officer."
    )


class NotAllowedHere(DomainError):
    message = _("Your role does not include this in %(center)s.")


class NotForYou(DomainError):
    message = _("Your role does not include this.")


class NoLongerEligible(DomainError):
    message = _("%(person)s is no longer eligible. Reject this proposal and propose again.")


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


class NoIssuingRule(DomainError):
    message = _("“%(type)s” has no rule of issuing yet. The ministry writes one first.")


class TypeNotActive(DomainError):
    message = _("“%(type)s” may no longer be proposed.")


class TemplateNotPublished(DomainError):
    message = _("The template “%(template)s” is not published. Publish it, then propose.")


class NoActiveKey(DomainError):
    message = _("There is no active key for: %(role)s. Make or import one: manage.py certificate_keys.")


class DemoKeyRefused(DomainError):
    message = _("%(key)s is a demo key, and this site may not use those. Import a real one.")


class CertificateNeeded(DomainError):
    message = _("A key for “%(role)s” needs a certificate of your authority: import it.")


class KeyRefused(DomainError):
    message = _("This key cannot be used: %(why)s")


class KeyAlreadyEnded(DomainError):
    message = _("Key %(key)s was ended before. Nothing was changed.")


class NoTimestampAuthority(DomainError):
    message = _("No timestamp authority is set, so nothing can be archived: see TIMESTAMP_AUTHORITY_URL.")


class AlreadyDrawn(DomainError):
    message = _("Certificate %(number)s already has its file.")
