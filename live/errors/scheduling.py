"""Errors of scheduling."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class SeriesEmpty(DomainError):
    message = _("No day is left: choose weekdays, and dates between which they lie and that are no holidays.")


class SeriesTooLong(DomainError):
    message = _("A series has at most %(most)s classes. Choose an earlier last day.")


class ClassesClash(DomainError):
    """`rows`: a `live.queries.Clash` for each class that cannot be held as asked."""

    message = _("Nothing was written. These classes clash: %(sentences)s")


class ClassBegun(DomainError):
    message = _("This class has already begun or is over. Only a class to come can be changed or canceled.")


class CohortOfAnotherCenter(DomainError):
    message = _("Cohorts share a room within one center only.")


class NotAnInstructorHere(DomainError):
    message = _("Choose an instructor who teaches in the center of this class.")
