"""Errors of the certificates app: what its services refuse, and the message for the user."""

from collections.abc import Mapping

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
        " can be sent back first."
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
    message = _("A proposal for %(cohort)s is already waiting for approval. Decide that one first.")


class AlreadyHeld(DomainError):
    message = _("%(person)s already holds a certificate of this kind for this trade. Send this row back.")


class WaitsAlready(DomainError):
    message = _(
        "A proposal about certificate %(number)s is already waiting for approval. Decide that one first."
    )


class AlreadyDecided(DomainError):
    message = _("This proposal was already decided by %(by)s. Nothing was issued again.")


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


class FeesNotReceived(DomainError):
    message = _(
        "The fee of none of them was received yet, so nothing was issued. The center records the receipts first."
    )


class CopyFeeNotReceived(DomainError):
    message = _(
        "The fee of the copy, %(amount)s, was not received yet. The center records the receipt first."
    )


class RecordedItsFee(DomainError):
    message = _("You recorded or waived the fee of %(people)s. A colleague decides about it.")


class ReceiptsRefused(DomainError):
    """Some of a list. `faults` has the error of each row, by its key."""

    message = _("Nothing was recorded: correct the lines below, then save again.")

    def __init__(self, faults: Mapping[int, DomainError]) -> None:
        super().__init__()
        self.faults = faults


class NoReceipt(DomainError):
    message = _("Type the number of at least one receipt.")


class ReceiptUnreadable(DomainError):
    message = _("Type the number that is on the receipt: letters, digits, spaces and - / . only.")


class ReceiptCountedBefore(DomainError):
    message = _("Receipt %(number)s was recorded before, and each counts once.")


class WrongAmount(DomainError):
    message = _("The fee was %(due)s on that day. Record it when all of it was paid.")


class PaidLater(DomainError):
    message = _("The day of a receipt cannot be in the future.")


class NoFeeDue(DomainError):
    message = _("No fee waits here: none was due on that day, or it was settled meanwhile.")


class FeeIsUsed(DomainError):
    message = _("A certificate or a copy was issued on it, so it stays.")


class FeeHasBegun(DomainError):
    message = _("It began, or was paid already, so it stays. Add another one that begins today or later.")


class FeeOfThatDay(DomainError):
    message = _("There is another fee from that day on.")


class FeeInThePast(DomainError):
    message = _("A fee begins today or later: what was due before stays what it was.")


class FeeWasCanceled(DomainError):
    message = _("It was canceled before.")


class NothingToPrint(DomainError):
    message = _("Every certificate of this proposal that is drawn was recorded as printed.")


class WasSpoiled(DomainError):
    message = _("This paper was recorded as spoiled before.")


class WasCollected(DomainError):
    message = _("This certificate was collected. Undo that first if it is wrong.")


class WasUndone(DomainError):
    message = _("This was undone before.")


class NotDrawnYet(DomainError):
    message = _("Certificate %(number)s has no file yet, so nothing can have been printed.")


class RepresentativeIncomplete(DomainError):
    message = _(
        "Of a representative, type the name, the last four letters or digits of the identity document, and why they may collect it."
    )


class SheetUnreadable(DomainError):
    message = _("Type the number of the sheet as it is printed on it, such as AB000101.")


class SheetNotFree(DomainError):
    message = _(
        "Sheet %(sheet)s is not in the stock of %(center)s. Look at the sheet that lies first in the printer."
    )


class NotEnoughPaper(DomainError):
    message = _(
        "From this sheet on only %(free)s are in stock, and %(needed)s are needed. Nothing was recorded."
    )


class SheetsDelivered(DomainError):
    message = _("Sheet %(sheet)s was recorded before. Each number is in one delivery.")


class DeliveryInUse(DomainError):
    message = _("A sheet of it was used, spoiled or lost, so the center had it.")


class TooManySheets(DomainError):
    message = _("The last number is not before the first, and a delivery has at most %(most)s sheets.")


class SheetMissing(DomainError):
    message = _("This kind is printed on security paper: type the number of the sheet.")


class NotPrinted(DomainError):
    message = _("This kind is printed on security paper. Record first on which sheet it was printed.")


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


class TemplateWithdrawn(DomainError):
    message = _(
        "The template “%(template)s” is no longer published. Publish it again, or send the proposal back."
    )


class RuleAsksNothing(DomainError):
    message = _(
        "A rule of issuing that asks for nothing gives a certificate to everybody on the list, also to those who were never there. Ask"
        " for completing the program, for attendance or for hours, or name the certificate that it is based on."
    )


class NoEvidenceOfSkill(DomainError):
    message = _(
        "“%(type)s” says that a test was passed, so its rule needs a least mean score of the tests. The ministry sets it in “Rules of issuing”."
    )


class TemplateOfAnotherKind(DomainError):
    message = _(
        "The template “%(template)s” does not print “%(kind)s”. Choose another template, or add the kind to what it can print."
    )


class DesignChangedSinceShown(DomainError):
    message = _(
        "The template “%(template)s” or the visual identity was changed after you opened this page, so nothing was issued. Look at the certificate again, then approve."
    )


class DesignNoLongerPrintable(DomainError):
    message = _("The template “%(template)s” can no longer be printed: %(problem)s Correct it, then approve.")


class RowNoLongerPrintable(DomainError):
    message = _(
        "The template “%(template)s” has changed since the proposal, and the certificate of %(person)s can no longer be"
        " printed in it. Send this row back, or correct the template."
    )


class TemplateListsNothing(DomainError):
    message = _(
        "A supplement lists units, and the template “%(template)s” has no list of units. Choose another one."
    )


class NoActiveKey(DomainError):
    message = _("There is no active key for: %(role)s. Make or import one: manage.py certificate_keys.")


class DemoKeyRefused(DomainError):
    message = _("%(key)s is a demo key, and this site may not use those. Import a real one.")


class CertificateNeeded(DomainError):
    message = _("A key for “%(role)s” needs a certificate of your authority: import it.")


class KeyRefused(DomainError):
    message = _("This key cannot be used: %(why)s")


class NotASigningProcess(KeyRefused):
    message = _(
        "This process holds no keys of certificates, so it signs nothing here. Pages and the worker of certificates do."
    )


class KeyAlreadyEnded(DomainError):
    message = _("Key %(key)s was ended before. Nothing was changed.")


class NoTimestampAuthority(DomainError):
    message = _("No timestamp authority is set, so nothing can be archived: see TIMESTAMP_AUTHORITY_URL.")


class RevocationListUnreadable(DomainError):
    message = _(
        "The revocation list %(name)s cannot be read, so nothing can be archived. Replace it, or take it out of"
        " SEALING_KEYS_DIR."
    )


class AlreadyDrawn(DomainError):
    message = _("Certificate %(number)s already has its file.")


class NothingDrawn(DomainError):
    message = _("No certificate of this proposal has its file yet. Wait until they are drawn.")


class NothingFailed(DomainError):
    message = _("Nothing here has failed.")


class DesignNotPrintable(DomainError):
    message = _("The template “%(template)s” cannot be published: %(problem)s")


class AddressRefused(DomainError):
    message = _("This address cannot be called: %(why)s")


class AlreadyEndedClient(DomainError):
    message = _("The key of %(client)s was ended before.")


class NotDead(DomainError):
    message = _("Only a delivery that was given up can be sent again.")


class NotYetSealed(DomainError):
    message = _("No checkpoint covers this certificate yet. One is sealed every night: come back tomorrow.")


class NoSuchSize(DomainError):
    message = _("The log has no such size.")


class EnteredFromPaper(DomainError):
    message = _(
        "Certificate %(number)s was entered from paper, so it is not drawn again. Its scan stays its file; what is wrong"
        " is revoked and entered again."
    )


class NoCertificateChosen(DomainError):
    message = _("Choose at least one certificate.")


class NotYours(DomainError):
    message = _("You can show only your own certificates.")


class TooManyLinks(DomainError):
    message = _("You have %(count)s live links. End one, then make another.")


class ConsentMissing(DomainError):
    message = _("Read what is shared and agree to it first.")


class TooManyPassports(DomainError):
    message = _("You made %(count)s skills passports today. Make the next one tomorrow.")


class PassportsNotReady(DomainError):
    message = _("Skills passports cannot be signed at the moment. Try again later, or tell your center.")


class PassportCannotBePrinted(DomainError):
    message = _(
        "A name or a program cannot be printed (%(why)s). Tell your center, which corrects the record."
    )


class PassportNotInForce(DomainError):
    message = _("This skills passport has expired or was withdrawn. Make a new one.")


# Signing is impossible at the moment: the API answers 503, and a later request may succeed.
NO_SIGNATURES = (NoActiveKey, DemoKeyRefused, KeyRefused)
