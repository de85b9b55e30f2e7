"""What erasing a person does with live classes: names and words go, who was in when stays for the hours of training."""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, User
from accounts.services.erasing import register_eraser, words_go, words_stay
from accounts.services.retention import keep_for
from live.models import (
    AttendanceObjection,
    Event,
    GroupMembership,
    MediaConnection,
    PresenceMinute,
    PresenceReturn,
    Question,
    RecordingNotice,
)

ATTENDANCE = _("Who was in a live class, minute by minute, is the evidence of hours of training.")
# Of a payload, what people wrote, and their names.
_WORDS = ("text", "whose")


@register_eraser
def empty_log(person: Person, by: User | None) -> None:
    """What the person did, what was done to them, and what repeats their words, as a pinned message does."""
    login = User.objects.filter(person=person).first()
    if login is None:
        return
    own = Event.objects.filter(Q(actor=login) | Q(subject=login))
    said = set(own.values_list("session_id", "seq"))
    about = Event.objects.filter(session__in={session for session, _seq in said}, target__isnull=False)
    repeated = [
        event
        for event in about
        if (event.session_id, event.target) in said and (event.session_id, event.seq) not in said
    ]
    for event in (*own, *repeated):
        payload = {key: "" if key in _WORDS else value for key, value in event.payload.items()}
        name = "" if event.actor_id == login.pk else event.name
        if (payload, name) != (event.payload, event.name):
            Event.objects.filter(session=event.session_id, seq=event.seq).update(payload=payload, name=name)


words_go(Question, "name", "text", of="asker__person")
words_go(GroupMembership, "name", of="user__person")
words_go(MediaConnection, "resource", of="user__person")
words_stay(PresenceMinute, "device", "states", because=ATTENDANCE)
words_stay(PresenceReturn, "device", because=ATTENDANCE)
words_stay(AttendanceObjection, "reason", "answer", of="enrollment__person", because=ATTENDANCE)
words_stay(
    RecordingNotice,
    "text_version",
    of="user__person",
    because=_("That a person was told of a recording has to be shown for as long as it is kept."),
)

keep_for(
    "live.tasks.purge_recordings",
    what=_("recordings of live classes, with voices and pictures, after the class"),
    days=lambda: settings.LIVE_RECORDING_DAYS,
)
