"""Errors about units: when they open, and progress in them."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class UnitNotInCohort(DomainError):
    message = _("This unit is not part of what the cohort studies.")


class UnitNotOpen(DomainError):
    """`when` is a `courses.queries.releases.Openness`, so that it is said in the language of the reader."""

    message = _("This unit is not open yet. %(when)s.")


class UnitsWaitInCircle(DomainError):
    message = _("These units would wait for one another, so none of them would ever open: %(units)s.")


class UnitIsOptional(DomainError):
    message = _("“%(unit)s” is optional, so no other unit can wait for it.")


class OpensAfterCohort(DomainError):
    message = _("Cohort %(cohort)s ends on %(last)s. Let its units open on that day at the latest.")


class OpensOutsideDays(DomainError):
    message = _("Choose a day from 0, the first of the cohort, to %(last)s, its last.")


class UnitWasOpened(DomainError):
    message = _("“%(unit)s” is open, and trainees have opened it: %(count)s. It can no longer be closed.")


class UnitsOpenLater(DomainError):
    message = _(
        "Units of this cohort open until %(last)s. Change when they open first, or choose that day or a later one."
    )


class CourseNotInCohort(DomainError):
    message = _("The cohort studies no units of this course.")


class BucketsOutOfRange(DomainError):
    message = _("The report names a part of the video that does not exist (0 to %(last)s).")


class VideoTooLong(DomainError):
    message = _("The length of the video is not valid.")


class UnitCompletesByWatching(DomainError):
    message = _("This unit is completed by watching its video.")


class UnitCompletesByMarks(DomainError):
    message = _("This unit is completed by passing its test.")
