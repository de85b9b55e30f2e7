"""Live classes in the staff workplace."""

from live.viewsets.sessions import LiveSessionViewSet

__all__ = ["LiveSessionViewSet"]
