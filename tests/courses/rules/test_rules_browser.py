"""Rules in a browser: their form, results in practical tasks and what a person would get, on a phone and on a desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses.clauses import Clauses, Practice, Score, Task
from courses.services.enrollments import enroll
from courses.services.practice import record_practical_result
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort

pytestmark = [
    pytest.mark.browser("three pages of the workplace on a phone and on a desk"),
    pytest.mark.django_db(transaction=True),
]

ASKS = Clauses(
    units=True,
    attendance=75,
    score=Score(60),
    practice=Practice(
        percent=50,
        tasks=(
            Task("weld", {"ar": "لحام وصلة رأسية بالقوس الكهربائي مع تنظيف الخبث بعد كل طبقة"}),
            Task("cut", {"ar": "قطع صاج"}),
        ),
    ),
)


# The workplace scrolls inside its window: a high one shows the whole page.
@pytest.mark.parametrize(
    "viewport", [PHONE | {"height": 2400}, DESK | {"height": 1900}], ids=["phone", "desk"]
)
def test_pages_of_rules_fit_and_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, superuser: User, viewport: dict[str, int]
):
    bundle()
    size = "phone" if viewport["width"] == PHONE["width"] else "desk"
    quiz = QuizPageFactory(title="اختبار السلامة والصحة المهنية في ورش اللحام")
    cohort = quizzed_cohort(quiz, asks=ASKS)
    enrollment = enroll(
        person_id=PersonFactory(full_name_ar="زينب عبد العظيم حسنين محمود").pk,
        cohort_id=cohort.pk,
        by=UserFactory(),
    )
    record_practical_result(
        enrollment_id=enrollment.pk,
        task_code="weld",
        score=70,
        passed=True,
        by=UserFactory(),
        remark="وصلة متقنة",
    )
    page = entered(browser, live_server.url, superuser, viewport=viewport, locale="ar").new_page()
    addresses = {
        "rule": reverse("completionrule:add", query={"program": cohort.program_id}),
        "practice": reverse("enrollment:practice", args=[enrollment.pk]),
        "outlook": reverse("outlook", args=[enrollment.pk]),
    }

    found = []
    for name, address in addresses.items():
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.ok, name
        page.evaluate("document.fonts.ready")
        keep(page, f"{name}-{size}-ar")
        found += findings(page, "main")

    assert found == []
