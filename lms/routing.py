"""ASGI routes: websockets, HTTP paths that stream, and asynchronous views."""

from live.routing import websocket_urlpatterns as live
from lms.engines import modules_of_engines
from media_pipeline.routing import http_applications as media

_engines = [vars(module) for module in modules_of_engines("routing")]
websocket_urlpatterns = [
    *live,
    *(path for engine in _engines for path in engine.get("websocket_urlpatterns", ())),
]
http_applications = {**media}
waiting_views = [engine["waiting_views"] for engine in _engines if "waiting_views" in engine]

__all__ = ["http_applications", "waiting_views", "websocket_urlpatterns"]
