"""The stage: slides, their text, the instructor's pointer."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log

from accounts.models import User
from jobs.enums import JobState
from live.enums import EventKind, LiveState
from live.errors import NoSuchSlide, NothingOnStage, RoomEnded
from live.models import Event, LiveSession, Slide
from live.queries.stage import on_stage, picture_facts, slide_facts
from live.server.event_gateway import event_gateway
from live.services.decks import clean_description
from live.services.events import already_done, append_event, locked_session

# A text of this length takes about a second at 20 kbit/s.
DESCRIPTION_CHARACTERS = 1_500
# The surface of a slide or board is so many units wide and high.
SURFACE = 1_000


def require_not_ended(session: LiveSession) -> None:
    """Refuse a change of the stage after the class. Before it, slides are allowed for people who wait."""
    if session.state == LiveState.ENDED:
        raise RoomEnded


@transaction.atomic
def show_slide(
    *, session_id: int, by: User, deck: uuid.UUID, page: int, client_id: uuid.UUID | None = None
) -> Event:
    """Show page `page` of a deck to the class, without an earlier drawing. Raises `NoSuchSlide`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_not_ended(session)
    slides = {slide.number: slide for slide in _slides_of(session, deck).filter(number__in=(page, page + 1))}
    if page not in slides:
        raise NoSuchSlide
    facts: dict[str, Any] = {
        "deck": str(deck),
        "page": page,
        "pages": _slides_of(session, deck).count(),
        **slide_facts(slides[page]),
    }
    if page + 1 in slides:
        facts["next"] = picture_facts(slides[page + 1])
    return append_event(
        session=session, kind=EventKind.SLIDE_SHOWN, actor=by, payload=facts, client_id=client_id
    )


def _slides_of(session: LiveSession, deck: uuid.UUID) -> QuerySet[Slide]:
    return Slide.objects.filter(deck__session=session, deck__public_id=deck, deck__state=JobState.DONE)


@transaction.atomic
def describe_slide(
    *,
    session_id: int,
    by: User,
    deck: uuid.UUID,
    page: int,
    text: str,
    client_id: uuid.UUID | None = None,
) -> Event | None:
    """Replace the text of a slide. Return an event if the class sees this slide now, else None."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_not_ended(session)
    slide = _slides_of(session, deck).filter(number=page).first()
    if slide is None:
        raise NoSuchSlide
    slide.text = clean_description(text)[:DESCRIPTION_CHARACTERS]
    slide.save(update_fields=["text"])
    log(session, "live.slides.describe", user=by, data={"deck": slide.deck_id, "page": page})
    shown = on_stage(session.pk)
    if shown is None or (shown.payload.get("deck"), shown.payload.get("page")) != (str(deck), page):
        return None
    return append_event(
        session=session,
        kind=EventKind.SLIDE_DESCRIBED,
        actor=by,
        target=shown.seq,
        payload={"text": slide.text},
        client_id=client_id,
    )


@transaction.atomic
def clear_stage(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Hide the slide or board. Raises `NothingOnStage`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_not_ended(session)
    if on_stage(session.pk) is None:
        raise NothingOnStage
    return append_event(session=session, kind=EventKind.STAGE_CLEARED, actor=by, client_id=client_id)


def point_at(*, session_id: int, x: int | None, y: int | None) -> None:
    """Show the instructor's pointer for a moment; hide it where `x` is None. It is not stored."""
    event_gateway.publish(session_id, "pointer", **({} if x is None or y is None else {"x": x, "y": y}))
