"""Tickets to watch a class nearly live."""

from accounts.models import User
from live.errors import OffersNotAccepted
from live.media_servers import media_backend
from live.models import LiveSession
from live.services.events import require_open
from live.services.tickets import Participant, issue_ticket, redeem_ticket

# A viewer ticket does not open the room, nor a room ticket this socket.
VIEWER_SALT = "live.viewer"


def issue_viewer_ticket(*, session: LiveSession, user: User, language: str) -> str:
    """Sign a ticket to watch nearly live. Raises what `issue_ticket` raises, `RoomNotOpen`, `OffersNotAccepted`."""
    ticket = issue_ticket(session=session, user=user, language=language, salt=VIEWER_SALT)
    require_open(session)
    if media_backend().takes_offers:
        raise OffersNotAccepted
    return ticket


def redeem_viewer_ticket(*, ticket: str) -> Participant:
    """Use a ticket up. Its claims are checked again. Raises what `redeem_ticket` raises, and `RoomNotOpen`."""
    seat = redeem_ticket(ticket=ticket, salt=VIEWER_SALT)
    require_open(LiveSession.objects.get(pk=seat.session_id))
    return seat
