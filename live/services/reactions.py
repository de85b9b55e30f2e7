"""Reactions of the moment."""

from accounts.models import User
from live.enums import Reaction
from live.models import LiveSession
from live.server.event_gateway import event_gateway
from live.services.events import require_open


def react(*, session_id: int, by: User, reaction: Reaction) -> None:
    """Add to the reactions of this second. They are told as numbers and kept nowhere."""
    require_open(LiveSession.objects.get(pk=session_id))
    event_gateway.aggregate(session_id, f"reaction:{reaction}")
