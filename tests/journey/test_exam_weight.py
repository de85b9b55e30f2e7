"""The weight of an exam of forty questions."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser

from assessment.services.attempts import start_attempt
from courses.queries.outline import unit_address
from tests.browser_pages import PHONE, entered, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    QuizPageFactory,
    fill_in,
    generated,
    matching,
    multiple,
    numeric,
    ordering,
    quizzed_cohort,
    short_text,
    single,
    true_false,
)
from tests.factories.courses import EnrollmentFactory
from tests.journey.weight import KILOBYTE, Weight, weigh
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("the first view of an exam as a browser loads it", nightly=True),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

KINDS = [single, multiple, true_false, numeric, short_text, matching, generated, ordering]


def test_an_exam_of_forty_questions_is_light(browser: Browser, site: str):
    with translation.override("ar"):
        bundle()
        questions = [make(f"{make()[1]['text']} ({number})") for number in range(5) for make in KINDS]
        quiz = QuizPageFactory(questions=[*questions[:39], fill_in()], purpose="exam", limit_minutes=60)
        enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
        trainee = TraineeFactory(person=enrollment.person, display_name="منى أحمد")
        attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
        path = reverse("assessment:attempt", args=[attempt.public_id])
        before = unit_address(enrollment, quiz.translation_key)
    page = entered(browser, site, trainee, viewport=PHONE, locale="ar").new_page()

    first = weigh(page, site + path)
    page.goto(site + before, wait_until="networkidle")
    then = Weight.of(page)
    page.goto(site + path, wait_until="networkidle")
    # Asked for by the browser itself, apart from what the page asks for.
    answer = page.request.get(site + reverse("assessment:worker"))
    worker = len(answer.body()) + sum(len(one["name"] + one["value"]) + 4 for one in answer.headers_array)
    print(f"{first.bytes_of() / 1000:.1f} kB on a first view, fonts {first.bytes_of('Font') / 1000:.1f} kB")
    keep(page, "exam-light-ar")
    print(f"{then.bytes_of() / 1000:.1f} kB after the page of the test, in {len(then)} requests")

    assert 0 < then.bytes_of() <= 60 * KILOBYTE, then
    # With its font: Arabic in one weight.
    assert 0 < first.bytes_of() + worker <= 60 * KILOBYTE, first
    assert 0 < first.bytes_of("Font") <= 14 * KILOBYTE, first
    assert first.is_light, first
