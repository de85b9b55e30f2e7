"""A worker killed by SIGKILL in the middle of a batch of questions: another one goes on, and each is written once."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from assessment.models import Question, QuestionImport
from assessment.services.question_imports import start_question_import
from courses.enums import ImportStep
from jobs.services.recovery import recover
from tests.assessment.question_files import checked, counts, let_lease_expire, worked
from tests.factories.accounts import CenterFactory
from tests.media_pipeline.transcode_jobs.workers import worker_environment

# The second batch is killed when its drafts are written and not committed.
WORK = """
import sys, time, django; django.setup()
from assessment.services import question_imports
question_imports.QUESTIONS_IN_A_BATCH = 2
count, batches = question_imports._count, []
def stop_in_the_second(held, outcome):
    count(held, outcome)
    batches.append(outcome)
    if len(batches) == 2:
        print("in the middle", flush=True)
        time.sleep(600)
question_imports._count = stop_in_the_second
question_imports.work_on_file(run_id=int(sys.argv[1]))
"""


@pytest.mark.engines("a process that is killed")
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_and_writes_each_question_once():
    text = "\n\n".join(f"هذه العبارة رقم {number} صحيحة. {{T}}" for number in range(7))
    run = checked(text, owner=CenterFactory())
    start_question_import(run_id=run.pk, by=run.uploaded_by)
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
    written = Question.objects.of_the_bank().count()

    let_lease_expire(run)
    recover(QuestionImport)
    QuestionImport.objects.update(due_at=timezone.now())
    run = worked(run)

    assert (said, written) == (b"in the middle\n", 2)
    assert run.step == ImportStep.IMPORTED
    assert counts(run) == (7, 0, 0, 0)
    assert Question.objects.of_the_bank().count() == 7
