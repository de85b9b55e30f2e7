"""Classes as calendars read them: iCalendar, RFC 5545."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from accounts.models import User
from live.enums import LiveState
from live.models import LiveSession
from live.queries.admission import attended_by, given_by, is_only_a_trainee

LINE_OCTETS = 75
# Calendars keep what they once read, so a feed does not list last year's classes.
FEED_PAST = dt.timedelta(days=60)
FEED_CLASSES = 500


def classes_of(user: User) -> QuerySet[LiveSession]:
    """The classes that are `user`'s own, to attend or to give, earliest first; not all of a center's."""
    own = attended_by(user) if is_only_a_trainee(user) else given_by(user) | attended_by(user)
    return (
        LiveSession.objects.filter(own)
        .select_related("class_session__cohort__program", "class_session__instructor")
        .order_by("class_session__starts_at", "pk")
    )


def feed_classes_of(user: User) -> QuerySet[LiveSession]:
    recent = classes_of(user).filter(class_session__ends_at__gt=timezone.now() - FEED_PAST)
    return recent[:FEED_CLASSES]


def room_path(session: LiveSession) -> str:
    return reverse("live:room", args=[session.class_session.public_id])


def room_address(session: LiveSession) -> str:
    """The absolute address of the room's page, for readers outside the site."""
    return f"{settings.SITE_URL}{room_path(session)}"


def calendar(sessions: Iterable[LiveSession]) -> str:
    """An iCalendar object with an event for each class, in the language that is active."""
    now = timezone.now()
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Mihna//Live classes//{(get_language() or 'ar').upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(gettext('Live classes'))}",
        # Two properties with the same meaning: refresh after an hour.
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for session in sessions:
        lines += _event(session, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(session: LiveSession, now: dt.datetime) -> list[str]:
    meeting = session.class_session
    cohort = meeting.cohort
    about = [f"{cohort.program.title} · {cohort.code}"]
    if meeting.instructor:
        about.append(gettext("Instructor: %(name)s") % {"name": meeting.instructor.get_full_name()})
    if meeting.cancel_reason:
        about.append(gettext("Canceled: %(reason)s") % {"reason": meeting.cancel_reason})
    address = room_address(session)
    return [
        "BEGIN:VEVENT",
        # Constant for a class: a calendar replaces the event with this UID.
        f"UID:{meeting.public_id}@live.mihna",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_moment(now)}",
        *([f"LAST-MODIFIED:{_moment(meeting.changed_at)}"] if meeting.changed_at else []),
        f"DTSTART:{_moment(meeting.starts_at)}",
        f"DTEND:{_moment(meeting.ends_at)}",
        f"SUMMARY:{_text(meeting.title)}",
        f"DESCRIPTION:{_text(chr(10).join([*about, address]))}",
        f"URL:{address}",
        f"STATUS:{'CANCELLED' if session.state == LiveState.CANCELED else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _moment(moment: dt.datetime) -> str:
    """In UTC, so that calendars need not know Egypt's daylight saving time."""
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    for plain, escaped in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\n"),
        ("\r", "\n"),
        ("\n", "\\n"),
    ):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """Break a line at 75 octets (section 3.1), never inside a letter: an Arabic one has two octets."""
    parts: list[str] = []
    part, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > LINE_OCTETS:
            parts.append(part)
            # The space that a continued line begins with is one of its octets.
            part, octets = "", 1
        part += letter
        octets += size
    return "\r\n ".join([*parts, part])
