"""Class sessions as calendars read them: iCalendar, RFC 5545."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping import memberships_with, roles_held
from courses.enums import EnrollmentState
from courses.models import ClassSession, Enrollment
from courses.queries.timetable import given_by, room_address_of

LINE_OCTETS = 75
# Calendars keep what they once read, so a feed does not list last year's classes.
FEED_PAST = dt.timedelta(days=60)
FEED_CLASSES = 500
# A withdrawn trainee has no more classes; one who completed may still come to the last.
_ATTENDING = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)


def feed_sessions_of(user: User) -> QuerySet[ClassSession]:
    """The classes, workshop days and live classes that `user` attends or gives, canceled ones too, earliest first. One query, one
    more for the roles.
    """
    own = _attended_by(user)
    if user.is_superuser or not roles_held(user) <= {RoleName.TRAINEE}:
        own |= _given_by(user)
    recent = ClassSession.objects.filter(own, ends_at__gt=timezone.now() - FEED_PAST)
    return recent.select_related("cohort__program", "cohort__center", "venue").order_by("starts_at", "pk")[
        :FEED_CLASSES
    ]


def _attended_by(user: User) -> Q:
    if user.person_id is None:
        return Q(pk=None)
    mine = Enrollment.objects.filter(person=user.person_id, state__in=_ATTENDING)
    return Q(cohort__in=mine.order_by().values("cohort"))


def _given_by(user: User) -> Q:
    """As long as they are an instructor of any center, so that substitutes count."""
    named = given_by(user)
    return named if user.is_superuser else named & Q(Exists(memberships_with(user, Act.TEACH)))


def calendar(sessions: Iterable[ClassSession]) -> str:
    """An iCalendar object with an event for each session, in the language that is active.

    It names no person and repeats nothing that staff typed about one: calendars are shared, and an address of a feed needs no login.
    """
    now = timezone.now()
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Mihna//Classes//{(get_language() or 'ar').upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(gettext('My classes'))}",
        # Two properties with the same meaning: refresh after an hour.
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for session in sessions:
        lines += _event(session, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(session: ClassSession, now: dt.datetime) -> list[str]:
    cohort = session.cohort
    about = [f"{cohort.program.title} · {cohort.code}", str(session.get_kind_display())]
    if session.canceled_at:
        about.append(gettext("Canceled. The reason is in your timetable."))
    room = room_address_of(session)
    address = f"{settings.SITE_URL}{room}" if room else ""
    place = f"{session.venue} · {cohort.center}" if session.venue else str(cohort.center)
    return [
        "BEGIN:VEVENT",
        # Constant for a session: a calendar replaces the event with this UID. Live classes had theirs before the others.
        f"UID:{session.public_id}@live.mihna",
        f"SEQUENCE:{session.sequence}",
        f"DTSTAMP:{_moment(now)}",
        *([f"LAST-MODIFIED:{_moment(session.changed_at)}"] if session.changed_at else []),
        f"DTSTART:{_moment(session.starts_at)}",
        f"DTEND:{_moment(session.ends_at)}",
        f"SUMMARY:{_text(session.title)}",
        f"DESCRIPTION:{_text(chr(10).join([*about, address] if address else about))}",
        *([f"URL:{address}"] if address else [f"LOCATION:{_text(place)}"]),
        f"STATUS:{'CANCELLED' if session.canceled_at else 'CONFIRMED'}",
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
