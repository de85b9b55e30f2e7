"""One program, and taking a seat in it."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.enums import CohortState
from courses.models import Cohort, Enrollment
from tests.courses_pages.conftest import School
from tests.factories.accounts import CenterFactory, TraineeFactory
from tests.factories.courses import CohortFactory, LessonPageFactory

PROGRAM = "/ar/electricity/"


def enroll_url(cohort: Cohort) -> str:
    return reverse("courses:enroll", args=[cohort.public_id])


def test_a_program_tells_its_units_what_they_weigh_and_its_cohorts(client: Client, school: School):
    page = client.get(PROGRAM)

    text = page.content.decode()
    assert [unit.title for unit in page.context["contents"][0].units] == [
        school.watched.title,
        "أدوات الكهربائي",
    ]
    assert "٢ م.ب فيديو صغيرًا" in text
    assert "٠٫٤ م.ب صوتًا" in text
    assert "مركز تدريب شبرا" in text
    assert "٢ من ٢" in text


def test_lessons_that_are_not_published_are_not_listed(client: Client, school: School):
    LessonPageFactory(parent=school.course, title="مسودة", live=False)

    assert "مسودة" not in client.get(PROGRAM).content.decode()


def test_a_program_without_dates_says_so(client: Client, school: School):
    Cohort.objects.update(state=CohortState.RUNNING)

    assert "لا مواعيد حاليًا" in client.get(PROGRAM).content.decode()


def test_a_program_asks_the_database_as_often_for_three_cohorts_as_for_one(client: Client, school: School):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PROGRAM)
        return len(asked)

    questions()
    with_one = questions()
    for _ in range(2):
        CohortFactory(program=school.program)
        LessonPageFactory(parent=school.course)

    assert questions() == with_one


def test_a_trainee_takes_a_seat_and_lands_at_the_lessons(client: Client, school: School):
    trainee = TraineeFactory()
    client.force_login(trainee)

    answer = client.post(enroll_url(school.cohort))

    assert answer.url == "/ar/learning/"
    assert Enrollment.objects.get().person == trainee.person


def test_an_unknown_cohort_is_missing(client: Client, school: School):
    client.force_login(TraineeFactory())
    elsewhere = CohortFactory(center=CenterFactory())
    address = enroll_url(elsewhere)
    Cohort.objects.filter(pk=elsewhere.pk).delete()

    assert client.post(address).status_code == 404


def test_a_course_is_read_on_its_programs_page(client: Client, school: School):
    assert client.get(school.course.get_url()).url == PROGRAM
