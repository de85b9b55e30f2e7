"""Which of the live classes' addresses are no ordinary pages."""

import re

from django.urls import path

from live.consumers import ListenerConsumer, RoomConsumer, SenderConsumer, ViewerConsumer, VoiceConsumer

websocket_urlpatterns = [
    path("ws/live/", RoomConsumer.as_asgi()),
    path("ws/live/media/", SenderConsumer.as_asgi()),
    path("ws/live/flow/", ViewerConsumer.as_asgi()),
    path("ws/live/voice/", VoiceConsumer.as_asgi()),
    path("ws/live/voice/listen/", ListenerConsumer.as_asgi()),
]

# Their views wait for a media server, in the event loop, so that they keep no thread.
waiting_views = re.compile(r"/[a-z]+/live/[0-9a-f-]+/(?:whip|whep|legs)/")
