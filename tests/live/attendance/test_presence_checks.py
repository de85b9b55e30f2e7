"""Presence checks: asked once, at a random time, answered once, in time."""

import datetime as dt

import pytest

from accounts.models import User
from courses.models import AttendanceRecord
from live.attendance.policy import CURRENT
from live.enums import LiveRole
from live.errors import CheckOver, ChecksCannotChange, NoSuchEvent
from live.models import LiveSession, PresenceAnswer, PresenceCheck
from live.queries.presence import minutes_so_far, presence_in
from live.queries.welcome import welcome_of
from live.services.presence_checks import answer_check, ask_due_checks, switch_checks
from live.services.sessions import end_room, open_room
from tests.live.conftest import enrolled, instructor_of
from tests.live.simulated_attendance import Clock, was_there


def asked(session: LiveSession, clock: Clock) -> list[PresenceCheck]:
    """Let every check of the session be asked at its moment."""
    for check in session.checks.order_by("due_at"):
        clock.now = check.due_at
        ask_due_checks()
    return list(session.checks.order_by("number"))


@pytest.mark.django_db
def test_a_class_of_ninety_minutes_is_asked_four_times_and_a_short_one_never(clock, opened):
    assert opened.checks.count() == 4
    assert CURRENT.check_windows(19 * 60) == []
    assert len({check.due_at for check in opened.checks.all()}) == 4


@pytest.mark.django_db
def test_a_check_is_asked_once_however_many_ask(clock, opened):
    first = opened.checks.first()
    clock.now = first.due_at - dt.timedelta(seconds=1)
    too_early = ask_due_checks()
    clock.now = first.due_at

    counts = [ask_due_checks() for _ in range(3)]

    assert (too_early, counts) == (0, [1, 0, 0])
    assert opened.events.filter(kind="check.asked").count() == 1


@pytest.mark.django_db
def test_after_an_outage_two_due_checks_are_asked_one_after_the_other(clock, opened):
    clock.at(2500)
    at_once = ask_due_checks()
    clock.at(2619)
    still_open = ask_due_checks()
    clock.at(2621)

    assert (at_once, still_open, ask_due_checks()) == (1, 0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("answered", "status"), [(4, "present"), (3, "present"), (2, "late"), (0, "late")])
def test_present_needs_two_thirds_of_the_checks(clock, opened, answered, status):
    user = enrolled(opened)
    was_there(opened, clock, user, minutes=70)
    for number, check in enumerate(asked(opened, clock)):
        if number < answered:
            clock.now = check.asked_at + dt.timedelta(seconds=20)
            answer_check(session_id=opened.pk, by=user, seq=check.seq)
    clock.at(5400)
    end_room(session_id=opened.pk, by=None)

    opened.refresh_from_db()
    (presence,) = presence_in(opened)
    assert (presence.answered, presence.asked, presence.status) == (answered, 4, status)
    assert AttendanceRecord.objects.get().status == status


@pytest.mark.django_db
def test_an_answer_counts_once_in_time_and_never_late(clock, opened):
    user, other = enrolled(opened), enrolled(opened)
    (check, *_) = asked(opened, clock)
    clock.now = check.asked_at + dt.timedelta(seconds=120)
    for _ in range(2):
        answer_check(session_id=opened.pk, by=user, seq=check.seq)
    clock.now = check.asked_at + dt.timedelta(seconds=121)

    with pytest.raises(CheckOver):
        answer_check(session_id=opened.pk, by=other, seq=check.seq)
    with pytest.raises(NoSuchEvent):
        answer_check(session_id=opened.pk, by=other, seq=1)

    assert PresenceAnswer.objects.get().person == user.person


@pytest.mark.django_db
def test_a_check_cut_short_by_the_end_of_the_class_is_not_counted(clock, opened):
    user = enrolled(opened)
    first = opened.checks.first()
    clock.now = first.due_at
    ask_due_checks()
    clock.now = first.due_at + dt.timedelta(seconds=60)
    end_room(session_id=opened.pk, by=None)

    opened.refresh_from_db()
    assert minutes_so_far(opened, user.person_id).asked == 0


@pytest.mark.django_db
def test_who_comes_back_is_asked_again_until_they_have_answered(clock, opened):
    user = enrolled(opened)
    instructor = instructor_of(opened)
    (first, *_) = opened.checks.all()
    clock.now = first.due_at
    ask_due_checks()
    clock.now = first.due_at + dt.timedelta(seconds=50)

    def shown(who: User, role: LiveRole):
        return welcome_of(opened.pk, who, role, since=None).facts["check"]

    before = shown(user, LiveRole.TRAINEE)
    answer_check(session_id=opened.pk, by=user, seq=before["seq"])
    after = shown(user, LiveRole.TRAINEE)

    assert (before["left"], after, shown(instructor, LiveRole.INSTRUCTOR)) == (70, None, None)
    assert minutes_so_far(opened, user.person_id).shown() | {"minutes": 0, "held": 0} == {
        "minutes": 0,
        "held": 0,
        "checks": 1,
        "asked": 1,
    }


@pytest.mark.django_db
def test_staff_switch_checks_off_before_the_class_only(clock, planned):
    instructor = instructor_of(planned)
    meeting = planned.class_session
    meeting.ends_at = meeting.starts_at + dt.timedelta(hours=3)
    meeting.save()
    switch_checks(session_id=planned.pk, is_on=False, by=instructor)
    open_room(session_id=planned.pk, by=instructor)

    with pytest.raises(ChecksCannotChange):
        switch_checks(session_id=planned.pk, is_on=True, by=instructor)

    assert planned.checks.count() == 0
