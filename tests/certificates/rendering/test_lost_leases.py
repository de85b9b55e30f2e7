"""A worker that lost its lease does not undo the work of another one."""

import datetime as dt
import tempfile
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Center, User
from certificates.enums import BundleKind, FileKind
from certificates.models import Artifact, Bundle, RenderJob, SigningKey
from certificates.services.archiving import archive_certificates
from certificates.services.bundles import make_bundle, request_bundle
from certificates.services.rendering import render_certificate
from jobs.enums import JobState
from tests.factories.certificates import approved, drawn, issued, proposed
from tests.factories.courses import CohortFactory


def while_a_file_is_begun(
    patch: pytest.MonkeyPatch, other: Callable[[], object], *, then: type[Exception] | None = None
) -> None:
    """Let another worker do its work when the first one begins its file; the first one's disk fails `then`."""
    begin = tempfile.mkstemp

    def begin_after_the_other(**place: str) -> tuple[int, str]:
        patch.setattr(tempfile, "mkstemp", begin)
        other()
        if then:
            raise then("No space left on device")
        return begin(**place)

    patch.setattr(tempfile, "mkstemp", begin_after_the_other)


@pytest.fixture
def bundle(center: Center, manager: User) -> Bundle:
    proposal = proposed(CohortFactory(center=center))
    [credential] = approved(proposal)
    drawn(credential)
    return request_bundle(proposal_id=proposal.pk, kind=BundleKind.ZIP, by=manager)


def made_by_another(bundle: Bundle) -> None:
    Bundle.objects.filter(pk=bundle.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    make_bundle(bundle_id=bundle.pk)


def test_a_drawing_that_fails_after_another_worker_drew_leaves_the_job_done(
    center: Center, monkeypatch: pytest.MonkeyPatch
):
    issued(CohortFactory(center=center))
    job = RenderJob.objects.get()

    def drawn_by_another() -> None:
        RenderJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        render_certificate(job_id=job.pk)

    while_a_file_is_begun(monkeypatch, drawn_by_another, then=OSError)
    with pytest.raises(OSError, match="No space"):
        render_certificate(job_id=job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


def test_a_bundle_that_fails_after_another_worker_made_it_stays_done(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
):
    while_a_file_is_begun(monkeypatch, lambda: made_by_another(bundle), then=OSError)
    with pytest.raises(OSError, match="No space"):
        make_bundle(bundle_id=bundle.pk)

    bundle.refresh_from_db()
    assert (bundle.state, bundle.error) == (JobState.DONE, "")


def test_a_bundle_that_another_worker_made_keeps_its_file(bundle: Bundle, monkeypatch: pytest.MonkeyPatch):
    paths = []

    def note() -> None:
        made_by_another(bundle)
        paths.append(Bundle.objects.get(pk=bundle.pk).path)

    while_a_file_is_begun(monkeypatch, note)
    make_bundle(bundle_id=bundle.pk)

    bundle.refresh_from_db()
    assert [bundle.path] == paths


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_worker_archives_is_skipped(demo_keys: list[SigningKey]):
    paper = drawn(issued())
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM certificates_artifact WHERE id = %s FOR NO KEY UPDATE", [paper.pk])
        with connection.cursor() as mine:
            # Who waits for the other one instead fails here, and does not wait for ever.
            mine.execute("SET lock_timeout = '3s'")

        archived = archive_certificates(limit=10)
    finally:
        other.close()
        connection.close()

    assert archived == 0
    assert not Artifact.objects.filter(kind=FileKind.ARCHIVE).exists()
    assert archive_certificates(limit=10) == 1
