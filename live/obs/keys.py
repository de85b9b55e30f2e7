"""Keys for sending a class with OBS: staff make, renew and end them; each caller's key is checked."""

import secrets
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from live.broadcast.sender_lease import end_lease
from live.enums import LiveRole, LiveState, ObsPicture
from live.errors import LiveError, ObsKeyRefused, RoomCanceled, RoomEnded, StaffOnly
from live.media_servers import media_backend, stream_path
from live.models import LiveSession, ObsKey
from live.queries.admission import role_in
from live.services.events import locked_session, require_open
from media_pipeline.services.live_streams import live_stream_folders


@dataclass(frozen=True, slots=True)
class ObsTarget:
    """The class and person a caller sends for; `path` names the broadcast."""

    session_id: int
    path: str
    by: User
    picture: str


@transaction.atomic
def renew_obs_key(*, session_id: int, by: User, picture: ObsPicture) -> ObsKey:
    """Give the class a new address for OBS; an earlier one ends, and a sender that uses it is disconnected.

    Raises `StaffOnly`, `RoomEnded`, `RoomCanceled`.
    """
    session = _staffed(session_id, by)
    if session.state == LiveState.ENDED:
        raise RoomEnded
    if session.state == LiveState.CANCELED:
        raise RoomCanceled
    facts = {
        "stream": secrets.token_hex(8),
        "nonce": uuid.uuid4(),
        "picture": picture,
        "made_by": by,
        "made_at": timezone.now(),
        "seen_at": None,
        "refusal": "",
        "refused_at": None,
    }
    key, _ = ObsKey.objects.update_or_create(session=session, defaults=facts)
    log(session, "live.obs.listener.renew", user=by, data={"picture": picture})
    return key


@transaction.atomic
def end_obs_key(*, session_id: int, by: User) -> None:
    """End the OBS key of this class. Raises `StaffOnly`."""
    session = _staffed(session_id, by)
    deleted, _ = ObsKey.objects.filter(session=session).delete()
    if deleted:
        log(session, "live.obs.listener.end", user=by)


@transaction.atomic
def allow_obs_next(*, session_id: int, by: User) -> None:
    """Disconnect the current sender, so that OBS, which reconnects by itself, replaces it. Raises `StaffOnly`."""
    session = _staffed(session_id, by)
    ObsKey.objects.filter(session=session).update(refusal="", refused_at=None)
    served, _ = live_stream_folders(stream_path(session))
    transaction.on_commit(lambda: end_lease(served))


def _staffed(session_id: int, by: User) -> LiveSession:
    session = locked_session(session_id)
    if role_in(session, by) != LiveRole.INSTRUCTOR:
        raise StaffOnly
    return session


def obs_target(*, stream: str) -> ObsTarget:
    """Return the target of the caller of `stream`. Raises `ObsKeyRefused`, `RoomNotOpen`, `RoomEnded`."""
    keys = ObsKey.objects.select_related("session__class_session", "made_by")
    key = keys.filter(stream=stream).first()
    if key is None or role_in(key.session, key.made_by) != LiveRole.INSTRUCTOR:
        raise ObsKeyRefused
    if media_backend().takes_offers:
        # It would have no viewers: this installation uses another media backend.
        raise ObsKeyRefused
    require_open(key.session)
    return ObsTarget(key.session_id, stream_path(key.session), key.made_by, key.picture)


def record_obs_status(*, stream: str, refusal: LiveError | None = None) -> None:
    """Store that media arrives, or why a caller was refused, for the instructor's page."""
    now = timezone.now()
    if refusal is None:
        ObsKey.objects.filter(stream=stream).update(seen_at=now)
    else:
        ObsKey.objects.filter(stream=stream).update(refusal=refusal.code, refused_at=now)
