from django.urls import path

from live.consumers import RoomConsumer
from live.flow import FlowConsumer
from live.ingest import MediaConsumer
from live.voice import VoiceConsumer, VoiceListener

websocket_urlpatterns = [
    path("ws/live/", RoomConsumer.as_asgi()),
    path("ws/live/media/", MediaConsumer.as_asgi()),
    path("ws/live/flow/", FlowConsumer.as_asgi()),
    path("ws/live/voice/", VoiceConsumer.as_asgi()),
    path("ws/live/voice/listen/", VoiceListener.as_asgi()),
]
