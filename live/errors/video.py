"""Errors of the broadcast of a class and of its recording."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class VideoTaken(LiveError):
    """Another login or device sends the picture; with `take_over` this one replaces it."""

    code = "video_taken"
    message = _("The picture of this class is being sent from another device. You can take over from it.")


class VideoBusy(LiveError):
    code = "video_busy"
    message = _("The server is still busy with the picture that was sent before. Try again in a moment.")


class MediaRefused(LiveError):
    """Not what a browser's recorder writes: the recording run is closed."""

    code = "media_refused"
    message = _("The server cannot read what this browser sends as picture and sound. Try Chrome or Firefox.")


class ObsMediaRefused(MediaRefused):
    """What arrived by SRT is not a picture with sound."""

    code = MediaRefused.code
    message = _(
        "The server cannot read what OBS sends. In its output settings choose H.264 for the picture and AAC for the"
        " sound, then start again."
    )


class ObsKeyRefused(LiveError):
    """No such key, or it was renewed, or the person who made it no longer teaches here."""

    code = "obs_key_refused"
    message = _("This key is no longer valid. Make a new address and put it into OBS.")


class ChunkGap(LiveError):
    """A chunk without the one before it; `chunk` in the error is the last that was stored."""

    code = "chunk_gap"
    message = _("A piece of the picture is missing. The page sends it again.")


class MediaTooMuch(LiveError):
    code = "media_too_much"
    message = _("This class has sent all the picture that one class may. Go on with sound in another class.")


class NearlyLiveFull(LiveError):
    """The page plays segments instead, without a message."""

    code = "nearly_live_full"
    message = _("All places nearly live are taken. The class comes some seconds later.")


class NothingRecorded(LiveError):
    code = "nothing_recorded"
    message = _("This class has no recording.")


class InvalidCut(LiveError):
    code = "wrong_cut"
    message = _("There is nothing between these two times. The lesson must begin before it ends.")
