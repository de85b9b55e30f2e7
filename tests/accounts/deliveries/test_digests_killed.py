"""A worker that is killed while it makes the daily messages leaves no half batch, and no one gets two."""

import datetime as dt
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import Center, Digest, DigestNotice, DigestRun, SiteNotice
from accounts.services.digests import make_digests, send_digests
from accounts.services.gathering import choose_digest
from jobs.services.recovery import recover
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.media_pipeline.transcode_jobs.workers import worker_environment

# Two people at a time; says so, and hangs in the middle of the third batch.
WORK = """
import sys, time, django; django.setup()
from accounts.models import DigestNotice
from accounts.services import digests
digests.PEOPLE_AT_ONCE = 2
create, batches = DigestNotice.objects.bulk_create, []
def create_and_hang(*args, **options):
    made = create(*args, **options)
    batches.append(made)
    if len(batches) == 3:
        print("hanging", flush=True)
        time.sleep(600)
    return made
DigestNotice.objects.bulk_create = create_and_hang
digests.make_digests(run_id=int(sys.argv[1]))
"""


@pytest.mark.engines("a process that is killed")
@pytest.mark.django_db(transaction=True)
def test_the_next_worker_goes_on_after_the_last_whole_batch(center: Center):
    for number in range(6):
        user = TraineeFactory(person=PersonFactory(registered_at=center), email=f"p{number}@example.org")
        choose_digest(
            person_id=user.person_id, topics=["waiting_list"], hour=18, is_sent_short=False, by=user
        )
        SiteNotice.objects.create(
            person=user.person,
            about="courses.seatnotice",
            notice=number + 1,
            topic="waiting_list",
            subject="خبر",
            body="نص",
        )
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Digest.objects.update(due_at=hour - dt.timedelta(hours=1))
    run = DigestRun.objects.create(hour=hour)
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(run.pk)],
        cwd=settings.BASE_DIR,
        env=worker_environment(),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()

    assert said == b"hanging\n"
    assert DigestNotice.objects.count() == 4
    DigestRun.objects.update(lease_until=timezone.now())
    recover(DigestRun)
    DigestRun.objects.update(due_at=timezone.now())
    make_digests(run_id=run.pk)
    send_digests()

    assert sorted(letter.to[0] for letter in mail.outbox) == [f"p{number}@example.org" for number in range(6)]
