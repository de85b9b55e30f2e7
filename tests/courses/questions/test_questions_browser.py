"""A question from asking to its answer, on a phone and on a desk: axe finds nothing, and nothing is wider than the page."""

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from courses.models import Question
from courses.queries.outline import unit_address
from courses.services.question_moderation import report_post
from courses.services.questions import answer_as_trainee
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.questions import WORDS, learner, running_cohort, unit_of, user_of

pytestmark = [
    pytest.mark.browser("a question on a phone, its answer on a desk, and the choice of messages"),
    pytest.mark.django_db(transaction=True),
]


def looked_at(page: Page, name: str) -> None:
    assert findings(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    keep(page, name, full_page=True)


def test_a_trainee_asks_on_a_phone_and_the_instructor_answers(browser: Browser, live_server: LiveServer):
    bundle()
    cohort = running_cohort(CenterFactory())
    asker, colleague = learner(cohort), learner(cohort, name="علي محمود سالم حسن")
    instructor = staff_member(RoleName.INSTRUCTOR, cohort.center)
    cohort.instructors.add(instructor)
    with override("ar"):
        lesson = unit_address(asker, unit_of(cohort))
    phone = entered(browser, live_server.url, user_of(asker), viewport=PHONE, locale="ar").new_page()

    phone.goto(f"{live_server.url}{lesson}")
    phone.get_by_role("link", name="اطرح سؤالًا").click()
    expect(phone.locator("[name=text]")).to_be_visible()
    looked_at(phone, "questions-empty-ar")
    phone.fill("[name=text]", WORDS)
    phone.get_by_role("button", name="أرسل السؤال").click()
    expect(phone.locator("main")).to_contain_text(WORDS)
    question = Question.objects.get()
    reply = answer_as_trainee(
        question_id=question.pk, enrollment_id=colleague.pk, text="لأن السلك ٢٫٥ مم يتحمل هذا التيار."
    )
    report_post(question_id=question.pk, answer_id=reply.pk, enrollment_id=asker.pk, reason="غير صحيح")

    desk = entered(browser, live_server.url, instructor, viewport=DESK, locale="ar").new_page()
    desk.goto(f"{live_server.url}/admin/")
    # Two kinds of work: it waits for an answer, and one of its answers was reported.
    lines = desk.get_by_role("link", name=WORDS)
    expect(lines).to_have_count(2)
    lines.first.click()
    expect(desk.get_by_role("link", name="إخفاء السؤال")).to_be_visible()
    looked_at(desk, "question-staff-ar")
    desk.get_by_role("link", name="كتابة رد").click()
    desk.fill("[name=text]", "القاطع يحمي السلك لا الجهاز: راجع جدول الأحمال.")
    looked_at(desk, "question-answer-ar")
    desk.get_by_role("button", name="إرسال الإجابة").click()
    expect(desk.locator("main")).to_contain_text("جدول الأحمال")
    desk.goto(f"{live_server.url}{reverse('question:index')}")
    # Its head is Wagtail's, with what axe finds there.
    keep(desk, "question-list-ar", full_page=True)
    desk.goto(f"{live_server.url}{reverse('cohort:questions', args=[cohort.pk])}")
    looked_at(desk, "question-tab-ar")

    phone.reload()
    expect(phone.locator("main")).to_contain_text("جدول الأحمال")
    looked_at(phone, "question-answered-ar")
    phone.goto(f"{live_server.url}/ar/accounts/messages/")
    looked_at(phone, "messages-to-you-ar")
