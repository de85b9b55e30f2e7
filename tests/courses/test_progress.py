"""Progress: reports count once, within the credit, and never decrease."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from courses.coverage import OPENING_BUCKETS, TOP_SPEED, buckets_of
from courses.enums import EnrollmentState
from courses.errors import (
    BucketsOutOfRange,
    EnrollmentNotActive,
    ScoreOutOfRange,
    UnitNotInCohort,
    VideoTooLong,
)
from courses.models import Enrollment, UnitProgress
from courses.services.progress import (
    AttemptScore,
    complete_unit,
    open_unit,
    record_score,
    record_scores,
    report_watched,
)
from tests.factories.courses import EnrollmentFactory, taught_cohort


@pytest.fixture
def enrollment(db: None) -> Enrollment:
    return EnrollmentFactory(cohort=taught_cohort(lessons=2))


def unit_of(enrollment: Enrollment, index: int = 0) -> UUID:
    return UUID(enrollment.cohort.content_version.units[index]["unit"])


def opened_ago(enrollment: Enrollment, seconds: int) -> UUID:
    """A unit of the enrollment, opened `seconds` ago."""
    unit_key = unit_of(enrollment)
    progress = open_unit(enrollment_id=enrollment.pk, unit_key=unit_key)
    past = timezone.now() - dt.timedelta(seconds=seconds)
    UnitProgress.objects.filter(pk=progress.pk).update(allowed_at=past, opened_at=past)
    return unit_key


def report(
    enrollment: Enrollment, unit_key: UUID, buckets, total: int = 20, position: int = 0, age: int = 0
) -> UnitProgress:
    return report_watched(
        enrollment_id=enrollment.pk,
        unit_key=unit_key,
        buckets=buckets,
        position=position,
        buckets_total=total,
        age=age,
    )


def test_opening_a_unit_again_changes_nothing(enrollment: Enrollment):
    first = open_unit(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment))
    second = open_unit(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment))

    assert (first.pk, first.opened_at) == (second.pk, second.opened_at)


def test_the_same_report_twice_counts_once(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 60)

    report(enrollment, unit_key, range(5))
    progress = report(enrollment, unit_key, range(5), position=25)

    assert (progress.buckets_watched, progress.position) == (5, 25)


def test_a_jump_to_the_end_is_not_credited(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 10)

    progress = report(enrollment, unit_key, range(20))

    assert progress.buckets_watched == 4 + OPENING_BUCKETS
    assert progress.completed_at is None


@pytest.mark.parametrize("seconds", [11, 12, 14, 15, 61])
def test_watching_to_the_end_at_top_speed_completes_without_waiting(enrollment: Enrollment, seconds: int):
    unit_key = opened_ago(enrollment, seconds // TOP_SPEED)

    progress = report(enrollment, unit_key, range(buckets_of(seconds)), total=buckets_of(seconds))

    assert progress.completed_at is not None


def test_two_devices_share_one_credit(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 20)

    report(enrollment, unit_key, range(10))
    progress = report(enrollment, unit_key, range(10, 20))

    assert progress.buckets_watched == 8 + OPENING_BUCKETS


def test_what_was_not_credited_is_credited_later_when_reported_again(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 10)
    report(enrollment, unit_key, range(10))
    UnitProgress.objects.update(allowed_at=timezone.now() - dt.timedelta(seconds=20))

    progress = report(enrollment, unit_key, range(10))

    assert progress.buckets_watched == 10


def test_ninety_percent_completes_and_stays_complete_when_the_video_grows(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 60)

    before = report(enrollment, unit_key, range(17))
    done = report(enrollment, unit_key, [17])
    later = report(enrollment, unit_key, [], total=100)

    assert before.completed_at is None
    assert done.completed_at is not None
    assert (later.completed_at, later.buckets_total) == (done.completed_at, 100)


def test_a_shorter_video_keeps_only_what_it_still_has(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 60)
    report(enrollment, unit_key, [1, 2, 18])

    progress = report(enrollment, unit_key, [], total=10)

    assert (progress.buckets_watched, progress.buckets_total) == (2, 10)


@pytest.mark.parametrize("bucket", [-1, 20, 10**9])
def test_a_bucket_outside_the_video_refuses_the_whole_report(enrollment: Enrollment, bucket: int):
    unit_key = opened_ago(enrollment, 60)

    with pytest.raises(BucketsOutOfRange, match="19"):
        report(enrollment, unit_key, [0, bucket])

    assert UnitProgress.objects.get().buckets_watched == 0


@pytest.mark.parametrize("total", [0, -5, 10**7])
def test_a_video_without_a_sensible_length_is_refused(enrollment: Enrollment, total: int):
    with pytest.raises(VideoTooLong):
        report(enrollment, unit_of(enrollment), [], total=total)


def test_a_unit_of_another_program_is_refused_and_leaves_nothing(enrollment: Enrollment):
    for act in (open_unit, complete_unit):
        with pytest.raises(UnitNotInCohort):
            act(enrollment_id=enrollment.pk, unit_key=uuid4())
    with pytest.raises(UnitNotInCohort):
        report(enrollment, uuid4(), [0])
    with pytest.raises(UnitNotInCohort):
        record_score(enrollment_id=enrollment.pk, unit_key=uuid4(), score=Decimal(90), passed=True)

    assert not UnitProgress.objects.exists()


@pytest.mark.parametrize("state", [EnrollmentState.WITHDRAWN, EnrollmentState.FAILED])
def test_an_ended_enrollment_records_nothing(enrollment: Enrollment, state: EnrollmentState):
    Enrollment.objects.update(state=state)

    with pytest.raises(EnrollmentNotActive):
        complete_unit(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment))

    assert not UnitProgress.objects.exists()


def test_a_lesson_without_video_completes_when_the_trainee_confirms_it(enrollment: Enrollment):
    first = complete_unit(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment))
    again = complete_unit(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment))

    assert first.completed_at == again.completed_at is not None


def test_the_best_score_counts_and_a_pass_is_never_taken_back(enrollment: Enrollment):
    unit_key = unit_of(enrollment)

    for score, passed in ((40, False), (80, True), (30, False)):
        progress = record_score(
            enrollment_id=enrollment.pk, unit_key=unit_key, score=Decimal(score), passed=passed
        )

    assert (progress.score, progress.passed) == (80, True)
    assert progress.completed_at is not None


def test_scores_of_many_are_recorded_as_those_of_one_and_a_refused_one_hinders_no_other(
    enrollment: Enrollment,
):
    ended = EnrollmentFactory(cohort=enrollment.cohort, state=EnrollmentState.WITHDRAWN)
    other = EnrollmentFactory(cohort=enrollment.cohort)
    open_unit(enrollment_id=other.pk, unit_key=unit_of(other))
    scores = [(0, 40, False), (0, 80, True), (1, 30, False), (0, 50, False)]

    for unit, score, passed in scores:
        record_score(
            enrollment_id=enrollment.pk,
            unit_key=unit_of(enrollment, unit),
            score=Decimal(score),
            passed=passed,
        )
    attempts = [
        AttemptScore(other.pk, unit_of(other, unit), Decimal(score), passed) for unit, score, passed in scores
    ]
    refused = record_scores(
        [
            *attempts[:2],
            AttemptScore(ended.pk, unit_of(ended), Decimal(90), passed=True),
            AttemptScore(other.pk, uuid4(), Decimal(90), passed=True),
            AttemptScore(other.pk, unit_of(other), Decimal(101), passed=True),
            *attempts[2:],
        ]
    )

    assert {place: type(error) for place, error in refused.items()} == {
        2: EnrollmentNotActive,
        3: UnitNotInCohort,
        4: ScoreOutOfRange,
    }
    assert recorded(other) == recorded(enrollment) != []
    assert not UnitProgress.objects.filter(enrollment=ended).exists()


def recorded(enrollment: Enrollment) -> list[object]:
    """What there is of an enrollment, without its times and its own keys."""
    progress = UnitProgress.objects.filter(enrollment=enrollment).order_by("unit_key")
    latest = enrollment.eligibilities.first()
    marks = AuditEntry.objects.with_contents().filter(
        action="courses.progress.mark", object_id=enrollment.pk, person=enrollment.person
    )
    return [
        *progress.values_list("unit_key", "score", "scores", "passed", "allowed_buckets"),
        [row.completed_at is None for row in progress],
        (latest.met, latest.evidence) if latest else None,
        *[entry.log_entry.data for entry in marks.order_by("pk") if entry.log_entry],
    ]


@pytest.mark.parametrize("score", ["-1", "100.01", "NaN", "Infinity", "1e309"])
def test_a_score_is_a_percentage(enrollment: Enrollment, score: str):
    with pytest.raises(ScoreOutOfRange):
        record_score(
            enrollment_id=enrollment.pk, unit_key=unit_of(enrollment), score=Decimal(score), passed=True
        )


def test_the_database_itself_refuses_progress_that_goes_back(enrollment: Enrollment):
    record_score(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment), score=Decimal(80), passed=True)

    for going_back in ({"completed_at": None}, {"passed": False}, {"score": 10}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitProgress.objects.update(**going_back)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitProgress.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_reports_from_many_devices_at_once_neither_lose_nor_double():
    enrollment = EnrollmentFactory(cohort=taught_cohort(lessons=2))
    unit_key = opened_ago(enrollment, 3600)

    def send(bucket: int) -> None:
        try:
            report(enrollment, unit_key, [bucket, bucket + 1], total=40)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        list(pool.map(send, list(range(20)) * 2))

    assert UnitProgress.objects.get().buckets_watched == 21


def test_the_newest_position_wins_whichever_device_reports_it_last(enrollment: Enrollment):
    unit_key = opened_ago(enrollment, 60)

    report(enrollment, unit_key, [0], position=40)
    late = report(enrollment, unit_key, [1, 2], position=15, age=600)
    newer = report(enrollment, unit_key, [], position=50)

    assert (late.position, late.buckets_watched) == (40, 3)
    assert newer.position == 50
