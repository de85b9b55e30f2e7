"""Which attempts count for figures, and figures equal to those of an independent computation."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone

from assessment.analysis.items import ItemFigures
from assessment.enums import AttemptState, KeyRule
from assessment.models import Answer, Attempt, QuestionVersion, QuizPage
from assessment.queries.figures import calculated
from assessment.queries.first_attempts import Scope, first_attempts, is_changed_since, years_of
from courses.models import Cohort
from tests.assessment.analysis import papers as independent
from tests.factories.accounts import CenterFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.bank import published_in
from tests.factories.figures import chosen_paper, marked_papers, people, planted_places
from tests.factories.regrades import begun, officer, regraded

pytestmark = pytest.mark.django_db
SLOTS = 6


@pytest.fixture
def quiz() -> QuizPage:
    return QuizPageFactory(
        questions=[single(f"سؤال {number}", points=1 + number % 3) for number in range(SLOTS)]
    )


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


@pytest.fixture
def versions(cohort: Cohort) -> list[QuestionVersion]:
    """As they were frozen for an attempt, which is open and does not count."""
    attempt, _trainee = begun(cohort)
    found = QuestionVersion.objects.in_bulk(attempt.versions)
    return [found[key] for key in attempt.versions]


def papers_of(attempts: list[Attempt]) -> list[independent.Paper]:
    """Read from the rows by no code of the figures."""
    return [
        {
            str(attempt.versions[answer.slot]): (
                attempt.points[answer.slot],
                Fraction(answer.mark),
                answer.response,
            )
            for answer in Answer.objects.filter(attempt=attempt)
        }
        for attempt in attempts
    ]


def planted(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion], number: int = 36
) -> list[Attempt]:
    places = planted_places(number, wrong=2)
    return marked_papers(
        cohort,
        quiz.translation_key,
        [one.pk for one in versions],
        [chosen_paper(versions, one) for one in places],
        points=[1 + slot % 3 for slot in range(SLOTS)],
    )


def test_figures_equal_an_independent_computation(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    rows = papers_of(planted(cohort, quiz, versions))

    found = calculated(Scope(quiz_key=quiz.translation_key, cohort=cohort.pk))

    assert found.n == len(rows)
    assert found.reliability is not None
    assert found.reliability.value == pytest.approx(independent.alpha(rows))
    for one in found.items:
        assert isinstance(one.figures, ItemFigures)
        item = str(one.version)
        assert one.figures.discrimination == pytest.approx(independent.discrimination(rows, item))
        assert one.figures.index == pytest.approx(independent.index(rows, item))
        assert one.figures.facility == pytest.approx(float(sum(row[item][1] for row in rows) / len(rows)))
    (wrong,) = [one.version for one in found.items if one.figures.is_negative]  # type: ignore[union-attr]
    assert wrong == versions[2].pk


def test_only_the_first_marked_attempt_of_a_person_counts_in_whatever_center_it_was(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    keys = [one.pk for one in versions]
    paper = chosen_paper(versions, [0] * SLOTS)
    again, late, open_one = people(3)
    elsewhere = quizzed_cohort(quiz, asks=None)
    earlier = timezone.now() - dt.timedelta(days=3)
    marked_papers(elsewhere, quiz.translation_key, keys, [paper], by=[again], started_at=earlier)
    # Begun before, and still open: what follows it is no first attempt.
    not_marked = dict.fromkeys(("score", "passed", "marked_at", "ended_at")) | {"ended_by": ""}
    marked_papers(
        elsewhere,
        quiz.translation_key,
        keys,
        [paper],
        by=[open_one],
        started_at=earlier,
        state=AttemptState.OPEN,
        **not_marked,
    )

    marked_papers(cohort, quiz.translation_key, keys, [paper] * 2, by=[again, open_one], number=2)
    marked_papers(cohort, quiz.translation_key, keys, [paper], by=[late])

    in_cohort = first_attempts(Scope(quiz_key=quiz.translation_key, cohort=cohort.pk))
    everywhere = first_attempts(Scope(quiz_key=quiz.translation_key))
    assert [one.enrollment.person for one in in_cohort] == [late]
    assert [one.enrollment.person for one in everywhere] == [again, late]


def test_a_scope_has_the_attempts_of_its_center_its_program_and_its_year(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    keys = [one.pk for one in versions]
    paper = chosen_paper(versions, [0] * SLOTS)
    elsewhere = quizzed_cohort(quiz, asks=None)
    marked_papers(cohort, quiz.translation_key, keys, [paper])
    # An hour before midnight of New Year's Eve in Cairo.
    old = dt.datetime(2025, 12, 31, 21, 0, tzinfo=dt.UTC)
    marked_papers(elsewhere, quiz.translation_key, keys, [paper], started_at=old)

    def number(**parts: int) -> int:
        return first_attempts(Scope(quiz_key=quiz.translation_key, **parts)).count()

    assert number() == 2
    assert number(center=cohort.center_id) == number(center=elsewhere.center_id) == 1
    assert number(program=cohort.program_id) == 2
    assert (number(year=2025), number(year=2024)) == (1, 0)
    assert years_of(Scope(quiz_key=quiz.translation_key))[-1] == 2025


def test_a_question_that_counts_for_no_one_is_left_out_of_the_paper(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    attempts = planted(cohort, quiz, versions)
    regraded(versions[2].pk, KeyRule.NO_ONE, by=officer())

    found = calculated(Scope(quiz_key=quiz.translation_key))

    kept = [
        {item: facts for item, facts in paper.items() if item != str(versions[2].pk)}
        for paper in papers_of(attempts)
    ]
    assert versions[2].pk not in [one.version for one in found.items]
    first = found.items[0]
    assert isinstance(first.figures, ItemFigures)
    assert first.figures.discrimination == pytest.approx(independent.discrimination(kept, str(first.version)))


def test_a_corrected_key_counts_and_its_question_is_negative_no_more(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    planted(cohort, quiz, versions)
    wrong = versions[2]
    scope = Scope(quiz_key=quiz.translation_key)
    before = timezone.now()
    right = {"weights": {wrong.content["options"][1]["id"]: "1"}}

    regraded(wrong.pk, KeyRule.KEY, by=officer(), key=right)

    (figures,) = [one.figures for one in calculated(scope).items if one.version == wrong.pk]
    assert isinstance(figures, ItemFigures)
    assert figures.discrimination is not None
    assert figures.discrimination > 0
    assert is_changed_since(scope, before)


def test_a_question_of_the_bank_is_analyzed_over_all_tests_with_the_rest_of_each_paper(quiz: QuizPage):
    asked = published_in(CenterFactory()).published
    assert asked is not None
    cohort, other = quizzed_cohort(quiz), quizzed_cohort(QuizPageFactory())
    attempt, _trainee = begun(cohort)
    rest = [QuestionVersion.objects.get(pk=key) for key in attempt.versions]
    attempts = []
    for place, width in ((cohort, 2), (other, 1)):
        assert place.content_version is not None
        key = place.content_version.units[0]["unit"]
        paper = [asked, *rest[:width]]
        attempts += marked_papers(
            place,
            key,
            [one.pk for one in paper],
            [
                [(None, Decimal("0.3333")) if (person + slot) % 3 else (None, 1) for slot in range(width + 1)]
                if person % 2
                else [(None, int(slot > person % 4)) for slot in range(width + 1)]
                for person in range(20)
            ],
            points=[2, *(1 + slot % 2 for slot in range(width))],
        )

    (one,) = calculated(Scope(question=asked.question_id)).items

    rows = papers_of(attempts)
    assert isinstance(one.figures, ItemFigures)
    assert (one.version, one.figures.n) == (asked.pk, 40)
    assert one.figures.discrimination == pytest.approx(independent.discrimination(rows, str(asked.pk)))
    assert one.figures.index == pytest.approx(independent.index(rows, str(asked.pk)))
