"""Errors about printing, security paper and collecting."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


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
