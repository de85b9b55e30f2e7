"""Errors of this app; each message says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class ProgramHasNoUnits(DomainError):
    message = _("This program has no published lessons yet. Publish at least one, then open the cohort.")


class NoCompletionRule(DomainError):
    message = _("This program has no completion rule yet. Set one, then open the cohort.")


class InvalidRule(DomainError):
    message = _(
        "Percentages are from 0 to 100, weights from 1 to 1000. Name each test and each practical task once."
    )


class PracticeWithoutTasks(DomainError):
    message = _("A mean score of practical tasks is asked for. Name the tasks, or write 0.")


class NotATestOfTheProgram(DomainError):
    message = _("“%(test)s” is not a published test of this program. Choose the tests from the list.")


class RuleNamesATestThatIsGone(DomainError):
    message = _(
        "The completion rule counts “%(test)s”, which the content does not have any more. Write a new version of the "
        "rule, or publish the test again."
    )


class TaskNotInRule(DomainError):
    message = _("The completion rule of this cohort does not name this practical task.")


class TaughtByAssessor(DomainError):
    message = _(
        "You teach or taught this cohort, so another assessor says who passes its practical tasks. The center can give"
        " somebody else the role of assessor."
    )


class CorrectedByTeacher(DomainError):
    message = _(
        "You teach or taught this cohort, so another assessor corrects its marks. The center can give somebody else the role"
        " of assessor."
    )


class CohortCodeTaken(DomainError):
    message = _("Another cohort already has the code %(code)s. Choose another code.")


class CohortDatesReversed(DomainError):
    message = _("A cohort cannot end before it starts. Check the two dates.")


class CohortClosed(DomainError):
    message = _("This cohort is closed and can no longer be changed.")


class CohortNotClosed(DomainError):
    message = _("This cohort is not closed.")


class OutcomeChanged(DomainError):
    """Since the page was shown, a person was enrolled or a record was amended."""

    message = _("The list of those who would not complete has changed. Read it again, then confirm.")


class SeatsBelowTaken(DomainError):
    message = _("%(taken)s seats are already taken or held. The cohort cannot have fewer seats than that.")


class ReservedAboveSeats(DomainError):
    message = _("A cohort cannot reserve more seats than it has.")


class CohortFull(DomainError):
    message = _("No seats are left in this cohort. Choose another one.")


class StaffGivesSeats(DomainError):
    message = _("The center gives the seats of this cohort. Ask there.")


class HoldInThePast(DomainError):
    message = _("Keep the seat until a time that is still to come.")


class HoldTooLong(DomainError):
    message = _("This cohort gives seats until %(date)s. Keep the seat until then at most.")


class SeatAlreadyHeld(DomainError):
    message = _("A seat in this cohort is already kept for this person.")


class HoldEnded(DomainError):
    message = _("This seat is no longer kept.")


class AlreadyWaiting(DomainError):
    message = _("This person is already on the waiting list.")


class SeatsLeft(DomainError):
    message = _("A seat is free now: take it instead of waiting.")


class NotOnWaitingList(DomainError):
    message = _("This person is no longer on the waiting list.")


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


class NothingMarked(DomainError):
    message = _("This unit has no score yet, so there is nothing to correct.")


class OwnMark(DomainError):
    message = _("These are your own marks. Another member of staff corrects them.")


class ScoreOutOfRange(DomainError):
    message = _("A score is a percentage from 0 to 100.")


class NotInDoubt(DomainError):
    message = _("What is on record supports this completion, or somebody has decided about it by now.")


class DoubtOfOwnDoing(DomainError):
    message = _(
        "You changed what this completion rests on, or taught the cohort, or it is your own. A colleague decides about it."
    )


class SessionNotStarted(DomainError):
    message = _("This session has not started yet. Record attendance once it has.")


class SessionNotOver(DomainError):
    message = _("This session is not over yet. Lock its attendance once it is.")


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


class SessionWasAttended(DomainError):
    message = _("Attendance was already recorded in this session, so it can no longer be canceled.")


class SessionClash(DomainError):
    message = _("The room or the instructor is already taken at that time.")


class SeriesEmpty(DomainError):
    message = _("No day is left: choose weekdays, and dates between which they lie and that are no holidays.")


class SeriesTooLong(DomainError):
    message = _("A series has at most %(most)s classes. Choose an earlier last day.")


class ClassesClash(DomainError):
    """`rows`: a `courses.queries.series.Clash` for each class that cannot be held as asked."""

    message = _("Nothing was written. These classes clash: %(sentences)s")


class CourseNotYours(DomainError):
    message = _("You may not write lessons in this course.")


class PageNotYours(DomainError):
    message = _("This page belongs to another center or to the ministry.")


class AlreadySubmitted(DomainError):
    message = _("This page is already waiting for its review.")


class ReviewOver(DomainError):
    message = _("This review is over: the page was published, returned, taken back or changed meanwhile.")


class OwnDraft(DomainError):
    message = _("You wrote a part of this draft. Another user who may publish here decides about it.")


class CommentMissing(DomainError):
    message = _("Say what has to change. The writer reads it.")


class NotOnline(DomainError):
    message = _("This page is not online.")


class FrontPageStays(DomainError):
    message = _("This is the front page of the site. Without it every address would be missing, so it stays.")


class InfoStays(DomainError):
    message = _("Every page of the site links to this text, so it stays online. Change its words instead.")


class CohortsLearn(DomainError):
    message = _("%(count)s running cohorts learn from this page. Ask the ministry to take it offline.")


class ContentUnchanged(DomainError):
    message = _("Nothing was published since: the cohort has the newest content.")


class NoCohortToCorrect(DomainError):
    message = _(
        "Every open or running cohort already has what is published of this unit, or does not study it."
    )


class TooFewSynonyms(DomainError):
    message = _("Give at least two words, separated by commas or each on a line of its own.")


class TooManySynonyms(DomainError):
    message = _("These are %(given)s words. Give at most %(most)s in one group.")


class SynonymTooLong(DomainError):
    message = _("“%(word)s…” is too long. Give at most %(words)s words and %(letters)s letters for one name.")


class SynonymWithoutLetters(DomainError):
    message = _("“%(word)s” has no letters or digits to search for.")


class TooManySynonymGroups(DomainError):
    message = _(
        "There are %(most)s groups already. Delete one that is not needed, or add the words to another."
    )


class ImportNotAllowed(DomainError):
    message = _("You may not import this list in %(center)s.")


class ImportOfAnother(DomainError):
    message = _("A list of staff is imported by the one who uploaded it.")


class ImportNotChecked(DomainError):
    message = _("This file is not checked, or was imported already.")


class NothingToImport(DomainError):
    message = _("This file has nothing new: every line is on record already, or has a fault.")


class NotYoursToWriteTo(DomainError):
    message = _(
        "You may write to the trainees of your own center, or of the cohorts that you teach. Choose one of those."
    )


class NoRecipients(DomainError):
    message = _("No one would get this message: no one learns there now. Choose other recipients.")


class TooManyChosen(DomainError):
    message = _(
        "You chose %(chosen)s trainees, and %(most)s at most are written to at once. Write to their cohort instead."
    )


class TooManyMessages(DomainError):
    message = _(
        "You sent %(count)s messages within a day, which is the limit. Put what you want to say into one message, or send it tomorrow."
    )


class NotADraft(DomainError):
    message = _("This message was sent or canceled already. Write a new one.")


class NotBeingSent(DomainError):
    message = _("This message is not being sent any more: everyone was told, or it was canceled.")


class DirectionOverride(DomainError):
    message = _(
        "The text has invisible marks that turn its letters around. Type it again, without copying it from another program."
    )


class ShortTextTooLong(DomainError):
    message = _("The short message takes %(parts)s parts, and %(most)s at most are sent. Make it shorter.")


class UrgentByOthers(DomainError):
    message = _(
        "Urgent messages wake people at night: the center's registrar or manager, or the ministry sends them."
    )
