"""After the class: objections, the freeze with its hash chain, and the detection of later changes."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.merging import merge_people, undo_merge
from courses.enums import AttendanceNoticeKind
from courses.errors import MarkNotYours
from courses.models import AttendanceNotice, AttendanceRecord
from courses.services.attendance import amend_attendance
from live.errors import (
    NothingToAmend,
    ObjectionAnswered,
    ObjectionMade,
    ObjectionNeedsReason,
    ObjectionTermOver,
    RecordFrozen,
    RoomNotEnded,
)
from live.models import AttendanceSnapshot, LiveSession, PresenceCheck
from live.queries.presence import presence_in
from live.services.attendance import answer_objection, freeze_due_attendance, object_to_attendance
from live.services.presence import record_heartbeat
from live.services.presence_checks import ask_due_checks
from live.services.sessions import end_room, open_room
from tests.database_owner import run_as_owner
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.live import LiveSessionFactory
from tests.live.conftest import enrolled, instructor_of

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now()

    def on_by(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


def held(clock: Clock, session: LiveSession, *users: User) -> LiveSession:
    """A class of four minutes, of eight planned, to which `users` came for all of it, with one check that they answered."""
    meeting = session.class_session
    meeting.starts_at, meeting.ends_at = clock.now, clock.now + dt.timedelta(minutes=8)
    meeting.save()
    instructor = instructor_of(session)
    open_room(session_id=session.pk, by=instructor)
    check = PresenceCheck.objects.create(session=session, number=1, due_at=clock.now)
    ask_due_checks()
    check.refresh_from_db()
    for _beat in range(16):
        for user in users:
            record_heartbeat(session_id=session.pk, user=user, device="device-1")
        clock.on_by(seconds=15)
    session.refresh_from_db()
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    session.refresh_from_db()
    return session


@pytest.fixture
def trainee(planned) -> User:
    return enrolled(planned)


@pytest.fixture
def ended(clock, planned, trainee) -> LiveSession:
    return held(clock, planned, trainee)


def test_a_trainee_objects_and_the_record_is_amended_with_the_answer(clock, ended, trainee):
    manager = instructor_of(ended)
    before = AttendanceRecord.objects.get()

    objection = object_to_attendance(session_id=ended.pk, by=trainee, reason="انقطعت الكهرباء في الحي")
    answer_objection(
        objection_id=objection.pk,
        by=manager,
        is_granted=True,
        answer="ثبت انقطاع الكهرباء",
        status="present",
        minutes=4,
    )

    now = AttendanceRecord.objects.get(is_current=True)
    assert (before.status, now.status, now.reason) == ("late", "present", "ثبت انقطاع الكهرباء")
    assert (now.amends, now.recorded_by) == (before, manager)
    told = AttendanceNotice.objects.get()
    assert (told.person, told.kind, told.record) == (trainee.person, AttendanceNoticeKind.GRANTED, now)
    assert told.answer == "ثبت انقطاع الكهرباء"


def test_an_objection_that_is_refused_leaves_the_record(ended, trainee):
    objection = object_to_attendance(session_id=ended.pk, by=trainee, reason="كنت حاضرًا")

    answer_objection(objection_id=objection.pk, by=instructor_of(ended), is_granted=False, answer="لا دليل")

    assert AttendanceRecord.objects.count() == 1
    told = AttendanceNotice.objects.get()
    assert (told.person, told.kind) == (trainee.person, AttendanceNoticeKind.REFUSED)
    assert told.answer == "لا دليل"
    with pytest.raises(ObjectionAnswered):
        answer_objection(objection_id=objection.pk, by=instructor_of(ended), is_granted=False, answer="لا")


def test_the_person_who_objects_does_not_answer(ended, trainee):
    objection = object_to_attendance(session_id=ended.pk, by=trainee, reason="كنت حاضرًا")

    with pytest.raises(MarkNotYours):
        answer_objection(objection_id=objection.pk, by=trainee, is_granted=False, answer="لا دليل")

    objection.refresh_from_db()
    assert objection.is_granted is None


def test_one_objects_once_with_a_reason_and_within_seven_days(clock, planned, trainee):
    with pytest.raises(RoomNotEnded):
        object_to_attendance(session_id=planned.pk, by=trainee, reason="x")
    ended = held(clock, planned, trainee)
    late = enrolled(planned)
    with pytest.raises(ObjectionNeedsReason):
        object_to_attendance(session_id=ended.pk, by=trainee, reason="  ")
    objection = object_to_attendance(session_id=ended.pk, by=trainee, reason="x")
    with pytest.raises(ObjectionMade):
        object_to_attendance(session_id=ended.pk, by=trainee, reason="x")
    with pytest.raises(NothingToAmend):
        answer_objection(objection_id=objection.pk, by=instructor_of(ended), is_granted=True, answer="x")

    clock.on_by(days=7, seconds=1)

    with pytest.raises(ObjectionTermOver):
        object_to_attendance(session_id=ended.pk, by=late, reason="x")


def test_the_record_freezes_after_the_term_and_waits_for_an_open_objection(clock, ended, trainee):
    objection = object_to_attendance(session_id=ended.pk, by=trainee, reason="x")
    too_early = freeze_due_attendance()
    clock.on_by(days=8)
    disputed = freeze_due_attendance()
    answer_objection(objection_id=objection.pk, by=instructor_of(ended), is_granted=False, answer="لا")

    frozen, again = freeze_due_attendance(), freeze_due_attendance()

    snapshot = AttendanceSnapshot.objects.get()
    ended.class_session.refresh_from_db()
    assert (too_early, disputed, frozen, again) == (0, 0, 1, 0)
    assert (snapshot.number, snapshot.previous, snapshot.policy_version, len(snapshot.digest)) == (
        1,
        "",
        3,
        64,
    )
    assert ended.class_session.locked_at == clock.now
    with pytest.raises(ObjectionTermOver):
        object_to_attendance(session_id=ended.pk, by=enrolled(ended), reason="x")


def frozen(clock: Clock, session: LiveSession) -> AttendanceSnapshot:
    clock.on_by(days=8)
    freeze_due_attendance()
    return AttendanceSnapshot.objects.get(session=session)


def verified() -> tuple[str, str]:
    """The output of the command, and its findings."""
    out, found = StringIO(), StringIO()
    try:
        call_command("verify_attendance", stdout=out, stderr=found)
    except CommandError as error:
        found.write(str(error))
    return out.getvalue(), found.getvalue()


def test_each_freeze_carries_the_hash_of_the_one_before_in_its_center(clock, ended, trainee):
    first = frozen(clock, ended)
    cohort = ended.class_session.cohort
    second = frozen(clock, held(clock, LiveSessionFactory(class_session__cohort=cohort), trainee))
    there = LiveSessionFactory()
    elsewhere = frozen(clock, held(clock, there, enrolled(there)))

    assert (second.number, second.previous) == (2, first.digest)
    assert (elsewhere.number, elsewhere.previous) == (1, "")
    out, found = verified()
    assert found == ""
    assert second.digest in out
    assert "Nothing was changed" in out


TAMPERING = {
    "UPDATE live_presenceminute SET beats = beats - 1 WHERE minute = 2": "heartbeats",
    "UPDATE live_presenceminute SET states = 'v---' WHERE minute = 0": "heartbeats",
    "DELETE FROM live_presenceminute WHERE minute = 3": "heartbeats",
    "UPDATE courses_attendancerecord SET minutes = minutes + 1": "attendance record",
    "UPDATE courses_attendancerecord SET is_current = false": "current one",
    "UPDATE live_presencecheck SET asked_at = asked_at + interval '1 second'": "presence checks",
    "UPDATE live_livesession SET attendance_policy = attendance_policy || '{\"present_share\": 0.1}'": "attendance policy",
    "UPDATE live_livesession SET ended_at = ended_at + interval '1 minute'": "times or settings",
    "UPDATE live_attendancesnapshot SET policy_version = 1": "frozen record itself",
    "UPDATE live_attendancesnapshot SET previous = repeat('0', 64)": "chain is broken",
}


@pytest.mark.parametrize("statement", TAMPERING)
def test_one_byte_changed_in_the_database_is_named(clock, ended, trainee, statement):
    snapshot = frozen(clock, ended)
    assert verified()[1] == ""

    # As the owner of the database could.
    run_as_owner(
        "SET LOCAL session_replication_role = replica",
        statement,
        "SET LOCAL session_replication_role = origin",
    )
    _, found = verified()

    assert TAMPERING[statement] in found
    assert f"#{snapshot.number} {ended.class_session.public_id}" in found
    if TAMPERING[statement] in {"heartbeats", "attendance record"}:
        assert trainee.person.full_name_ar in found


def test_a_freeze_taken_out_of_the_middle_is_found(clock, ended, trainee):
    frozen(clock, ended)
    cohort = ended.class_session.cohort
    frozen(clock, held(clock, LiveSessionFactory(class_session__cohort=cohort), trainee))

    run_as_owner(
        "SET LOCAL session_replication_role = replica",
        "DELETE FROM live_attendancesnapshot WHERE number = 1",
        "SET LOCAL session_replication_role = origin",
    )

    assert "chain is broken" in verified()[1]


def test_a_merge_of_two_records_changes_no_digest_and_keeps_what_counts(clock, planned, trainee):
    # The time of a merge is that of the database.
    clock.on_by(days=-9)
    ended = held(clock, planned, trainee)
    frozen(clock, ended)
    kept, officer = PersonFactory(), UserFactory(is_superuser=True)
    minutes = presence_in(ended)[0].minutes

    merge = merge_people(keep_id=kept.pk, duplicate_id=trainee.person_id, reason="x", by=officer)

    (presence,) = presence_in(ended)
    assert (presence.enrollment.person, presence.minutes) == (kept, minutes)
    assert minutes > 0
    assert verified()[1] == ""
    undo_merge(merge_id=merge.pk, reason="x", by=officer)
    assert verified()[1] == ""


def test_an_amendment_in_due_form_after_the_freeze_is_a_note_and_no_finding(clock, ended):
    frozen(clock, ended)
    clock.on_by(days=1)
    amend_attendance(
        record_id=AttendanceRecord.objects.get().pk,
        status="present",
        minutes=4,
        by=instructor_of(ended),
        reason="حكم محكمة",
    )

    out, found = verified()

    assert found == ""
    assert "حكم محكمة" in out


def test_a_frozen_objection_and_record_take_no_answer(clock, ended, trainee):
    snapshot = frozen(clock, ended)
    objection = ended.objections.create(
        enrollment=trainee.person.enrollments.get(), reason="x", made_by=trainee, made_at=clock.now
    )

    with pytest.raises(RecordFrozen):
        answer_objection(objection_id=objection.pk, by=instructor_of(ended), is_granted=False, answer="x")
    for statement in ("UPDATE live_attendancesnapshot SET number = 9", "DELETE FROM live_attendancesnapshot"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AttendanceSnapshot.objects.get() == snapshot
