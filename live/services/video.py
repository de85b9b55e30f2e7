"""The picture of the class: sender tickets, start and end."""

from django.db import transaction

from accounts.models import User
from live.enums import EventKind, LiveRole, LiveState
from live.errors import NotAdmitted, OffersNotAccepted, StaffOnly
from live.media_servers import media_backend
from live.models import Event, LiveSession
from live.queries.admission import role_in
from live.queries.video import is_video_on
from live.services.events import append_event, locked_session, require_open
from live.services.tickets import Participant, issue_ticket, redeem_ticket

# A sender ticket does not open the room, nor a room ticket this socket.
SENDER_SALT = "live.sender"


def issue_sender_ticket(*, session: LiveSession, user: User, language: str) -> str:
    """Sign a ticket to send the picture. Raises `NotAdmitted`, `StaffOnly`, `RoomNotOpen`, `RoomEnded`, `OffersNotAccepted`."""
    role = role_in(session, user)
    if role is None:
        raise NotAdmitted
    if role != LiveRole.INSTRUCTOR:
        raise StaffOnly
    require_open(session)
    if media_backend().takes_offers:
        raise OffersNotAccepted
    return issue_ticket(session=session, user=user, language=language, salt=SENDER_SALT)


def redeem_sender_ticket(*, ticket: str) -> Participant:
    """Use a ticket up. Its claims are checked again. Raises what `redeem_ticket` raises, `StaffOnly` and `RoomNotOpen`."""
    participant = redeem_ticket(ticket=ticket, salt=SENDER_SALT)
    if participant.role != LiveRole.INSTRUCTOR:
        raise StaffOnly
    require_open(LiveSession.objects.get(pk=participant.session_id))
    return participant


@transaction.atomic
def start_video(*, session_id: int, by: User) -> Event | None:
    """Announce that there is a picture. None where it was announced before."""
    session = locked_session(session_id)
    if session.state != LiveState.OPEN or is_video_on(session_id):
        return None
    return append_event(session=session, kind=EventKind.VIDEO_STARTED, actor=by)


@transaction.atomic
def stop_video(*, session_id: int, by: User | None) -> Event | None:
    """Announce that the picture has ended, by the instructor or (`by` None) because no more chunks arrived."""
    session = locked_session(session_id)
    if session.state != LiveState.OPEN or not is_video_on(session_id):
        return None
    return append_event(session=session, kind=EventKind.VIDEO_STOPPED, actor=by)


def finish_abandoned_broadcasts() -> int:
    """Finish broadcasts of ended classes that a dead process left. Return how many."""
    backend = media_backend()
    ended = LiveSession.objects.filter(state=LiveState.ENDED).select_related("class_session")
    return sum(backend.finish(session) for session in ended.order_by("-ended_at")[:50])
