"""Figures of a day are recorded once, from the records of that day, and stay as they were."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Center, Person
from courses.clauses import Clauses
from courses.enums import AttendanceStatus, CohortState, EnrollmentState, Risk, SessionKind, WithdrawalReason
from courses.models import AttendanceRecord, Cohort, CompletionRule, Enrollment, Transfer
from courses.queries.evidence import evidence_of
from courses.queries.workspace.trainees import trainees_of
from insights.enums import OtherRisk, Stage
from insights.errors import DayMissed, DayNotOver
from insights.models import LAST_DAY, EnrollmentRisk, EnrollmentSpan, FigureSnapshot, Snapshot
from insights.services import risks, snapshots
from insights.services.snapshots import request_snapshot, take_snapshot
from jobs.enums import JobState
from lms.demo.clock import at
from tests.courses.workspace.worlds import great_cohort
from tests.factories.accounts import UserFactory
from tests.factories.certificates import issued
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory
from tests.factories.insights import enrolled, record_day, yesterday

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def state_of(enrollment: Enrollment) -> tuple[str, str]:
    span = EnrollmentSpan.objects.get(enrollment=enrollment, last_day=LAST_DAY)
    return span.stage, span.reason


def meet(
    enrollment: Enrollment,
    status: AttendanceStatus | None,
    *,
    days_ago: int,
    cohort: Cohort | None = None,
    kind: SessionKind = SessionKind.CLASS,
) -> None:
    """A class of the cohort, in which the person was recorded, or was not."""
    starts_at = timezone.now() - days_ago * DAY
    session = ClassSessionFactory(cohort=cohort or enrollment.cohort, starts_at=starts_at, kind=kind)
    if status:
        AttendanceRecord.objects.create(
            session=session, enrollment=enrollment, status=status, recorded_at=session.ends_at
        )


def test_each_enrollment_is_in_the_stage_that_its_records_tell(center: Center):
    new, idle = enrolled(days_ago=3), enrolled(days_ago=40)
    withdrawn = enrolled(state=EnrollmentState.WITHDRAWN, withdrawn_for=WithdrawalReason.WORK)
    failed = enrolled(state=EnrollmentState.FAILED)
    completed = enrolled(state=EnrollmentState.COMPLETED, completed_at=timezone.now() - 2 * DAY)
    completed_today = enrolled(days_ago=3, state=EnrollmentState.COMPLETED, completed_at=timezone.now() + DAY)
    two_days_ago = timezone.now() - 2 * DAY
    with at(two_days_ago):
        certified = issued(CohortFactory(center=center), enrolled_at=two_days_ago - DAY).enrollment
    enrolled_today = EnrollmentFactory(enrolled_at=timezone.now() + DAY)

    record_day()

    assert state_of(new) == (Stage.ACTIVE, "")
    assert state_of(idle) == (Stage.AT_RISK, Risk.IDLE)
    assert state_of(withdrawn) == (Stage.WITHDRAWN, WithdrawalReason.WORK)
    assert state_of(failed) == (Stage.FAILED, "")
    assert state_of(completed) == (Stage.COMPLETED, "")
    assert state_of(completed_today) == (Stage.ACTIVE, "")
    assert state_of(certified) == (Stage.CERTIFIED, "")
    assert not EnrollmentSpan.objects.filter(enrollment=enrolled_today).exists()


def test_attendance_is_counted_as_the_evidence_counts_it():
    rule = CompletionRule.objects.create(
        program=CohortFactory().program, version=1, clauses=Clauses(attendance=75).as_list()
    )
    earlier = CohortFactory(starts_on=timezone.localdate() - 40 * DAY)
    enrollment = enrolled(
        cohort=CohortFactory(starts_on=timezone.localdate() - 40 * DAY, completion_rule=rule)
    )
    moved_at = timezone.now() - 20 * DAY
    Transfer.objects.create(
        enrollment=enrollment,
        from_cohort=earlier,
        to_cohort=enrollment.cohort,
        reason="أقرب إلى البيت",
        by=UserFactory(),
        at=moved_at,
    )
    Enrollment.objects.filter(pk=enrollment.pk).update(transferred_at=moved_at)
    meet(enrollment, AttendanceStatus.PRESENT, days_ago=30, cohort=earlier)
    meet(enrollment, None, days_ago=29)  # before the transfer: not of this person
    meet(enrollment, AttendanceStatus.LATE, days_ago=5)
    meet(enrollment, AttendanceStatus.EXCUSED, days_ago=4)
    meet(enrollment, AttendanceStatus.ABSENT, days_ago=3)
    meet(enrollment, None, days_ago=2)
    meet(enrollment, None, days_ago=1, kind=SessionKind.EXAM)

    record_day()

    enrollment.refresh_from_db()
    evidence = evidence_of(enrollment, rule).attendance
    span = EnrollmentSpan.objects.get(enrollment=enrollment)
    assert (span.attended, span.held) == (evidence.attended, evidence.held) == (2, 4)
    assert (span.stage, span.reason) == (Stage.AT_RISK, Risk.ATTENDANCE)


def test_at_risk_are_those_whom_the_workspaces_of_all_cohorts_show_at_the_end_of_the_day(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(risks, "COHORTS_IN_A_BATCH", 2)
    cohorts = [great_cohort(people=people, units=11, sessions=6, seed=people) for people in (12, 7, 5)]
    enrolled(days_ago=40)
    enrolled(cohort=CohortFactory(starts_on=timezone.localdate() - 40 * DAY, state=CohortState.CLOSED))
    enrolled(cohort=CohortFactory(starts_on=timezone.localdate() + DAY))
    midnight = snapshots.end_of(yesterday())
    # Over when the figures are read, and not when the day ended.
    ClassSessionFactory(
        cohort=cohorts[1],
        starts_at=midnight - DAY / 48,
        ends_at=midnight + DAY / 144,
        locked_at=midnight + DAY / 144,
    )
    with at(midnight - DAY / 1440):
        shown = {
            trainee.pk: risks.reason_of(trainee.risks)
            for cohort in Cohort.objects.all()
            for trainee in trainees_of(cohort)
            if trainee.is_at_risk
        }

    record_day()

    spans = EnrollmentSpan.objects.filter(stage=Stage.AT_RISK)
    assert dict(spans.values_list("enrollment_id", "reason")) == shown
    figures = FigureSnapshot.objects.filter(stage=Stage.AT_RISK)
    assert figures.aggregate(people=Sum("people")) == {"people": len(shown)}
    assert {OtherRisk.SEVERAL, Risk.IDLE} < set(shown.values())
    assert not EnrollmentRisk.objects.exists()


def test_a_day_stays_as_it_was_when_its_records_are_corrected_later():
    enrollment = enrolled(days_ago=40, person__sex="male")
    record_day(yesterday() - DAY)
    Enrollment.objects.filter(pk=enrollment.pk).update(
        state=EnrollmentState.WITHDRAWN, withdrawn_for=WithdrawalReason.HEALTH
    )
    Person.objects.filter(pk=enrollment.person_id).update(sex="female")

    record_day()

    spans = EnrollmentSpan.objects.filter(enrollment=enrollment).order_by("first_day")
    assert [(span.stage, span.sex, span.last_day) for span in spans] == [
        (Stage.AT_RISK, "male", yesterday() - DAY),
        (Stage.WITHDRAWN, "female", LAST_DAY),
    ]
    figures = FigureSnapshot.objects.order_by("first_day").values_list("stage", "people", "last_day")
    assert list(figures) == [
        (Stage.AT_RISK, 1, yesterday() - DAY),
        (Stage.WITHDRAWN, 1, LAST_DAY),
    ]


def test_a_day_in_which_nothing_changed_writes_nothing():
    enrolled(days_ago=40)
    record_day(yesterday() - DAY)

    snapshot = record_day()

    assert (snapshot.state, snapshot.enrollments, snapshot.changed) == (JobState.DONE, 1, 0)
    assert EnrollmentSpan.objects.count() == FigureSnapshot.objects.count() == 1


def test_what_was_recorded_cannot_be_rewritten():
    enrolled()
    record_day()

    for rows in (EnrollmentSpan.objects.all(), FigureSnapshot.objects.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(stage=Stage.CERTIFIED)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_a_worker_that_dies_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(snapshots, "ENROLLMENTS_IN_A_BATCH", 2)
    enrollments = [enrolled() for _ in range(5)]
    snapshot = request_snapshot()
    # Two cohorts, in which one reason was found, are evaluated, and the first batch is recorded.
    Snapshot.objects.filter(pk=snapshot.pk).update(cohort_position=enrollments[1].cohort_id)
    EnrollmentRisk.objects.create(enrollment=enrollments[0], day=snapshot.day, reason=Risk.OVERDUE)
    with transaction.atomic(), connection.cursor() as cursor:
        until = snapshots._end_of_batch(0)
        cursor.execute(
            snapshots.RECORD_BATCH, {**snapshots.parameters_of(snapshot.day), "after": 0, "until": until}
        )

    take_snapshot(snapshot_id=snapshot.pk)
    take_snapshot(snapshot_id=snapshot.pk)

    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.enrollments) == (JobState.DONE, 5)
    assert [state_of(enrollment)[1] for enrollment in enrollments] == [Risk.OVERDUE, "", *[Risk.IDLE] * 3]
    assert sum(FigureSnapshot.objects.values_list("people", flat=True)) == 5


def test_only_yesterday_can_be_recorded_and_once():
    enrolled()
    first = request_snapshot()

    assert request_snapshot().pk == first.pk
    with pytest.raises(DayNotOver):
        request_snapshot(day=timezone.localdate())
    with pytest.raises(DayMissed):
        request_snapshot(day=yesterday() - DAY)
    with at(timezone.now() + DAY):
        take_snapshot(snapshot_id=first.pk)
    first.refresh_from_db()
    assert first.state == JobState.REFUSED
    assert not Snapshot.objects.complete().exists()


def test_a_batch_asks_the_database_as_often_for_three_enrollments_as_for_one():
    def statements(days_ago: int) -> int:
        day = yesterday() - days_ago * DAY
        with CaptureQueriesContext(connection) as asked:
            record_day(day)
        return len(asked)

    cohort = enrolled(days_ago=60).cohort
    statements(5)  # publishes a quarter
    one = statements(4)
    enrolled(days_ago=60, cohort=cohort)
    enrolled(days_ago=60, cohort=cohort)

    assert statements(3) == one
