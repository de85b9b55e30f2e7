"""Places on a picture: how they are written, who sees the picture, and the question in its place."""
# ruff: noqa: F811 - fixtures of another module

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import RoleName
from assessment.blocks import HotspotBlock
from assessment.models import Attempt, QuizPage
from assessment.queries.reviewing import review
from assessment.services.attempts import start_attempt
from courses.queries.pinning import files_shown_by
from tests.assessment.test_kinds_on_pages import HOTSPOT, address, as_stored, attempt, client, quiz, trainee  # noqa: F401
from tests.factories.accounts import TraineeFactory, staff_member
from tests.factories.assessment import QuizPageFactory, asked, board, hotspot, option, quizzed_cohort
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"areas": ""},
        {"areas": "100 200 300"},
        {"areas": "300 200 100 400"},
        {"areas": "0 0 1001 1000"},
        {"areas": "x"},
        {"instead_options": [option("القاطع"), option("المصباح")]},
        {"instead_options": [option("القاطع", right=True), option(" القاطع")]},
    ],
)
def test_places_that_cannot_be_marked_are_refused_when_they_are_written(change: dict[str, Any]):
    block, value = HotspotBlock(), as_stored(hotspot()[1])
    block.clean(block.to_python(value))

    with pytest.raises(ValidationError):
        block.clean(block.to_python({**value, **change}))


def test_a_file_that_is_no_picture_is_refused_when_it_is_chosen():
    block, document = HotspotBlock(), board()
    document.file.save("lies.png", ContentFile(b"GIF89a"))

    with pytest.raises(ValidationError):
        block.clean(block.to_python(as_stored(hotspot(document=document)[1])))


def test_who_answers_without_the_picture_is_marked_by_that_answer_alone(client: Client, attempt: Attempt):
    right = next(iter(asked(attempt)[HOTSPOT].key["instead"]["weights"]))
    answers = {f"question-{HOTSPOT}-points": "1,1", f"question-{HOTSPOT}-instead": right}

    client.post(address("submit", attempt), {**answers, "confirmed": "1"})

    answer = attempt.answers.get(slot=HOTSPOT)
    assert (answer.response, answer.mark) == ({"instead": right}, 1)
    with override("ar"):
        reviewed = review(attempt, shows_right_options=False)[HOTSPOT].picture
    assert [one.is_chosen for one in reviewed.options] == [True, False]


def test_the_picture_is_for_the_person_of_the_attempt_alone(client: Client, attempt: Attempt):
    picture = reverse("assessment:picture", args=[attempt.public_id, HOTSPOT])
    other = Client()
    other.force_login(TraineeFactory())

    shown = client.get(picture)
    again = client.get(picture, headers={"if-none-match": shown["ETag"]})

    assert (shown.status_code, shown["Content-Type"], again.status_code) == (200, "image/webp", 304)
    assert "private" in shown["Cache-Control"]
    assert "Content-Disposition" not in shown
    assert other.get(picture).status_code == 404
    assert Client().get(picture).status_code == 302
    for slot in (0, 99):
        assert client.get(reverse("assessment:picture", args=[attempt.public_id, slot])).status_code == 404


def test_the_file_of_a_picture_opens_for_authors_only(client: Client, quiz: QuizPage):
    document = quiz.questions[HOTSPOT].value["picture"]
    author = Client()
    author.force_login(staff_member(RoleName.INSTRUCTOR))

    answers = [one.get(document.url) for one in (Client(), client, author)]

    assert [answer.status_code for answer in answers] == [404, 404, 200]
    assert answers[2].getvalue().startswith(b"\x89PNG")
    assert list(files_shown_by(quiz)) == [(type(document), document.pk)]
    assert author.get(reverse("question_picture", args=[document.pk])).url == document.url
    assert author.get(reverse("question_picture", args=[document.pk + 1])).status_code == 404


def test_pictures_cost_as_many_statements_for_three_questions_as_for_one():
    counts = []
    # The first start of a process reads more.
    for questions in ([hotspot()], [hotspot()], [hotspot(), hotspot(), hotspot()]):
        quiz = QuizPageFactory(questions=questions)
        enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
        trainee = TraineeFactory(person=enrollment.person)
        with CaptureQueriesContext(connection) as begun:
            start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
        counts.append(len(begun))

    assert counts[1] == counts[2]


def test_the_picture_of_an_exam_is_shown_as_long_as_its_questions_are():
    exam = QuizPageFactory(purpose="exam", questions=[hotspot()])
    enrollment = EnrollmentFactory(person=TraineeFactory().person, cohort=quizzed_cohort(exam))
    person = Client()
    person.force_login(enrollment.person.user)
    person.post(reverse("assessment:start", args=[exam.translation_key]))
    picture = reverse("assessment:picture", args=[Attempt.objects.get().public_id, 0])

    before = person.get(picture)
    person.post(address("submit", Attempt.objects.get()), {"confirmed": "1"})

    assert (before.status_code, person.get(picture).status_code) == (200, 404)
