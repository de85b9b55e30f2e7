"""Recording consent: people in a recorded class are informed of the recording. Their messages are replayed only while they allow it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.consents import give_consent, withdraw_consent
from live.models import LiveSession, RecordingNotice
from live.queries.replay import REPLAY_PURPOSE, may_be_replayed

# The version of the text in `templates/live/room/recorded.html`: a change of its meaning is a new version.
RECORDING_TEXT = "2026-11"


@transaction.atomic
def record_recording_notice(*, session: LiveSession, user: User) -> RecordingNotice:
    """Store that the page of the room informed `user`, once for each version of the text."""
    notice, _ = RecordingNotice.objects.get_or_create(
        session=session, user=user, text_version=RECORDING_TEXT, defaults={"shown_at": timezone.now()}
    )
    return notice


@transaction.atomic
def acknowledge_recording(
    *, session: LiveSession, by: User, allows_replay: bool | None = None
) -> RecordingNotice:
    """Store that `by` acknowledged it and, if asked, whether their messages may be replayed without their name."""
    notice = record_recording_notice(session=session, user=by)
    if notice.acknowledged_at is None:
        notice.acknowledged_at = timezone.now()
        notice.save(update_fields=["acknowledged_at"])
    if allows_replay is not None and by.person_id is not None:
        _allow_replay(by, is_allowed=allows_replay)
    return notice


def _allow_replay(user: User, *, is_allowed: bool) -> None:
    assert user.person_id is not None  # noqa: S101 - checked by the caller
    if is_allowed == bool(may_be_replayed([user.pk])):
        return
    if is_allowed:
        give_consent(person_id=user.person_id, purpose=REPLAY_PURPOSE, text_version=RECORDING_TEXT, by=user)
    else:
        withdraw_consent(person_id=user.person_id, purpose=REPLAY_PURPOSE, by=user)
