"""Errors of scheduling."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from live.errors.base import LiveError


class ClassBegun(DomainError):
    message = _("This class has already begun or is over. Only a class to come can be changed or canceled.")


class EndsEarly(LiveError):
    code = "ends_early"
    message = _(
        "This class is planned until %(until)s. Write why it ends now: who is absent because of it reads the reason."
    )


class CohortOfAnotherCenter(DomainError):
    message = _("Cohorts share a room within one center only.")


class NotAnInstructorHere(DomainError):
    message = _("Choose an instructor who teaches in the center of this class.")
