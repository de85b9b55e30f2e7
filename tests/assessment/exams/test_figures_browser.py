"""Figures of questions, papers that are alike and late answers in a browser: they fit a phone, and axe finds nothing."""

import random

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessment.models import QuestionVersion, Sitting
from assessment.services.sittings import end_sitting
from tests.browser_pages import DESK, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import UserFactory
from tests.factories.assessment import quizzed_cohort, single
from tests.factories.exams import running_sitting, sit, supervised_test
from tests.factories.figures import chosen_paper, marked_papers, planted_places
from tests.factories.late import closed_by_time, late_answer
from tests.factories.regrades import officer

pytestmark = [
    pytest.mark.browser("figures of questions on a phone"),
    pytest.mark.django_db(transaction=True),
]
NARROW = {"width": 390, "height": 1800}
TEXTS = (
    "ما أول خطوة قبل فتح لوحة التوزيع؟",
    "أي مقاس يلزم لدائرة الإنارة في شقة؟",
    "متى يفصل القاطع الحساس للتسرب الأرضي؟",
    "كيف تُفحص سلامة التأريض؟",
)


def taken_sitting() -> Sitting:
    """Its third question has a wrong key, and two papers of it are the same."""
    quiz = supervised_test(
        title="الامتحان النهائي: توصيل لوحات التوزيع", questions=[single(text) for text in TEXTS]
    )
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    versions = [QuestionVersion.objects.get(pk=key) for key in sit(sitting).versions]
    chance = random.Random(3)
    papers = planted_places(34, wrong=2, slots=len(TEXTS))
    papers += [[1, 2, 1, 2], [1, 2, 1, 2], *(chance.choices((0, 1, 2), k=4) for _person in range(4))]
    marked_papers(
        cohort,
        quiz.translation_key,
        [one.pk for one in versions],
        [chosen_paper(versions, places) for places in papers],
        sitting=sitting,
    )
    return end_sitting(sitting_id=sitting.pk, by=UserFactory())


def looked_at(page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    keep(page, name, full_page=True)
    assert findings(page, "main") == []
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
def test_the_pages_fit(browser: Browser, live_server: LiveServer, viewport: dict[str, int]):
    bundle()
    sitting = taken_sitting()
    cohort = sitting.class_session.cohort
    practice = quizzed_cohort(
        supervised_test(
            title="تدريب على الأمان", is_supervised=False, questions=[single(text) for text in TEXTS]
        )
    )
    attempt = closed_by_time(practice, saved={0: 1}, late={0: 0, 2: 1})
    late_answer(attempt, 2, 0, after=95)
    by: User = officer()
    page = entered(browser, live_server.url, by, viewport=viewport, locale="ar").new_page()
    size = "phone" if viewport == NARROW else "desk"
    figures = f"{reverse('test_figures', args=[cohort.pk])}?test={sitting.quiz_key}"
    for name, address in (
        ("figures", figures),
        ("figures-program", f"{figures}&of=program"),
        ("alike", reverse("sitting_similarity", args=[sitting.pk])),
        ("tests-late", reverse("cohort:tests", args=[practice.pk])),
        ("late-list", reverse("late_answers", args=[practice.pk])),
        ("late-attempt", reverse("late_attempt", args=[attempt.pk])),
    ):
        page.goto(f"{live_server.url}{address}")
        looked_at(page, f"{name}-{size}-ar")
