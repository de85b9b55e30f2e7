"""How picture and sound of a class get from its trainer to everyone else: one interface, a module for each way.

A backend knows rooms and people, no views and no services: queries ask it what a page is told, services when somebody
comes, goes or has to go.
"""

from live.backends.base import MediaBackend
from live.backends.builtin import BuiltInBackend, stream_path

__all__ = ["BuiltInBackend", "MediaBackend", "media_backend", "stream_path"]


def media_backend() -> MediaBackend:
    """The way of this installation."""
    return BuiltInBackend()
