"""Template tags by which pages of other apps show live classes."""

import datetime as dt
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from accounts.services.formatting import numbering
from courses.models import LessonPage
from live.models import LiveSession
from live.queries.next_class import next_class_of
from live.queries.replay import has_replay, lesson_recorded

register = template.Library()


@register.inclusion_tag("live/starting_soon.html", takes_context=True)
def starting_soon(context: template.Context) -> dict[str, Any]:
    """The reader's next class within a day, with a countdown to its time of entry. One query; empty without a class."""
    return {"session": next_class_of(context["request"].user)}


@register.inclusion_tag("live/countdown.html")
def countdown(session: LiveSession, opens_at: dt.datetime | None = None) -> dict[str, Any]:
    """The time left until entry to `session`, and then the link to enter, without a reload.

    `opens_at` where the reader may enter earlier than trainees.
    """
    now, opens_at = timezone.now(), opens_at or session.entry_opens_at
    return {
        "session": session,
        "meeting": session.class_session,
        "now": now,
        "opens_at": opens_at,
        "is_open": opens_at <= now,
        "numbering": numbering(),
    }


@register.inclusion_tag("live/replay.html")
def lesson_replay(page: LessonPage) -> dict[str, Any]:
    """What is next to the video of a lesson that was made of a class. One query for other lessons, which have nothing."""
    video = page.video()
    recorded = lesson_recorded(page.translation_key, video.pk) if video else None
    if recorded is None or not has_replay(recorded.recording, has_chat=recorded.has_chat):
        return {"replay_url": ""}
    return {
        "replay_url": reverse("live:lesson_replay", args=[page.translation_key]),
        "film": "[data-player]",
        "numbering": numbering(),
    }
