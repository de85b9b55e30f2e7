"""Errors about enrollments and transfers."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class OtherProgram(DomainError):
    message = _("Cohort %(cohort)s teaches another program. Progress cannot go on there.")


class SameCohort(DomainError):
    message = _("This person is in that cohort already.")


class WithdrewThere(DomainError):
    message = _(
        "This person withdrew from that cohort before. Withdraw them here, then enroll them there again."
    )


class EnrollmentClosed(DomainError):
    message = _("Enrollment in this cohort is closed.")


class AlreadyEnrolled(DomainError):
    message = _("This person is already enrolled in this program.")


class EnrollmentNotActive(DomainError):
    message = _("This enrollment is no longer active, so nothing can be recorded on it.")


class NotWithdrawn(DomainError):
    message = _("This enrollment was not withdrawn, so there is nothing to take back.")


class OwnEnrollment(DomainError):
    message = _("This is your own seat. Another member of staff gives it again.")


class EnrollmentNotYours(DomainError):
    message = _("This seat belongs to another person.")


class ReasonMissing(DomainError):
    message = _("Give a reason. It is kept in the record.")
