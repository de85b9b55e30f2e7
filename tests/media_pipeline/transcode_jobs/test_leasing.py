"""Workers lease different steps, in a fair order and with few reads."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Center
from jobs.errors import LeaseLost
from jobs.services.leases import fenced
from jobs.services.recovery import recover
from media_pipeline.enums import JobState, StepKind, StepState, VideoState
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.concurrency import concurrency_slot
from media_pipeline.services.jobs.heartbeats import tick
from media_pipeline.services.jobs.leasing import CENTERS_IN_TURN, FIRST_OF_CENTER, lease_next
from media_pipeline.services.jobs.recomputing import state_of
from tests.factories.accounts import CenterFactory
from tests.factories.media_pipeline import TranscodeJobFactory, TranscodeStepFactory


def leased() -> TranscodeStep | None:
    return lease_next(worker="one/1")


def recovered() -> None:
    """Let leases and pauses expire, and run recovery."""
    past = timezone.now() - dt.timedelta(seconds=1)
    TranscodeStep.objects.filter(state=StepState.RUNNING).update(lease_until=past)
    recover(TranscodeStep)
    TranscodeStep.objects.filter(state=StepState.WAITING).update(due_at=past)


def test_what_makes_a_video_watchable_comes_before_other_qualities(db: None):
    TranscodeStepFactory(phase=2, rank=1)
    first_phase = TranscodeStepFactory(phase=1, rank=500)
    reading = TranscodeStepFactory(phase=0, kind=StepKind.PROBE)

    assert [leased(), leased()] == [reading, first_phase]


def test_a_short_video_does_not_wait_for_a_long_one(center: Center):
    long = TranscodeStepFactory(job__video__center=center, rank=7200)
    short = TranscodeStepFactory(job__video__center=center, rank=60)

    assert [leased(), leased()] == [short, long]


def test_the_center_with_fewer_running_steps_goes_first(center: Center, other_center: Center):
    many = [TranscodeStepFactory(job__video__center=center, rank=10) for _ in range(3)]
    one = TranscodeStepFactory(job__video__center=other_center, rank=900)

    order = [leased() for _ in range(4)]

    assert order[0] == many[0]
    assert order[1] == one
    assert set(order[2:]) == set(many[1:])
    assert leased() is None


def test_a_step_is_leased_and_its_job_runs(db: None):
    step = TranscodeStepFactory()

    held = lease_next(worker="host/7")

    step.refresh_from_db()
    assert held.fence == step.fence == 1
    assert (step.state, step.worker, step.attempts) == (StepState.RUNNING, "host/7", 1)
    assert dt.timedelta(0) < step.lease_until - timezone.now() <= TranscodeStep.lease
    assert (step.job.state, step.job.video.state) == (JobState.RUNNING, VideoState.PROCESSING)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_lease_each_step_once():
    steps = [TranscodeStepFactory() for _ in range(12)]

    def lease_all(worker: int) -> list[int]:
        try:
            return [step.pk for step in iter(lambda: lease_next(worker=f"host/{worker}"), None)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        got = [step for part in workers.map(lease_all, range(4)) for step in part]

    assert sorted(got) == sorted(step.pk for step in steps)
    assert set(TranscodeStep.objects.values_list("attempts", "fence")) == {(1, 1)}


def test_a_lease_among_ten_thousand_waiting_steps_reads_a_handful_of_rows(db: None):
    jobs = [TranscodeJobFactory(video__center=center) for center in CenterFactory.create_batch(5)]
    TranscodeStep.objects.bulk_create(
        TranscodeStep(
            job=job, center_id=job.video.center_id, kind="chunk", phase=1 + n % 2, number=n, rank=60.0
        )
        for job in jobs
        for n in range(2_000)
    )
    # One more job of many steps waits for disk space.
    TranscodeStep.objects.filter(job=jobs[1]).update(due_at=timezone.now() + dt.timedelta(days=1))
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE media_pipeline_transcodestep")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {CENTERS_IN_TURN}", [now])
        turns = cursor.fetchone()[0][0]["Plan"]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {FIRST_OF_CENTER}", [jobs[0].video.center_id, now])
        first = cursor.fetchone()[0][0]["Plan"]

    assert rows_read(turns) < 100
    assert rows_read(first) < 10
    assert leased().phase == 1


def rows_read(plan: dict) -> int:
    """Rows that the nodes touching the table gave or threw away, all loops together."""
    own = 0
    if plan.get("Relation Name"):
        thrown = plan.get("Rows Removed by Filter", 0)
        own = (plan["Actual Rows"] + thrown) * plan["Actual Loops"]
    return own + sum(rows_read(part) for part in plan.get("Plans", []))


def test_an_expired_lease_is_recovered_and_the_old_worker_is_fenced_out(db: None):
    TranscodeStepFactory()
    old = lease_next(worker="one/1")

    recovered()
    new = lease_next(worker="two/2")

    assert (new.fence, new.worker, new.attempts) == (2, "two/2", 2)
    with pytest.raises(LeaseLost), transaction.atomic():
        fenced(old)
    old.lease_until = timezone.now()
    with pytest.raises(LeaseLost):
        tick(old, 0.5)
    assert TranscodeStep.objects.get().progress == 0


def test_a_step_that_kills_its_worker_three_times_fails_and_the_rest_goes_on(db: None):
    poison = TranscodeStepFactory(phase=2, state=StepState.RUNNING, attempts=3)
    another = TranscodeStepFactory(job=poison.job, phase=2)
    watchable = TranscodeStepFactory(job=poison.job, phase=1)

    recovered()

    states = dict(TranscodeStep.objects.values_list("pk", "state"))
    assert states == {
        poison.pk: StepState.FAILED,
        another.pk: StepState.CANCELED,
        watchable.pk: StepState.WAITING,
    }
    assert leased() == watchable
    poison.refresh_from_db()
    assert "died" in poison.error


def test_a_job_whose_worker_died_at_every_attempt_has_failed(db: None):
    poison = TranscodeStepFactory(state=StepState.RUNNING, attempts=3, job__state=JobState.RUNNING)

    recovered()

    poison.job.refresh_from_db()
    assert (poison.job.state, poison.job.video.state) == (JobState.QUARANTINED, VideoState.FAILED)
    assert "died" in poison.job.error


@pytest.mark.django_db(transaction=True)
def test_a_job_that_a_worker_has_locked_is_recovered_later_and_others_now():
    locked, free = (TranscodeStepFactory(state=StepState.RUNNING, attempts=1) for _ in range(2))
    TranscodeStep.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))

    def recover_elsewhere() -> None:
        try:
            recover(TranscodeStep)
        finally:
            connections.close_all()

    with transaction.atomic(), ThreadPoolExecutor(1) as worker:
        TranscodeJob.objects.select_for_update().get(pk=locked.job_id)
        worker.submit(recover_elsewhere).result()

    locked.refresh_from_db()
    free.refresh_from_db()
    assert (locked.state, free.state) == (StepState.RUNNING, StepState.WAITING)


def test_a_step_that_is_not_due_is_passed_over(db: None):
    TranscodeStepFactory(rank=1, due_at=timezone.now() + dt.timedelta(seconds=20))
    due = TranscodeStepFactory(rank=2)

    assert [leased(), leased()] == [due, None]


def test_one_message_is_enough_for_a_worker_loop(
    db: None, sent: list[tuple[str, list[object]]], django_capture_on_commit_callbacks: Any
):
    for _ in range(20):
        TranscodeStepFactory()
    TranscodeStep.objects.update(dispatched_at=timezone.now() - dt.timedelta(minutes=5))

    with django_capture_on_commit_callbacks(execute=True):
        recover(TranscodeStep)

    assert sent == [("media_pipeline.tasks.work", [])] * 8


@pytest.mark.parametrize(
    ("steps", "is_held", "state"),
    [
        ({"waiting": 1}, False, JobState.QUEUED),
        ({"waiting": 3, "done": 2}, False, JobState.RUNNING),
        ({"running": 1, "failed": 1}, False, JobState.RUNNING),
        ({"waiting": 2, "done": 2}, True, JobState.HELD),
        ({"done": 4, "failed": 1, "canceled": 2}, False, JobState.QUARANTINED),
        ({"done": 1, "refused": 1, "canceled": 1}, False, JobState.REFUSED),
        ({"done": 1, "canceled": 1}, False, JobState.CANCELED),
        ({"done": 9}, False, JobState.DONE),
    ],
)
def test_the_state_of_a_job_is_read_from_its_steps(steps: dict[str, int], is_held: bool, state: JobState):
    assert state_of(steps, is_held=is_held) == state


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"state": StepState.RUNNING, "lease_until": None}, "running_under_a_lease"),
        ({"lease_until": timezone.now()}, "running_under_a_lease"),
        ({"state": StepState.DONE, "checkpoint": None}, "step_done_left_a_checkpoint"),
        ({"phase": 3}, "step_is_of_a_phase"),
    ],
)
def test_the_database_refuses_a_step_that_cannot_be(db: None, facts: dict, rule: str):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        TranscodeStepFactory(**facts)

    assert not TranscodeStep.objects.exists()


def test_a_step_exists_once(db: None):
    step = TranscodeStepFactory()

    with pytest.raises(IntegrityError, match="step_once"), transaction.atomic():
        TranscodeStepFactory(job=step.job, number=step.number)

    assert TranscodeJob.objects.count() == TranscodeStep.objects.count() == 1


def test_a_machine_has_as_many_slots_as_the_operator_sets(private_root: Path, settings: Settings):
    settings.MEDIA_STEPS_AT_ONCE = 2

    with concurrency_slot() as one, concurrency_slot() as two, concurrency_slot() as three:
        places = [one, two, three]
    with concurrency_slot() as again:
        pass

    assert places == [True, True, False]
    assert again
