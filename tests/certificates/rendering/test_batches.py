"""A batch: certificates are drawn independently, one file each, and a page shows the progress."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import NoticeKind
from certificates.errors import NothingFailed
from certificates.models import Artifact, Credential, Notice, Proposal, RenderJob
from certificates.services.file_storage import TEMPORARY_FOLDER, delete_abandoned_files, private_path, stem_of
from certificates.services.rendering import (
    render_certificate,
    render_certificates,
    retry_failed,
    retry_rendering,
)
from jobs.enums import JobState
from jobs.services.dispatch import dispatch_jobs
from lms.celery import app
from tests.database_owner import run_as_owner, trigger_disabled
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import approved, proposed
from tests.factories.courses import CohortFactory
from tests.factories.jobs import put


@pytest.fixture
def proposal(center: Center) -> Proposal:
    proposal = proposed(CohortFactory(center=center), people=3)
    approved(proposal)
    return proposal


@pytest.fixture
def officer(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def job_ids() -> list[int]:
    return list(RenderJob.objects.order_by("pk").values_list("pk", flat=True))


def poison(credential: Credential) -> None:
    """Write claims that no font can print, with the trigger disabled."""
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=credential.pk).update(
            claims={**credential.claims, "center_ar": "汉" * 3}
        )


def files_of(credential: Credential) -> list[Path]:
    folder = private_path(f"certificates/{credential.issued_on.year}")
    return sorted(folder.glob(f"{credential.public_id}*"))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The ids in each message that reaches the broker."""
    messages: list[list[int]] = []
    monkeypatch.setattr(app, "send_task", lambda _, args, **__: messages.extend(args))
    return messages


def test_one_message_asks_for_as_many_certificates_as_fit(
    db: None, sent: list[list[int]], django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        dispatch_jobs(RenderJob, range(51))

    assert [len(chunk) for chunk in sent] == [25, 25, 1]


def test_an_approval_dispatches_after_its_commit_and_not_before(
    center: Center, sent: list[list[int]], django_capture_on_commit_callbacks: Any
):
    proposal = proposed(CohortFactory(center=center), people=2)

    with django_capture_on_commit_callbacks(execute=True):
        approved(proposal)
        before_the_commit = list(sent)

    assert before_the_commit == []
    assert sent == [job_ids()]


@pytest.mark.django_db(transaction=True)
def test_a_poisoned_certificate_fails_alone(proposal: Proposal):
    first, second, third = proposal.credentials.order_by("pk")
    poison(second)

    for _attempt in range(RenderJob.max_attempts):
        render_certificates(job_ids=job_ids())

    states = [one.render_jobs.get().state for one in (first, second, third)]
    assert states == [JobState.DONE, JobState.FAILED, JobState.DONE]
    assert "MissingGlyph" in second.render_jobs.get().error
    assert [len(files_of(one)) for one in (first, second, third)] == [1, 0, 1]


def test_a_message_delivered_twice_draws_nothing_again(proposal: Proposal):
    assert render_certificates(job_ids=job_ids()) == 3
    before = list(Artifact.objects.values_list("pk", "path"))

    with CaptureQueriesContext(connection) as queries:
        assert render_certificates(job_ids=job_ids()) == 0

    assert list(Artifact.objects.values_list("pk", "path")) == before
    # One for the test's own list, one for what is left to do.
    assert len(queries) == 2


def test_a_file_that_a_dead_worker_named_without_a_row_goes_with_the_next_attempt(proposal: Proposal):
    job = RenderJob.objects.select_related("credential", "copy").first()
    left = private_path(f"{stem_of(job)}0123456789abcdef.pdf")
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"%PDF-1.7 sealed by a worker that died before its commit")
    RenderJob.objects.filter(pk=job.pk).update(attempts=1, fence=1)

    artifact = render_certificate(job_id=job.pk)

    assert artifact is not None
    assert files_of(job.credential) == [private_path(artifact.path)]


def test_a_worker_that_comes_second_leaves_no_file(proposal: Proposal):
    job_id = job_ids()[0]
    first = render_certificate(job_id=job_id)
    assert first is not None
    # What the second one sees that lost its lease: a job it may draw, and at the end a file that is there.
    put(RenderJob.objects.filter(pk=job_id), JobState.WAITING)

    second = render_certificate(job_id=job_id)

    assert second == first
    assert files_of(first.credential) == [private_path(first.path)]
    assert not list(private_path(TEMPORARY_FOLDER).iterdir())


def test_a_rolled_back_drawing_leaves_neither_row_nor_file(proposal: Proposal):
    credential = proposal.credentials.order_by("pk").first()
    run_as_owner("ALTER TABLE certificates_artifact ADD CONSTRAINT refuse CHECK (size < 10) NOT VALID")

    with pytest.raises(Exception, match="refuse"), transaction.atomic():
        render_certificate(job_id=credential.render_jobs.get().pk)

    assert not Artifact.objects.exists()
    assert files_of(credential) == []


def test_what_a_dead_worker_was_writing_is_forgotten_in_time(db: None):
    folder = private_path(TEMPORARY_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    old, young = folder / "old.part", folder / "young.part"
    for file in (old, young):
        file.write_bytes(b"%PDF-")
    os.utime(old, (time.time() - 86_400,) * 2)

    assert delete_abandoned_files() == 1

    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()


def test_a_finished_job_is_not_failed_by_a_worker_that_lost_it(proposal: Proposal):
    job_id = job_ids()[0]
    render_certificate(job_id=job_id)

    assert render_certificate(job_id=job_id) == Artifact.objects.get()
    assert RenderJob.objects.get(pk=job_id).state == JobState.DONE


def test_a_drawn_certificate_has_one_notice(proposal: Proposal):
    render_certificates(job_ids=job_ids())
    render_certificates(job_ids=job_ids())

    assert Notice.objects.filter(kind=NoticeKind.ISSUED).count() == 3


def test_the_failed_ones_of_a_proposal_are_drawn_again(proposal: Proposal, manager: User):
    put(RenderJob.objects.filter(pk=job_ids()[0]), JobState.FAILED, attempts=3, error="disk full")

    assert retry_failed(proposal_id=proposal.pk, by=manager) == 1

    assert render_certificates(job_ids=job_ids()) == 3
    with pytest.raises(NothingFailed):
        retry_failed(proposal_id=proposal.pk, by=manager)


def test_a_retried_job_deletes_files_of_earlier_attempts(proposal: Proposal, manager: User):
    job = RenderJob.objects.select_related("credential", "copy").first()
    left = private_path(f"{stem_of(job)}0123456789abcdef.pdf")
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"%PDF-")
    put(RenderJob.objects.filter(pk=job.pk), JobState.FAILED, attempts=3)

    retry_rendering(job_id=job.pk, by=manager)

    assert not left.exists()


def test_the_page_says_how_far_a_batch_is(proposal: Proposal, manager_client: Client):
    render_certificates(job_ids=job_ids()[:1])
    put(RenderJob.objects.filter(pk=job_ids()[1]), JobState.FAILED)

    answer = manager_client.get(reverse("proposals:progress", args=[proposal.pk])).json()

    assert (answer["done"], answer["failed"], answer["total"]) == (1, 1, 3)
    assert (answer["percent"], answer["is_live"]) == (33, True)
    assert "1 من 3" in answer["label"]
    page = manager_client.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    assert "data-batch-progress" in page
    assert reverse("proposals:redraw", args=[proposal.pk]) in page


def test_the_page_rests_when_a_batch_is_done(proposal: Proposal, manager_client: Client):
    render_certificates(job_ids=job_ids())

    page = manager_client.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()

    assert "data-batch-progress" not in page
    assert not manager_client.get(reverse("proposals:progress", args=[proposal.pk])).json()["is_live"]


def test_staff_draw_failed_ones_again_by_a_button(proposal: Proposal, manager_client: Client):
    put(RenderJob.objects, JobState.FAILED, attempts=3)

    manager_client.post(reverse("proposals:redraw", args=[proposal.pk]))

    assert set(RenderJob.objects.values_list("state", "attempts")) == {(JobState.WAITING, 0)}


@pytest.mark.parametrize("name", ["proposals:inspect", "proposals:progress"])
def test_a_big_batch_asks_the_database_as_often_as_a_small_one(
    center: Center, manager_client: Client, name: str
):
    def questions(people: int) -> int:
        proposal = proposed(CohortFactory(center=center), people=people)
        approved(proposal)
        render_certificates(job_ids=list(RenderJob.objects.values_list("pk", flat=True)))
        with CaptureQueriesContext(connection) as asked:
            assert manager_client.get(reverse(name, args=[proposal.pk])).status_code == 200
        return len(asked)

    questions(1)  # fills the caches of content types and sites
    assert questions(1) == questions(4)
