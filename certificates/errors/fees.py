"""Errors about fees and receipts."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.errors import DomainError, NeedsConfirmation
from accounts.services.formatting import localize_digits


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


class PeopleWaitForIt(NeedsConfirmation):
    """A fee changes what `people` who wait for a certificate have to pay, and it was not confirmed for so many.

    `amount` as it is written; "" where they have to pay nothing.
    """

    def __init__(self, *, people: int, amount: str) -> None:
        super().__init__()
        self.people, self.amount = people, amount

    @property
    def consequence(self) -> str:
        said = {"people": localize_digits(self.people), "amount": self.amount}
        if self.amount:
            waits = ngettext(
                "%(people)s person waits for this certificate and has not paid. From that day on they are asked for %(amount)s.",
                "%(people)s people wait for this certificate and have not paid. From that day on they are asked for %(amount)s.",
                self.people,
            )
        else:
            waits = ngettext(
                "%(people)s person waits for this certificate and has not paid. From that day on they pay nothing.",
                "%(people)s people wait for this certificate and have not paid. From that day on they pay nothing.",
                self.people,
            )
        return waits % said


class FeeWasCanceled(DomainError):
    message = _("It was canceled before.")
