"""How picture and sound of a class get from its instructor to everyone else: one interface, a module for each way.

A backend knows rooms and people, no views and no services: queries ask it what a page is told, services when somebody
comes, goes or has to go.
"""

from django.conf import settings

from live.media_servers.base import MediaBackend
from live.media_servers.builtin import BuiltInBackend, stream_path

__all__ = ["BACKENDS", "BuiltInBackend", "MediaBackend", "media_backend", "stream_path"]

# An optional engine adds its own.
BACKENDS: dict[str, type[MediaBackend]] = {"builtin": BuiltInBackend}


def media_backend() -> MediaBackend:
    """The way of this installation."""
    return BACKENDS[settings.LIVE_MEDIA_BACKEND]()
