"""Errors about attendance: sheets, codes and paper."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class SessionNotStarted(DomainError):
    message = _("This session has not started yet. Record attendance once it has.")


class SessionNotOver(DomainError):
    message = _("This session is not over yet. Lock its attendance once it is.")


class NoAttendanceAtExams(DomainError):
    message = _("Exams count for no attendance: they have no sheet.")


class SessionOfAnotherCohort(DomainError):
    message = _("This trainee belongs to another cohort.")


class AttendanceLocked(DomainError):
    message = _("The attendance of this session is locked. Amend the record with a reason.")


class AttendanceOfClosedCohort(DomainError):
    message = _(
        "The cohort of this session is closed: a mark is changed with a reason only. To mark who has none, reopen the cohort first."
    )


class AttendanceAmended(DomainError):
    message = _("This record has already been amended. Amend the newest one.")


class AttendanceCorrected(DomainError):
    message = _("This mark was corrected with a reason. Say why it changes again.")


class CodeNotOpen(DomainError):
    message = _("Attendance by code is not open. Ask the instructor.")


class CodeNotShown(DomainError):
    message = _(
        "This code is not on the screen now: it is wrong, or it has turned. Type the digits that are shown there."
    )


class TooManyCodesRefused(DomainError):
    message = _("Too many codes were wrong. Ask the instructor to mark you on the sheet.")


class CodeOfLiveClass(DomainError):
    message = _("Who is in a live class is counted in its room. Codes are for classes in a place.")


class SessionOver(DomainError):
    message = _("This session is over. Mark its sheet.")


class SheetOfAnotherSession(DomainError):
    message = _(
        "The code on the paper is not that of this session. Compare the code, the day and the cohort on the sheet."
    )


class TypedByYourself(DomainError):
    message = _("You typed this sheet the first time. A colleague types it now, without seeing your marks.")


class SheetNotOpen(DomainError):
    message = _("This sheet was typed twice, recorded or discarded meanwhile. Open it again.")


class DifferencesUndecided(DomainError):
    message = _("Decide about every difference, each with a reason. Nothing was recorded yet.")


class NotPrintable(DomainError):
    message = _("Something in this list cannot be printed: %(text)s. Correct it, then print again.")


class NothingToPrint(DomainError):
    message = _("This cohort has no session in a place. Schedule one first.")


class MinutesOutOfRange(DomainError):
    message = _("The minutes present must be between 0 and the %(length)s minutes of the session.")


class MarkNotYours(DomainError):
    message = _("Only the trainee of a mark objects to it, and somebody else answers.")


class MarkObjectionMade(DomainError):
    message = _("You objected to this mark already, and the answer is final.")


class MarkReplaced(DomainError):
    message = _("This mark was changed meanwhile. Look at the new one, and object to it if it is wrong.")


class MarkObjectionWaiting(DomainError):
    message = _(
        "Your objection was sent already. The center has not answered yet; you are told of the answer."
    )


class MarkNotBetter(DomainError):
    message = _(
        "To grant an objection is to change the mark to a better one than “%(mark)s”. Choose a better one, or refuse the objection."
    )


class MarkObjectionTermOver(DomainError):
    message = _("The term for objections to this mark is over, or the session is not.")


class MarkObjectionAnswered(DomainError):
    message = _(
        "%(name)s answered this objection already, on %(when)s: %(decision)s, “%(answer)s”. Your answer was not sent."
    )


class MarkOfLiveClass(DomainError):
    message = _("Objections to the attendance of a live class are made on its page.")


class NoMarkToSet(DomainError):
    message = _("To grant an objection, give the status and the minutes that are right.")
