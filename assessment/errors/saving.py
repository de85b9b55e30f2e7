"""Errors about answers that are saved as they are given, and their files."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


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


class LogFull(SaveRefused):
    """The attempt has as many bytes of changes as one may have."""

    reason = "full"
    message = _(
        "These answers were changed so often that no more changes are kept one by one. Hand them in: what this page shows is sent with it."
    )


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
