"""The bytes of the page of an exam, for trainees with prepaid data."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings

from tests.assessment.test_quiz_page import address, logged_in, started
from tests.courses.pages.test_page_weight import ASSET, compressed
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory

# The page is shown in one weight of the font.
FONT = Path(settings.BASE_DIR) / "lms/static/fonts/mihna-sans-arabic-400.woff2"


@pytest.mark.django_db
def test_an_exam_of_forty_questions_stays_within_its_bytes():
    quiz = QuizPageFactory(questions=[single(f"ما الخطوة رقم {n}؟") for n in range(40)], limit_minutes=60)
    enrollment = EnrollmentFactory(person=TraineeFactory().person, cohort=quizzed_cohort(quiz))
    client = logged_in(enrollment.person.user)

    page = client.get(address("attempt", started(client, quiz))).content

    assets = {one for one in ASSET.findall(page.decode()) if one.endswith((".css", ".js"))}
    bytes_of = {one: compressed(one) for one in assets} | {"page": len(gzip.compress(page))}
    assert sum(bytes_of.values()) + FONT.stat().st_size <= 58_000, bytes_of
