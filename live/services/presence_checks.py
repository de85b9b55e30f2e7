"""Presence checks: scheduled when the room opens, each asked by one process, answered once by each person."""

import datetime as dt
import secrets
import uuid

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from live.attendance.policy import CURRENT
from live.enums import EventKind, LiveState
from live.errors import CheckOver, ChecksCannotChange, NoSuchEvent
from live.models import Event, LiveSession, PresenceAnswer, PresenceCheck
from live.services.events import append_event, locked_session, require_open

_SETTING = "presence_checks"
_random = secrets.SystemRandom()


def has_checks(session: LiveSession) -> bool:
    return bool(session.settings.get(_SETTING, True))


@transaction.atomic
def switch_checks(*, session_id: int, is_on: bool, by: User) -> LiveSession:
    """Switch presence checks of this class on or off. Raises `ChecksCannotChange` once it was opened."""
    session = locked_session(session_id)
    if session.state != LiveState.SCHEDULED:
        raise ChecksCannotChange
    session.settings = {**session.settings, _SETTING: is_on}
    session.save(update_fields=["settings"])
    log(session, "live.session.checks", user=by, data={"on": is_on})
    return session


def plan_checks(session: LiveSession) -> None:
    """Draw random times for the checks of a class that has just been opened, between its planned start and end."""
    if session.opened_at is None or not has_checks(session):
        return
    begins = max(session.opened_at, session.class_session.starts_at)
    planned = (session.class_session.ends_at - begins).total_seconds()
    PresenceCheck.objects.bulk_create(
        PresenceCheck(
            session=session,
            number=number,
            due_at=begins + dt.timedelta(seconds=_random.uniform(first, last)),
        )
        for number, (first, last) in enumerate(CURRENT.check_windows(planned), 1)
    )


def ask_due_checks() -> int:
    """Ask every check that is due. Return how many were asked.

    Any number of processes may call this at once: the row is locked, so that one of them asks it.
    """
    due = PresenceCheck.objects.filter(
        asked_at__isnull=True, due_at__lte=timezone.now(), session__state=LiveState.OPEN
    )
    return sum(_ask(check_id) for check_id in due.order_by("due_at").values_list("pk", flat=True))


@transaction.atomic
def _ask(check_id: int) -> bool:
    check = (
        PresenceCheck.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=check_id, asked_at__isnull=True)
        .first()
    )
    if check is None:
        return False
    session = locked_session(check.session_id)
    now = timezone.now()
    still_open = now - dt.timedelta(seconds=CURRENT.check_seconds)
    # After an outage of the server several may be due; only one is open at a time.
    if session.state != LiveState.OPEN or session.checks.filter(asked_at__gt=still_open).exists():
        return False
    event = append_event(
        session=session,
        kind=EventKind.CHECK_ASKED,
        actor=None,
        payload={"number": check.number, "seconds": CURRENT.check_seconds},
    )
    check.asked_at, check.seq = now, event.seq
    check.save(update_fields=["asked_at", "seq"])
    return True


@transaction.atomic
def answer_check(*, session_id: int, by: User, seq: int, client_id: uuid.UUID | None = None) -> Event | None:
    """Store that `by` answered the check of event `seq`. A second answer changes nothing.

    Raises `NoSuchEvent`, `CheckOver`, and `RoomEnded` after the class.
    """
    session = LiveSession.objects.get(pk=session_id)
    require_open(session)
    check = PresenceCheck.objects.filter(session=session, seq=seq).first()
    if check is None or check.asked_at is None or by.person_id is None:
        raise NoSuchEvent
    if PresenceAnswer.objects.filter(check_asked=check, person_id=by.person_id).exists():
        return None
    now = timezone.now()
    if now > check.asked_at + dt.timedelta(seconds=CURRENT.check_seconds):
        raise CheckOver
    PresenceAnswer.objects.bulk_create(
        [PresenceAnswer(check_asked=check, person_id=by.person_id, answered_at=now)], ignore_conflicts=True
    )
    return None
