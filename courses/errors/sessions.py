"""Errors about the timetable."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class SessionTimesReversed(DomainError):
    message = _("A session must end after it starts.")


class SessionOutsideCohort(DomainError):
    message = _(
        "Cohort %(cohort)s runs from %(first)s to %(last)s. Choose a day in between, or change the days of the cohort first."
    )


class SessionCanceled(DomainError):
    message = _("This session was canceled. Schedule another one.")


class LiveClassElsewhere(DomainError):
    message = _(
        "This is a live class: cancel it under “Live classes”, where its room is closed and its trainees are told."
    )


class ExamStaysExam(DomainError):
    message = _(
        "Whether a session is an exam does not change: classes count for attendance and exams do not. Cancel it, and plan another one."
    )


class ExamHasBegun(DomainError):
    message = _(
        "The code of this exam was told: it is no longer canceled, and its beginning is not moved. Its end may be moved, and its sittings ended."
    )


class SessionWasAttended(DomainError):
    message = _("Attendance was already recorded in this session, so it can no longer be canceled.")


class SessionClash(DomainError):
    """`sentences`: what is taken, by what and when, as far as the center may know it."""

    message = _("Not at this time: %(sentences)s. Choose another time, room or instructor.")


class ExamClash(DomainError):
    """The cohort would have two things to do at once, and one of them is an exam."""

    message = _(
        "“%(title)s” (%(when)s) would be at the time of “%(other)s” (%(other_when)s), which cohort %(cohort)s has, too. Move one of the two."
    )


class ExamTooShort(DomainError):
    """Minutes as people read them."""

    message = _(
        "“%(session)s” is shorter than the time limit of “%(test)s”. Minutes of the exam: %(minutes)s. Minutes of the time limit: %(limit)s. Give the exam a later end."
    )


class SeriesEmpty(DomainError):
    message = _("No day is left: choose weekdays, and dates between which they lie and that are no holidays.")


class SeriesTooLong(DomainError):
    message = _("A series has at most %(most)s classes. Choose an earlier last day.")


class ClassesClash(DomainError):
    """`rows`: a `courses.queries.series.Clash` for each class that cannot be held as asked."""

    message = _("Nothing was written. These classes clash: %(sentences)s")
