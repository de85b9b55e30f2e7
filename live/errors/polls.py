"""Errors of polls and questions."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class NoSuchPoll(LiveError):
    code = "no_such_poll"
    message = _("That poll is not in this class.")


class PollClosed(LiveError):
    code = "poll_closed"
    message = _("The poll has ended. Your choice was not counted.")


class AlreadyVoted(LiveError):
    code = "already_voted"
    message = _(
        "You have voted. A vote in an anonymous poll cannot be changed, because it is not stored with your name."
    )


class NoSuchOption(LiveError):
    code = "no_such_option"
    message = _("The poll has no such option. Choose one of those shown.")


class OneChoiceOnly(LiveError):
    code = "one_choice_only"
    message = _("Only one option can be chosen in this poll.")


class PollIncomplete(LiveError):
    code = "poll_incomplete"
    message = _("Write the question and at least two different options.")


class PollAlreadyOpen(LiveError):
    code = "poll_already_open"
    message = _("Another poll is open. Close it first.")


class PollWasAsked(LiveError):
    code = "poll_was_asked"
    message = _("This poll was asked already. Use it again to ask it once more.")


class PollNotClosed(LiveError):
    code = "poll_not_closed"
    message = _("Close the poll before you show its results.")


class TooManyPolls(LiveError):
    code = "too_many_polls"
    message = _("This class has as many prepared polls as it can hold. Ask or discard some of them.")


class NoSuchQuestion(LiveError):
    code = "no_such_question"
    message = _("That question is no longer waiting.")


class OwnQuestion(LiveError):
    code = "own_question"
    message = _("This is your own question, it counts already.")


class TooManyQuestions(LiveError):
    code = "too_many_questions"
    message = _("Three of your questions are waiting. Ask the next one when one of them is settled.")
