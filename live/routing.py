from django.urls import path

from live.consumers import RoomConsumer
from live.ingest import MediaConsumer

websocket_urlpatterns = [
    path("ws/live/", RoomConsumer.as_asgi()),
    path("ws/live/media/", MediaConsumer.as_asgi()),
]
