"""Errors about attempts: when one may be started, and what may be sent."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class QuizHasNoQuestions(DomainError):
    message = _("This quiz has no questions yet. Ask your instructor.")


class BankTooSmall(DomainError):
    message = _(
        "The question bank has too few questions for this test. Nothing was started: tell your instructor."
    )


class NoAttemptsLeft(DomainError):
    message = _(
        "You have used every attempt at this quiz, those in earlier cohorts among them. Ask your center whether it gives you another one."
    )


class PassedWithoutAttempts(DomainError):
    """The program asks for a better score than the one that passed."""

    message = _(
        "You have passed this quiz, but no attempt is left to raise your score. Ask your instructor what to do next."
    )


class AttemptAwaitsMark(DomainError):
    message = _("A person marks your last attempt. When its result is there you are told.")


class NotMarkedYet(DomainError):
    message = _("This attempt is not marked yet. Wait for its marks first.")


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


class AttemptsAreLeft(DomainError):
    message = _("This person may still begin the test, or needs no further attempt. Nothing was given.")


class AttemptOfOwnHand(DomainError):
    message = _(
        "This is your own test, or you taught this person, or one whose deputy you are did. Somebody else has to decide."
    )


class OneAttemptASitting(DomainError):
    message = _("You have taken this test in this sitting. Another attempt needs another sitting.")


class KeysWereRead(DomainError):
    message = _(
        "The right answers of this exam have been shown to your cohort, so no one of it begins the exam any more. Ask your center."
    )


class GapUnreadable(DomainError):
    """`number` is the question's on the page, `gap` the gap's in its text."""

    message = _(
        "Question %(number)s, gap %(gap)s: this is no answer. Write it shorter, or choose one of the list."
    )
