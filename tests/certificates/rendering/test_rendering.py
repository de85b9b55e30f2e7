"""A certificate is drawn once and completely, with its frozen claims."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.files.storage import storages

from certificates.drawing import draw_certificate
from certificates.enums import KeyRole
from certificates.models import Artifact, Credential, RenderJob
from certificates.queries.keys import active_key, seal_trust
from certificates.sealing import Verdict, examine
from certificates.services.rendering import (
    render_certificate,
    retry_rendering,
)
from certificates.services.sealed_pdfs import certificate_data_of
from certificates.tasks import render
from jobs.enums import JobState
from jobs.services.recovery import recover
from tests.database_owner import trigger_disabled
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import approved, drawn, issued, proposed
from tests.factories.courses import CohortFactory
from tests.factories.jobs import put
from tests.factories.signing_keys import with_demo_keys
from typesetting import TypesettingError


@pytest.fixture
def credential(db: None) -> Credential:
    with_demo_keys()
    return issued()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return document[0].get_textpage().get_text_bounded()


def stored(artifact: Artifact) -> bytes:
    with storages["private"].open(artifact.path) as file:
        return file.read()


def test_the_file_is_stored_with_its_hash(credential: Credential):
    artifact = drawn(credential)

    pdf = stored(artifact)
    assert pdf.startswith(b"%PDF-")
    assert artifact.sha256 == hashlib.sha256(pdf).hexdigest()
    assert artifact.size == len(pdf) < 150_000
    assert credential.render_jobs.get().state == JobState.DONE


def test_names_and_number_can_be_read_back_from_the_file(db: None):
    person = PersonFactory(
        full_name_ar="محمد عبد الرحمن الشربيني", full_name_en="Mohamed Abdelrahman El-Sherbini"
    )
    credential = issued(person=person)

    pdf = stored(drawn(credential))

    lines = text_of(pdf).splitlines()
    assert "محمد عبد الرحمن الشربيني" in lines
    assert "Mohamed Abdelrahman El-Sherbini" in lines
    assert credential.number in lines


def test_the_task_delivered_twice_keeps_one_file_and_one_row(credential: Credential):
    render(credential.render_jobs.get().pk)
    first = Artifact.objects.get()

    render(credential.render_jobs.get().pk)

    assert Artifact.objects.get() == first
    assert [path.suffix for path in Path(storages["private"].path(first.path)).parent.iterdir()].count(
        ".part"
    ) == 0


def test_the_same_claims_draw_the_same_page(credential: Credential):
    assert draw_certificate(certificate_data_of(credential)) == draw_certificate(
        certificate_data_of(credential)
    )


def test_the_file_is_sealed_by_the_key_in_its_row(credential: Credential):
    artifact = drawn(credential)

    reading = examine(stored(artifact), trust=seal_trust())

    assert reading.verdict == Verdict.INTACT
    assert reading.key_id == artifact.key_id == active_key(KeyRole.PDF_SEAL).key_id


def test_two_workers_that_draw_one_certificate_keep_one_row_and_its_file(
    credential: Credential, django_capture_on_commit_callbacks: Any
):
    first = drawn(credential)
    put(RenderJob.objects, JobState.WAITING)

    with django_capture_on_commit_callbacks(execute=True):
        second = render_certificate(job_id=credential.render_jobs.get().pk)

    folder = Path(storages["private"].path(first.path)).parent
    assert second == first
    assert hashlib.sha256(stored(first)).hexdigest() == first.sha256
    assert [path.name for path in folder.glob(f"{credential.public_id}*")] == [Path(first.path).name]


def test_a_file_sealed_by_a_demo_key_has_a_watermark(credential: Credential):
    plain = certificate_data_of(credential)
    marked = certificate_data_of(credential, is_demo=True)

    assert draw_certificate(plain) != draw_certificate(marked)
    assert text_of(draw_certificate(plain)) == text_of(draw_certificate(marked))


def test_a_job_held_by_another_worker_is_left_alone(credential: Credential):
    put(RenderJob.objects, JobState.RUNNING)

    assert render_certificate(job_id=credential.render_jobs.get().pk) is None
    assert not Artifact.objects.exists()


def test_a_dead_worker_s_job_is_taken_over_after_its_lease(credential: Credential):
    put(RenderJob.objects, JobState.RUNNING, attempts=1, lease_ends_in=-1)

    recover(RenderJob)
    assert drawn(credential) is not None


@pytest.mark.django_db(transaction=True)
def test_a_poisoned_job_is_given_up_after_three_attempts_and_can_be_tried_again(credential: Credential):
    job = credential.render_jobs.get()
    poisoned = {**credential.claims, "center_ar": "汉" * 3}
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.update(claims=poisoned)

    for _attempt in range(RenderJob.max_attempts):
        with pytest.raises(TypesettingError):
            render_certificate(job_id=job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "MissingGlyph" in job.error
    assert render_certificate(job_id=job.pk) is None
    retry_rendering(job_id=job.pk, by=credential.proposed_by)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_each_certificate_drawn_asks_the_same_questions_however_many_there_are(
    people: int, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
):
    first, *credentials = approved(proposed(CohortFactory(), people=people + 1))
    render_certificate(job_id=first.render_jobs.get().pk)  # opens what a process opens once

    for credential in credentials:
        job = credential.render_jobs.get()
        with django_assert_num_queries(14):
            render_certificate(job_id=job.pk)
