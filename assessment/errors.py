"""Errors of this app; each message says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class QuizHasNoQuestions(DomainError):
    message = _("This quiz has no questions yet. Ask your instructor.")


class BankTooSmall(DomainError):
    message = _(
        "The question bank has too few questions for this test. Nothing was started: tell your instructor."
    )


class NotToBeAsked(DomainError):
    message = _(
        "This page asks questions of the bank that are withdrawn, or belong to another center: %(questions)s. Take them out of the page, or "
        "choose others."
    )


class NoAttemptsLeft(DomainError):
    message = _("You have used every attempt at this quiz. Ask your instructor.")


class AttemptAwaitsMark(DomainError):
    message = _("A person marks your last attempt. When its result is there you are told.")


class NotMarkedYet(DomainError):
    message = _("This attempt is not marked yet. Wait for its marks first.")


class AppealTermOver(DomainError):
    message = _("The time to appeal is over: it is seven days from when you could read how it was marked.")


class AlreadyAppealed(DomainError):
    message = _("You have appealed against this mark. The answer is shown with the question.")


class AppealAnswered(DomainError):
    message = _("This appeal was answered meanwhile. Open its page again.")


class MarkedByYou(DomainError):
    message = _("You marked this answer, or a colleague for whom you act. Somebody else has to answer.")


class NotBetterMarked(DomainError):
    message = _("An appeal that is granted earns more points than before. Refuse it where the mark stays.")


class QuizAlreadyPassed(DomainError):
    message = _("You have already passed this quiz.")


class NotOneOfTheQuestions(DomainError):
    message = _(
        "The answers belong to other questions. Nothing was sent: open the quiz again and answer there."
    )


class OneAnswerOnly(DomainError):
    message = _(
        "A question with one right answer takes one answer. Nothing was sent: correct it and send again."
    )


class PlaceGivenTwice(DomainError):
    """`number`: the question's on the page."""

    message = _(
        "Two steps of question %(number)s have the same place. Nothing was sent: give each a place of its own."
    )


class SaveRefused(DomainError):
    """A save of answers was refused. `reason` is a value of `assessment.enums.Refusal`; `is_counted` whether the attempt's record says so."""

    reason: str

    def __init__(self, *, is_counted: bool = True, **facts: object) -> None:
        super().__init__(**facts)
        self.is_counted = is_counted


class AttemptOver(SaveRefused):
    reason = "over"
    message = _("These answers were already sent and marked. They can no longer be changed.")


class QuestionUnderReview(DomainError):
    message = _("This question waits for its review. Take it back first, then change it.")


class QuestionWithdrawn(DomainError):
    message = _("This question is withdrawn. Put it in force again first.")


class NotWithdrawn(DomainError):
    message = _("This question is not withdrawn.")


class NotADraftQuestion(DomainError):
    message = _("There is no draft to submit. Change the question first.")


class NotUnderReview(DomainError):
    message = _("This question no longer waits for a review. Open its page again.")


class WrittenByYou(DomainError):
    message = _("You wrote this, or a colleague for whom you act. Somebody else has to decide about it.")


class ChangedMeanwhile(DomainError):
    message = _("The question was changed after you opened it. Nothing was published: read it again.")


class NothingToDiscard(DomainError):
    message = _("There is no draft next to a published version.")


class OnlyFromAFile(DomainError):
    message = _(
        "This question came from a file and has what this form cannot show. Import it again to change it."
    )


class AttemptTakenOver(SaveRefused):
    reason = "taken_over"
    message = _("You went on with this on another device. Go on here to change answers on this one.")


class TooLate(SaveRefused):
    """It is kept apart, and marked late."""

    reason = "late"
    message = _("The time is over. What came after it is kept, and counts only if your center says so.")

    def __init__(self, *, is_counted: bool = False) -> None:
        super().__init__(is_counted=is_counted)


class SequenceUsed(SaveRefused):
    """`next`: the number from which this device may go on."""

    reason = "sequence_used"
    message = _("Another answer was saved under this number. Open the page again.")


class UnreadableAnswer(SaveRefused):
    """`seq`: the change that is no answer to its question."""

    reason = "unreadable"
    message = _("This is no answer to the question. Nothing was saved: answer it again.")


class FilesTooLate(SaveRefused):
    """A file after the time: of files nothing is kept apart."""

    reason = "late"
    message = _("The time is over. No more files are taken.")


class TooManyFiles(DomainError):
    message = _(
        "You have sent %(most)s files to this question, which is the most. Keep those that are here, or ask your instructor."
    )


class OtherOffset(DomainError):
    """`offset`: how many bytes of the file have arrived."""

    message = _("The file goes on from another place.")


class NoSuchFile(DomainError):
    message = _("There is no such file in this answer. Open the page again.")


class AnswerFull(DomainError):
    message = _("This question takes %(most)s files. Take one back first.")


class StartsLater(DomainError):
    message = _("This test can be started from %(opens_at)s.")


class StartsNoMore(DomainError):
    message = _("This test could be started until %(closes_at)s. Ask your center.")


class NoSittingNow(DomainError):
    message = _("This test is taken in a room. It can be started when the supervisor tells the code.")


class WrongCode(DomainError):
    message = _("This is not the code of the room. Read it again from the board.")


class TooManyCodes(DomainError):
    message = _("Too many wrong codes. Ask the supervisor, or wait for %(minutes)s minutes.")


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


class SittingHasNoOpenAttempts(DomainError):
    message = _("No attempt is open any more.")


class NoTimeLimit(DomainError):
    message = _("This attempt has no time limit.")


class OwnAttempt(DomainError):
    message = _("Time is given by somebody else than the person who takes the test.")


class MinutesOutOfRange(DomainError):
    message = _("Give from 1 to %(most)s minutes.")


class TextMissing(DomainError):
    message = _("Write what happened.")


class WindowClosesBeforeItOpens(DomainError):
    message = _("Give both times, the later one second, or none.")


class NothingGiven(DomainError):
    message = _("Give something: more time, breaks, somebody who reads, or larger text.")


class BeyondTheMost(DomainError):
    message = _(
        "At most three times the time and %(minutes)s minutes of breaks can be given. Ask the ministry what else helps."
    )


class DaysInThePast(DomainError):
    message = _("The first day is today or later, and the last day is not before it.")


class AccommodationReasonMissing(DomainError):
    message = _("Write why, in a sentence. Only those who decide about it read it.")


class AlreadyGiven(DomainError):
    message = _(
        "Something else holds for this person on some of these days. End that first, or choose other days."
    )


class AccommodationEnded(DomainError):
    message = _("This was ended already.")


class NotToDecide(DomainError):
    message = _("Who registers people at a center where this person learns now decides about it.")


class BothHaveAccommodations(DomainError):
    message = _(
        "In tests, something holds for both records on the same days. End one of the two first: the one that gives less."
    )


class RegradeNotAllowed(DomainError):
    message = _("Keys are corrected by the ministry, as the question may be asked in every center.")


class KeyNotMarkable(DomainError):
    message = _("By this key the question cannot be marked. Correct it, or choose that it does not count.")


class SameKey(DomainError):
    message = _("The question is marked by this key already.")


class KeyReasonMissing(DomainError):
    message = _("Write what was wrong, in a sentence. It is kept with each mark that changes.")


class RegradeNotCounted(DomainError):
    message = _(
        "What it changes has to be counted first, or it was started or dropped by now. Open the page again."
    )


class AnotherRegrade(DomainError):
    message = _("Another correction of this question is on its way. Wait until it is done, or drop it.")


class OutOfDate(DomainError):
    message = _("Its key was corrected since this was counted. Drop this, and have it counted again.")


class RegradeOfOwnTest(DomainError):
    message = _(
        "You took a test with this question, or one whose deputy you are. Somebody else has to start it."
    )


class RegradeByTeacher(DomainError):
    message = _(
        "You taught people whose marks change, or one whose deputy you are. Somebody else has to start it."
    )


class NotItsAuthor(DomainError):
    message = _("Its author says that a question stays as it is, or who changed it last.")


class NothingNegative(DomainError):
    message = _(
        "This question waits for no one: it has a new version, is withdrawn, or it was said before that it stays."
    )


class SittingGoesOn(DomainError):
    message = _("Papers are compared once the sitting has ended.")


class OwnSitting(DomainError):
    message = _("You took this test in this sitting, or one whose deputy you are. Somebody else has to look.")


class TooManyToCompare(DomainError):
    message = _("Papers of at most %(most)s people are compared.")


class NothingLate(DomainError):
    message = _("No late answers of this attempt wait for a decision: it was decided, or there are none.")


class OwnLateAnswers(DomainError):
    message = _(
        "These are your own answers, or those of one whose deputy you are. Somebody else has to decide."
    )


class LateOfOwnCohort(DomainError):
    message = _("You taught this person, or one whose deputy you are did. Somebody else has to decide.")


class QuestionsNotYours(DomainError):
    message = _("You may not write questions for this owner.")


class FileOfAnother(DomainError):
    message = _("Only the person who uploaded the file brings its questions in, as their author.")


class FileNotChecked(DomainError):
    message = _("This file is not checked, was brought in already, or is deleted. Upload it again.")


class NothingNewInFile(DomainError):
    message = _("This file has nothing new: every question is there already, or is left out.")


class FileOfQuestionsTooLarge(DomainError):
    message = _("The file is larger than %(megabytes)s MB. Divide it into several files.")


class TooManyToTakeOut(DomainError):
    message = _(
        "The list has more than %(questions)s questions, which is too many for one file. Narrow it by a tag, a kind or another filter."
    )


class TooLargeToTakeOut(DomainError):
    message = _(
        "The file would be larger than %(megabytes)s MB. Narrow the list by a tag, a kind or another filter."
    )


class NotYoursToMark(DomainError):
    message = _("This answer no longer waits for a mark of yours. Nothing was saved: take the next one.")


class BeingMarked(DomainError):
    message = _("A colleague has this answer open. Nothing was saved: take the next one.")


class MarkSettled(DomainError):
    message = _("This mark counts already and is no longer replaced.")


class LevelMissing(DomainError):
    message = _("Choose a level in each line of the rubric.")


class PointsMissing(DomainError):
    message = _("Give from 0 to %(most)s points, in quarters of a point.")


class CommentTooLong(DomainError):
    message = _("Write at most %(most)s characters to the trainee.")


class PlaceUnreadable(DomainError):
    message = _("A comment on a file names no place of it. Nothing was saved: place it again.")
