"""Live classes in the timetables: series, changes, shared rooms, substitutes."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from courses.enums import AttendanceSource, CohortState
from courses.errors import (
    ClassesClash,
    CohortClosed,
    ReasonMissing,
    SeriesEmpty,
    SeriesTooLong,
    SessionCanceled,
)
from courses.models import AttendanceRecord, ClassSession
from courses.queries.timetable import next_sessions
from courses.services.attendance import record_attendance
from courses.services.sessions import schedule_session
from live.enums import LiveRole, LiveState, Scope
from live.errors import (
    ClassBegun,
    CohortOfAnotherCenter,
    NotAnInstructorHere,
    RoomCanceled,
)
from live.models import LiveSeries, LiveSession
from live.queries.admission import live_sessions_of, role_in
from live.queries.chat import muted_in
from live.queries.people import roster_of
from live.services.moderation import mute_all
from live.services.scheduling import (
    cancel_live_session,
    change_live_session,
    schedule_live_session,
    schedule_series,
)
from live.services.sessions import end_room, open_room
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory, cohort_until
from tests.live.substitutes import substitute_instructor

pytestmark = pytest.mark.django_db

SUNDAY, TUESDAY = 7, 2


@pytest.fixture
def cohort():
    return cohort_until(2030)


@pytest.fixture
def instructor(cohort):
    return MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user


def colleague_of(cohort):
    return MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user


def series(cohort, by, **facts):
    """Sundays and Tuesdays of January 2030, 18:00 to 20:00: nine classes."""
    return schedule_series(
        **{
            "cohort": cohort,
            "title": "قراءة المخططات",
            "weekdays": {SUNDAY, TUESDAY},
            "first_day": dt.date(2030, 1, 1),
            "last_day": dt.date(2030, 1, 31),
            "starts": dt.time(18),
            "ends": dt.time(20),
            "instructor": by,
            "by": by,
            **facts,
        }
    )


def one(cohort, by, *, starts_at=None, **facts):
    starts_at = starts_at or timezone.now() + dt.timedelta(days=2)
    return schedule_live_session(
        cohort=cohort,
        title="حصة",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        by=by,
        **facts,
    )


def change(session, by, **facts):
    meeting = session.class_session
    return change_live_session(
        **{
            "session_id": session.pk,
            "title": meeting.title,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "instructor": meeting.instructor,
            "by": by,
            **facts,
        }
    )


def starts_of(sessions):
    times = ClassSession.objects.filter(live__in=sessions).values_list("starts_at", flat=True)
    return [timezone.localtime(moment) for moment in times.order_by("starts_at")]


def test_a_series_is_single_classes_on_its_weekdays_without_the_holidays(cohort, instructor):
    made = series(cohort, instructor, holidays=[dt.date(2030, 1, 1), dt.date(2030, 1, 6)])

    starts = starts_of(made)
    assert [moment.day for moment in starts] == [8, 13, 15, 20, 22, 27, 29]
    assert {moment.isoweekday() for moment in starts} == {SUNDAY, TUESDAY}
    assert {(moment.hour, moment.minute) for moment in starts} == {(18, 0)}
    assert {session.series for session in made} == {LiveSeries.objects.get()}


def test_a_series_keeps_its_hour_when_the_clocks_change(cohort, instructor):
    # Egypt's summer time begins on the last Friday of April: 2030-04-26.
    made = series(cohort, instructor, first_day=dt.date(2030, 4, 21), last_day=dt.date(2030, 4, 30))

    starts = starts_of(made)
    assert [moment.hour for moment in starts] == [18] * len(made)
    assert len({moment.utcoffset() for moment in starts}) == 2


def test_every_clash_is_listed_and_nothing_is_written(cohort, instructor):
    other = cohort_until(2030, center=cohort.center)
    for day in (8, 20):
        starts_at = starts_in_january(day, 19)
        schedule_session(
            cohort_id=other.pk,
            kind="class",
            title="ورشة اللحام",
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=2),
            instructor_id=instructor.pk,
            by=instructor,
        )
    there = ClassSession.objects.count()

    with pytest.raises(ClassesClash) as refusal:
        series(cohort, instructor)

    rows = refusal.value.facts["rows"]
    assert [timezone.localtime(row.slot.starts_at).day for row in rows] == [8, 20]
    assert str(refusal.value).count("ورشة اللحام") == 2
    assert (ClassSession.objects.count(), LiveSession.objects.count(), LiveSeries.objects.count()) == (
        there,
        0,
        0,
    )


def test_what_only_the_writing_finds_leaves_nothing_half_done(cohort, instructor):
    closed = cohort_until(2030, center=cohort.center, state=CohortState.CLOSED)

    with pytest.raises(CohortClosed):
        series(cohort, instructor, also_for=[closed])

    assert (ClassSession.objects.count(), LiveSession.objects.count(), LiveSeries.objects.count()) == (
        0,
        0,
        0,
    )


def starts_in_january(day, hour=18):
    return dt.datetime(2030, 1, day, hour, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"weekdays": set()}, SeriesEmpty),
        ({"last_day": dt.date(2029, 12, 1)}, SeriesEmpty),
        ({"weekdays": {2}, "last_day": dt.date(2030, 1, 1), "holidays": [dt.date(2030, 1, 1)]}, SeriesEmpty),
        ({"last_day": dt.date(9999, 12, 31)}, SeriesTooLong),
    ],
)
def test_a_series_without_days_or_end_is_refused(cohort, instructor, facts, refusal):
    with pytest.raises(refusal):
        series(cohort, instructor, **facts)

    assert not LiveSeries.objects.exists()


def test_one_class_of_a_series_is_moved_and_the_others_stay(cohort, instructor):
    made = series(cohort, instructor)
    before = starts_of(made[1:])

    change(
        made[0],
        instructor,
        starts_at=starts_in_january(2),
        ends_at=starts_in_january(2) + dt.timedelta(hours=1),
    )

    made[0].class_session.refresh_from_db()
    assert made[0].class_session.starts_at == starts_in_january(2)
    assert made[0].class_session.sequence == 1
    assert starts_of(made[1:]) == before


@pytest.mark.parametrize("days", [7, -7, 1])
def test_this_and_all_later_ones_move_by_as_many_days_to_the_same_hour(cohort, instructor, days):
    made = series(cohort, instructor)
    before = starts_of(made)
    third = made[2].class_session
    starts_at = timezone.make_aware(
        dt.datetime.combine(
            timezone.localtime(third.starts_at).date() + dt.timedelta(days=days), dt.time(17, 30)
        )
    )
    alone = days < 0 and cancel_live_session(session_id=made[0].pk, reason="مكان", by=instructor)
    if alone:
        cancel_live_session(session_id=made[1].pk, reason="مكان", by=instructor)

    moved = change(
        made[2], instructor, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2), scope=Scope.LATER
    )

    assert len(moved) == len(made) - 2
    after = starts_of(made)
    assert starts_of(made[:2]) == before[:2]
    assert starts_of(made[2:]) == [
        (moment + dt.timedelta(days=days)).replace(hour=17, minute=30) for moment in before[2:]
    ]
    assert len(after) == len(before)


def test_a_change_of_many_that_clashes_changes_none(cohort, instructor):
    made = series(cohort, instructor)
    one(
        cohort_until(2030, center=cohort.center),
        instructor,
        instructor=instructor,
        starts_at=starts_in_january(30),
    )
    first = made[0].class_session
    before = starts_of(made)

    with pytest.raises(ClassesClash) as refusal:
        change(
            made[0],
            instructor,
            starts_at=first.starts_at + dt.timedelta(days=1),
            ends_at=first.ends_at + dt.timedelta(days=1),
            scope=Scope.LATER,
        )

    assert len(refusal.value.facts["rows"]) == 1
    assert starts_of(made) == before


def test_this_and_all_later_ones_are_canceled_and_their_times_are_free(cohort, instructor):
    made = series(cohort, instructor)

    canceled = cancel_live_session(
        session_id=made[3].pk, reason="عطلة طويلة", by=instructor, scope=Scope.LATER
    )

    assert [row.pk for row in canceled] == [row.pk for row in made[3:]]
    states = list(LiveSession.objects.order_by("class_session__starts_at").values_list("state", flat=True))
    assert states == [LiveState.SCHEDULED] * 3 + [LiveState.CANCELED] * 6
    # The instructor is free again, and canceling again sends nothing.
    one(cohort, instructor, instructor=instructor, starts_at=made[5].class_session.starts_at)
    assert cancel_live_session(session_id=made[3].pk, reason="عطلة", by=instructor) == []


def test_a_canceled_class_is_not_held_and_counts_no_attendance(cohort, instructor):
    session = one(cohort, instructor)
    enrollment = EnrollmentFactory(cohort=cohort)

    with pytest.raises(ReasonMissing):
        cancel_live_session(session_id=session.pk, reason=" ", by=instructor)
    cancel_live_session(session_id=session.pk, reason="انقطاع الكهرباء", by=instructor)

    assert next_sessions([cohort.pk]) == {}
    with pytest.raises(RoomCanceled):
        open_room(session_id=session.pk, by=instructor)
    ClassSession.objects.update(starts_at=timezone.now() - dt.timedelta(hours=1))
    with pytest.raises(SessionCanceled):
        record_attendance(
            session_id=session.class_session_id,
            enrollment_id=enrollment.pk,
            status="absent",
            minutes=0,
            source=AttendanceSource.INSTRUCTOR,
        )


def test_a_class_that_has_begun_is_neither_changed_nor_canceled(session, instructor):
    with pytest.raises(ClassBegun):
        change(session, instructor)
    with pytest.raises(ClassBegun):
        cancel_live_session(session_id=session.pk, reason="خطأ", by=instructor)


def test_a_shared_room_admits_every_cohort_and_writes_each_register(cohort, instructor):
    guest = cohort_until(2030, center=cohort.center)
    session = one(
        cohort,
        instructor,
        also_for=[guest],
        instructor=instructor,
        starts_at=timezone.now() - dt.timedelta(minutes=1),
    )
    ours, theirs, stranger = TraineeFactory(), TraineeFactory(), TraineeFactory()
    EnrollmentFactory(person=ours.person, cohort=cohort)
    EnrollmentFactory(person=theirs.person, cohort=guest)
    EnrollmentFactory(person=stranger.person)

    open_room(session_id=session.pk, by=instructor)
    session.refresh_from_db()
    end_room(
        session_id=session.pk,
        by=instructor,
        reason="انقطاع التيار",
        at=session.opened_at + dt.timedelta(minutes=10),
    )

    assert [role_in(session, user) for user in (ours, theirs, stranger)] == [
        LiveRole.TRAINEE,
        LiveRole.TRAINEE,
        None,
    ]
    assert [live_sessions_of(user).count() for user in (ours, theirs, stranger)] == [1, 1, 0]
    written = AttendanceRecord.objects.values_list("enrollment__person", "session__cohort")
    assert set(written) == {(ours.person_id, cohort.pk), (theirs.person_id, guest.pk)}


def test_a_shared_class_moves_and_is_canceled_in_every_timetable(cohort, instructor):
    guest = cohort_until(2030, center=cohort.center)
    session = one(cohort, instructor, also_for=[guest, cohort], instructor=instructor)
    later = session.class_session.starts_at + dt.timedelta(hours=3)

    change(session, instructor, starts_at=later, ends_at=later + dt.timedelta(hours=1))

    assert list(ClassSession.objects.values_list("starts_at", flat=True)) == [later, later]
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor)
    assert ClassSession.objects.filter(canceled_at__isnull=True).count() == 0


def test_a_room_is_not_shared_with_another_center(cohort, instructor):
    with pytest.raises(CohortOfAnotherCenter):
        one(cohort, instructor, also_for=[cohort_until(2030)])

    assert not LiveSession.objects.exists()


def test_a_substitute_of_the_center_gets_one_class_and_it_is_logged(cohort, instructor):
    made = series(cohort, instructor)
    substitute = colleague_of(cohort)

    substitute_instructor(session=made[1], instructor=substitute, by=instructor)

    taught = ClassSession.objects.filter(instructor=substitute)
    assert list(taught) == [made[1].class_session]
    entry = ModelLogEntry.objects.get(action="live.session.substitute")
    assert (entry.user, entry.data) == (instructor, {"from": instructor.pk, "to": substitute.pk})


def test_who_teaches_elsewhere_or_at_that_time_is_no_substitute(cohort, instructor):
    session = one(cohort, instructor, instructor=instructor)
    with pytest.raises(NotAnInstructorHere):
        substitute_instructor(
            session=session, instructor=MembershipFactory(role=RoleName.INSTRUCTOR).user, by=instructor
        )

    busy = colleague_of(cohort)
    one(
        cohort_until(2030, center=cohort.center),
        instructor,
        instructor=busy,
        starts_at=session.class_session.starts_at,
    )
    with pytest.raises(ClassesClash):
        substitute_instructor(session=session, instructor=busy, by=instructor)


def test_the_roster_of_a_shared_room_holds_every_cohort_and_mutes_them_all(cohort, instructor):
    guest = cohort_until(2030, center=cohort.center)
    session = one(
        cohort,
        instructor,
        also_for=[guest],
        instructor=instructor,
        starts_at=timezone.now() - dt.timedelta(minutes=1),
    )
    people = [TraineeFactory() for _ in range(2)]
    for user, place in zip(people, (cohort, guest), strict=True):
        EnrollmentFactory(person=user.person, cohort=place)
    open_room(session_id=session.pk, by=instructor)

    mute_all(session_id=session.pk, by=instructor)

    lines, _page = roster_of(session)
    assert len([line for line in lines if not line.is_staff]) == 2
    assert muted_in(session.pk) == {user.pk for user in people}


def test_a_changed_room_is_in_the_trail_and_one_that_stays_is_not(cohort, instructor):
    session = one(cohort, instructor, capacity=30)

    change(session, instructor, joins_before=session.joins_before, capacity=30)
    change(session, instructor, joins_before=session.joins_before, capacity=20)

    entry = ModelLogEntry.objects.get(action="live.session.change")
    assert entry.data == {"before": {"capacity": 30}, "after": {"capacity": 20}}
