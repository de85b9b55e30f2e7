"""The route of the near-live socket."""

from django.urls import path

from live.near_live.viewer import ViewerConsumer

websocket_urlpatterns = [path("ws/live/flow/", ViewerConsumer.as_asgi())]
