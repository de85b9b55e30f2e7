"""Attendance is of what was held: of nothing else a person is called present or absent."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import NoticeState
from courses.models import AttendanceRecord
from live.errors import EndsEarly
from live.models import LiveSession, Notice
from live.queries.presence import minutes_so_far, presence_in
from live.services.attendance import freeze_due_attendance
from live.services.notices import notice_text
from live.services.presence_checks import switch_checks
from live.services.sessions import end_room, open_room
from tests.live.attendance.test_register import client_of
from tests.live.conftest import enrolled, instructor_of
from tests.live.simulated_attendance import Clock, Device, play, was_there

pytestmark = pytest.mark.django_db

REASON = "انقطاع التيار"


def planned_for(session: LiveSession, clock: Clock, *, begins: int, minutes: int) -> LiveSession:
    """Plan the class `begins` minutes after the clock's start, without presence checks, and open it at once."""
    meeting = session.class_session
    meeting.starts_at = clock.start + dt.timedelta(minutes=begins)
    meeting.ends_at = meeting.starts_at + dt.timedelta(minutes=minutes)
    meeting.save()
    instructor = instructor_of(session)
    switch_checks(session_id=session.pk, is_on=False, by=instructor)
    open_room(session_id=session.pk, by=instructor)
    session.refresh_from_db()
    return session


def test_of_a_class_that_was_never_opened_nobody_is_present_and_nothing_is_printed(planned):
    enrolled(planned)
    client = client_of(instructor_of(planned))

    (row,) = presence_in(planned)
    page = client.get(reverse("livesession:attendance", args=[planned.pk])).content.decode()
    answers = [
        client.get(reverse(f"livesession:{name}", args=[planned.pk]), follow=True)
        for name in ("sheet", "export")
    ]

    assert row.status is None
    assert "<td>حاضر</td>" not in page
    for answer in answers:
        assert answer.redirect_chain[0][0] == reverse("livesession:attendance", args=[planned.pk])
        assert "لم تُفتح هذه الحصة" in answer.content.decode()


def test_a_class_of_one_minute_is_nobodys_attendance_and_everybody_is_told_why(clock, planned):
    session = planned_for(planned, clock, begins=0, minutes=60)
    there, away = enrolled(session), enrolled(session)
    play(session, clock, [Device(there, "device-1", [(0, 60)])])
    clock.at(60)
    end_room(session_id=session.pk, by=instructor_of(session), reason=REASON)

    page = client_of(instructor_of(session)).get(reverse("livesession:attendance", args=[session.pk]))

    clock.at(30 * 24 * 3600)
    assert freeze_due_attendance() == 0
    assert not AttendanceRecord.objects.exists()
    assert {notice.person for notice in Notice.objects.all()} == {there.person, away.person}
    assert "كانت أقصر" in notice_text(Notice.objects.first())
    assert "لم يُعقد من هذه الحصة" in page.content.decode()
    assert REASON in page.content.decode()


@pytest.mark.parametrize(
    ("planned_minutes", "held_minutes", "records"), [(60, 9, 0), (60, 10, 1), (15, 6, 0), (15, 7, 1)]
)
def test_attendance_is_of_ten_minutes_or_of_half_a_shorter_plan(
    clock, planned, planned_minutes, held_minutes, records
):
    session = planned_for(planned, clock, begins=0, minutes=planned_minutes)
    enrolled(session)
    clock.at(60 * held_minutes)

    end_room(session_id=session.pk, by=instructor_of(session), reason=REASON)

    assert AttendanceRecord.objects.count() == records


def test_who_came_on_time_to_a_class_opened_early_is_present(clock, planned):
    session = planned_for(planned, clock, begins=30, minutes=60)
    punctual = enrolled(session)
    was_there(session, clock, punctual, first=30, minutes=60)
    clock.at(90 * 60)
    live = minutes_so_far(session, punctual.person_id)

    end_room(session_id=session.pk, by=instructor_of(session))

    record = AttendanceRecord.objects.get()
    assert (record.status, record.minutes) == ("present", 60)
    assert (live.minutes, live.held) == (60, 60)
    assert not Notice.objects.exists()


def test_who_left_at_the_planned_end_of_a_class_left_open_is_present(clock, planned):
    session = planned_for(planned, clock, begins=0, minutes=60)
    user = enrolled(session)
    was_there(session, clock, user, minutes=60)
    clock.at(90 * 60)

    end_room(session_id=session.pk, by=instructor_of(session))

    assert AttendanceRecord.objects.get().status == "present"


def test_what_was_heard_before_the_planned_start_is_no_attendance(clock, planned):
    session = planned_for(planned, clock, begins=30, minutes=60)
    user = enrolled(session)
    was_there(session, clock, user, minutes=30)
    clock.at(90 * 60)

    end_room(session_id=session.pk, by=instructor_of(session))

    record = AttendanceRecord.objects.get()
    assert (record.status, record.minutes) == ("absent", 0)


def test_a_class_opened_early_and_ended_a_minute_after_its_start_makes_nobody_absent(clock, planned):
    session = planned_for(planned, clock, begins=30, minutes=60)
    enrolled(session)
    clock.at(31 * 60)
    with pytest.raises(EndsEarly, match="موعد انتهاء"):
        end_room(session_id=session.pk, by=instructor_of(session), reason=" ")

    end_room(session_id=session.pk, by=instructor_of(session), reason=REASON)

    assert not AttendanceRecord.objects.exists()
    assert Notice.objects.count() == 1


def test_who_a_class_ended_early_made_absent_is_told_until_when_to_object(clock, planned):
    session = planned_for(planned, clock, begins=0, minutes=60)
    there, late = enrolled(session), enrolled(session)
    was_there(session, clock, there, minutes=20)
    was_there(session, clock, late, first=15, minutes=5)
    clock.at(1200)

    end_room(session_id=session.pk, by=instructor_of(session), reason=REASON)

    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.state) == (late.person, "shortened", NoticeState.WAITING)
    assert REASON in notice_text(notice)
    assert "الاعتراض" in notice_text(notice)


def test_the_last_five_minutes_need_no_reason_and_a_forgotten_room_neither(clock, planned):
    session = planned_for(planned, clock, begins=0, minutes=60)
    enrolled(session)
    clock.at(55 * 60)

    event = end_room(session_id=session.pk, by=instructor_of(session))

    assert event.payload == {}
    assert not Notice.objects.exists()
