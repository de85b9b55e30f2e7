"""What was shown in a class, by the time of its recording: slides, boards and polls with published results."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Consent, User
from live.broadcast.chapters import Chapter, chapters_of
from live.broadcast.timeline import Timeline
from live.enums import EventKind
from live.models import Event, LiveSession, RecordedLesson, Recording
from live.queries.admission import enrolled_in
from live.queries.log import events_of
from live.queries.stage import SLIDES_PREFIX
from media_pipeline.services.playback import sign_folder

STAGE = (EventKind.SLIDE_SHOWN, EventKind.SLIDE_DESCRIBED, EventKind.BOARD_SHOWN, EventKind.STAGE_CLEARED)
POLLS = (EventKind.POLL_OPENED, EventKind.POLL_CLOSED, EventKind.POLL_SHOWN)
SLIDE_FACTS = ("page", "pages", "small", "large", "bytes", "size", "text")
TITLE_CHARACTERS = 80
# The purpose in the consent ledger: showing one's messages in replays of any class, without one's name.
REPLAY_PURPOSE = "class_replay"


def shown_during_recording(session_id: int, timeline: Timeline) -> dict[str, Any]:
    """`{"stage": [...], "polls": [...]}` for a recording, each entry with the millisecond `at` which it begins.

    What was on the stage when the recording begins has `at` 0. Results of polls that were never shown are left out, as
    are single votes, drawings and the pointer.
    """
    events = list(Event.objects.filter(session_id=session_id, kind__in=(*STAGE, *POLLS)).order_by("seq"))
    return {"stage": _stage(events, timeline), "polls": _polls(events, timeline)}


def _place(event: Event, timeline: Timeline) -> int:
    return timeline.place_of(_moment(event))


def _moment(event: Event) -> int:
    return int(event.created_at.timestamp() * 1000)


def _stage(events: list[Event], timeline: Timeline) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    by_seq: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.kind == EventKind.SLIDE_DESCRIBED:
            if event.target in by_seq:
                by_seq[event.target]["text"] = event.payload["text"]
        elif event.kind in STAGE and (at := _place(event, timeline)) < timeline.length:
            entry: dict[str, Any] = {"at": at}
            if event.kind == EventKind.SLIDE_SHOWN:
                entry |= {name: event.payload[name] for name in SLIDE_FACTS}
                by_seq[event.seq] = entry
            elif event.kind == EventKind.BOARD_SHOWN:
                entry["board"] = True
            if entries and entries[-1]["at"] == at:
                # Of changes while nothing was recorded, the last one is shown.
                entries[-1] = entry
            else:
                entries.append(entry)
    return entries


def _polls(events: list[Event], timeline: Timeline) -> list[dict[str, Any]]:
    polls: dict[int, dict[str, Any]] = {}
    # Whether anything of it happened within the recording.
    current: set[int] = set()
    begins = timeline.spans[0].began if timeline.spans else 0
    for event in events:
        if event.kind not in POLLS or (at := _place(event, timeline)) >= timeline.length:
            continue
        facts, key = event.payload, event.payload["poll"]
        if event.kind == EventKind.POLL_OPENED:
            polls[key] = {"at": at, "question": facts["question"], "options": facts["options"]}
            current.add(key)
        elif key in polls:
            if "tally" in facts:
                polls[key] |= {"shown": at, "voters": facts["voters"], "tally": facts["tally"]}
            if _moment(event) < begins:
                current.discard(key)
            else:
                current.add(key)
    return [poll for key, poll in polls.items() if key in current]


def chapters_in(shown: dict[str, Any], timeline: Timeline) -> list[Chapter]:
    """Chapters from the changes of slides, named by the first line of each."""
    marks = [Chapter(entry["at"], _title(entry)) for entry in shown["stage"] if "page" in entry]
    return chapters_of(marks, length=timeline.length, beginning=str(_("Beginning")))


def _title(entry: dict[str, Any]) -> str:
    line = next((line.strip() for line in entry["text"].splitlines() if line.strip()), "")
    return line[:TITLE_CHARACTERS] or str(_("Slide %(page)s") % {"page": entry["page"]})


@dataclass(frozen=True, slots=True)
class Replay:
    """What is shown next to a recording, for one viewer. `base` is the signed address of the slide pictures."""

    base: str
    shown: dict[str, Any]
    messages: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return {"base": self.base, **self.shown, "messages": self.messages}


def replay_of(recording: Recording, *, viewer: str, has_chat: bool = False) -> Replay:
    """The replay of a recording; with messages only where both the site and the lesson allow it."""
    meeting = recording.session.class_session.public_id
    base = f"{sign_folder(SLIDES_PREFIX, meeting.hex, viewer=viewer)}/"
    messages = messages_during_recording(recording) if has_chat and settings.LIVE_REPLAY_CHAT else []
    return Replay(base, recording.shown, messages)


def messages_during_recording(recording: Recording) -> list[dict[str, Any]]:
    """Messages written during the recording, of staff and of trainees who currently allow it, without names."""
    timeline = Timeline.from_json(recording.spans)
    said = list(_replayed_messages(recording))
    trainees = set(
        _trainees(recording).filter(pk__in={event.actor_id for event in said}).values_list("pk", flat=True)
    )
    numbers: dict[int, int] = {}
    messages = []
    for event in said:
        writer = event.actor_id or 0
        if writer in trainees:
            name = _("Trainee %(number)s") % {"number": numbers.setdefault(writer, len(numbers) + 1)}
        else:
            name = _("Instructor")
        place = timeline.place_of(_moment(event))
        messages.append({"at": place, "name": str(name), "text": event.payload["text"]})
    return messages


def _replayed_messages(recording: Recording) -> QuerySet[Event]:
    """The events of `messages_during_recording`. Messages from before the part begins are not among them."""
    spans = Timeline.from_json(recording.spans).spans
    if not spans:
        return Event.objects.none()
    began, ended = (
        dt.datetime.fromtimestamp(moment / 1000, dt.UTC)
        for moment in (spans[0].began, spans[-1].began + spans[-1].length)
    )
    withheld = _trainees(recording).exclude(pk__in=_who_allow_it().values("pk"))
    said = events_of(recording.session_id).filter(kind=EventKind.CHAT, was_removed=False)
    return said.filter(created_at__gte=began, created_at__lt=ended).exclude(actor__in=withheld.values("pk"))


def _trainees(recording: Recording) -> QuerySet[User]:
    return User.objects.filter(person__enrollments__in=enrolled_in(recording.session))


def may_be_replayed(user_ids: Collection[int]) -> set[int]:
    """Those of `user_ids` who allow their messages to be replayed without their names."""
    return set(_who_allow_it().filter(pk__in=user_ids).values_list("pk", flat=True))


def _who_allow_it() -> QuerySet[User]:
    consents = Consent.objects.filter(purpose=REPLAY_PURPOSE, withdrawn_at=None)
    return User.objects.filter(person__in=consents.values("person"))


def has_replay(recording: Recording | None, *, has_chat: bool = False) -> bool:
    """Whether `replay_of` has anything to show next to the picture. A stage that is empty throughout is nothing."""
    if recording is None:
        return False
    stage = recording.shown.get("stage", ())
    is_shown = bool(recording.shown.get("polls")) or any(len(entry) > 1 for entry in stage)
    return is_shown or (has_chat and settings.LIVE_REPLAY_CHAT and _replayed_messages(recording).exists())


def whole_recording(session: LiveSession) -> Recording | None:
    return session.recordings.filter(start_ms=0, end_ms=None).first()


def lesson_recorded(unit_key: UUID, video_id: int) -> RecordedLesson | None:
    """The recording of a lesson, while the lesson still shows its video."""
    return (
        RecordedLesson.objects.filter(unit_key=unit_key, recording__video=video_id)
        .select_related("recording__session__class_session")
        .first()
    )
