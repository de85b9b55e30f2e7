"""ASGI entry: pages, streaming and websockets (daphne in the embedded mode, sockets only in the scaled one)."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

# Fills the app registry; the routing modules below it import models.
pages = get_asgi_application()

from lms.routing import http_applications, websocket_urlpatterns  # noqa: E402 - needs the app registry
from lms.serving import refuse_without_keys  # noqa: E402 - needs the app registry

refuse_without_keys()


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Django, except where a body has to be read as it comes."""
    streams = (found for prefix, found in http_applications.items() if scope["path"].startswith(prefix))
    await next(streams, pages)(scope, receive, send)


application = ProtocolTypeRouter(
    {
        "http": http,
        # Sockets are let in by ticket, not by cookie: no session is read when a whole class reconnects at once.
        "websocket": AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns)),
    }
)
