"""Errors about sittings of exams, and when a test may be started."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class NoSuchQuiz(DomainError):
    message = _("The cohort has no such test in its content.")


class NotSupervised(DomainError):
    message = _(
        "“%(test)s” is not taken in a room. Tick “in a room” on its page, or set from when until when it may be started."
    )


class NotAnExamSession(DomainError):
    message = _(
        "“%(session)s” is a class: its attendance counts. Schedule an exam in the timetable of the cohort, and plan the sitting in it."
    )


class SessionNotToday(DomainError):
    message = _("The class session was canceled, is over, or is more than an hour away.")


class SittingEnded(DomainError):
    message = _("This sitting was ended. Plan another one.")


class SittingHasBegun(DomainError):
    message = _("Its code was told already. End the sitting instead.")


class SittingHasIncidents(DomainError):
    message = _("Something was noted of this sitting, and that stays. End the sitting instead.")


class SittingHasNoOpenAttempts(DomainError):
    message = _("No attempt is open any more.")


class NoTimeLimit(DomainError):
    message = _("This attempt has no time limit.")


class OwnAttempt(DomainError):
    message = _("Time is given by somebody else than the person who takes the test.")


class MinutesOutOfRange(DomainError):
    message = _("Give from 1 to %(most)s minutes.")


class NotInThisSitting(DomainError):
    message = _(
        "This person did not open the test in this sitting: there is nothing to note about them here. The board lists them as not started; note about the room what the others saw."
    )


class TextMissing(DomainError):
    message = _("Write what happened.")


class WindowClosesBeforeItOpens(DomainError):
    message = _("Give both times, the later one second, or none.")


class SittingGoesOn(DomainError):
    message = _("Papers are compared once the sitting has ended.")


class OwnSitting(DomainError):
    message = _("You took this test in this sitting, or one whose deputy you are. Somebody else has to look.")


class TooManyToCompare(DomainError):
    message = _("Papers of at most %(most)s people are compared.")


class KeysOfExamRead(DomainError):
    message = _(
        "Trainees of this cohort have read the right answers of “%(test)s”, so no one of it begins the exam any more. Choose another test, or have the work of those who missed it seen and marked by an assessor."
    )


class SittingAfterWindow(DomainError):
    message = _(
        "This test can be started until %(closes_at)s in this cohort, and then its right answers are shown. Set a later time first."
    )


class ExamRuns(DomainError):
    message = _("Somebody sits in an exam of this cohort until %(until)s. Close it after that.")
