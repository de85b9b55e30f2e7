"""Errors of a trainee's voice."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError
from live.errors.video import MediaRefused


class NotCalled(LiveError):
    code = "not_called"
    message = _("Raise your hand and wait until the instructor lets you speak.")


class VoiceTaken(LiveError):
    code = "voice_taken"
    message = _("Someone else is speaking. Your turn comes when they have finished.")


class VoiceNotMixed(LiveError):
    """The class is not sent from a browser; only a browser can mix a voice into it."""

    code = "voice_unheard"
    message = _("No one would hear you now: the instructor is not sending the class from this site's page.")


class VoiceRefused(MediaRefused):
    """Not a single audio track."""

    code = MediaRefused.code
    message = _("The server cannot read the sound of this browser. Try Chrome or Firefox.")
