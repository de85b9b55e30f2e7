"""What the wallet and the register say about files that could not be drawn and papers that cannot be renewed is true."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Center, User
from certificates.enums import Reason
from certificates.models import Copy, Credential, RenderJob, Term
from certificates.services.statuses import issue_copy
from jobs.enums import JobState
from tests.factories.accounts import TraineeFactory
from tests.factories.certificates import credential_type, drawn, issued, registrar_of
from tests.factories.certificates_legacy import batch_in, entered
from tests.factories.courses import CohortFactory
from tests.factories.jobs import put


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def copied(credential: Credential) -> Copy:
    return issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=registrar_of(credential))


def wallet_page(credential: Credential) -> str:
    client = Client()
    client.force_login(TraineeFactory(person=credential.holder))
    return client.get(reverse("certificates:mine")).content.decode()


def fail(*jobs: RenderJob) -> None:
    put(RenderJob.objects.filter(pk__in=[job.pk for job in jobs]), JobState.FAILED, attempts=3)


def test_the_holder_of_a_certificate_that_could_not_be_drawn_is_not_told_to_wait(credential: Credential):
    fail(credential.render_jobs.get())

    page = wallet_page(credential)

    assert "تعذر إعداد الملف. اطلب من مركزك إعداده من جديد." in page
    assert "خلال دقيقة" not in page


def test_the_holder_of_a_copy_that_could_not_be_drawn_is_not_told_to_wait(credential: Credential):
    drawn(credential)
    fail(copied(credential).render_jobs.get())

    page = wallet_page(credential)

    assert "تعذر إعداد الملف. اطلب من مركزك إعداده من جديد." in page
    assert "يجري إعدادها." not in page


def test_the_page_of_a_certificate_offers_to_draw_a_copy_again(
    credential: Credential, manager: User, manager_client: Client
):
    drawn(credential)
    job = copied(credential).render_jobs.get()
    fail(job)
    again = reverse("credentials:redraw", args=[credential.pk])

    page = manager_client.get(reverse("credentials:inspect", args=[credential.pk])).content.decode()
    manager_client.post(again)

    job.refresh_from_db()
    assert again in page
    assert job.state == JobState.WAITING


def test_a_certificate_from_paper_is_not_called_renewable(center: Center):
    last_day = timezone.localdate() + dt.timedelta(days=20)
    Term.objects.create(type=credential_type(), months=36, renewable_days=90, since=dt.date(2020, 1, 1))
    credential = entered(batch_in(center, {"valid_until": last_day.strftime("%d/%m/%Y")}))[0]

    page = wallet_page(credential)

    assert credential.valid_until == last_day
    assert "تجديدها" not in page


def test_a_certificate_comes_right_under_the_title_of_the_page(credential: Credential):
    drawn(credential)

    assert re.findall(r"<h([1-6])[\s>]", wallet_page(credential)) == ["1", "2"]
