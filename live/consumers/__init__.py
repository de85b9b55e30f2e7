"""The sockets of a live class: of the room, of who sends its picture, who speaks and who hears that."""

from live.consumers.listener import ListenerConsumer
from live.consumers.room import RoomConsumer
from live.consumers.sender import SenderConsumer
from live.consumers.voice import VoiceConsumer

__all__ = ["ListenerConsumer", "RoomConsumer", "SenderConsumer", "VoiceConsumer"]
