"""The events of a complaint: written one after the other, and what they say read again after each."""

import datetime as dt
import unicodedata

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import User
from accounts.services.names import BIDI_CONTROLS
from courses.complaint_clock import Reading, Step, Terms, read_clock
from courses.enums import ComplaintEventKind
from courses.models import Complaint, ComplaintEvent
from courses.models.complaints import LONGEST_TEXT
from courses.queries.holidays import holidays_between, is_working_day

# Holidays are read this far ahead: no clock is stopped or runs longer.
HORIZON = dt.timedelta(days=800)
# What is read from the events.
SHOWN = ("state", "level", "due_at", "stopped_until", "rises_at", "rises_again_at", "closed_at")


class TextMissing(DomainError):
    message = _("Write what happened, in your own words.")


class TextTooLong(DomainError):
    message = _("At most %(most)s letters. Write it shorter.")


def tidy_text(text: str) -> str:
    """Plain text of several lines, without control characters and marks that turn the direction of writing.

    Raises `TextMissing`, `TextTooLong`.
    """
    lines = (
        unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").translate(BIDI_CONTROLS)
    )
    plain = "".join(
        char for char in lines if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Co"}
    ).strip()
    if not plain:
        raise TextMissing
    if len(plain) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT)
    return plain


def lock_complaint(complaint_id: int) -> Complaint:
    rows = Complaint.objects.select_for_update(of=("self",))
    complaint: Complaint = rows.select_related("center", "cohort", "staff").get(pk=complaint_id)
    return complaint


def record_event(
    complaint: Complaint,
    kind: ComplaintEventKind,
    *,
    by: User | None,
    text: str = "",
    level: int | None = None,
    outcome: str = "",
) -> None:
    """Write an event of a locked complaint, and what the events say now."""
    events = list(complaint.events.all())
    # A clock that was set back puts no event before another one.
    at = max(timezone.now(), events[-1].at)
    events.append(
        ComplaintEvent.objects.create(
            complaint=complaint, kind=kind, at=at, by=by, text=text, level=level, outcome=outcome
        )
    )
    show_reading(complaint, read_events(complaint, events))
    complaint.save(update_fields=[*SHOWN, "taken_by", "outcome", "purge_after"])


def read_events(complaint: Complaint, events: list[ComplaintEvent]) -> Reading:
    first = timezone.localdate(events[0].at)
    governorate = complaint.center.governorate_id if complaint.center else None
    last = timezone.localdate(events[-1].at) + HORIZON
    holidays = holidays_between(first, last, governorate_id=governorate)
    return read_clock(
        [Step(event.kind, event.at, event.level) for event in events],
        Terms(complaint.days_owed, complaint.days_to_take, complaint.days_to_wait),
        is_worked=lambda day: is_working_day(day, holidays),
        zone=timezone.get_default_timezone(),  # type: ignore[arg-type]
    )


def show_reading(complaint: Complaint, reading: Reading) -> None:
    complaint.state, complaint.level = reading.state, reading.level
    complaint.due_at, complaint.closed_at = reading.due_at, reading.closed_at
    complaint.stopped_until = reading.stopped_until
    complaint.rises_at, complaint.rises_again_at = reading.rises_at or (None, None)
