"""Complaints on a phone and on a desk: everything fits, and axe finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from courses.enums import ComplaintOutcome
from courses.services.complaints import answer_complaint, ask_citizen
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory, staff_member
from tests.factories.complaints import PHONE as NUMBER
from tests.factories.complaints import complaint_of
from tests.factories.courses import EnrollmentFactory

pytestmark = [
    pytest.mark.browser("pages of a citizen and of staff in two sizes, in a transaction of its own"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("viewport", [PHONE | {"height": 1500}, DESK], ids=["phone", "desk"])
def test_a_complaint_is_made_found_and_answered(
    browser: Browser, live_server: LiveServer, viewport: dict[str, int]
):
    bundle()
    size = "phone" if viewport["width"] == PHONE["width"] else "desk"
    enrollment = EnrollmentFactory(
        cohort__program__title="كهرباء المباني", person__full_name_ar="منى حسن علي"
    )
    manager = staff_member(RoleName.CENTER_MANAGER, enrollment.cohort.center)
    complaint = complaint_of(enrollment)
    ask_citizen(complaint_id=complaint.pk, text="في أي يوم غاب المدرب؟", by=manager)
    found = []

    trainee = entered(
        browser, live_server.url, TraineeFactory(person=enrollment.person), viewport=viewport, locale="ar"
    ).new_page()
    trainee.goto(f"{live_server.url}{reverse('courses:complain')}")
    keep(trainee, f"complain-{size}-ar", full_page=True)
    found += findings(trainee)
    visitor = browser.new_context(viewport=viewport, locale="ar").new_page()
    visitor.goto(f"{live_server.url}{reverse('courses:find_complaint')}")
    visitor.fill("#id_reference", str(complaint))
    visitor.fill("#id_phone", NUMBER)
    found += findings(visitor)
    keep(visitor, f"complaint-find-{size}-ar", full_page=True)
    visitor.locator("main button[type=submit]").click()
    expect(visitor.locator("main")).to_contain_text("في أي يوم غاب المدرب؟")
    keep(visitor, f"complaint-asked-{size}-ar", full_page=True)
    found += findings(visitor)
    staff = entered(browser, live_server.url, manager, viewport=viewport, locale="ar").new_page()
    for name, path in (
        ("list", reverse("complaints:index")),
        ("page", reverse("complaints:inspect", args=[complaint.pk])),
        ("answer", reverse("complaints:answer", args=[complaint.pk])),
        ("desk", f"{reverse('complaint_desk')}?person={enrollment.person_id}"),
    ):
        staff.goto(f"{live_server.url}{path}")
        keep(staff, f"complaint-{name}-{size}-ar")
        found += findings(staff, "main")
    answer_complaint(
        complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="نعوض الحصة يوم الأحد.", by=manager
    )
    visitor.reload()
    keep(visitor, f"complaint-answered-{size}-ar", full_page=True)
    found += findings(visitor)

    assert found == []
