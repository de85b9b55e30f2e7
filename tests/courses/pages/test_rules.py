"""The ministry writes a rule clause by clause; an assessor records practical results; trainees and officers read what is left."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.models import QuizPage
from courses.clauses import Clauses, Practice, Score, Task, Test
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from courses.queries.people import practical_result_rows
from courses.services.enrollments import enroll
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    staff_member,
)
from tests.factories.assessment import QuizPageFactory, quizzed_cohort

PRACTICE = Clauses(practice=Practice(tasks=(Task("weld", {"ar": "لحام وصلة", "en": "Weld a joint"}),)))
ZEROS = {"attendance": "0", "hours": "0", "score": "0", "attempts": "best", "practice": "0"}


@pytest.fixture
def center(db: None) -> Center:
    return CenterFactory()


@pytest.fixture
def quiz(db: None) -> QuizPage:
    return QuizPageFactory()


@pytest.fixture
def officer(db: None) -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope="ministry", center=None).user


def seat_under(asks: Clauses, quiz: QuizPage, center: Center) -> Enrollment:
    cohort = quizzed_cohort(quiz, asks=asks)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    return enroll(person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory())


def test_a_rule_is_written_clause_by_clause(client: Client, quiz: QuizPage, officer: User):
    client.force_login(officer)
    program = quiz.get_parent().get_parent()
    address = f"{reverse('completionrule:add')}?program={program.pk}"
    tests = {f"weight_{quiz.pk}": "2", f"minimum_{quiz.pk}": "50"}

    chosen_first = client.get(reverse("completionrule:add")).content.decode()
    shown = client.get(address).content.decode()
    tasks = "لحام وصلة | Weld a joint\nقطع صاج"
    client.post(address, {**ZEROS, **tests, "units": "on", "hours": "40", "score": "60", "tasks": tasks})
    listed = client.get(reverse("completionrule:index")).content.decode()

    rule = program.completion_rules.get()
    assert f'<option value="{program.pk}">' in chosen_first
    assert quiz.title in shown
    assert rule.asks.hours == 40
    assert rule.asks.score == Score(60, tests=(Test(str(quiz.translation_key), {"ar": quiz.title}, 2, 50),))
    assert [task.titles for task in rule.asks.practice.tasks] == [
        {"ar": "لحام وصلة", "en": "Weld a joint"},
        {"ar": "قطع صاج"},
    ]
    assert "لحام وصلة" in listed


@pytest.mark.parametrize(
    ("typed", "weight"),
    [
        ({"tasks": "قطع\nقطع"}, "1"),
        ({"tasks": "| Only English"}, "1"),
        ({"score": "60"}, "0"),
        ({"practice": "60"}, "1"),
    ],
)
def test_what_could_never_be_met_is_refused_by_the_form(
    client: Client, quiz: QuizPage, officer: User, typed: dict[str, str], weight: str
):
    client.force_login(officer)
    program = quiz.get_parent().get_parent()
    tests = {f"weight_{quiz.pk}": weight, f"minimum_{quiz.pk}": "0"}

    client.post(f"{reverse('completionrule:add')}?program={program.pk}", {**ZEROS, **tests, **typed})

    assert not program.completion_rules.exists()


def test_an_assessor_records_a_practical_result_and_the_trainee_completes(
    client: Client, quiz: QuizPage, center: Center
):
    enrollment = seat_under(PRACTICE, quiz, center)
    form = reverse("enrollment:practice", args=[enrollment.pk])
    page = reverse("enrollment:inspect", args=[enrollment.pk])
    trainee = TraineeFactory(person=enrollment.person)

    client.force_login(trainee)
    left = client.get(reverse("courses:my_learning")).content.decode()
    client.force_login(staff_member(RoleName.ASSESSOR, center))
    linked = client.get(page).content.decode()
    client.post(form, {"task": "weld", "score": "85", "passed": "on", "remark": "وصلة سليمة"})
    after = client.get(page).content.decode()

    enrollment.refresh_from_db()
    assert "لحام وصلة" in left
    assert form in linked
    assert "وصلة سليمة" in after
    assert enrollment.state == EnrollmentState.COMPLETED
    assert [row["remark"] for row in practical_result_rows(enrollment.person)] == ["وصلة سليمة"]


def test_who_teaches_the_cohort_is_told_so_and_records_nothing(
    client: Client, quiz: QuizPage, center: Center
):
    enrollment = seat_under(PRACTICE, quiz, center)
    assessor = staff_member(RoleName.ASSESSOR, center)
    enrollment.cohort.instructors.add(assessor)
    client.force_login(assessor)
    form = reverse("enrollment:practice", args=[enrollment.pk])

    shown = client.get(form).content.decode()
    client.post(form, {"task": "weld", "score": "85", "passed": "on"})

    assert 'name="task"' not in shown
    assert not enrollment.practical_results.exists()
