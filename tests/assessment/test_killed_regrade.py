"""A worker killed by SIGKILL in the middle of a regrade: another one goes on, and nothing is changed twice."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from assessment.enums import KeyRule
from assessment.models import Attempt, AttemptCorrection, Regrade
from assessment.services.regrades import start_regrade, work_on_regrade
from courses.models import ScoreCorrection, UnitProgress
from jobs.enums import JobState
from jobs.services.recovery import recover
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.regrades import counted, officer, taken
from tests.media_pipeline.transcode_jobs.workers import worker_environment

# The second batch is killed when its scores are written and not committed.
WORK = """
import sys, time, django; django.setup()
from assessment.services import correcting, regrades
regrades.ATTEMPTS_IN_A_BATCH = 2
apply, batches = correcting._apply, []
def stop_in_the_second(rows):
    apply(rows)
    batches.append(rows)
    if len(batches) == 2:
        print("in the middle", flush=True)
        time.sleep(600)
correcting._apply = stop_in_the_second
regrades.work_on_regrade(regrade_id=int(sys.argv[1]))
"""


@pytest.mark.engines("a process that is killed")
@pytest.mark.django_db(transaction=True)
def test_a_killed_regrade_goes_on_and_changes_nothing_twice():
    cohort = quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))
    attempts = [taken(cohort, (1,), (0,)) for _person in range(7)]
    by = officer()
    asked = counted(attempts[0].versions[0], KeyRule.EVERYBODY, by=officer())
    regrade = start_regrade(regrade_id=asked.pk, by=by)
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(regrade.pk)],
        cwd=settings.BASE_DIR,
        env=worker_environment(),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    written = AttemptCorrection.objects.count()

    rows = Regrade.objects.filter(pk=regrade.pk, state=JobState.RUNNING)
    rows.update(lease_until=timezone.now())
    recover(Regrade)
    Regrade.objects.update(due_at=timezone.now())
    done = work_on_regrade(regrade_id=regrade.pk)

    assert (said, written) == (b"in the middle\n", 1)
    assert done is not None
    assert (done.asked, done.changed) == (7, 7)
    assert set(Attempt.objects.values_list("score", "passed")) == {(100, True)}
    assert AttemptCorrection.objects.count() == ScoreCorrection.objects.count() == 7
    assert [row.scores for row in UnitProgress.objects.all()] == [[100]] * 7
