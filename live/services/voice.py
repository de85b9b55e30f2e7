"""The voice of a trainee who was allowed to speak, one at a time: ticket, start, end."""

import shutil
import time
import uuid

from django.db import transaction

from accounts.models import User
from live.broadcast.folders import voices_folder
from live.broadcast.sender_lease import OBS_DEVICE, last_seen_at, sender_of
from live.enums import EventKind, LiveRole, LiveState
from live.errors import Muted, NotCalled, VoiceNotMixed, VoiceTaken
from live.media_servers import stream_path
from live.models import Event, LiveSession
from live.queries.admission import role_in
from live.queries.chat import is_muted
from live.queries.hands import hands_up
from live.queries.voice import voice_in, voices_on
from live.services.events import already_done, append_event, locked_session, require_open
from live.services.tickets import Participant, issue_ticket, redeem_ticket
from media_pipeline.services.live_streams import live_stream_folders

VOICE_SALT = "live.voice"
# A voice without a chunk for longer has lost its connection.
VOICE_LOST_SECONDS = 15


def issue_voice_ticket(*, session: LiveSession, user: User, language: str) -> str:
    """Sign a ticket to speak. Raises what `issue_ticket` raises, `NotCalled`, `Muted`, `VoiceTaken`, `VoiceNotMixed`."""
    ticket = issue_ticket(session=session, user=user, language=language, salt=VOICE_SALT)
    _require_called(session, user)
    return ticket


def redeem_voice_ticket(*, ticket: str) -> Participant:
    """Use a ticket up. `start_voice` checks whether its owner may still speak."""
    return redeem_ticket(ticket=ticket, salt=VOICE_SALT)


def _require_called(session: LiveSession, user: User) -> None:
    require_open(session)
    if role_in(session, user) != LiveRole.TRAINEE:
        raise NotCalled
    if is_muted(session.pk, user.pk):
        raise Muted
    if not any(hand.user_id == user.pk and hand.is_called for hand in hands_up(session.pk)):
        raise NotCalled
    spoken = voice_in(session.pk)
    if spoken and spoken.subject_id != user.pk:
        raise VoiceTaken
    if not _is_mixed(session):
        raise VoiceNotMixed


@transaction.atomic
def start_voice(*, session_id: int, by: User, take: int) -> Event:
    """Announce that `by` speaks, from recording run `take` on. If `by` speaks already, return the event of that start."""
    session = locked_session(session_id)
    _require_called(session, by)
    spoken = voice_in(session.pk)
    if spoken:
        return spoken
    return append_event(
        session=session, kind=EventKind.VOICE_STARTED, actor=by, subject=by, payload={"take": take}
    )


@transaction.atomic
def end_voice(*, session_id: int, by: User | None, client_id: uuid.UUID | None = None) -> Event | None:
    """End the current voice, if any: by staff, or (`by` None) because its connection was lost."""
    session = locked_session(session_id)
    if by and (done := already_done(session, by=by, client_id=client_id)):
        return done
    return stop_voice(session, by=by, client_id=client_id)


@transaction.atomic
def end_own_voice(*, session_id: int, by: User) -> Event | None:
    """End the voice of `by`, if it is the current one."""
    return stop_voice(locked_session(session_id), by=by, of=by)


def stop_voice(
    session: LiveSession, *, by: User | None, of: User | None = None, client_id: uuid.UUID | None = None
) -> Event | None:
    """End the current voice (only that of `of`, where given) and lower the hand. The caller holds the lock of the room."""
    spoken = voice_in(session.pk)
    if spoken is None or spoken.subject is None or (of is not None and spoken.subject_id != of.pk):
        return None
    ended = append_event(
        session=session,
        kind=EventKind.VOICE_ENDED,
        actor=by,
        subject=spoken.subject,
        target=spoken.seq,
        client_id=client_id,
    )
    hand = next((hand for hand in hands_up(session.pk) if hand.user_id == spoken.subject_id), None)
    if hand is not None:
        append_event(
            session=session,
            kind=EventKind.HAND_LOWERED,
            actor=by,
            subject=spoken.subject,
            target=hand.seq,
        )
    return ended


def end_lost_voices() -> int:
    """End the voices whose connection has been lost too long. Return how many. Cheap, and safe to run in every process."""
    ended = 0
    for event in voices_on():
        since = max(last_seen_at(voices_folder(event.session_id)), event.created_at.timestamp())
        if time.time() - since > VOICE_LOST_SECONDS or not _is_mixed(event.session):
            ended += end_voice(session_id=event.session_id, by=None) is not None
    return ended


def _is_mixed(session: LiveSession) -> bool:
    """Whether the sender mixes the voice into the class: a browser does, OBS does not."""
    sender = sender_of(live_stream_folders(stream_path(session))[0])
    return sender is not None and sender.device != OBS_DEVICE


def purge_voices() -> None:
    """Delete the files of voices once their class is over: the sound is in the recording."""
    folder = voices_folder(0).parent
    kept = {path.name: path for path in folder.iterdir()} if folder.exists() else {}
    over = LiveSession.objects.filter(
        state=LiveState.ENDED, pk__in=[int(name) for name in kept if name.isdecimal()]
    )
    for number in over.values_list("pk", flat=True):
        shutil.rmtree(kept[str(number)], ignore_errors=True)
