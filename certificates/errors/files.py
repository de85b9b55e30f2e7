"""Errors about files of certificates, and about who is told of them."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


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


class EnteredFromPaper(DomainError):
    message = _(
        "Certificate %(number)s was entered from paper, so it is not drawn again. Its scan stays its file; what is wrong"
        " is revoked and entered again."
    )
