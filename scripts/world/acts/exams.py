"""Exams: when they may be begun; and those in a room: planned, opened by a code, supervised, ended."""

import datetime as dt
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from assessment.enums import AttemptState
from assessment.models import Attempt, Sitting
from assessment.services.decisions import end_attempt
from assessment.services.grants import give_time
from assessment.services.sittings import (
    RELEASE_BEFORE,
    cancel_sitting,
    end_sitting,
    note_incident,
    plan_sitting,
    release_code,
)
from assessment.services.windows import set_window
from courses.enums import SessionKind
from courses.models import ClassSession, Cohort
from scripts.world.acts.attempts import begin, running_sittings
from scripts.world.acts.learning import studying
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.people import Goal
from scripts.world.registry import NotNow, act


@act(weight=4)
def plan_a_sitting(world: World) -> None:
    """In an exam of the timetable."""
    sessions = ClassSession.objects.filter(kind=SessionKind.EXAM)
    ahead = sessions.filter(canceled_at=None, starts_at__gt=timezone.now(), sittings=None)
    session: ClassSession = world.apt(ClassSession.objects.all(), ahead)
    user = world.staff(Act.SCHEDULE_CLASSES, on=session)
    world.require(user, Act.SCHEDULE_CLASSES, on=session)
    key = world.stage.quiz_keys[world.stage.programs.index(session.cohort.program)]
    plan_sitting(session_id=session.pk, quiz_key=key, by=user)


@act(serves=Goal.KEY)
def set_a_window(world: World) -> None:
    """Until when a cohort may begin its test, mostly a test that some have taken; or that it may at any time."""
    cohorts = Cohort.objects.all()
    cohort: Cohort = world.apt(cohorts, cohorts.filter(enrollments__attempts__isnull=False).distinct())
    user = world.staff(Act.SCHEDULE_CLASSES, on=cohort)
    world.require(user, Act.SCHEDULE_CLASSES, on=cohort)
    key = world.stage.quiz_keys[world.stage.programs.index(cohort.program)]
    opens: dt.datetime | None = timezone.now() - dt.timedelta(days=1)
    closes: dt.datetime | None = timezone.now() + dt.timedelta(hours=world.chance.choice((0.2, 1, 12, 72)))
    if world.happens(0.4):
        opens = closes = None
    set_window(cohort_id=cohort.pk, quiz_key=key, opens_at=opens, closes_at=closes, by=user)


def _supervised(world: World, sitting: Sitting, needed: Act = Act.RECORD_ATTENDANCE) -> User:
    """Who opens the page of a sitting, as it asks."""
    user = world.staff(None if world.strays(0.2) else needed, on=sitting)
    world.require(user, needed, on=sitting)
    return user


@act(weight=6)
def tell_the_code(world: World) -> None:
    """They wait in the room until it may be told, mostly, and two begin at once."""
    planned = Sitting.objects.filter(
        released_at=None, ended_at=None, class_session__ends_at__gt=timezone.now()
    )
    sitting: Sitting = world.apt(Sitting.objects.all(), planned)
    user = _supervised(world, sitting)
    early = sitting.class_session.starts_at - RELEASE_BEFORE - timezone.now()
    if early.total_seconds() > 0 and world.fits():
        world.clock.move(early)
    code = release_code(sitting_id=sitting.pk, by=user).code
    supervisor = world.actor
    for _place in range(2):
        with suppress(DomainError, NotNow), transaction.atomic():
            trainee, enrollment = studying(world, sitting.class_session.cohort.enrollments.all())
            begin(world, trainee, enrollment, code=code)
    world.actor = supervisor


@act(weight=1.2)
def end_a_sitting(world: World) -> None:
    sitting: Sitting = world.row(Sitting.objects.all())
    end_sitting(sitting_id=sitting.pk, by=_supervised(world, sitting))


@act(weight=1.5)
def cancel_a_sitting(world: World) -> None:
    sitting: Sitting = world.apt(Sitting.objects.all(), Sitting.objects.filter(released_at=None))
    user = _supervised(world, sitting, Act.SCHEDULE_CLASSES)
    cancel_sitting(sitting_id=sitting.pk, by=user)


@act(weight=2)
def note_what_happened(world: World) -> None:
    """In the room, or with one person who is mostly in it."""
    sitting: Sitting = world.row(Sitting.objects.all())
    user = _supervised(world, sitting)
    taken = Attempt.objects.filter(sitting=sitting)
    attempt: Attempt | None = None
    if world.happens(0.6):
        attempt = world.apt(Attempt.objects.all(), taken)
    note_incident(sitting_id=sitting.pk, text=WHY, by=user, attempt_id=attempt.pk if attempt else None)


def _in_a_room(world: World) -> Attempt:
    taken = Attempt.objects.filter(state=AttemptState.OPEN, sitting__in=running_sittings())
    if not taken.exists() and not world.strays(0.1):
        raise NotNow
    attempt: Attempt = world.apt(Attempt.objects.all(), taken)
    return attempt


@act(weight=8)
def end_an_attempt(world: World) -> None:
    """As who supervises the room does."""
    attempt = _in_a_room(world)
    user = world.staff(Act.RECORD_ATTENDANCE, on=attempt)
    world.require(user, Act.RECORD_ATTENDANCE, on=attempt)
    end_attempt(attempt_id=attempt.pk, reason=WHY, by=user)


@act(weight=7)
def give_more_time(world: World) -> None:
    attempt = _in_a_room(world)
    user = world.staff(Act.RECORD_ATTENDANCE, on=attempt)
    world.require(user, Act.RECORD_ATTENDANCE, on=attempt)
    give_time(attempt_id=attempt.pk, minutes=world.chance.randint(1, 20), reason=WHY, by=user)
