"""A worker that is killed while it notes the receivers of a message leaves no half batch, and no one is told twice."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import Center
from courses.models import AnnouncementJob, AnnouncementNotice
from courses.services import announcements
from courses.services.announcements import note_recipients, send_announcements
from jobs.services.recovery import recover
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory, announcement_in
from tests.factories.rows import load
from tests.media_pipeline.transcode_jobs.workers import worker_environment

load()

# Notes two people at a time, says so, and hangs in the middle of the third batch.
WORK = """
import sys, time, django; django.setup()
from courses.models import AnnouncementNotice
from courses.services import announcements
announcements.PEOPLE_AT_ONCE = 2
create, batches = AnnouncementNotice.objects.bulk_create, []
def create_and_hang(*args, **options):
    made = create(*args, **options)
    batches.append(made)
    if len(batches) == 3:
        print("hanging", flush=True)
        time.sleep(600)
    return made
AnnouncementNotice.objects.bulk_create = create_and_hang
announcements.note_recipients(job_id=int(sys.argv[1]))
"""


@pytest.mark.engines("a process that is killed")
@pytest.mark.django_db(transaction=True)
def test_the_next_worker_goes_on_after_the_last_whole_batch(center: Center):
    announcement = announcement_in(center)
    for number in range(6):
        person = PersonFactory(registered_at=center)
        TraineeFactory(person=person, email=f"p{number}@example.org")
        EnrollmentFactory(person=person, cohort=announcement.cohort)
    announcements.send_announcement(announcement_id=announcement.pk, by=announcement.written_by)
    job = announcement.job
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(job.pk)],
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
    assert AnnouncementNotice.objects.count() == 4
    AnnouncementJob.objects.update(lease_until=timezone.now())
    recover(AnnouncementJob)
    AnnouncementJob.objects.update(due_at=timezone.now())
    note_recipients(job_id=job.pk)
    send_announcements()

    people = AnnouncementNotice.objects.values_list("person", flat=True)
    assert len(people) == len(set(people)) == 7
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"p{number}@example.org" for number in range(6)]
