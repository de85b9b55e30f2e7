"""The site's own ASGI application, for a server that outlives the tests' tables.

Between transactional tests every table is emptied and content types get new keys, which a running server does not notice.
"""

from typing import Any

from lms.asgi import application as site
from tests.live.shortening import shorten

from django.contrib.contenttypes.models import ContentType  # isort: skip - needs the app registry
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler  # isort: skip - needs the app registry

shorten()

# Browsers need the scripts, for which collectstatic has not run.
with_static_files = ASGIStaticFilesHandler(site)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    ContentType.objects.clear_cache()
    await with_static_files(scope, receive, send)
