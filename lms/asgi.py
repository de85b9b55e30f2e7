"""ASGI entry: pages, streaming and websockets (daphne in the embedded mode, sockets only in the scaled one)."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

# Fills the app registry; the routing modules below it import models.
pages = get_asgi_application()

from lms.routing import websocket_urlpatterns  # noqa: E402 - needs the app registry

application = ProtocolTypeRouter(
    {
        "http": pages,
        # Sockets are let in by ticket, not by cookie: no session is read when a whole class reconnects at once.
        "websocket": AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns)),
    }
)
