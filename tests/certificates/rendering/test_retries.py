"""The center may retry drawings and notices; a user with read access may not."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.enums import MembershipScope, NoticeState, RoleName
from accounts.models import Center, User
from certificates import errors
from certificates.enums import NoticeKind
from certificates.models import Credential, Notice, RenderJob
from certificates.services.notices import resend_failed_notices
from certificates.services.rendering import retry_failed, retry_rendering
from jobs.enums import JobState
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory
from tests.factories.jobs import put


@pytest.fixture
def auditor(db: None) -> User:
    return MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None).user


@pytest.fixture
def failed(center: Center) -> Credential:
    """A certificate whose drawing and whose notice were given up."""
    credential = issued(CohortFactory(center=center))
    put(RenderJob.objects, JobState.FAILED, attempts=3)
    Notice.objects.create(credential=credential, kind=NoticeKind.ISSUED, state=NoticeState.FAILED)
    return credential


def states() -> tuple[str, str]:
    return RenderJob.objects.get().state, Notice.objects.get().state


def test_an_auditor_cannot_retry_drawings_or_notices(failed: Credential, auditor: User, client: Client):
    client.force_login(auditor)
    addresses = [
        reverse("credentials:redraw", args=[failed.pk]),
        reverse("proposals:redraw", args=[failed.proposal_id]),
        reverse("proposals:tell_again", args=[failed.proposal_id]),
    ]

    answers = [client.post(address).status_code for address in addresses]

    assert answers == [404, 404, 404]
    assert states() == (JobState.FAILED, NoticeState.FAILED)


def test_the_auditor_is_offered_no_button_that_would_change_something(
    failed: Credential, auditor: User, client: Client
):
    client.force_login(auditor)

    pages = [
        client.get(reverse("credentials:inspect", args=[failed.pk])).content.decode(),
        client.get(reverse("proposals:inspect", args=[failed.proposal_id])).content.decode(),
    ]

    assert not any("redraw" in page or "tell_again" in page for page in pages)


def test_the_services_ask_themselves_who_may(failed: Credential, auditor: User):
    for act in (
        lambda: retry_rendering(job_id=RenderJob.objects.get().pk, by=auditor),
        lambda: retry_failed(proposal_id=failed.proposal_id, by=auditor),
        lambda: resend_failed_notices(proposal_id=failed.proposal_id, by=auditor),
    ):
        with pytest.raises(errors.NotAllowedHere):
            act()

    assert states() == (JobState.FAILED, NoticeState.FAILED)


def test_who_had_a_certificate_drawn_again_is_on_record(failed: Credential, manager: User):
    retry_rendering(job_id=RenderJob.objects.get().pk, by=manager)

    entry = ModelLogEntry.objects.get(action="certificates.redraw")
    assert (entry.user, entry.object_id) == (manager, str(failed.pk))


def test_a_drawing_that_did_not_fail_is_not_retried(failed: Credential, manager: User):
    put(RenderJob.objects, JobState.RUNNING)

    with pytest.raises(errors.NothingFailed):
        retry_rendering(job_id=RenderJob.objects.get().pk, by=manager)

    assert RenderJob.objects.get().state == JobState.RUNNING
