"""Media backends, which carry picture and sound of a class: one interface, one module for each backend.

A backend knows rooms and people, no views and no services: queries ask it for the data of a page, services call it when
somebody joins, leaves or has to be disconnected.
"""

from django.conf import settings

from live.media_servers.base import MediaBackend
from live.media_servers.builtin import BuiltInBackend, stream_path

__all__ = ["BACKENDS", "BuiltInBackend", "MediaBackend", "media_backend", "stream_path"]

# An optional engine adds its own.
BACKENDS: dict[str, type[MediaBackend]] = {"builtin": BuiltInBackend}


def media_backend() -> MediaBackend:
    """The media backend of this installation."""
    return BACKENDS[settings.LIVE_MEDIA_BACKEND]()
