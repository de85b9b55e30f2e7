"""Reactions."""

from accounts.models import User
from live.enums import Reaction
from live.models import LiveSession
from live.server.event_gateway import event_gateway
from live.services.events import require_open


def react(*, session_id: int, by: User, reaction: Reaction) -> None:
    """Count a reaction into the next summary. Reactions are published as numbers and not stored."""
    require_open(LiveSession.objects.get(pk=session_id))
    event_gateway.aggregate(session_id, f"reaction:{reaction}")
