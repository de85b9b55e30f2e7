"""What is answered by no ordinary page: websocket paths, HTTP paths that stream, and views that wait."""

from live.routing import waiting_views
from live.routing import websocket_urlpatterns as live
from media_pipeline.routing import http_applications as media

websocket_urlpatterns = [*live]
http_applications = {**media}

__all__ = ["http_applications", "waiting_views", "websocket_urlpatterns"]
