"""A key that was wrong is corrected: what changes is counted, decided by a person, and written with what was there before."""

import random
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Membership, User
from assessment.enums import KeyRule
from assessment.errors import (
    AnotherRegrade,
    KeyNotMarkable,
    KeyReasonMissing,
    RegradeByProposer,
    RegradeByTeacher,
    RegradeNotAllowed,
    RegradeOfOwnTest,
    SameKey,
)
from assessment.models import (
    Answer,
    Attempt,
    AttemptCorrection,
    KeyCorrection,
    Regrade,
    RegradeLine,
    ScoreNotice,
)
from assessment.queries.questions import questions_of, stored_questions
from assessment.queries.regrades import regrades_to_start
from assessment.queries.reviewing import review
from assessment.services import regrades
from assessment.services.attempts import submit_attempt
from assessment.services.regrades import (
    drop_regrade,
    propose_regrade,
    start_regrade,
    work_on_regrade,
)
from assessment.services.score_notices import send_score_notices
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, ScoreCorrection, UnitProgress
from courses.queries.doubts import completions_in_doubt
from courses.services.marks import correct_score
from courses.services.progress import record_score
from tests.factories.accounts import UserFactory, deputy_for, staff_member
from tests.factories.assessment import (
    QuizPageFactory,
    generated,
    multiple,
    options_of,
    quizzed_cohort,
    responses_to,
    single,
)
from tests.factories.regrades import WHY, begun, counted, officer, regraded, taken

pytestmark = pytest.mark.django_db

RIGHT, WRONG = (0,), (1,)


@pytest.fixture
def by() -> User:
    return officer()


@pytest.fixture
def cohort() -> Cohort:
    """Of a quiz with two questions of a point each; 60 % pass, and complete the program."""
    return quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))


def key_for(attempt: Attempt, place: int, slot: int = 0) -> dict[str, Any]:
    """The key by which the option at a place is right."""
    return {"weights": {options_of(attempt)[slot][place]: "1"}}


def product_of(attempt: Attempt) -> str:
    """What is right by a corrected formula, for the values of an attempt."""
    values = questions_of(attempt)[0].values
    return str(values["u"] * values["r"])


def scores() -> list[tuple[Decimal | None, bool | None]]:
    return list(Attempt.objects.order_by("pk").values_list("score", "passed"))


def test_what_another_key_changes_is_counted_and_nothing_is_written(cohort: Cohort, by: User):
    up, down = taken(cohort, WRONG, RIGHT), taken(cohort, RIGHT, RIGHT)
    taken(cohort, (2,), WRONG)

    regrade = counted(up.versions[0], KeyRule.KEY, key=key_for(up, 1), by=by)

    assert (regrade.asked, regrade.changed, regrade.now_passed, regrade.now_failed) == (3, 2, 1, 1)
    # Who passed has completed by it.
    assert (regrade.completed, regrade.documented) == (1, 0)
    assert [(line.attempt, line.from_score, line.to_score) for line in regrade.lines.all()] == [
        (up, 50, 100),
        (down, 100, 50),
    ]
    assert scores() == [(50, False), (100, True), (0, False)]
    assert not KeyCorrection.objects.exists()


def test_a_corrected_formula_marks_each_attempt_with_its_own_values(by: User):
    cohort = quizzed_cohort(QuizPageFactory(questions=[generated()]))
    attempts = [begun(cohort) for _ in range(2)]
    (first, its_trainee), (second, trainee) = attempts
    submit_attempt(attempt_id=first.pk, responses={0: product_of(first)}, by=its_trainee)
    version = first.versions[0]
    key = {**stored_questions([version])[0].key, "answers": [{"value": "{u} * {r}", "tolerance": "0"}]}

    regrade = regraded(version, KeyRule.KEY, key=key, by=by)
    submit_attempt(attempt_id=second.pk, responses={0: product_of(second)}, by=trainee)

    assert (regrade.asked, regrade.now_passed) == (1, 1)
    assert scores() == [(100, True), (100, True)]


def test_values_without_a_result_by_the_corrected_formula_keep_the_key_they_were_asked_with(by: User):
    cohort = quizzed_cohort(QuizPageFactory(questions=[generated()]))
    attempt, trainee = begun(cohort)
    values = questions_of(attempt)[0].values
    submit_attempt(attempt_id=attempt.pk, responses={0: str(values["u"] / values["r"])}, by=trainee)
    version = attempt.versions[0]
    key = {**stored_questions([version])[0].key, "answers": [{"value": "1 / ({u} - {u})", "tolerance": "0"}]}

    regrade = regraded(version, KeyRule.KEY, key=key, by=by)

    assert (regrade.asked, regrade.changed) == (1, 0)
    assert [one.mark for one in review(attempt, shows_right_options=True)] == [1]


def test_a_started_regrade_marks_again_and_keeps_what_was_there(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)

    regrade = regraded(attempt.versions[0], KeyRule.KEY, key=key_for(attempt, 1), by=by)

    attempt.refresh_from_db()
    kept = AttemptCorrection.objects.get()
    assert (attempt.score, attempt.passed) == (100, True)
    assert list(attempt.answers.values_list("slot", "mark")) == [(0, 1), (1, 1)]
    assert (kept.slot, kept.from_mark, kept.to_mark) == (0, 0, 1)
    assert (kept.from_score, kept.to_score, kept.from_passed, kept.to_passed) == (50, 100, False, True)
    assert (regrade.changed, kept.correction.by, kept.correction.reason) == (1, by, WHY)
    assert set(ModelLogEntry.objects.filter(user=by).values_list("action", flat=True)) >= {
        "assessment.regrade.start",
        "assessment.regrade.finish",
        "courses.progress.correct",
    }


def test_the_score_of_the_unit_follows_and_completes_who_meets_the_rule_now(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)

    regraded(attempt.versions[0], KeyRule.KEY, key=key_for(attempt, 1), by=by)

    progress = UnitProgress.objects.get()
    correction = ScoreCorrection.objects.get()
    assert (progress.score, progress.scores, progress.passed) == (100, [100], True)
    assert (correction.from_score, correction.to_score, correction.by, correction.reason) == (
        50,
        100,
        by,
        WHY,
    )
    assert Enrollment.objects.get().state == EnrollmentState.COMPLETED


def test_no_one_is_uncompleted_and_the_officer_has_the_doubt(cohort: Cohort, by: User):
    attempt = taken(cohort, RIGHT, RIGHT)
    certifier = staff_member(RoleName.CERTIFYING_OFFICER, cohort.center)

    regrade = regraded(attempt.versions[0], KeyRule.KEY, key=key_for(attempt, 1), by=by)

    enrollment = Enrollment.objects.get(pk=attempt.enrollment_id)
    assert (regrade.now_failed, regrade.completed) == (1, 1)
    assert enrollment.state == EnrollmentState.COMPLETED
    assert list(completions_in_doubt(certifier)) == [enrollment]


def test_a_planted_wrong_key_is_reported_as_an_independent_computation_has_it(by: User):
    quiz = QuizPageFactory(questions=[single(points=3), multiple(), single("والثالثة؟", points=2)])
    cohort = quizzed_cohort(quiz)
    chance = random.Random(2)
    choices = {}
    for _person in range(8):
        chosen = (chance.randrange(3), chance.sample(range(4), chance.randrange(5)), chance.randrange(3))
        attempt = taken(cohort, (chosen[0],), tuple(chosen[1]), (chosen[2],))
        choices[attempt.pk] = chosen

    # By the wrong key the first option is right, and should be the second.
    regrade = regraded(attempt.versions[0], KeyRule.KEY, key=key_for(attempt, 1), by=by)

    def score(chosen: tuple[int, list[int], int], right: int) -> Decimal:
        ticked = sum(Fraction(1, 2) if place < 2 else Fraction(-1, 2) for place in chosen[1])
        share = 3 * (chosen[0] == right) + 2 * max(ticked, Fraction(0)) + 2 * (chosen[2] == 0)
        percent = 100 * Fraction(share) / 7
        return (Decimal(percent.numerator) / percent.denominator).quantize(Decimal("0.01"), ROUND_DOWN)

    expected = {
        pk: (before, after)
        for pk, chosen in choices.items()
        if (before := score(chosen, 0)) != (after := score(chosen, 1))
    }
    reported = {row.attempt_id: (row.from_score, row.to_score) for row in AttemptCorrection.objects.all()}
    counted_lines = {line.attempt_id: (line.from_score, line.to_score) for line in regrade.lines.all()}
    assert len(expected) < len(choices)
    assert regrade.now_passed and regrade.now_failed
    assert reported == counted_lines == expected
    assert regrade.now_passed == sum(before < 60 <= after for before, after in expected.values())
    assert regrade.now_failed == sum(after < 60 <= before for before, after in expected.values())
    assert {pk: dict(Attempt.objects.values_list("pk", "score"))[pk] for pk in choices} == {
        pk: score(chosen, 1) for pk, chosen in choices.items()
    }


@pytest.mark.parametrize(("rule", "after"), [(KeyRule.EVERYBODY, [100, 50]), (KeyRule.NO_ONE, [100, 0])])
def test_everybody_gets_the_points_or_the_question_does_not_count(
    cohort: Cohort, by: User, rule: KeyRule, after: list[int]
):
    attempt = taken(cohort, WRONG, RIGHT)
    taken(cohort, RIGHT, WRONG)

    regraded(attempt.versions[0], rule, by=by)

    assert [score for score, _passed in scores()] == after


def test_a_question_that_counts_again_gives_back_what_was(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)
    regraded(attempt.versions[0], KeyRule.NO_ONE, by=by)

    regraded(attempt.versions[0], KeyRule.KEY, key=key_for(attempt, 0), by=by)

    assert scores() == [(50, False)]
    assert UnitProgress.objects.get().scores == [50]


def test_an_open_attempt_and_those_to_come_are_marked_by_the_corrected_key(cohort: Cohort, by: User):
    first = taken(cohort, WRONG, WRONG)
    stored_questions(first.versions)
    running, trainee = begun(cohort)
    regraded(first.versions[0], KeyRule.KEY, key=key_for(first, 1), by=by)

    ended = submit_attempt(attempt_id=running.pk, responses=responses_to(running, WRONG, RIGHT), by=trainee)
    later = taken(cohort, WRONG, RIGHT)

    assert (ended.score, later.score, later.versions) == (100, 100, first.versions)
    assert AttemptCorrection.objects.count() == 1


def test_each_attempt_of_a_person_counts_as_it_is_now(cohort: Cohort, by: User):
    first = taken(cohort, WRONG, WRONG)
    taken(cohort, (2,), RIGHT, enrollment=first.enrollment)

    regraded(first.versions[1], KeyRule.KEY, key=key_for(first, 1, slot=1), by=by)

    progress = UnitProgress.objects.get()
    assert (progress.scores, progress.score) == ([50, 0], 50)
    assert ScoreCorrection.objects.count() == 1


def test_a_score_that_a_person_set_since_stays(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)
    assessor = UserFactory()
    correct_score(
        enrollment_id=attempt.enrollment_id,
        unit_key=attempt.quiz_key,
        score=Decimal(55),
        passed=False,
        reason="مراجعة",
        by=assessor,
    )

    regrade = regraded(attempt.versions[0], KeyRule.EVERYBODY, by=by)

    assert UnitProgress.objects.get().score == 55
    assert (regrade.kept_by_hand, AttemptCorrection.objects.get().is_kept_by_hand) == (1, True)
    assert scores() == [(100, True)]


def test_results_from_elsewhere_stay_next_to_the_attempt(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)
    record_score(
        enrollment_id=attempt.enrollment_id, unit_key=attempt.quiz_key, score=Decimal(70), passed=True
    )

    regraded(attempt.versions[1], KeyRule.KEY, key=key_for(attempt, 1, slot=1), by=by)

    progress = UnitProgress.objects.get()
    assert (progress.scores, progress.score, progress.passed) == ([0, 70], 70, True)


def test_the_person_is_told_once_what_the_result_is_now(cohort: Cohort, by: User, mailoutbox: list[Any]):
    attempt = taken(cohort, WRONG, RIGHT)
    regraded(attempt.versions[0], KeyRule.KEY, key=key_for(attempt, 1), by=by)

    send_score_notices()
    send_score_notices()

    notice = ScoreNotice.objects.get()
    assert notice.person == attempt.enrollment.person
    assert notice.state != "waiting"


def test_a_key_that_marks_nothing_and_one_that_changes_nothing_are_refused(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)
    version = attempt.versions[0]

    def propose(rule: KeyRule = KeyRule.KEY, reason: str = WHY, **key: Any) -> Regrade:
        return propose_regrade(version_id=version, rule=rule, reason=reason, key=key, by=by)

    wrong: list[dict[str, Any]] = [{"weights": {}}, {"weights": {"x": "1"}}, {}, {"weights": {"1": "١"}}]
    for key in wrong:
        with pytest.raises(KeyNotMarkable):
            propose(**key)
    with pytest.raises(SameKey):
        propose(**key_for(attempt, 0))
    with pytest.raises(KeyReasonMissing):
        propose(KeyRule.NO_ONE, reason="  ")
    with pytest.raises(RegradeNotAllowed):
        propose_regrade(version_id=version, rule=KeyRule.NO_ONE, reason=WHY, by=UserFactory())
    assert not Regrade.objects.exists()


def test_one_correction_of_a_question_at_a_time_and_what_was_dropped_is_over(cohort: Cohort, by: User):
    version = taken(cohort, WRONG, RIGHT).versions[0]
    first = counted(version, KeyRule.EVERYBODY, by=by)
    with pytest.raises(AnotherRegrade):
        propose_regrade(version_id=version, rule=KeyRule.NO_ONE, reason=WHY, by=by)

    drop_regrade(regrade_id=first.pk, by=by)

    second = regraded(version, KeyRule.NO_ONE, by=by)
    assert second.changed == 1
    with pytest.raises(regrades.RegradeNotCounted):
        start_regrade(regrade_id=first.pk, by=by)


def test_who_took_the_test_and_who_taught_does_not_start_it(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)
    regrade = counted(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    User.objects.filter(pk=by.pk).update(person=None)
    cohort.instructors.add(by)
    with pytest.raises(RegradeByTeacher):
        start_regrade(regrade_id=regrade.pk, by=by)

    cohort.instructors.clear()
    User.objects.filter(person=attempt.enrollment.person).update(person=None)
    User.objects.filter(pk=by.pk).update(person=attempt.enrollment.person)

    with pytest.raises(RegradeOfOwnTest):
        start_regrade(regrade_id=regrade.pk, by=User.objects.get(pk=by.pk))
    assert not KeyCorrection.objects.exists()


def test_who_asked_for_it_does_not_start_it_nor_a_deputy_of_theirs(cohort: Cohort, by: User):
    regrade = counted(taken(cohort, WRONG, RIGHT).versions[0], KeyRule.EVERYBODY, by=by)
    deputy, colleague = UserFactory(), officer()
    deputy_for(Membership.objects.get(user=by), deputy)

    for user in (by, deputy):
        with pytest.raises(RegradeByProposer):
            start_regrade(regrade_id=regrade.pk, by=user)
    assert not KeyCorrection.objects.exists()

    assert start_regrade(regrade_id=regrade.pk, by=colleague).started_by == colleague


def test_it_waits_for_every_other_officer_and_not_for_who_asked(cohort: Cohort, by: User):
    regrade = counted(taken(cohort, WRONG, RIGHT).versions[0], KeyRule.EVERYBODY, by=by)
    deputy, colleague = UserFactory(), officer()
    deputy_for(Membership.objects.get(user=by), deputy)
    waits = [list(regrades_to_start(user)) for user in (by, deputy, colleague)]

    start_regrade(regrade_id=regrade.pk, by=colleague)

    assert waits == [[], [], [regrade]]
    assert not regrades_to_start(colleague).exists()


def test_the_database_changes_a_mark_only_with_the_row_that_says_so(cohort: Cohort, by: User):
    attempt = taken(cohort, WRONG, RIGHT)
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=by)

    for change in (
        lambda: Attempt.objects.update(score=90),
        lambda: Attempt.objects.update(title="x"),
        lambda: Answer.objects.update(mark=0),
        lambda: Answer.objects.update(response=None),
        lambda: Answer.objects.all()._raw_delete("default"),
        lambda: AttemptCorrection.objects.update(to_score=0),
        lambda: KeyCorrection.objects.update(rule=KeyRule.NO_ONE),
        lambda: RegradeLine.objects.update(to_score=0),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_batch_takes_as_many_statements_for_five_attempts_as_for_two(by: User):
    def statements(people: int) -> int:
        cohort = quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))
        for _person in range(people):
            attempt = taken(cohort, WRONG, RIGHT)
        regrade = counted(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
        start_regrade(regrade_id=regrade.pk, by=by)
        with CaptureQueriesContext(connection) as queries:
            work_on_regrade(regrade_id=regrade.pk)
        return len(queries)

    assert statements(2) == statements(5)


def test_work_that_ends_in_the_middle_goes_on_where_it_ended(
    cohort: Cohort, by: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(regrades, "ATTEMPTS_IN_A_BATCH", 2)
    first = taken(cohort, WRONG, RIGHT)
    for _person in range(3):
        taken(cohort, WRONG, RIGHT)
    taken(cohort, WRONG, WRONG, enrollment=first.enrollment)
    regrade = start_regrade(regrade_id=counted(first.versions[0], KeyRule.EVERYBODY, by=officer()).pk, by=by)
    monkeypatch.setattr(regrades, "SECONDS_AT_A_TIME", -1)
    assert work_on_regrade(regrade_id=regrade.pk) is None
    monkeypatch.setattr(regrades, "SECONDS_AT_A_TIME", 60)

    done = work_on_regrade(regrade_id=regrade.pk)

    assert done is not None
    assert (done.asked, done.changed, AttemptCorrection.objects.count()) == (5, 5, 5)
