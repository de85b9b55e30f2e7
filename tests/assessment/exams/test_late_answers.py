"""Answers that arrived after the time: who decides about them, what then counts, and what is kept."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.errors import ReasonMissing
from accounts.models import AuditedModelLogEntry, User
from assessment.enums import AttemptNews, CorrectionCause
from assessment.errors import LateOfOwnCohort, NothingLate, NotMarkedYet, OwnLateAnswers
from assessment.models import (
    Attempt,
    AttemptCorrection,
    AttemptNotice,
    LateDecision,
    LateResponse,
    ResponseEvent,
    ScoreNotice,
)
from assessment.queries.late import attempts_to_decide, units_left_failed
from assessment.services.closing import close_expired_attempts
from assessment.services.late import count_late_answers, leave_late_answers
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, UnitProgress
from courses.services.marks import correct_score
from tests.factories.accounts import CenterFactory, MembershipFactory, staff_member
from tests.factories.assessment import QuizPageFactory, options_of, quizzed_cohort, single
from tests.factories.late import closed_by_time, late_answer
from tests.factories.regrades import begun

pytestmark = pytest.mark.django_db
WHY = "انقطع الخط عن القاعة"
RIGHT, WRONG = 0, 1


@pytest.fixture
def cohort() -> Cohort:
    return quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")], limit_minutes=30))


@pytest.fixture
def attempt(cohort: Cohort) -> Attempt:
    """Closed by time, with a right answer saved in time to the first question of two; half a minute later both came wrong and right."""
    return closed_by_time(cohort, saved={0: RIGHT}, late={1: RIGHT})


@pytest.fixture
def registrar(cohort: Cohort) -> User:
    return staff_member(RoleName.REGISTRAR, cohort.center)


def page_of(attempt: Attempt) -> str:
    return reverse("late_attempt", args=[attempt.pk])


def list_of(cohort: Cohort) -> str:
    return reverse("late_answers", args=[cohort.pk])


def waiting(cohort: Cohort) -> list[Attempt]:
    return list(attempts_to_decide(Attempt.objects.filter(enrollment__cohort=cohort)))


def test_late_answers_that_are_counted_are_marked_and_told(attempt: Attempt, registrar: User):
    before = attempt.score

    decision = count_late_answers(attempt_id=attempt.pk, reason=f" {WHY} ", by=registrar)

    attempt.refresh_from_db()
    row = AttemptCorrection.objects.get()
    answer = attempt.answers.get(slot=1)
    assert (before, attempt.score, attempt.passed) == (50, 100, True)
    assert (row.cause, row.reason, row.by) == (CorrectionCause.LATE, WHY, registrar)
    assert (answer.response, answer.mark) == (options_of(attempt)[1][RIGHT], 1)
    assert (decision.is_counted, decision.answers, decision.reason) == (True, 1, WHY)
    assert ScoreNotice.objects.get().person == attempt.enrollment.person
    entry = AuditedModelLogEntry.objects.get(action="assessment.attempt.count_late")
    assert (entry.user, entry.data["reason"]) == (registrar, WHY)


def test_several_late_answers_pass_the_unit_as_they_pass_the_attempt(registrar: User, cohort: Cohort):
    attempt = closed_by_time(cohort, saved={}, late={0: RIGHT, 1: RIGHT})

    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    attempt.refresh_from_db()
    unit = UnitProgress.objects.get(enrollment=attempt.enrollment_id)
    assert (attempt.score, attempt.passed) == (100, True)
    assert (unit.score, unit.passed, unit.scores) == (100, True, [100])
    assert Enrollment.objects.get(pk=attempt.enrollment_id).state == EnrollmentState.COMPLETED
    assert not AttemptCorrection.objects.filter(is_kept_by_hand=True).exists()
    assert not units_left_failed()


@pytest.mark.parametrize("was_set_since", [False, True])
def test_a_unit_that_several_late_answers_once_left_failed_is_found(
    registrar: User, cohort: Cohort, *, was_set_since: bool
):
    attempt = closed_by_time(cohort, saved={}, late={0: RIGHT, 1: RIGHT})
    corrected_without_its_unit(attempt, by=registrar)
    if was_set_since:
        correct_score(**unit_of(attempt), score=Decimal(10), passed=False, reason=WHY, by=registrar)

    found = [(unit.enrollment_id, unit.unit_key) for unit in units_left_failed()]

    assert found == ([] if was_set_since else [(attempt.enrollment_id, attempt.quiz_key)])


def test_a_unit_whose_score_a_person_set_since_is_not_among_them(registrar: User, cohort: Cohort):
    attempt = closed_by_time(cohort, saved={}, late={0: RIGHT, 1: RIGHT})
    correct_score(**unit_of(attempt), score=Decimal(10), passed=False, reason=WHY, by=registrar)

    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    assert UnitProgress.objects.get().score == 10
    assert not units_left_failed()


def unit_of(attempt: Attempt) -> dict[str, Any]:
    return {"enrollment_id": attempt.enrollment_id, "unit_key": attempt.quiz_key}


@transaction.atomic
def corrected_without_its_unit(attempt: Attempt, *, by: User) -> None:
    """As a correction of two slots was once written: the unit was taken for one whose score a person had set."""
    AttemptCorrection.objects.bulk_create(
        AttemptCorrection(
            cause=CorrectionCause.LATE,
            reason=WHY,
            by=by,
            attempt=attempt,
            slot=slot,
            from_mark=0,
            to_mark=1,
            from_score=0,
            to_score=100,
            from_passed=False,
            to_passed=True,
            is_kept_by_hand=True,
        )
        for slot in (0, 1)
    )
    Attempt.objects.filter(pk=attempt.pk).update(score=100, passed=True)


def test_they_count_once(attempt: Attempt, registrar: User):
    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    with pytest.raises(NothingLate):
        count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    assert AttemptCorrection.objects.count() == LateDecision.objects.count() == 1


def test_late_answers_that_are_left_change_no_mark(cohort: Cohort, attempt: Attempt, registrar: User):
    leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    attempt.refresh_from_db()
    assert attempt.score == 50
    assert not AttemptCorrection.objects.exists()
    assert not waiting(cohort)
    assert AuditedModelLogEntry.objects.filter(action="assessment.attempt.leave_late").count() == 1


def test_of_a_question_the_last_answer_counts(cohort: Cohort, registrar: User):
    attempt = closed_by_time(cohort, saved={0: RIGHT, 1: WRONG}, late={1: RIGHT})
    late_answer(attempt, 0, WRONG)
    late_answer(attempt, 0, RIGHT)

    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    attempt.refresh_from_db()
    assert attempt.score == 100


def test_an_answer_that_was_taken_back_late_is_taken_back(cohort: Cohort, registrar: User):
    attempt = closed_by_time(cohort, saved={0: RIGHT, 1: RIGHT}, late={1: None})

    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    attempt.refresh_from_db()
    assert (attempt.score, attempt.answers.get(slot=1).response) == (50, None)


def test_what_was_saved_in_time_and_sent_once_more_is_not_late(cohort: Cohort, registrar: User):
    attempt = closed_by_time(cohort, saved={0: RIGHT}, late={})
    event = ResponseEvent.objects.get(attempt=attempt)
    LateResponse.objects.create(
        attempt=attempt,
        epoch=event.epoch,
        seq=event.seq,
        slot=event.slot,
        response=event.response,
        at=timezone.now(),
    )

    assert not waiting(cohort)
    with pytest.raises(NothingLate):
        leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)


def test_what_arrives_after_the_decision_waits_for_another_one(
    cohort: Cohort, attempt: Attempt, registrar: User
):
    leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    late_answer(attempt, 0, WRONG, after=90)

    assert waiting(cohort) == [attempt]
    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)
    attempt.refresh_from_db()
    # The answer to the second question stays as it was left.
    assert attempt.score == 0


def test_a_decision_needs_a_reason_and_a_marked_attempt(cohort: Cohort, attempt: Attempt, registrar: User):
    with pytest.raises(ReasonMissing):
        count_late_answers(attempt_id=attempt.pk, reason=" ", by=registrar)
    open_one, _trainee = begun(cohort)
    late_answer(open_one, 0, RIGHT)

    with pytest.raises(NotMarkedYet):
        count_late_answers(attempt_id=open_one.pk, reason=WHY, by=registrar)
    assert waiting(cohort) == [attempt]


@pytest.mark.parametrize("decide", [count_late_answers, leave_late_answers])
def test_neither_the_trainee_nor_who_taught_decides(cohort: Cohort, attempt: Attempt, decide: Any):
    own = MembershipFactory(
        role=RoleName.REGISTRAR, center=cohort.center, user=User.objects.get(person=attempt.enrollment.person)
    ).user
    teacher = staff_member(RoleName.INSTRUCTOR, cohort.center)
    cohort.instructors.add(teacher)

    with pytest.raises(OwnLateAnswers):
        decide(attempt_id=attempt.pk, reason=WHY, by=own)
    with pytest.raises(LateOfOwnCohort):
        decide(attempt_id=attempt.pk, reason=WHY, by=teacher)

    assert not LateDecision.objects.exists()


def test_a_decision_is_kept(attempt: Attempt, registrar: User):
    decision = leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    with pytest.raises(DatabaseError), transaction.atomic():
        LateDecision.objects.filter(pk=decision.pk).update(is_counted=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        decision.delete()


def test_the_tab_leads_to_the_list_and_the_list_to_the_attempt(
    client: Client, cohort: Cohort, attempt: Attempt, registrar: User
):
    client.force_login(registrar)

    tab = client.get(reverse("cohort:tests", args=[cohort.pk])).content.decode()
    listed = client.get(list_of(cohort)).content.decode()

    assert list_of(cohort) in tab
    assert page_of(attempt) in listed
    leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)
    assert list_of(cohort) not in client.get(reverse("cohort:tests", args=[cohort.pk])).content.decode()


def test_the_page_shows_what_was_saved_and_what_came_late_and_no_mark(
    client: Client, cohort: Cohort, registrar: User
):
    attempt = closed_by_time(cohort, saved={0: WRONG}, late={0: RIGHT})
    client.force_login(registrar)

    html = client.get(page_of(attempt)).content.decode()

    main = html.partition('<section class="figures__question">')[2].partition("</section>")[0]
    assert "أفتح اللوحة" in main
    assert "أفصل التيار" in main
    assert "30" in main
    assert all(sign not in main for sign in ("✓", "✗", "quiz__option--right", "%"))


def test_the_page_says_when_an_answer_was_chosen_as_the_claim_of_the_phone(
    client: Client, attempt: Attempt, registrar: User
):
    client.force_login(registrar)
    address = reverse("late_attempt", args=[attempt.pk])

    unknown = client.get(address).content.decode()
    LateResponse.objects.create(
        attempt=attempt,
        epoch=1,
        seq=400,
        slot=0,
        response=None,
        at=timezone.now(),
        claimed_at=attempt.closes_at - dt.timedelta(seconds=1),
    )
    claimed = client.get(address).content.decode()

    assert "غير معروف" in unknown
    assert "قبل النهاية" in claimed
    assert "لا يُثبت شيئًا" in claimed


def test_the_page_decides_with_a_reason(client: Client, attempt: Attempt, registrar: User):
    client.force_login(registrar)

    refused = client.post(page_of(attempt), {"act": "count", "reason": ""})
    done = client.post(page_of(attempt), {"act": "count", "reason": WHY})

    attempt.refresh_from_db()
    assert (refused.status_code, done.status_code, attempt.score) == (200, 302, 100)
    assert WHY in client.get(page_of(attempt)).content.decode()


def test_the_trainee_reads_on_the_result_that_late_answers_were_counted(
    client: Client, attempt: Attempt, registrar: User
):
    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)
    client.force_login(User.objects.get(person=attempt.enrollment.person))

    html = client.get(reverse("assessment:attempt", args=[attempt.public_id])).content.decode()

    assert "وصلت بعد" in html
    assert WHY not in html


@pytest.mark.parametrize(
    ("decide", "place", "said"),
    [(leave_late_answers, RIGHT, "لا تُحسب"), (count_late_answers, WRONG, "نتيجتك كما هي")],
)
def test_the_trainee_reads_it_where_the_result_stays(
    client: Client, cohort: Cohort, registrar: User, decide: Any, place: int, said: str
):
    attempt = closed_by_time(cohort, saved={0: RIGHT, 1: WRONG}, late={1: place})
    decide(attempt_id=attempt.pk, reason=WHY, by=registrar)
    client.force_login(User.objects.get(person=attempt.enrollment.person))

    html = client.get(reverse("assessment:attempt", args=[attempt.public_id])).content.decode()

    assert said in html


@pytest.mark.parametrize(
    ("decide", "place", "news"),
    [
        (leave_late_answers, RIGHT, [AttemptNews.LATE_LEFT]),
        (count_late_answers, WRONG, [AttemptNews.LATE_SAME]),
        (count_late_answers, RIGHT, []),
    ],
)
def test_the_trainee_is_told_as_promised_where_no_score_changes(
    cohort: Cohort, registrar: User, decide: Any, place: int, news: list[str]
):
    attempt = closed_by_time(cohort, saved={0: RIGHT, 1: WRONG}, late={1: place})

    decide(attempt_id=attempt.pk, reason=WHY, by=registrar)

    notices = AttemptNotice.objects.filter(attempt=attempt)
    assert list(notices.values_list("kind", flat=True)) == news
    assert ScoreNotice.objects.count() == (0 if news else 1)
    assert not notices.exclude(reason="").exists()


def test_who_taught_reads_why_somebody_else_decides(client: Client, cohort: Cohort, attempt: Attempt):
    teacher = staff_member(RoleName.INSTRUCTOR, cohort.center)
    cohort.instructors.add(teacher)
    client.force_login(teacher)

    html = client.get(page_of(attempt)).content.decode()

    assert 'value="count"' not in html


def test_people_of_another_center_find_neither_the_list_nor_the_attempt(
    client: Client, cohort: Cohort, attempt: Attempt
):
    client.force_login(staff_member(RoleName.REGISTRAR, CenterFactory()))

    assert client.get(list_of(cohort)).status_code == 404
    assert client.get(page_of(attempt)).status_code == 404
    assert client.post(page_of(attempt), {"act": "count", "reason": WHY}).status_code == 404
    assert not LateDecision.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_attempts_as_for_one(
    client: Client, cohort: Cohort, registrar: User, number: int
):
    for _attempt in range(number):
        closed_by_time(cohort, saved={}, late={0: RIGHT})
    client.force_login(registrar)
    client.get(list_of(cohort))

    with CaptureQueriesContext(connection) as queries:
        html = client.get(list_of(cohort)).content.decode()

    assert html.count("/late/") >= number
    assert len(queries) == 10


def test_more_late_answers_of_an_attempt_take_no_more_queries(
    client: Client, cohort: Cohort, registrar: User
):
    one, three = closed_by_time(cohort, saved={}, late={0: RIGHT}), closed_by_time(cohort, saved={}, late={})
    for slot, place in ((0, WRONG), (0, RIGHT), (1, WRONG)):
        late_answer(three, slot, place)
    client.force_login(registrar)
    client.get(page_of(one))

    def statements(attempt: Attempt) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(attempt))
        return len(queries)

    assert statements(three) == statements(one)


def test_late_answers_are_kept_until_the_attempt_is_closed(cohort: Cohort):
    attempt, _trainee = begun(cohort)
    past = timezone.now() - dt.timedelta(hours=1)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=past)
    attempt.refresh_from_db()
    late_answer(attempt, 0, RIGHT)

    close_expired_attempts()

    assert waiting(cohort) == [attempt]
