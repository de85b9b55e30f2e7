"""What is answered by no view: every websocket path, and the HTTP paths that stream."""

from live.routing import websocket_urlpatterns as live
from media_pipeline.routing import http_applications as media

websocket_urlpatterns = [*live]
http_applications = {**media}
