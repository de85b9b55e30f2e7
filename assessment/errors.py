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


class AttemptOver(DomainError):
    message = _("These answers were already sent and marked. They can no longer be changed.")
