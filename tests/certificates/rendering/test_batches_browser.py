"""The page of a batch in a browser: it shows the progress, and the next steps in Arabic."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import NoticeState, RoleName
from accounts.models import User
from certificates.enums import BundleKind
from certificates.models import Notice, Proposal, RenderJob
from certificates.services.bundles import make_bundle, request_bundle
from certificates.services.rendering import render_certificates
from jobs.enums import JobState
from tests.browser_pages import entered, keep
from tests.certificates.batch_world import proposed_cohort
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import approved
from tests.factories.jobs import put

pytestmark = [
    pytest.mark.browser("a page that follows the work by script"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def proposal() -> Proposal:
    proposal = proposed_cohort(12)
    approved(proposal)
    return proposal


@pytest.fixture
def manager(proposal: Proposal) -> User:
    return MembershipFactory(role=RoleName.CENTER_MANAGER, center=proposal.center).user


def job_ids() -> list[int]:
    return list(RenderJob.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    "width", [390, pytest.param(1280, marks=pytest.mark.browser("another screen", nightly=True))]
)
def test_the_page_follows_the_work_and_reloads_at_its_end(
    browser: Browser, live_server: LiveServer, proposal: Proposal, manager: User, width: int
):
    render_certificates(job_ids=job_ids()[:3])
    context = entered(
        browser, live_server.url, manager, viewport={"width": width, "height": 800}, locale="ar"
    )
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('proposals:inspect', args=[proposal.pk])}")
    bar = page.locator("[data-batch-progress]")
    expect(bar.locator("[data-label]")).to_have_text("اكتمل إعداد 3 من 12 من الشهادات.")

    render_certificates(job_ids=job_ids()[3:9])
    put(RenderJob.objects.filter(pk=job_ids()[9]), JobState.FAILED)

    expect(bar.locator("[data-label]")).to_have_text("اكتمل إعداد 9 من 12 من الشهادات.")
    expect(bar.locator("[data-trouble]")).to_have_text("تعذّر إعداد شهادة واحدة.")
    bar.scroll_into_view_if_needed()
    keep(page, f"batch-running-{width}")

    render_certificates(job_ids=job_ids())

    expect(bar).to_have_count(0)
    expect(page.get_by_role("button", name="أعد إعداد ما تعذّر")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "width", [1280, pytest.param(390, marks=pytest.mark.browser("another screen", nightly=True))]
)
def test_a_finished_batch_offers_its_files(
    browser: Browser, live_server: LiveServer, proposal: Proposal, manager: User, width: int
):
    render_certificates(job_ids=job_ids())
    bundle = request_bundle(proposal_id=proposal.pk, kind=BundleKind.ZIP, by=manager)
    make_bundle(bundle_id=bundle.pk)
    Notice.objects.filter(pk__in=Notice.objects.values("pk")[:2]).update(state=NoticeState.FAILED)
    context = entered(
        browser, live_server.url, manager, viewport={"width": width, "height": 800}, locale="ar"
    )
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('proposals:inspect', args=[proposal.pk])}")

    with page.expect_download() as download:
        page.get_by_role("link", name="كل الملفات (ZIP)").click()

    assert download.value.suggested_filename.endswith("-zip.zip")
    keep(page, f"batch-finished-{width}", full_page=True)
    context.close()
