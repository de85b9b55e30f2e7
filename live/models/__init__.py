"""Rooms, what happened in them and who was there."""

from live.models.checks import PresenceAnswer, PresenceCheck
from live.models.groups import GroupList, GroupPlace, GroupRound, GroupSeat
from live.models.legs import MediaLeg
from live.models.log import Event
from live.models.notices import CalendarFeed, Notice
from live.models.obs import ObsKey
from live.models.people import Host, RoomEntry
from live.models.polls import Poll, PollMark, PollVote
from live.models.presence import PresenceMinute, PresenceReturn
from live.models.questions import Question, QuestionVote
from live.models.record import AttendanceFreeze, AttendanceObjection
from live.models.recordings import RecordedLesson, Recording, RecordingNotice
from live.models.rooms import JOINS_BEFORE, LiveSession
from live.models.scheduling import JointMeeting, LiveSeries, RoomPlace
from live.models.slides import Slide, SlideDeck
from live.models.tickets import TicketUse

__all__ = [
    "JOINS_BEFORE",
    "AttendanceFreeze",
    "AttendanceObjection",
    "CalendarFeed",
    "Event",
    "GroupList",
    "GroupPlace",
    "GroupRound",
    "GroupSeat",
    "Host",
    "JointMeeting",
    "LiveSeries",
    "LiveSession",
    "MediaLeg",
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
