"""Errors about links and skills passports."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


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
