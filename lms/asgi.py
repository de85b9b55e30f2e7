"""ASGI entry: pages, streaming and websockets (daphne in the embedded mode, sockets only in the scaled one)."""

import os
from http import HTTPStatus
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from lms.addresses import ClientAddress
from lms.outages import is_outage
from lms.threaded_wsgi import ThreadedWsgi, refuse, run_to_completion

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

# Fills the app registry; the routing modules below it import models.
pages = ThreadedWsgi(get_wsgi_application(), at_once=settings.PAGES_AT_ONCE)
waiting_pages = run_to_completion(get_asgi_application())

from lms.routing import (  # noqa: E402 - needs the app registry
    http_applications,
    waiting_views,
    websocket_urlpatterns,
)
from lms.serving import refuse_unprepared, refuse_unsandboxed  # noqa: E402 - needs the app registry

refuse_unprepared()
# ffmpeg processes live streams in this process.
refuse_unsandboxed()


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Django, except for paths whose body is read as a stream."""
    path = scope["path"]
    found = (application for paths, application in http_applications.items() if paths.match(path))
    page = waiting_pages if any(paths.match(path) for paths in waiting_views) else pages
    try:
        await next(found, page)(scope, receive, send)
    except Exception as error:
        # Django answers outages itself; the applications next to it send nothing before they are done.
        if not is_outage(error):
            raise
        await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)


application = ProtocolTypeRouter(
    {
        "http": ClientAddress(http),
        # Sockets are let in by ticket, not by cookie: no session is read when a whole class reconnects at once.
        "websocket": ClientAddress(AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))),
    }
)
