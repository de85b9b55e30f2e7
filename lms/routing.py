"""Every websocket path of the site."""

from live.routing import websocket_urlpatterns as live

websocket_urlpatterns = [*live]
