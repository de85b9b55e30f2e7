"""Errors about imports."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class ImportNotAllowed(DomainError):
    message = _("You may not import this list in %(center)s.")


class TooManyLists(DomainError):
    message = _(
        "%(lists)s lists of people were uploaded today, by you or for this center. Upload this one tomorrow."
    )


class ImportOfAnother(DomainError):
    message = _("A list of staff is imported by the one who uploaded it.")


class ImportNotChecked(DomainError):
    message = _("This file is not checked, or was imported already.")


class NothingToImport(DomainError):
    message = _("This file has nothing new: every line is on record already, or has a fault.")
