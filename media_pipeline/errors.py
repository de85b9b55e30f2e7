"""Errors of media."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class UploadRefused(DomainError):
    """The file cannot be taken. `sentence` is the label of a RefusalReason with its placeholders filled."""

    def __init__(self, sentence: str | Promise, **facts: object) -> None:
        super().__init__(**facts)
        self.message = sentence


class QuotaReached(DomainError):
    message = _(
        "Your center has %(free)s MB of storage left and this file has %(needed)s MB. Ask the ministry for more room."
    )


class DiskFull(DomainError):
    message = _("The server has no room for this file at the moment. Tell its operator, and try again later.")


class TooManyUploads(DomainError):
    message = _("You have %(count)s unfinished uploads. Finish or cancel some first.")


class UploadGone(DomainError):
    message = _("This upload was canceled, or waited too long. Start it again.")


class UploadUnknown(DomainError):
    message = _("There is no such upload.")


class CenterUnknown(DomainError):
    message = _("Choose a center in which you may upload videos.")


class DuplicateFile(DomainError):
    message = _("Your center already has a video of this file. To keep both, use the page “Upload videos”.")


class UploadWithoutDecision(DomainError):
    message = _("This upload is not waiting for your decision.")


class CaptionsRefused(DomainError):
    message = _("Line %(line)s of the captions: %(problem)s")


class CaptionsTooLarge(DomainError):
    message = _("These captions are longer than captions can be.")


class CaptionsExist(DomainError):
    message = _("This video already has captions of this language and kind. Open them instead.")


class TranscriptionOff(DomainError):
    message = _("No speech recognition is set up on this site for this language.")


class NoSoundToTranscribe(DomainError):
    message = _("This video is not ready yet, or it has no sound to listen to.")


class TranscriptionInProgress(DomainError):
    message = _("A machine is already writing a draft of this video in this language.")


class CaptionsChanged(DomainError):
    """Another person saved after this editor loaded the text."""

    message = _("%(name)s saved other words at %(time)s. Nothing of yours was written over theirs.")


class JobNotRetryable(DomainError):
    message = _("This video is not waiting for another try.")


class JobNotCancelable(DomainError):
    message = _("This video is no longer being prepared.")


class VideoNotReady(DomainError):
    message = _("This video is not ready to be watched yet.")


class WorkerStopping(DomainError):
    """This worker was asked to stop: it gives its step back, and the attempt is not counted."""

    message = _("The worker was asked to stop.")


class DiskSpaceNeeded(DomainError):
    message = _("%(needed)s MB of disk space are needed and %(free)s MB are free.")


class SourceMissing(DomainError):
    message = _("The uploaded file is gone. Upload it again.")


class JobInProgress(DomainError):
    message = _("This video is already being prepared.")


class VideoInUse(DomainError):
    message = _("This video is part of a question that was asked in a test, so it is kept.")
