"""Eight workers, forced rollbacks, duplicate messages and a killed worker: afterwards the audit command finds nothing."""

import json
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from kombu import Connection

from accounts.enums import RoleName
from certificates import tasks
from certificates.errors import AlreadyDecided
from certificates.models import Artifact, Credential, NumberSeries, Proposal, RenderJob
from certificates.services.deciding import approve
from certificates.services.file_storage import CERTIFICATES, TEMPORARY_FOLDER, private_path
from jobs.enums import JobState
from jobs.tasks import recover_jobs
from tests.certificates.batch_world import proposed_cohort
from tests.external_programs import program
from tests.factories.accounts import CenterFactory, MembershipFactory
from tests.factories.certificates import approved
from tests.media_pipeline.transcode_jobs.workers import (
    ROOT,
    Worker,
    started_workers,
    wait_for,
    worker_environment,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.scaled("eight processes and a Redis")]

WORKERS = 8
# Long enough for a busy machine to draw one certificate, short enough to wait for.
SHORT = {"CERTIFICATES_LEASE_SECONDS": "6"}
Start = Callable[..., Worker]


class ForcedRollback(Exception):
    """A failure between the numbers and the commit."""


@pytest.fixture
def start() -> Iterator[Start]:
    for folder in (CERTIFICATES, TEMPORARY_FOLDER):
        for file in private_path(folder).rglob("*.p*"):
            file.unlink()
    with started_workers() as starts:
        yield starts


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis that keeps nothing on the disk."""
    redis_server = program("redis-server", package="redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    server = subprocess.Popen([redis_server, *options], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


def dispatch_at(broker: str, job_ids: list[int]) -> None:
    """Send the messages of a batch to a broker that the test's own settings do not know."""
    with Connection(broker) as connection:
        for chunk in batched(job_ids, RenderJob.ids_in_a_message or 1, strict=False):
            tasks.render_chunk.apply_async((list(chunk),), connection=connection)


def audit() -> dict[str, object]:
    """What the command says, in a process of its own, as an operator runs it after the work."""
    run = subprocess.run(
        [sys.executable, "manage.py", "audit_certificates"],
        cwd=ROOT,
        # No lease is running: whatever has no row is an orphan.
        env=worker_environment(CERTIFICATES_LEASE_SECONDS="0"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr
    return {**json.loads(run.stdout.splitlines()[-1]), "code": run.returncode, "says": run.stderr}


def job_ids() -> list[int]:
    return list(RenderJob.objects.order_by("pk").values_list("pk", flat=True))


def is_drawn() -> bool:
    return not RenderJob.objects.exclude(state=JobState.DONE).exists()


def recover_at(broker: str) -> None:
    """What beat does every half minute."""
    with Connection(broker) as messages:
        recover_jobs.apply_async(connection=messages)
        tasks.purge_files.apply_async(connection=messages)


class Workers:
    """Officers who decide everything thrice, in any order; most of what they write is rolled back."""

    def __init__(self, proposals: list[Proposal]) -> None:
        self.proposals = proposals
        self.officers = {
            proposal.pk: [
                MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=proposal.center).user
                for _ in range(2)
            ]
            for proposal in proposals
        }
        self.refused: list[int] = []
        self.rolled_back: list[int] = []

    def work(self, seed: int) -> None:
        dice = random.Random(seed)
        try:
            for proposal in dice.sample(3 * self.proposals, 3 * len(self.proposals)):
                self.decide(proposal, dice)
        finally:
            connection.close()

    def decide(self, proposal: Proposal, dice: random.Random) -> None:
        try:
            self.approve_or_fail(proposal, dice)
        except ForcedRollback:
            self.rolled_back.append(proposal.pk)
        except AlreadyDecided:
            self.refused.append(proposal.pk)

    @transaction.atomic
    def approve_or_fail(self, proposal: Proposal, dice: random.Random) -> None:
        by = dice.choice(self.officers[proposal.pk])
        approve(proposal_id=proposal.pk, by=by, confirmed_at=timezone.now())
        if dice.random() < 0.6:
            raise ForcedRollback


def test_eight_hands_leave_no_gap_while_transactions_fail_and_approvals_come_twice(
    start: Start,
    broker: str,
):
    centers = [CenterFactory(), CenterFactory()]
    proposals = [proposed_cohort(7, center=centers[number % 2]) for number in range(12)]
    hands = Workers(proposals)

    for name in ("one", "two"):
        start(name, REDIS_URL=broker, **SHORT)
    threads = [threading.Thread(target=hands.work, args=(seed,)) for seed in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Every message twice, out of order.
    for _delivery in range(2):
        dispatch_at(broker, random.Random(5).sample(job_ids(), len(job_ids())))
    wait_for(is_drawn)

    assert hands.rolled_back
    assert hands.refused
    for center in centers:
        numbers = [int(one.number[-6:]) for one in Credential.objects.filter(center=center)]
        assert sorted(numbers) == list(range(1, 43))
        assert NumberSeries.objects.get(center=center).last == 42
    assert (
        not Credential.objects.values("enrollment").annotate(times=Count("pk")).filter(times__gt=1).exists()
    )
    found = audit()
    assert (found["findings"], found["code"]) == (0, 0), found["says"]
    assert (found["credentials"], found["files"], found["open"]) == (84, 84, 0)


def test_a_worker_killed_in_the_middle_of_a_batch_changes_no_number_and_leaves_no_file_behind(
    start: Start,
    broker: str,
):
    people = 300
    workers = [start(name, REDIS_URL=broker, **SHORT) for name in ("one", "two")]
    issued = approved(proposed_cohort(people))
    numbers = {one.pk: (one.number, one.code) for one in issued}
    dispatch_at(broker, job_ids())

    for count in (40, 110, 180):
        wait_for(lambda count=count: Artifact.objects.count() >= count)
        workers.pop(0).kill()
        workers.append(start(f"after-{count}", REDIS_URL=broker, **SHORT))
    cut_short = RenderJob.objects.exclude(state=JobState.DONE).exists()

    def swept() -> bool:
        recover_at(broker)
        # What the killed ones were writing goes two leases after them.
        return is_drawn() and not list(private_path(TEMPORARY_FOLDER).iterdir())

    wait_for(swept, seconds=240)

    assert cut_short
    assert {one.pk: (one.number, one.code) for one in Credential.objects.all()} == numbers
    found = audit()
    assert (found["findings"], found["code"]) == (0, 0), found["says"]
    assert (found["credentials"], found["files"], found["failed"]) == (people, people, 0)


def test_a_broker_that_loses_all_messages_delays_certificates_but_loses_none(
    start: Start,
    broker: str,
):
    approved(proposed_cohort(60))

    # No message was sent: no worker reads the broker of the test's settings.
    start("one", REDIS_URL=broker, **SHORT)

    def swept() -> bool:
        recover_at(broker)
        return is_drawn()

    wait_for(swept)

    found = audit()
    assert (found["findings"], found["files"]) == (0, 60), found["says"]
