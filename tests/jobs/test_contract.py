"""The contract of leased jobs, tested for every kind."""

import datetime as dt
import errno
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import Center
from jobs.enums import JobState
from jobs.errors import LeaseLost, NotFailed, NotOpen
from jobs.models import LeasedJob
from jobs.registry import kind_of, kinds
from jobs.services.canceling import cancel
from jobs.services.leases import fail, finish, heartbeat, hold, lease, release_lease
from jobs.services.recovery import recover, retry
from jobs.services.working import work_on
from tests.factories.accounts import CenterFactory
from tests.factories.jobs import JOBS, lost, put
from tests.factories.rows import load
from tests.kept_rows import kept_rows

load()

type Messages = list[tuple[str, list[object]]]


# One of each way to be told of: many at a time, one file, a list of lines, steps of a whole. The others keep the same services.
SEVERAL = {
    "accounts.digestrun",
    "certificates.renderjob",
    "courses.importrun",
    "media_pipeline.transcodestep",
}
THE_OTHERS = pytest.mark.engines("the contract once more, for each of the other kinds", nightly=True)


def label(kind: type[LeasedJob]) -> str:
    return kind._meta.label_lower


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(kind, id=label(kind), marks=() if label(kind) in SEVERAL else THE_OTHERS)
        for kind in kinds()
    ],
)
def kept_job(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[LeasedJob]:
    """One for all laws: what a certificate to draw rests on takes more time to make than a law to try."""
    with kept_rows(django_db_blocker):
        yield JOBS[request.param](CenterFactory())


@pytest.fixture
def job(db: None, kept_job: LeasedJob) -> LeasedJob:
    """As each law finds it."""
    found: LeasedJob = rows(kept_job).get()
    return found


@pytest.fixture(params=kinds(), ids=label)
def job_of_every_kind(request: pytest.FixtureRequest, center: Center) -> LeasedJob:
    return JOBS[request.param](center)


def leased(job: LeasedJob) -> LeasedJob:
    held = lease(type(job), job.pk)
    assert held is not None
    return held


def rows(job: LeasedJob) -> Any:
    return type(job)._default_manager.filter(pk=job.pk)


def now_due(job: LeasedJob) -> None:
    """Let the pause before the next attempt pass."""
    rows(job).update(due_at=timezone.now())


def outlive(job: LeasedJob) -> None:
    """Let the lease expire."""
    rows(job).filter(state=JobState.RUNNING).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def raises(error: Exception) -> Callable[[LeasedJob], NoReturn]:
    def do(_: LeasedJob) -> NoReturn:
        raise error

    return do


def test_every_kind_of_job_is_tested_here():
    assert set(kinds()) == set(JOBS)
    assert {label(kind) for kind in kinds()} >= SEVERAL
    assert [kind_of(kind._meta.label_lower) for kind in kinds()] == kinds()


@pytest.mark.parametrize("kind", kinds(), ids=label)
def test_the_task_of_every_kind_is_registered(kind: type[LeasedJob], tasks: Mapping[str, object]):
    assert kind.task_name in tasks


def test_a_message_delivered_twice_is_worked_on_once(job: LeasedJob):
    first, second = lease(type(job), job.pk), lease(type(job), job.pk)

    assert first is not None
    assert second is None
    rows(job).get().refresh_from_db()
    assert (rows(job).get().attempts, rows(job).get().fence) == (1, 1)


def test_a_job_that_ended_is_not_worked_on_again(job: LeasedJob):
    fail(leased(job), "no", is_last=True)

    assert work_on(type(job), job.pk, raises(AssertionError())) is None
    assert rows(job).get().state == JobState.FAILED


def test_a_message_for_a_deleted_row_does_nothing(job: LeasedJob):
    assert lease(type(job), job.pk + 1_000_000) is None


def test_a_lost_message_is_sent_again_once_within_the_grace(
    job: LeasedJob, sent: Messages, django_capture_on_commit_callbacks: Any
):
    early = recover(type(job))
    lost(rows(job))

    with django_capture_on_commit_callbacks(execute=True):
        first, second = recover(type(job)), recover(type(job))

    assert (early, first, second) == ([], [job.pk], [])
    assert [name for name, _ in sent] == [type(job).task_name]


def test_a_job_made_while_a_clock_was_ahead_does_not_wait_for_that_hour(job: LeasedJob):
    ahead = timezone.now() + dt.timedelta(hours=1)
    rows(job).update(created_at=ahead, due_at=ahead, dispatched_at=ahead)
    before = lease(type(job), job.pk)

    first, second = recover(type(job)), recover(type(job))

    assert (before, first, second) == (None, [job.pk], [])
    assert lease(type(job), job.pk) is not None


def test_a_leased_job_or_one_not_due_is_not_dispatched(job: LeasedJob):
    leased(job)
    lost(rows(job))
    running = recover(type(job))
    put(rows(job), JobState.WAITING, due_at=timezone.now() + dt.timedelta(minutes=5))

    assert (running, recover(type(job))) == ([], [])
    assert lease(type(job), job.pk) is None


def test_a_worker_that_lost_its_lease_writes_nothing(job: LeasedJob):
    stale = leased(job)
    outlive(job)
    rows(job).update(attempts=0)
    recover(type(job))
    now_due(job)
    fresh = leased(job)

    for late in (
        lambda: finish(stale),
        lambda: fail(stale, "late"),
        lambda: hold(stale, pause=dt.timedelta(0)),
        lambda: release_lease(stale),
    ):
        with pytest.raises(LeaseLost):
            late()
    stale.lease_until = timezone.now()
    with pytest.raises(LeaseLost):
        heartbeat(stale)

    assert (rows(job).get().state, rows(job).get().fence) == (JobState.RUNNING, fresh.fence)


def test_a_failure_after_the_lease_was_lost_does_not_undo_what_another_worker_ended(job: LeasedJob):
    def another_ends_it(_: LeasedJob) -> NoReturn:
        put(rows(job), JobState.FAILED, error="of the other", fence=7)
        raise OSError("late")

    with pytest.raises(OSError, match="late"):
        work_on(type(job), job.pk, another_ends_it)

    assert (rows(job).get().state, rows(job).get().error) == (JobState.FAILED, "of the other")


def test_a_heartbeat_keeps_the_lease(job: LeasedJob):
    held = leased(job)
    ends = timezone.now() + dt.timedelta(seconds=1)
    rows(job).update(lease_until=ends)
    held.lease_until = ends

    heartbeat(held, progress=40)

    row = rows(job).get()
    assert row.lease_until - ends > type(job).lease / 2
    assert row.progress == 40


def test_a_heartbeat_soon_after_the_lease_makes_no_query(job: LeasedJob, django_assert_num_queries: Any):
    held = leased(job)

    with django_assert_num_queries(0):
        heartbeat(held)


def test_a_job_that_always_fails_ends_with_its_last_error(job: LeasedJob):
    for _attempt in range(type(job).max_attempts):
        assert rows(job).get().is_open
        with pytest.raises(ValueError, match="poison"):
            work_on(type(job), job.pk, raises(ValueError("poison")))
        now_due(job)

    row = rows(job).get()
    assert (row.state, row.error, row.attempts) == (
        JobState.FAILED,
        "ValueError: poison",
        type(job).max_attempts,
    )
    assert row.finished_at is not None


def test_a_full_disk_loses_nothing(job: LeasedJob):
    full = OSError(errno.ENOSPC, "No space left on device")

    assert work_on(type(job), job.pk, raises(full), expected=(OSError,)) is None

    row = rows(job).get()
    assert row.state == (JobState.WAITING if type(job).max_attempts > 1 else JobState.FAILED)
    assert "No space left" in row.error


def test_a_failed_attempt_waits_as_its_kind_says(job: LeasedJob):
    before = timezone.now()
    fail(leased(job), "once")

    waits = type(job).backoff[0] if type(job).backoff else dt.timedelta(0)
    assert rows(job).get().due_at - before >= waits


def test_a_job_fails_when_its_worker_died_at_every_attempt(job: LeasedJob):
    for _attempt in range(type(job).max_attempts):
        leased(job)
        outlive(job)
        recover(type(job))
        now_due(job)

    assert (rows(job).get().state, rows(job).get().error) == (JobState.FAILED, "The worker died.")


def test_held_and_released_attempts_do_not_count(job: LeasedJob, sent: Messages):
    hold(leased(job), pause=dt.timedelta(hours=1), error="no room")
    held = rows(job).get()
    now_due(job)
    release_lease(leased(job))

    assert (held.attempts, held.error) == (0, "no room")
    assert held.due_at > timezone.now() + dt.timedelta(minutes=59)
    assert (rows(job).get().attempts, rows(job).get().state) == (0, JobState.WAITING)
    assert lease(type(job), job.pk) is not None


def test_a_person_tries_again_what_failed_and_nothing_else(job: LeasedJob):
    with pytest.raises(NotFailed):
        retry(type(job), job.pk)
    fail(leased(job), "no", is_last=True)

    retry(type(job), job.pk)

    row = rows(job).get()
    assert (row.state, row.attempts, row.error, row.finished_at) == (JobState.WAITING, 0, "", None)
    # The fence value still excludes an old worker.
    assert row.fence == 1


@pytest.mark.parametrize("is_running", [False, True], ids=["waiting", "running"])
def test_a_canceled_job_is_over_and_its_worker_writes_nothing(job: LeasedJob, is_running: bool):
    stale = leased(job) if is_running else None

    cancel(type(job), job.pk)

    row = rows(job).get()
    assert (row.state, row.is_open, row.lease_until) == (JobState.CANCELED, False, None)
    assert row.finished_at is not None
    lost(rows(job))
    assert recover(type(job)) == []
    assert lease(type(job), job.pk) is None
    if stale is not None:
        with pytest.raises(LeaseLost):
            finish(stale)


def test_what_ended_cannot_be_canceled(job: LeasedJob):
    fail(leased(job), "no", is_last=True)

    with pytest.raises(NotOpen):
        cancel(type(job), job.pk)

    assert rows(job).get().state == JobState.FAILED


def test_the_database_refuses_a_row_that_contradicts_itself(job_of_every_kind: LeasedJob):
    contradictions: dict[str, dict[str, Any]] = {
        "running without a lease": {"state": JobState.RUNNING},
        "leased but not running": {"lease_until": timezone.now()},
        "ended without a time": {"state": JobState.FAILED},
        "ended but open": {"finished_at": timezone.now()},
        "101 %": {"progress": 101},
    }
    refused = set()

    for name, wrong in contradictions.items():
        try:
            with transaction.atomic():
                rows(job_of_every_kind).update(**wrong)
        except IntegrityError:
            refused.add(name)

    assert refused == contradictions.keys()
