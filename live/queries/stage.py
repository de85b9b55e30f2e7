"""The stage: a slide or a whiteboard, and the drawing on it."""

from typing import Any

from django.db.models import QuerySet

from live.enums import EventKind
from live.models import Event, Slide, SlideDeck
from live.queries.admission import Reader
from live.queries.log import event_body
from media_pipeline.services.playback import sign_folder
from media_pipeline.services.revocations import viewer_of

STAGE_KINDS = (EventKind.SLIDE_SHOWN, EventKind.BOARD_SHOWN, EventKind.STAGE_CLEARED)
SLIDES_PREFIX = "/media/s"


def on_stage(session_id: int, *, up_to: int | None = None) -> Event | None:
    """The event that showed what is shown now (or as of event `up_to`), None where nothing is."""
    events = Event.objects.filter(session_id=session_id, kind__in=STAGE_KINDS)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    last = events.order_by("-seq").first()
    return None if last is None or last.kind == EventKind.STAGE_CLEARED else last


def strokes_on(session_id: int, shown: int, *, up_to: int | None = None) -> list[Event]:
    """The strokes on the slide or board that event `shown` showed, oldest first, without undone and cleared ones."""
    events = Event.objects.filter(session_id=session_id, seq__gt=shown)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    wiped = events.filter(kind=EventKind.BOARD_CLEARED, target=shown).order_by("-seq").first()
    drawn = events.filter(kind=EventKind.BOARD_DRAWN, target=shown, seq__gt=wiped.seq if wiped else shown)
    strokes = list(drawn.order_by("seq"))
    undone = events.filter(kind=EventKind.BOARD_UNDONE, target__gte=strokes[0].seq if strokes else shown)
    for undoing in undone.order_by("seq"):
        strokes = [
            stroke
            for stroke in strokes
            if stroke.actor_id != undoing.actor_id or not (undoing.target or 0) <= stroke.seq < undoing.seq
        ]
    return strokes


def slide_facts(slide: Slide) -> dict[str, Any]:
    """What a page needs to show a slide: names and sizes of both pictures, aspect ratio, text."""
    return {**picture_facts(slide), "size": [slide.width, slide.height], "text": slide.text}


def picture_facts(slide: Slide) -> dict[str, Any]:
    return {"small": slide.small, "large": slide.large, "bytes": [slide.small_bytes, slide.large_bytes]}


def stage_shown(reader: Reader) -> dict[str, Any]:
    """The stage in a welcome: the address of its pictures, what is shown, and the drawing."""
    session = reader.session
    stage: dict[str, Any] = {"base": slides_base(reader), "shown": None, "strokes": []}
    shown = on_stage(session.pk, up_to=session.seq)
    if shown is None:
        return stage
    stage["shown"] = event_body(shown, was_removed=False)
    described = (
        Event.objects.filter(
            session=session, kind=EventKind.SLIDE_DESCRIBED, target=shown.seq, seq__lte=session.seq
        )
        .order_by("-seq")
        .first()
    )
    if described is not None:
        stage["shown"]["text"] = described.payload["text"]
    stage["strokes"] = [
        {"seq": stroke.seq, "by": reader.key_of(stroke.actor_id or 0), **stroke.payload}
        for stroke in strokes_on(session.pk, shown.seq, up_to=session.seq)
    ]
    return stage


def slides_base(reader: Reader) -> str:
    """The signed address of the pictures of the room's slides, for this reader, valid for some hours."""
    meeting = reader.session.class_session.public_id
    return sign_folder(SLIDES_PREFIX, meeting.hex, viewer=viewer_of(reader.user))


def decks_of(session_id: int) -> QuerySet[SlideDeck]:
    """The uploads of a class, oldest first."""
    return SlideDeck.objects.filter(session_id=session_id).prefetch_related("slides")
