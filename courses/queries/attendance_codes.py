"""Queries of code pages: what is open, what it shows, and which devices marked several people."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Person
from accounts.services.field_encryption import decrypt_field
from courses.enums import AttendanceStatus
from courses.models import AttendanceCode, AttendanceRecord, ClassSession, CodeCheckIn
from courses.queries.transfers import taking_part
from courses.rotating_codes import code_at, is_shown, seconds_left

THERE = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the code page shows at one moment."""

    digits: str
    address: str
    seconds_left: int


def open_code(session: ClassSession) -> AttendanceCode | None:
    """The open code page of a session. It ends with the session, closed or not."""
    if session.ends_at <= timezone.now():
        return None
    return AttendanceCode.objects.filter(session=session, closed_at__isnull=True).first()


def shown_code(code: AttendanceCode, session: ClassSession, at: dt.datetime) -> ShownCode:
    digits = code_at(_secret_of(code), session.public_id, at)
    return ShownCode(
        digits=digits,
        address=f"{settings.SITE_URL}{_without_language(session)}?code={digits}",
        seconds_left=seconds_left(at),
    )


def is_shown_by(code: AttendanceCode, session: ClassSession, typed: str, at: dt.datetime) -> bool:
    """Whether `typed` was on the screen at a moment, and the page open then."""
    return at >= code.opened_at and is_shown(typed, _secret_of(code), session.public_id, at)


def headcount(session: ClassSession) -> tuple[int, int]:
    """How many are recorded as there, by code or by hand, and how many take part."""
    there = AttendanceRecord.objects.filter(session=session, is_current=True, status__in=THERE)
    return there.count(), len(taking_part(session))


def people_by_device(session: ClassSession) -> list[list[Person]]:
    """The people who were marked by one device, where they are more than one. One query."""
    rows = CodeCheckIn.objects.filter(session=session, marked_at__isnull=False).exclude(device="")
    devices: dict[str, list[Person]] = defaultdict(list)
    for row in rows.select_related("enrollment__person").order_by("marked_at", "pk"):
        devices[row.device].append(row.enrollment.person)
    return [people for people in devices.values() if len(people) > 1]


def _secret_of(code: AttendanceCode) -> str:
    return decrypt_field(bytes(code.secret_encrypted))


def _without_language(session: ClassSession) -> str:
    """Each phone is led to the page in its own language."""
    path = reverse("courses:check_in", args=[session.public_id])
    return path.removeprefix(f"/{get_language()}")
