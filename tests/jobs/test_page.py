"""Operators see what failed or waits, and try it again."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center
from certificates.models import ProofJob, RenderJob
from jobs.enums import JobState
from media_pipeline.models import TranscodeStep, Transcription
from tests.factories.accounts import staff_member
from tests.factories.certificates import proof_to_be_made
from tests.factories.jobs import put
from tests.factories.media_pipeline import step_to_be_done, transcription_in


@pytest.fixture
def officer(client: Client, db: None) -> Client:
    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))
    return client


def failed(center: Center) -> ProofJob:
    job = proof_to_be_made(center)
    put(ProofJob.objects.filter(pk=job.pk), JobState.FAILED, attempts=3, error="OSError: no key")
    job.refresh_from_db()
    return job


def test_a_failed_job_is_listed_with_what_it_is_about(officer: Client, center: Center):
    job = failed(center)

    page = officer.get(reverse("jobs")).content.decode()

    assert job.credential.number in page
    assert "OSError: no key" in page


def test_the_page_is_called_by_its_name(officer: Client):
    page = BeautifulSoup(officer.get(reverse("jobs")).content, "html.parser")

    assert page.select_one("h1").get_text(strip=True) == "المهام الخلفية"


def test_waiting_jobs_of_all_kinds_are_a_list_of_their_own(officer: Client, center: Center):
    number = proof_to_be_made(center).credential.number

    answer = officer.get(reverse("jobs"), {"state": "waiting"})

    kinds = {one.label for one in answer.context["page"]}
    assert {"certificates.proofjob", "certificates.renderjob"} <= kinds
    assert number in answer.content.decode()
    assert number not in officer.get(reverse("jobs")).content.decode()


def test_an_operator_tries_a_failed_job_again_and_the_trail_says_so(officer: Client, center: Center):
    job = failed(center)

    officer.post(reverse("jobs"), {"kind": "certificates.proofjob", "job": job.pk})

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert AuditEntry.objects.filter(action="lms.job.retry").count() == 1


def test_a_job_that_did_not_fail_is_left_alone(officer: Client, center: Center):
    job = proof_to_be_made(center)

    officer.post(reverse("jobs"), {"kind": "certificates.proofjob", "job": job.pk})

    assert not AuditEntry.objects.filter(action="lms.job.retry").exists()


def test_an_operator_cancels_a_waiting_job_and_the_trail_says_so(officer: Client, center: Center):
    draft = transcription_in(center)
    page = officer.get(reverse("jobs"), {"state": "waiting"}).content.decode()

    officer.post(reverse("jobs"), {"act": "cancel", "kind": "media_pipeline.transcription", "job": draft.pk})

    draft.refresh_from_db()
    assert 'value="cancel"' in page
    assert draft.state == JobState.CANCELED
    assert AuditEntry.objects.filter(action="lms.job.cancel").count() == 1


def test_a_job_of_a_kind_that_others_need_cannot_be_canceled(officer: Client, center: Center):
    job = proof_to_be_made(center)
    page = officer.get(reverse("jobs"), {"state": "waiting"}).content.decode()

    answer = officer.post(reverse("jobs"), {"act": "cancel", "kind": "certificates.proofjob", "job": job.pk})

    job.refresh_from_db()
    assert 'value="cancel"' not in page
    assert (answer.status_code, job.state) == (404, JobState.WAITING)


def test_a_job_that_ended_meanwhile_is_not_canceled(officer: Client, center: Center):
    draft = transcription_in(center)
    put(Transcription.objects.filter(pk=draft.pk), JobState.DONE)

    officer.post(reverse("jobs"), {"act": "cancel", "kind": "media_pipeline.transcription", "job": draft.pk})

    draft.refresh_from_db()
    assert draft.state == JobState.DONE
    assert not AuditEntry.objects.filter(action="lms.job.cancel").exists()


def test_steps_of_a_preparation_are_retried_with_the_whole_and_not_here(officer: Client, center: Center):
    step = step_to_be_done(center)
    put(TranscodeStep.objects, JobState.FAILED)

    listed = officer.get(reverse("jobs")).context["page"].object_list
    answer = officer.post(reverse("jobs"), {"kind": "media_pipeline.transcodestep", "job": step.pk})

    assert (listed, answer.status_code) == ([], 404)


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "accounts.user", "job": "1"}, {"kind": "certificates.proofjob", "job": "x"}]
)
def test_an_unknown_job_is_not_found(officer: Client, asked: dict[str, str]):
    assert officer.post(reverse("jobs"), asked).status_code == 404


def test_staff_of_a_center_do_not_see_the_page(client: Client, center: Center):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center=center))

    assert client.get(reverse("jobs")).status_code == 404
    assert client.post(reverse("jobs"), {"kind": "certificates.proofjob", "job": 1}).status_code == 404


def test_the_page_makes_as_many_queries_for_three_jobs_as_for_one(officer: Client, center: Center):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            officer.get(reverse("jobs"))
        return len(asked)

    failed(center)
    put(RenderJob.objects, JobState.FAILED)
    questions()
    one = questions()
    for _ in range(2):
        failed(center)
    put(RenderJob.objects, JobState.FAILED)

    assert questions() == one
