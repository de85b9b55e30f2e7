"""An appeal that was granted and a correction of the key of the same question: what a person decided about one answer is not lowered."""

from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import RoleName
from accounts.models import User
from assessment.enums import KeyRule
from assessment.models import Attempt
from assessment.scores import as_score, not_lowered, percent_of
from assessment.services.appeals import answer_appeal
from courses.models import Cohort
from tests.factories.accounts import staff_member
from tests.factories.appeals import appealed
from tests.factories.assessment import QuizPageFactory, options_of, quizzed_cohort, single
from tests.factories.regrades import counted, officer, regraded, taken


@pytest.fixture
def cohort() -> Cohort:
    return quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))


@pytest.fixture
def by() -> User:
    return officer()


def granted(cohort: Cohort, share: Fraction) -> Attempt:
    """The first question right, the second wrong, and an appeal against the second that was granted."""
    attempt = taken(cohort, (0,), (1,))
    appeal = appealed(attempt, slot=1)
    assessor = staff_member(RoleName.ASSESSOR, cohort.center)
    answer_appeal(appeal_id=appeal.pk, answer="إجابتك صحيحة.", share=share, by=assessor)
    attempt.refresh_from_db()
    return attempt


def scores(attempt: Attempt) -> tuple[object, object]:
    attempt.refresh_from_db()
    return attempt.score, attempt.answers.get(slot=1).mark


@pytest.mark.django_db
def test_another_key_does_not_lower_what_an_appeal_gave(cohort: Cohort, by: User):
    attempt = granted(cohort, Fraction(1))
    other = options_of(attempt)[1][2]

    regraded(attempt.versions[1], KeyRule.KEY, key={"weights": {other: "1"}}, by=by)

    assert scores(attempt) == (100, 1)


@pytest.mark.django_db
def test_a_better_mark_by_the_new_key_counts_and_taken_back_the_appeal_does(cohort: Cohort, by: User):
    attempt = granted(cohort, Fraction(1, 2))
    right = options_of(attempt)[1][0]
    before = scores(attempt)

    regraded(attempt.versions[1], KeyRule.EVERYBODY, by=by)
    everybody = scores(attempt)
    regraded(attempt.versions[1], KeyRule.KEY, key={"weights": {right: "1"}}, by=by)

    assert before == (75, Fraction(1, 2))
    assert everybody == (100, 1)
    assert scores(attempt) == (75, Fraction(1, 2))


@pytest.mark.django_db
def test_a_question_that_counts_for_no_one_lowers_no_score_that_an_appeal_raised(cohort: Cohort, by: User):
    attempt = taken(cohort, (1,), (1,))
    appeal = appealed(attempt, slot=1)
    assessor = staff_member(RoleName.ASSESSOR, cohort.center)
    answer_appeal(appeal_id=appeal.pk, answer="إجابتك صحيحة.", share=Fraction(1), by=assessor)

    regraded(attempt.versions[1], KeyRule.NO_ONE, by=by)
    without = scores(attempt)
    # Another question is marked again: what the appeal gave is still there.
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=by)

    assert without == (50, 1)
    assert scores(attempt)[0] == 100


@pytest.mark.django_db
def test_the_preview_lists_such_answers_apart_and_says_what_happens(client: Client, cohort: Cohort, by: User):
    attempt = granted(cohort, Fraction(1))
    untouched = taken(cohort, (0,), (1,))
    regrade = counted(
        attempt.versions[1], KeyRule.KEY, key={"weights": {options_of(attempt)[1][2]: "1"}}, by=by
    )
    client.force_login(by)

    page = client.get(reverse("regrade:inspect", args=[regrade.pk]))

    assert [one.attempt for one in page.context["appeals"]] == [attempt]
    assert untouched.pk not in [one.attempt_id for one in page.context["appeals"]]
    assert regrade.changed == 0


@pytest.mark.django_db
def test_the_preview_takes_as_many_statements_for_three_appeals_as_for_one(
    client: Client, cohort: Cohort, by: User
):
    client.force_login(by)
    assessor = staff_member(RoleName.ASSESSOR, cohort.center)

    def statements(people: int, slot: int) -> int:
        for _person in range(people):
            attempt = taken(cohort, (1,), (1,))
            for one in (0, 1):
                appeal = appealed(attempt, slot=one)
                answer_appeal(appeal_id=appeal.pk, answer="نعم.", share=Fraction(1, 2), by=assessor)
        regrade = counted(attempt.versions[slot], KeyRule.EVERYBODY, by=by)
        address = reverse("regrade:inspect", args=[regrade.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    assert statements(1, 0) == statements(2, 1)


SHARES = st.fractions(0, 1, max_denominator=12)
ATTEMPTS = st.lists(
    st.tuples(st.integers(1, 9), st.none() | SHARES, st.none() | SHARES), min_size=1, max_size=8
)


@given(ATTEMPTS)
def test_no_correction_lowers_what_appeals_gave(
    questions: list[tuple[int, Fraction | None, Fraction | None]],
):
    points = [weight for weight, _share, _floor in questions]
    shares = [share for _weight, share, _floor in questions]
    floors = {slot: floor for slot, (_weight, _share, floor) in enumerate(questions) if floor is not None}

    found = not_lowered(points, shares, floors)

    assert all(0 <= share <= 1 for share in found if share is not None)
    for slot, (share, kept) in enumerate(zip(shares, found, strict=True)):
        if slot not in floors:
            assert kept == share
        elif share is not None:
            assert kept == max(share, floors[slot])
        else:
            assert kept in (None, floors[slot])
    # Never less than by the keys alone, nor than if what appeals gave counted everywhere.
    everywhere = [
        max(share or 0, floors[slot]) if slot in floors else share for slot, share in enumerate(shares)
    ]
    assert percent_of(points, found) >= percent_of(points, shares)
    assert percent_of(points, found) >= percent_of(points, everywhere)
    assert as_score(percent_of(points, not_lowered(points, found, floors))) == as_score(
        percent_of(points, found)
    )
