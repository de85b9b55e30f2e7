"""The fan-out engine of live rooms: one hub a process, free of Django.

The database is the source of truth; the hub only delivers. What is lost here (a process, a Redis message, a socket) is
replayed from the log by sequence number.
"""

from live.hub.aggregation import PART, Summary
from live.hub.buckets import TokenBuckets
from live.hub.engine import Hub, Limits, Log, LogUnavailable
from live.hub.notifier import LocalNotifier, Notifier, RedisNotifier
from live.hub.rooms import LoggedEvent, Room
from live.hub.subscribers import CloseCode, Send, Subscriber

__all__ = [
    "PART",
    "CloseCode",
    "Hub",
    "Limits",
    "LocalNotifier",
    "Log",
    "LogUnavailable",
    "LoggedEvent",
    "Notifier",
    "RedisNotifier",
    "Room",
    "Send",
    "Subscriber",
    "Summary",
    "TokenBuckets",
]
