"""The closed lists of live classes."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class LiveState(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    OPEN = "open", _("open")
    ENDED = "ended", _("ended")
    CANCELED = "canceled", _("class canceled")


class LiveRole(models.TextChoices):
    TRAINEE = "trainee", _("trainee")
    INSTRUCTOR = "trainer", _("instructor")
    # Sees everything a trainee sees and the register; cannot write and is not counted.
    INSPECTOR = "inspector", _("inspector")


class PlaybackState(models.TextChoices):
    """What a client reports with every heartbeat that it is playing. Stored as reported; minutes do not depend on it."""

    VIDEO = "video", _("video")
    LOW = "low", _("small video")
    AUDIO = "audio", _("sound")
    TEXT = "text", _("text only")
    STALLED = "stalled", _("buffering")
    AWAY = "away", _("page in the background")

    @property
    def letter(self) -> str:
        return {"stalled": "w", "away": "b"}.get(self.value, self.value[0])


# A heartbeat without a playback state.
NOT_REPORTED = "-"


class MediaDirection(models.TextChoices):
    """What a browser does with its connection to a media server."""

    SENDS = "sends", _("sends")
    WATCHES = "watches", _("watches")


class EventKind(models.TextChoices):
    """Kinds of events in the log of a room, named in the past tense."""

    ROOM_OPENED = "room.opened", _("room opened")
    ROOM_ENDED = "room.ended", _("room ended")
    VIDEO_STARTED = "video.started", _("picture started")
    VIDEO_STOPPED = "video.stopped", _("picture stopped")
    VOICE_STARTED = "voice.started", _("trainee speaks")
    VOICE_ENDED = "voice.ended", _("trainee has spoken")
    CHAT = "chat", _("message")
    CHAT_REMOVED = "chat.removed", _("message removed")
    CHAT_PINNED = "chat.pinned", _("message pinned")
    CHAT_UNPINNED = "chat.unpinned", _("message unpinned")
    STAFF_SAID = "staff.said", _("message among the staff")
    HAND_RAISED = "hand.raised", _("hand raised")
    HAND_LOWERED = "hand.lowered", _("hand lowered")
    HAND_CALLED = "hand.called", _("called to speak")
    PERSON_MUTED = "person.muted", _("muted")
    PERSON_UNMUTED = "person.unmuted", _("unmuted")
    PERSON_REMOVED = "person.removed", _("removed from the room")
    PERSON_READMITTED = "person.readmitted", _("removal taken back")
    PERSON_KICKED = "person.kicked", _("sent out for now")
    ALL_MUTED = "all.muted", _("all muted")
    ALL_UNMUTED = "all.unmuted", _("all unmuted")
    LOBBY_WAITING = "lobby.waiting", _("waits to come in")
    LOBBY_ADMITTED = "lobby.admitted", _("let in")
    HOST_ADDED = "host.added", _("co-instructor added")
    HOST_REMOVED = "host.removed", _("co-instructor removed")
    CALL_ASKED = "call.asked", _("asked to be called")
    CALL_CLOSED = "call.closed", _("call done or taken back")
    TIMER_STARTED = "timer.started", _("timer started")
    TIMER_STOPPED = "timer.stopped", _("timer stopped")
    NOTES_CHANGED = "notes.changed", _("notes changed")
    CAPTION_SAID = "caption.said", _("caption typed")
    CHECK_ASKED = "check.asked", _("presence check")
    RULES_CHANGED = "rules.changed", _("rules of the room changed")
    POLL_PREPARED = "poll.prepared", _("poll prepared")
    POLL_DISCARDED = "poll.discarded", _("poll discarded")
    POLL_OPENED = "poll.opened", _("poll opened")
    POLL_CLOSED = "poll.closed", _("poll closed")
    POLL_SHOWN = "poll.shown", _("results of a poll shown")
    QUESTION_ASKED = "question.asked", _("question asked")
    QUESTION_ANSWERED = "question.answered", _("question answered")
    QUESTION_DISMISSED = "question.dismissed", _("question put aside")
    SLIDE_SHOWN = "slide.shown", _("slide shown")
    SLIDE_DESCRIBED = "slide.described", _("text of the slide changed")
    STAGE_CLEARED = "stage.cleared", _("slide or board put away")
    BOARD_SHOWN = "board.shown", _("whiteboard shown")
    BOARD_DRAWN = "board.drawn", _("drawn")
    BOARD_UNDONE = "board.undone", _("drawing taken back")
    BOARD_CLEARED = "board.cleared", _("board wiped")
    GROUP_OPENED = "group.opened", _("groups opened")
    GROUP_MOVED = "group.moved", _("moved to another group")
    GROUP_SAID = "group.said", _("message in a group")
    GROUP_CALLED = "group.called", _("group called the instructor")
    GROUP_VISITED = "group.visited", _("instructor came to a group")
    GROUP_ANNOUNCED = "group.announced", _("announcement to all groups")
    GROUP_CLOSED = "group.closed", _("groups closed")


def event_kinds() -> list[tuple[str, Any]]:
    """The choices of `Event.kind`, as a function: a new kind needs no migration."""
    return list(EventKind.choices)


class PollState(models.TextChoices):
    PREPARED = "prepared", _("prepared")
    OPEN = "open", _("open to votes")
    CLOSED = "closed", _("closed to votes")


class PollResults(models.TextChoices):
    """When the class sees the results of a poll; staff always see them."""

    AT_ONCE = "at_once", _("at once, while people vote")
    AT_END = "at_end", _("when the poll is closed")
    HIDDEN = "hidden", _("only when I show them")


class QuestionState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ANSWERED = "answered", _("answered")
    DISMISSED = "dismissed", _("put aside")


class Reaction(models.TextChoices):
    """Reactions a trainee can send. They are not stored."""

    UNDERSTOOD = "understood", _("I understood")
    SLOWER = "slower", _("Slower, please")
    LOUDER = "louder", _("I cannot hear well")
    THANKS = "thanks", _("Thank you")


class Division(models.TextChoices):
    """How a group list divides the people of a class."""

    RANDOM = "random", _("At random")
    ORDER = "order", _("In the order of names")
    HAND = "hand", _("By hand")


class NoticeKind(models.TextChoices):
    """Kinds of notices about a class that are sent outside its room."""

    DAY = "day", _("a day before")
    HOUR = "hour", _("an hour before")
    CHANGED = "changed", _("changed")
    SUBSTITUTE = "substitute", _("another instructor")
    CANCELED = "canceled", _("class canceled")
    SHORTENED = "shortened", _("ended before its plan")


class Scope(models.TextChoices):
    """How far a change of a class in a series goes."""

    ONE = "one", _("this class only")
    LATER = "later", _("this class and all later ones of the series")


class ObsPicture(models.TextChoices):
    """What a class sent with OBS mostly shows; values of `live.broadcast`."""

    CAMERA = "camera", _("mostly people or a workbench")
    SCREEN = "screen", _("mostly a screen")


class DeckRefusal(models.TextChoices):
    """Why an upload did not become slides; the label is shown to the instructor."""

    BROKEN = "broken", _("The file is damaged, or is not what its name says. Save it again and upload it.")
    LOCKED = "locked", _("The PDF asks for a password. Save it without one and upload it.")
    PAGES = "pages", _("The file has too many pages. Split it and upload the parts.")
    PIXELS = "pixels", _("A picture has too many pixels. Make it smaller and upload it.")
    FAILED = "failed", _("The server could not draw the pages. Try again, or tell your operator.")


class RecordingProblem(models.TextChoices):
    """Why a recording has not become a video; the label is shown to the instructor."""

    QUOTA = "quota", _("Your center has no storage left. It goes on by itself when there is room.")
    DISK = "disk", _("The server has no room at the moment. It goes on by itself.")
    ERROR = "error", _("It could not be made. Tell your operator.")
