"""Errors of this app; each message says what to do."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class QuizHasNoQuestions(DomainError):
    message = _("This quiz has no questions yet. Ask your instructor.")


class NoAttemptsLeft(DomainError):
    message = _("You have used every attempt at this quiz. Ask your instructor.")


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


class SaveRefused(DomainError):
    """A save of answers was refused. `reason` is a value of `assessment.enums.Refusal`; `is_counted` whether the attempt's record says so."""

    reason: str

    def __init__(self, *, is_counted: bool = True, **facts: object) -> None:
        super().__init__(**facts)
        self.is_counted = is_counted


class AttemptOver(SaveRefused):
    reason = "over"
    message = _("These answers were already sent and marked. They can no longer be changed.")


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
