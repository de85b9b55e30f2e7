"""Workers take steps in an order people can live with, each another one, and cheaply."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Center
from media_pipeline.enums import JobState, StepKind, StepState, VideoState
from media_pipeline.errors import LeaseLost
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.claiming import FIRST_OF_CENTER, TURNS, claim
from media_pipeline.services.jobs.settling import state_of
from media_pipeline.services.jobs.slots import a_slot
from media_pipeline.services.jobs.sweeping import sweep_jobs
from tests.factories.accounts import CenterFactory
from tests.factories.media_pipeline import TranscodeJobFactory, TranscodeStepFactory


def taken() -> TranscodeStep | None:
    lease = claim(worker="one/1")
    return lease and TranscodeStep.objects.get(pk=lease.step_id)


def test_what_makes_a_video_watchable_comes_before_other_qualities(db: None):
    TranscodeStepFactory(phase=2, rank=1)
    first_phase = TranscodeStepFactory(phase=1, rank=500)
    reading = TranscodeStepFactory(phase=0, kind=StepKind.PROBE)

    assert [taken(), taken()] == [reading, first_phase]


def test_a_short_video_does_not_wait_for_a_long_one(center: Center):
    long = TranscodeStepFactory(job__video__center=center, rank=7200)
    short = TranscodeStepFactory(job__video__center=center, rank=60)

    assert [taken(), taken()] == [short, long]


def test_the_center_with_fewer_running_steps_goes_first(center: Center, other_center: Center):
    many = [TranscodeStepFactory(job__video__center=center, rank=10) for _ in range(3)]
    one = TranscodeStepFactory(job__video__center=other_center, rank=900)

    order = [taken() for _ in range(4)]

    assert order[0] == many[0]
    assert order[1] == one
    assert set(order[2:]) == set(many[1:])
    assert taken() is None


def test_a_step_is_taken_under_a_lease_and_its_job_runs(db: None, settings: Settings):
    settings.MEDIA_LEASE_SECONDS = 30
    step = TranscodeStepFactory()

    lease = claim(worker="host/7")

    step.refresh_from_db()
    assert lease.fence == step.fence == 1
    assert (step.state, step.worker, step.attempts) == (StepState.RUNNING, "host/7", 1)
    assert dt.timedelta(0) < step.lease_until - timezone.now() <= dt.timedelta(seconds=30)
    assert (step.job.state, step.job.video.state) == (JobState.RUNNING, VideoState.PROCESSING)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_take_each_step_once():
    steps = [TranscodeStepFactory() for _ in range(12)]

    def take_all(worker: int) -> list[int]:
        try:
            leases = iter(lambda: claim(worker=f"host/{worker}"), None)
            return [lease.step_id for lease in leases]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        got = [step for part in workers.map(take_all, range(4)) for step in part]

    assert sorted(got) == sorted(step.pk for step in steps)
    assert set(TranscodeStep.objects.values_list("attempts", "fence")) == {(1, 1)}


def test_a_claim_among_ten_thousand_waiting_steps_reads_a_handful_of_rows(db: None):
    jobs = [TranscodeJobFactory(video__center=center) for center in CenterFactory.create_batch(5)]
    TranscodeStep.objects.bulk_create(
        TranscodeStep(
            job=job, center_id=job.video.center_id, kind="chunk", phase=1 + n % 2, number=n, rank=60.0
        )
        for job in jobs
        for n in range(2_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE media_pipeline_transcodestep")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {TURNS}")
        turns = cursor.fetchone()[0][0]["Plan"]
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {FIRST_OF_CENTER}", [jobs[0].video.center_id])
        first = cursor.fetchone()[0][0]["Plan"]

    assert rows_read(turns) < 100
    assert rows_read(first) < 10
    assert taken().phase == 1


def rows_read(plan: dict) -> int:
    """Rows that the nodes touching the table gave or threw away, all loops together."""
    own = 0
    if plan.get("Relation Name"):
        thrown = plan.get("Rows Removed by Filter", 0)
        own = (plan["Actual Rows"] + thrown) * plan["Actual Loops"]
    return own + sum(rows_read(part) for part in plan.get("Plans", []))


def test_an_expired_lease_goes_back_and_the_fence_shuts_the_old_worker_out(db: None):
    step = TranscodeStepFactory()
    old = claim(worker="one/1")
    later = timezone.now() + dt.timedelta(hours=1)

    sweep_jobs(now=later)
    new = claim(worker="two/2")

    step.refresh_from_db()
    assert (new.fence, step.worker, step.attempts) == (2, "two/2", 2)
    with pytest.raises(LeaseLost), transaction.atomic():
        old.lock()
    old.renewed_at = 0
    with pytest.raises(LeaseLost):
        old.renew(0.5)
    assert TranscodeStep.objects.get().percent == 0


def test_a_step_that_kills_its_worker_three_times_is_set_aside_and_the_rest_goes_on(db: None):
    poison = TranscodeStepFactory(phase=2, state=StepState.RUNNING, attempts=3)
    beside = TranscodeStepFactory(job=poison.job, phase=2)
    watchable = TranscodeStepFactory(job=poison.job, phase=1)

    sweep_jobs(now=timezone.now() + dt.timedelta(hours=1))

    states = dict(TranscodeStep.objects.values_list("pk", "state"))
    assert states == {
        poison.pk: StepState.QUARANTINED,
        beside.pk: StepState.CANCELED,
        watchable.pk: StepState.WAITING,
    }
    assert taken() == watchable
    poison.refresh_from_db()
    assert "died" in poison.error


def test_a_sweep_leaves_living_leases_and_pauses_alone(db: None):
    running = TranscodeStepFactory(state=StepState.RUNNING, attempts=1)
    paused = TranscodeStepFactory(state=StepState.HELD, held_until=timezone.now() + dt.timedelta(seconds=20))

    assert sweep_jobs() == 0
    assert sweep_jobs(now=timezone.now() + dt.timedelta(seconds=30)) == 1

    running.refresh_from_db()
    paused.refresh_from_db()
    assert (running.state, paused.state) == (StepState.RUNNING, StepState.WAITING)


@pytest.mark.parametrize(
    ("steps", "is_held", "state"),
    [
        ({"waiting": 1}, False, JobState.QUEUED),
        ({"waiting": 3, "done": 2}, False, JobState.RUNNING),
        ({"running": 1, "quarantined": 1}, False, JobState.RUNNING),
        ({"held": 2, "done": 2}, True, JobState.HELD),
        ({"held": 1}, False, JobState.QUEUED),
        ({"done": 4, "quarantined": 1, "canceled": 2}, False, JobState.QUARANTINED),
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
        ({"state": StepState.RUNNING, "lease_until": None}, "step_runs_under_a_lease"),
        ({"lease_until": timezone.now()}, "step_runs_under_a_lease"),
        ({"state": StepState.DONE, "checkpoint": None}, "step_done_left_a_checkpoint"),
        ({"phase": 3}, "step_is_of_a_phase"),
    ],
)
def test_the_database_refuses_a_step_that_cannot_be(db: None, facts: dict, rule: str):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        TranscodeStepFactory(**facts)

    assert not TranscodeStep.objects.exists()


def test_a_step_is_there_once(db: None):
    step = TranscodeStepFactory()

    with pytest.raises(IntegrityError, match="step_once"), transaction.atomic():
        TranscodeStepFactory(job=step.job, number=step.number)

    assert TranscodeJob.objects.count() == TranscodeStep.objects.count() == 1


def test_a_machine_has_as_many_places_as_the_operator_says(private_root: Path, settings: Settings):
    settings.MEDIA_STEPS_AT_ONCE = 2

    with a_slot() as one, a_slot() as two, a_slot() as three:
        places = [one, two, three]
    with a_slot() as again:
        pass

    assert places == [True, True, False]
    assert again
