"""Entry tickets: signed, 60 seconds, single use, bound to a login, a session and a role."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from live.enums import LiveRole
from live.errors import (
    NotAdmitted,
    RemovedFromRoom,
    TicketExpired,
    TicketRefused,
    TicketUsed,
)
from live.models import LiveSession, TicketUse
from live.queries.admission import is_removed, person_name, role_in
from live.services.admission import require_a_place, require_entry_open, take_place
from live.services.lobby import note_entry, require_past_lobby

TICKET_SECONDS = 60
_SALT = "live.ticket"


@dataclass(frozen=True, slots=True)
class Participant:
    """The person of a socket, as of the ticket."""

    session_id: int
    user: User
    role: LiveRole
    name: str
    language: str


def issue_ticket(*, session: LiveSession, user: User, language: str, salt: str = _SALT) -> str:
    """Sign a ticket into `session` for `user`.

    Raises `NotAdmitted`, `RemovedFromRoom`, `RoomEnded`, `RoomCanceled`, `TooEarlyToEnter`, `RoomLocked`, `InLobby`,
    `RoomFull`.
    """
    role = require_entry(session, user)
    facts = {"s": session.pk, "u": user.pk, "r": role, "l": language, "n": str(uuid.uuid4())}
    return signing.dumps(facts, salt=salt)


def require_entry(session: LiveSession, user: User) -> LiveRole:
    """The role in which `user` may enter. Raises what `issue_ticket` raises."""
    role = role_in(session, user)
    if role is None:
        raise NotAdmitted
    if is_removed(session.pk, user.pk):
        raise RemovedFromRoom
    require_entry_open(session=session, role=role)
    require_past_lobby(session, user, role)
    require_a_place(session=session, user=user, role=role)
    return role


def _facts_of(ticket: str, salt: str) -> dict[str, Any]:
    try:
        return signing.loads(ticket, salt=salt, max_age=TICKET_SECONDS)
    except signing.SignatureExpired as error:
        raise TicketExpired from error
    except signing.BadSignature as error:
        raise TicketRefused from error


@transaction.atomic
def redeem_ticket(*, ticket: str, salt: str = _SALT) -> Participant:
    """Use a ticket up. Its claims are checked again: enrollment may have ended since. `salt` is that of the ticket's kind.

    Raises `TicketRefused`, `TicketExpired`, `TicketUsed` and what `issue_ticket` raises.
    """
    facts = _facts_of(ticket, salt)
    _, is_first = TicketUse.objects.get_or_create(
        nonce=uuid.UUID(facts["n"]), defaults={"used_at": timezone.now()}
    )
    if not is_first:
        raise TicketUsed
    session = LiveSession.objects.select_related("class_session__cohort").get(pk=facts["s"])
    user = User.objects.select_related("person").get(pk=facts["u"])
    role = require_entry(session, user)
    if role != facts["r"]:
        raise NotAdmitted
    if salt != _SALT:
        # Only a room ticket enters the room; other kinds open additional sockets.
        return Participant(
            session_id=session.pk, user=user, role=role, name=person_name(user), language=facts["l"]
        )
    take_place(session=session, user=user, role=role)
    if role == LiveRole.INSPECTOR:
        # Inspectors are not listed as present, but their visit is logged.
        log(session, "live.session.inspect", user=user)
    else:
        note_entry(session_id=session.pk, user=user)
    return Participant(
        session_id=session.pk, user=user, role=role, name=person_name(user), language=facts["l"]
    )


def purge_used_tickets() -> int:
    """Delete the rows of used tickets that have long expired. Return how many."""
    deleted, _ = TicketUse.objects.filter(used_at__lt=timezone.now() - dt.timedelta(hours=1)).delete()
    return deleted
