"""Notices to people about their classes: rows are written in the transaction of the change; a task sends each once."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from accounts.enums import NoticeState
from accounts.services.formatting import format_datetime
from accounts.services.notices import Letter, send_due
from accounts.services.quiet_hours import is_quiet
from live.enums import LiveState, NoticeKind
from live.models import LiveSession, Notice
from live.queries.admission import enrolled_in
from live.queries.calendar import room_address
from live.queries.log import early_end_of
from live.queries.presence import is_held, objection_term
from live.queries.reminders import change_time, reminder_time

# When a reminder is due before the class, and until when before the class a late one is still sent.
REMINDERS = {
    NoticeKind.DAY: (dt.timedelta(days=1), dt.timedelta(hours=2)),
    NoticeKind.HOUR: (dt.timedelta(hours=1), dt.timedelta(0)),
}
# Characters of a title in a short message.
TITLE_CHARACTERS = 40
CHANGES = (NoticeKind.CHANGED, NoticeKind.SUBSTITUTE, NoticeKind.CANCELED)
# Changes without which a person would miss the class. Reminders and substitute instructors are on the page only.
SENT_BY_SMS = (NoticeKind.CHANGED, NoticeKind.CANCELED)


@transaction.atomic
def notify_of_change(*, session: LiveSession, kind: NoticeKind) -> int:
    """Write a notice of a change of `session` to everyone enrolled. Return how many; 0 if it was announced already.

    A waiting notice of an earlier change is dropped: the new one contains it.
    """
    meeting = session.class_session
    if meeting.sequence <= session.announced_sequence:
        return 0
    session.announced_sequence = meeting.sequence
    session.save(update_fields=["announced_sequence"])
    now = timezone.now()
    if meeting.ends_at < now:
        return 0
    # A notice that is being sent at this moment is still sent: its state is set after the sending.
    unsent = Notice.objects.filter(session=session, kind__in=CHANGES, state=NoticeState.WAITING)
    if kind == NoticeKind.SUBSTITUTE and unsent.filter(kind=NoticeKind.CHANGED).exists():
        kind = NoticeKind.CHANGED
    unsent.update(state=NoticeState.DROPPED)
    people = enrolled_in(session).values_list("person_id", flat=True).distinct()
    return _write(session, kind, list(people), due_at=change_time(now, meeting.starts_at))


@transaction.atomic
def notify_of_early_end(*, session: LiveSession, people: Collection[int]) -> int:
    """Write a notice to `people` whom the end of a class before its plan left without attendance. Return how many."""
    return _write(session, NoticeKind.SHORTENED, sorted(people), due_at=timezone.now())


def plan_reminders() -> int:
    """Write due reminders, and notices of changes made on the timetable's own pages. Return how many."""
    now = timezone.now()
    written = 0
    soon = LiveSession.objects.select_related("class_session")
    for session in soon.filter(class_session__sequence__gt=F("announced_sequence")):
        written += notify_of_change(session=session, kind=NoticeKind.CHANGED)
    if is_quiet(now):
        return written
    # A day, and up to ten hours because a reminder may be sent the evening before.
    ahead = now + dt.timedelta(hours=34)
    for session in soon.filter(
        state=LiveState.SCHEDULED, class_session__starts_at__gt=now, class_session__starts_at__lte=ahead
    ):
        starts_at = session.class_session.starts_at
        for kind, (before, too_late) in REMINDERS.items():
            if not reminder_time(starts_at - before, starts_at) <= now < starts_at - too_late:
                continue
            already_written = Notice.objects.filter(session=session, kind=kind, starts_at=starts_at)
            people = enrolled_in(session).exclude(person__in=already_written.values("person"))
            written += _write(
                session, kind, list(people.values_list("person_id", flat=True).distinct()), due_at=now
            )
    return written


def _write(session: LiveSession, kind: NoticeKind, people: Sequence[int], *, due_at: dt.datetime) -> int:
    meeting = session.class_session
    Notice.objects.bulk_create(
        [
            Notice(
                session=session,
                person_id=person,
                kind=kind,
                starts_at=meeting.starts_at,
                sequence=meeting.sequence,
                due_at=due_at,
            )
            for person in people
        ],
        # Another run may have written the same at this moment: the constraints keep one.
        ignore_conflicts=True,
    )
    return len(people)


def deliver_notices(*, at_most: int = 500) -> int:
    """Send due notices, all of a person's in one mail. Return the number of people."""
    classes = "session__class_session"
    return send_due(
        Notice.objects.select_related(f"{classes}__cohort", f"{classes}__instructor").order_by(
            "starts_at", "pk"
        ),
        is_still_true=_is_still_true,
        letter=_letter,
        at_most=at_most,
    )


def _is_still_true(notice: Notice) -> bool:
    """Whether the notice matches the class as it is now and its recipient is still enrolled."""
    session = notice.session
    if not enrolled_in(session).filter(person=notice.person_id).exists():
        return False
    if notice.kind in CHANGES:
        return session.class_session.sequence == notice.sequence
    if notice.kind == NoticeKind.SHORTENED:
        return True
    is_ahead = session.state == LiveState.SCHEDULED and session.class_session.starts_at > timezone.now()
    return is_ahead and session.class_session.starts_at == notice.starts_at


def _letter(notices: list[Notice]) -> Letter:
    """The mail in the active language."""
    lines = [notice_text(notice) for notice in notices]
    titles = {notice.session.class_session.title for notice in notices}
    if len(titles) == 1:
        subject = gettext("Live class: %(title)s") % {"title": titles.pop()}
    else:
        subject = ngettext(
            "%(count)s notice about your live classes",
            "%(count)s notices about your live classes",
            len(lines),
        ) % {"count": len(lines)}
    changes = [notice for notice in notices if notice.kind in SENT_BY_SMS]
    # It may be sent at night: `change_time` has already decided whether it can wait until morning.
    return Letter(
        subject,
        "\n\n".join(lines),
        _short(changes) if changes else "",
        may_wake=True,
        link=room_address(notices[0].session) if len(notices) == 1 else index_address(),
        on_site="\n\n".join(notice_text(notice, with_address=False) for notice in notices),
    )


def index_address() -> str:
    return f"{settings.SITE_URL}{reverse('live:index')}"


def _short(changes: list[Notice]) -> str:
    """The changes as a short message."""
    address = index_address()
    if len(changes) > 1:
        return gettext("Your live classes have changed: %(address)s") % {"address": address}
    meeting = changes[0].session.class_session
    facts = {
        "title": Truncator(meeting.title).chars(TITLE_CHARACTERS),
        "when": format_datetime(meeting.starts_at, "DAY_TIME_FORMAT"),
        "address": address,
    }
    if changes[0].kind == NoticeKind.CANCELED:
        return gettext("“%(title)s” on %(when)s will not be held. %(address)s") % facts
    return gettext("“%(title)s” has changed. It is now on %(when)s. %(address)s") % facts


def notice_text(notice: Notice, *, with_address: bool = True) -> str:
    """The text of the notice in the active language; on a page it needs no address."""
    session = notice.session
    meeting = session.class_session
    facts = {
        "title": meeting.title,
        "when": format_datetime(meeting.starts_at, "LONG_DAY_TIME_FORMAT"),
        "instructor": meeting.instructor.get_full_name() if meeting.instructor else "–",
        "reason": meeting.cancel_reason,
        "address": room_address(session),
    }
    match notice.kind:
        case NoticeKind.DAY | NoticeKind.HOUR if with_address:
            return gettext("“%(title)s” begins on %(when)s. Enter here: %(address)s") % facts
        case NoticeKind.DAY | NoticeKind.HOUR:
            return gettext("“%(title)s” begins on %(when)s.") % facts
        case NoticeKind.CANCELED:
            return gettext("“%(title)s” on %(when)s will not be held: %(reason)s") % facts
        case NoticeKind.SHORTENED:
            return _early_end_text(session, facts)
        case NoticeKind.SUBSTITUTE:
            return gettext("“%(title)s” on %(when)s is given by another instructor: %(instructor)s.") % facts
        case _:
            return (
                gettext("“%(title)s” has changed. It is now on %(when)s. Instructor: %(instructor)s.") % facts
            )


def _early_end_text(session: LiveSession, facts: dict[str, str]) -> str:
    end = early_end_of(session)
    assert end is not None  # noqa: S101 - the notice is written with the event
    facts |= {
        "ended": format_datetime(end.created_at, "TIME_FORMAT"),
        "reason": end.payload["reason"],
        "term": format_datetime(objection_term(session), "DAY_TIME_FORMAT"),
    }
    if is_held(session):
        return (
            gettext(
                "“%(title)s” on %(when)s ended at %(ended)s, before its planned end: %(reason)s. You are recorded as absent. You may object in the room of the class until %(term)s."
            )
            % facts
        )
    return (
        gettext(
            "“%(title)s” on %(when)s ended at %(ended)s, before its planned end: %(reason)s. It was too short to count who attended."
        )
        % facts
    )
