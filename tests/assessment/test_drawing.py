"""Papers drawn from the bank: they fit the page, ask nothing twice before the pool is used up, and have headings."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import RoleName
from accounts.models import User
from accounts.services.content import assign_content
from assessment.errors import BankTooSmall, DrawTooLarge
from assessment.models import Attempt, Question, QuizPage
from assessment.queries.asking import questions_to_answer
from assessment.services.attempts import start_attempt, submit_attempt
from courses.models import Cohort, Enrollment
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.bank import published_in
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


def section(title: str) -> tuple[str, dict[str, Any]]:
    return "section", {"title": title}


def draw(count: int, *tags: str, difficulty: str = "", points: int = 1) -> tuple[str, dict[str, Any]]:
    return "draw", {"count": count, "tags": list(tags), "difficulty": difficulty, "points": points}


def bank(count: int, **facts: Any) -> list[int]:
    """Keys of published questions, of the ministry unless it is said whose."""
    owner = facts.pop("owner", None)
    keys = [published_in(owner).pk for _one in range(count)]
    Question.objects.filter(pk__in=keys).update(**{"tags": [], "difficulty": 2, **facts})
    return keys


def begin(quiz: QuizPage, cohort: Cohort, enrollment: Enrollment | None = None) -> tuple[Attempt, User]:
    enrollment = enrollment or EnrollmentFactory(cohort=cohort)
    trainee = User.objects.filter(person=enrollment.person_id).first() or TraineeFactory(
        person=enrollment.person
    )
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee), trainee


def asked(attempt: Attempt) -> list[int]:
    """Keys of the questions, slot by slot."""
    found = dict(Question.objects.filter(versions__in=attempt.versions).values_list("versions", "pk"))
    return [found[version] for version in attempt.versions]


def test_a_paper_has_what_the_page_says():
    safe, hard = bank(4, tags=["سلامة"]), bank(3, tags=["سلامة", "صعب"], difficulty=5)
    quiz = QuizPageFactory(
        questions=[
            section("الأول"),
            single(),
            draw(2, "سلامة", difficulty="5", points=3),
            section("الثاني"),
            draw(3, "سلامة"),
        ]
    )

    attempt, _trainee = begin(quiz, quizzed_cohort(quiz))

    drawn = asked(attempt)
    assert attempt.points == [1, 3, 3, 1, 1, 1]
    assert len(set(drawn)) == 6
    assert set(drawn[1:3]) <= set(hard)
    assert set(drawn[3:]) <= {*safe, *hard}
    with override("ar"):
        headings = [one.heading for one in questions_to_answer(attempt, {})]
    assert headings == ["الأول", "", "", "الثاني", "", ""]
    assert quiz.question_count == 6


def test_no_question_comes_again_before_the_pool_is_used_up():
    pool = bank(6)
    quiz = QuizPageFactory(questions=[draw(2)], attempts_allowed=4)
    cohort = quizzed_cohort(quiz)
    enrollment = EnrollmentFactory(cohort=cohort)

    papers = []
    for _time in range(4):
        attempt, trainee = begin(quiz, cohort, enrollment)
        submit_attempt(attempt_id=attempt.pk, by=trainee)
        papers.append(set(asked(attempt)))

    assert papers[0] | papers[1] | papers[2] == set(pool)
    assert papers[3] <= set(pool)


def test_a_draw_takes_what_its_center_may_ask():
    own = CenterFactory()
    quiz = QuizPageFactory(questions=[draw(2)])
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=own)
    expected = {*bank(1), *bank(1, owner=own)}
    bank(5, owner=CenterFactory())

    attempt, _trainee = begin(quiz, cohort)

    assert set(asked(attempt)) == expected


def test_a_bank_that_is_too_small_starts_nothing():
    bank(2)
    quiz = QuizPageFactory(questions=[draw(3)])

    with pytest.raises(BankTooSmall):
        begin(quiz, quizzed_cohort(quiz))

    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("questions", "refused"),
    [
        ([draw(2)], None),
        ([draw(3)], (3, 2)),
        # Two draws of one pool have no question in common.
        ([draw(1), draw(2, "سلامة")], (2, 1)),
        ([draw(1), draw(1, "سلامة")], None),
        ([draw(1, difficulty="5")], (1, 0)),
    ],
)
def test_a_page_that_draws_more_than_the_bank_has_is_not_published(
    questions: list[Any], refused: tuple[int, int] | None
):
    bank(2, tags=["سلامة"])
    bank(2, tags=["سلامة"], owner=CenterFactory())
    quiz = QuizPageFactory(questions=questions)

    if refused is None:
        quiz.check_publishing()
        return
    with pytest.raises(DrawTooLarge) as error:
        quiz.check_publishing()

    asked, fitting = refused
    assert error.value.facts == {"asked": asked, "fitting": fitting}


def test_a_draw_does_not_count_what_the_page_asks_by_itself():
    named, _other = bank(2)
    of_bank = ("of_bank", {"question": Question.objects.get(pk=named), "points": 1})
    QuizPageFactory(questions=[of_bank, draw(1)]).check_publishing()

    with pytest.raises(DrawTooLarge):
        QuizPageFactory(questions=[of_bank, draw(2)]).check_publishing()


def test_a_page_of_a_center_draws_from_its_own_questions_too():
    center = CenterFactory()
    bank(1), bank(1, owner=center)
    quiz = QuizPageFactory(questions=[draw(2)])
    with pytest.raises(DrawTooLarge):
        quiz.check_publishing()

    assign_content(
        page_id=quiz.get_parent().get_parent().pk,
        center=center,
        by=staff_member(RoleName.MINISTRY_OFFICER),
    )

    quiz.check_publishing()


def test_a_start_with_draws_asks_as_many_statements_for_a_large_bank():
    quiz = QuizPageFactory(questions=[draw(2), single(), draw(1, "سلامة")], limit_minutes=30)
    cohort = quizzed_cohort(quiz)
    counts = []
    for more in (4, 8):
        bank(more, tags=["سلامة"])
        with CaptureQueriesContext(connection) as queries:
            begin(quiz, cohort)
        counts.append(len(queries))

    assert counts[0] >= counts[1]


def asked_in(queries: CaptureQueriesContext) -> list[str]:
    """The statements without those of a test's transactions."""
    return [query["sql"][:200] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_starting_and_showing_a_drawn_exam_ask_few_statements():
    """With the session, the login and the audit trail among them, the lock of the person whose attempts are counted, and whether the key was read."""
    bank(8, tags=["سلامة"])
    quiz = QuizPageFactory(
        questions=[draw(3, "سلامة"), draw(2, "سلامة"), single()], limit_minutes=30, purpose="exam"
    )
    cohort = quizzed_cohort(quiz)
    counts = {}
    # The first one writes down the question of the page, and the second one is the first to find it: what a process asks once.
    for _person in range(3):
        enrollment = EnrollmentFactory(cohort=cohort)
        client = logged_in(TraineeFactory(person=enrollment.person))
        with CaptureQueriesContext(connection) as starting:
            client.post(reverse("assessment:start", args=[quiz.translation_key]))
        attempt = Attempt.objects.get(enrollment=enrollment)
        with CaptureQueriesContext(connection) as showing:
            client.get(address("attempt", attempt))
        counts = {"start": len(asked_in(starting)), "show": len(asked_in(showing))}

    assert counts["show"] <= 8, asked_in(showing)
    assert counts["start"] <= 16, asked_in(starting)
