"""The sockets of live classes."""

from django.urls import path

from live.consumers import ListenerConsumer, RoomConsumer, SenderConsumer, VoiceConsumer

websocket_urlpatterns = [
    path("ws/live/", RoomConsumer.as_asgi()),
    path("ws/live/media/", SenderConsumer.as_asgi()),
    path("ws/live/voice/", VoiceConsumer.as_asgi()),
    path("ws/live/voice/listen/", ListenerConsumer.as_asgi()),
]
