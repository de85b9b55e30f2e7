"""WebSocket consumers of a live class: the room, the sender of the picture, the voice of a trainee, and its listener."""

from live.consumers.listener import ListenerConsumer
from live.consumers.room import RoomConsumer
from live.consumers.sender import SenderConsumer
from live.consumers.voice import VoiceConsumer

__all__ = ["ListenerConsumer", "RoomConsumer", "SenderConsumer", "VoiceConsumer"]
