"""The pages of a sitting in a browser: they fit a phone, axe finds nothing, and the board goes on by itself."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Membership
from assessment.models import Sitting
from assessment.services.grants import give_time
from assessment.services.saving import take_over
from assessment.services.sittings import note_incident
from tests.browser_pages import DESK, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accommodations import accommodated
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.assessment import quizzed_cohort
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import running_sitting, sit, supervised_test

pytestmark = [
    pytest.mark.browser("the board of a sitting on a phone"),
    pytest.mark.django_db(transaction=True),
]
NARROW = {"width": 360, "height": 1500}


def held_sitting() -> Sitting:
    """Some answer, one on a second device, one with more time; one has not come."""
    quiz = supervised_test(title="الامتحان النهائي: توصيل لوحات التوزيع")
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    slower = EnrollmentFactory(cohort=cohort)
    accommodated(slower.person)
    attempts = [sit(sitting), sit(sitting), sit(sitting, enrollment=slower)]
    EnrollmentFactory(cohort=cohort)
    supervisor = UserFactory()
    take_over(attempt_id=attempts[0].pk, holder="other", by=supervisor)
    give_time(attempt_id=attempts[1].pk, minutes=10, reason="انقطع الخط عن هاتفه", by=supervisor)
    note_incident(sitting_id=sitting.pk, text="انقطع التيار دقيقتين", by=supervisor)
    return sitting


def looked_at(page: Page, name: str, part: str = "main") -> None:
    page.evaluate("document.fonts.ready")
    keep(page, name)
    assert findings(page, part) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize(
    "viewport",
    [
        pytest.param(NARROW, id="phone"),
        pytest.param(
            DESK | {"height": 1500}, id="desk", marks=pytest.mark.browser("another screen", nightly=True)
        ),
    ],
)
def test_the_board_fits_and_goes_on_by_itself_until_the_role_ends(
    browser: Browser, live_server: LiveServer, viewport: dict[str, int]
):
    bundle()
    sitting = held_sitting()
    cohort = sitting.class_session.cohort
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    page = entered(browser, live_server.url, manager, viewport=viewport, locale="ar").new_page()
    size = "phone" if viewport == NARROW else "desk"
    for name, key in (
        ("cohort:tests", cohort.pk),
        ("sitting_code", sitting.pk),
        ("sitting_time", sitting.pk),
        ("sitting_incident", sitting.pk),
    ):
        page.goto(f"{live_server.url}{reverse(name, args=[key])}")
        looked_at(page, f"{name.replace(':', '-')}-{size}-ar")
    page.clock.install()
    page.goto(f"{live_server.url}{reverse('sitting', args=[sitting.pk])}")
    looked_at(page, f"sitting-{size}-ar")

    late = sit(sitting)
    page.clock.run_for(9000)
    expect(page.locator(f"#note-{late.pk}")).to_be_visible()

    Membership.objects.filter(user=manager).delete()
    page.clock.run_for(9000)
    expect(page.locator("[data-board]")).to_have_count(0)
