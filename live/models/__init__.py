"""Models of rooms, their events and their attendance."""

from live.models.attendance import AttendanceObjection, AttendanceSnapshot
from live.models.groups import GroupList, GroupMembership, GroupPlace, GroupRound
from live.models.log import Event
from live.models.media_connections import MediaConnection
from live.models.notices import CalendarFeed, Notice
from live.models.obs import ObsKey
from live.models.people import Host, RoomEntry
from live.models.polls import Poll, PollMark, PollVote
from live.models.presence import PresenceMinute, PresenceReturn
from live.models.presence_checks import PresenceAnswer, PresenceCheck
from live.models.questions import Question, QuestionVote
from live.models.recordings import RecordedLesson, Recording, RecordingNotice
from live.models.rooms import JOINS_BEFORE, LiveSession
from live.models.scheduling import JointMeeting, LiveSeries, RoomPlace
from live.models.slides import Slide, SlideDeck
from live.models.tickets import TicketUse

__all__ = [
    "JOINS_BEFORE",
    "AttendanceObjection",
    "AttendanceSnapshot",
    "CalendarFeed",
    "Event",
    "GroupList",
    "GroupMembership",
    "GroupPlace",
    "GroupRound",
    "Host",
    "JointMeeting",
    "LiveSeries",
    "LiveSession",
    "MediaConnection",
    "Notice",
    "ObsKey",
    "Poll",
    "PollMark",
    "PollVote",
    "PresenceMinute",
    "Question",
    "QuestionVote",
    "RecordedLesson",
    "Recording",
    "RecordingNotice",
    "RoomEntry",
    "RoomPlace",
    "Slide",
    "SlideDeck",
    "TicketUse",
]
__all__ = [
    "Event",
    "LiveSession",
    "PresenceAnswer",
    "PresenceCheck",
    "PresenceMinute",
    "PresenceReturn",
    "TicketUse",
]
