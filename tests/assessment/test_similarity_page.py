"""Papers of a sitting that are alike: who may read it, when, and what it says."""

import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from accounts.enums import RoleName
from accounts.models import AuditedModelLogEntry, Person, User
from assessment.errors import OwnSitting
from assessment.models import Attempt, QuestionVersion, QuizPage, Sitting
from assessment.queries import similarity
from assessment.services.sittings import compare_papers, end_sitting
from courses.models import Cohort
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory, staff_member
from tests.factories.assessment import quizzed_cohort, single
from tests.factories.exams import running_sitting, sit, supervised_test
from tests.factories.figures import chosen_paper, marked_papers, people

pytestmark = pytest.mark.django_db
SLOTS = 12
NOTE = "A reason to look, never a verdict."


@pytest.fixture
def quiz() -> QuizPage:
    return supervised_test(questions=[single(f"سؤال {number}") for number in range(SLOTS)])


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


@pytest.fixture
def sitting(cohort: Cohort, quiz: QuizPage) -> Sitting:
    return running_sitting(cohort, quiz)


@pytest.fixture
def versions(sitting: Sitting) -> list[QuestionVersion]:
    """As frozen for an attempt that is open."""
    attempt = sit(sitting)
    return [QuestionVersion.objects.get(pk=key) for key in attempt.versions]


@pytest.fixture
def manager(cohort: Cohort) -> User:
    return staff_member(RoleName.CENTER_MANAGER, cohort.center)


def papers(sitting: Sitting, versions: list[QuestionVersion], number: int = 40) -> tuple[Person, Person]:
    """Of people who work alone, and of two who have every question wrong in the same way."""
    copied = [1 + slot % 2 for slot in range(SLOTS)]
    chance = random.Random(7)
    alone = [chance.choices((0, 1, 2), (6, 3, 3), k=SLOTS) for _person in range(number - 2)]
    persons = people(number, sitting.class_session.cohort.center)
    marked_papers(
        sitting.class_session.cohort,
        sitting.quiz_key,
        [one.pk for one in versions],
        [chosen_paper(versions, places) for places in [copied, copied, *alone]],
        by=persons,
        sitting=sitting,
    )
    return persons[0], persons[1]


def ended(sitting: Sitting) -> str:
    end_sitting(sitting_id=sitting.pk, by=UserFactory())
    return reverse("sitting_similarity", args=[sitting.pk])


def test_the_most_similar_pair_comes_first_by_name_with_words_that_it_is_no_verdict(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], manager: User
):
    one, other = papers(sitting, versions)
    client.force_login(manager)

    html = client.get(ended(sitting)).content.decode()

    first = html.partition('<section class="figures__question">')[2].partition("</section>")[0]
    assert str(one) in first
    assert str(other) in first
    with override("ar"):
        assert gettext(NOTE) in html
    assert html.count('<section class="figures__question">') == 1


def test_each_reading_is_in_the_audit_trail_and_nothing_else_changes(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], manager: User
):
    papers(sitting, versions)
    address = ended(sitting)
    client.force_login(manager)
    marks = list(Attempt.objects.order_by("pk").values_list("score", "passed", "state"))

    client.get(address)
    client.get(address, {"p": "2"})

    rows = AuditedModelLogEntry.objects.filter(action="assessment.sitting.compare")
    assert [row.user for row in rows] == [manager, manager]
    assert list(Attempt.objects.order_by("pk").values_list("score", "passed", "state")) == marks


def test_before_the_sitting_has_ended_nothing_is_compared(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], manager: User
):
    papers(sitting, versions)
    client.force_login(manager)

    answer = client.get(reverse("sitting_similarity", args=[sitting.pk]))
    board = client.get(reverse("sitting", args=[sitting.pk])).content.decode()

    assert answer.status_code == 302
    assert reverse("sitting_similarity", args=[sitting.pk]) not in board
    assert not AuditedModelLogEntry.objects.filter(action="assessment.sitting.compare").exists()


def test_the_board_leads_those_who_run_the_center_there(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], manager: User, cohort: Cohort
):
    address = ended(sitting)
    board = reverse("sitting", args=[sitting.pk])

    def leads(user: User) -> bool:
        client.force_login(user)
        return address in client.get(board).content.decode()

    assert leads(manager)
    assert not leads(staff_member(RoleName.REGISTRAR, cohort.center))


@pytest.mark.parametrize("role", [RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.ASSESSOR])
def test_others_of_the_center_find_no_page(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], cohort: Cohort, role: RoleName
):
    client.force_login(staff_member(role, cohort.center))

    assert client.get(ended(sitting)).status_code == 404


def test_who_runs_another_center_finds_no_page(client: Client, sitting: Sitting):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, CenterFactory()))

    assert client.get(ended(sitting)).status_code == 404


def test_who_took_the_test_in_the_sitting_does_not_compare(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], cohort: Cohort
):
    one, _other = papers(sitting, versions)
    own = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center, user__person=one).user
    client.force_login(own)

    assert client.get(ended(sitting)).status_code == 302


def test_of_few_papers_it_is_not_known_what_chance_does(
    client: Client, sitting: Sitting, versions: list[QuestionVersion], manager: User
):
    papers(sitting, versions, number=12)
    client.force_login(manager)

    html = client.get(ended(sitting)).content.decode()

    assert '<section class="figures__question">' not in html
    assert "12" in html


def test_a_sitting_of_more_people_than_can_be_compared_says_so(
    client: Client,
    sitting: Sitting,
    versions: list[QuestionVersion],
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("assessment.services.sittings.MOST_COMPARED", 11)
    papers(sitting, versions, number=12)
    client.force_login(manager)

    assert client.get(ended(sitting)).status_code == 302


def test_more_people_take_no_more_queries(sitting: Sitting, versions: list[QuestionVersion]):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            similarity.report_of(sitting)
        return len(queries)

    papers(sitting, versions, number=30)
    few = asked()
    papers(sitting, versions, number=20)

    assert asked() == few


def test_no_one_compares_papers_of_a_sitting_in_which_they_sat(
    sitting: Sitting, versions: list[QuestionVersion], cohort: Cohort
):
    manager = User.objects.get(person=Attempt.objects.get().enrollment.person_id)
    MembershipFactory(user=manager, role=RoleName.CENTER_MANAGER, center=cohort.center)
    end_sitting(sitting_id=sitting.pk, by=UserFactory())

    with pytest.raises(OwnSitting):
        compare_papers(sitting_id=sitting.pk, by=manager)

    assert not AuditedModelLogEntry.objects.filter(action="assessment.sitting.compare").exists()
