"""A supervisor ends an attempt; results are held by one person and declared void by a second one; who certifies reads what happened."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.errors import ReasonMissing
from accounts.models import LoginHand, User
from assessment.enums import AttemptAct, AttemptNews, CorrectionCause
from assessment.errors import (
    AttemptHeld,
    AttemptNotHeld,
    AttemptNotOpen,
    AttemptVoid,
    DecisionAboutOwn,
    DecisionAboutTaught,
    HeldByYou,
    NotInThisSitting,
    NotMarkedYet,
)
from assessment.models import Attempt, AttemptDecision, AttemptNotice, QuizPage, Sitting
from assessment.services.attempt_notices import send_attempt_notices
from assessment.services.attempts import submit_attempt
from assessment.services.correcting import correct_marks
from assessment.services.decisions import declare_void, end_attempt, hold_result, release_result
from assessment.services.saving import save_answers
from assessment.services.sittings import end_sitting, note_incident
from courses.models import Cohort, UnitProgress
from courses.queries.remarks import held_back, remarks_on
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accounts import CenterFactory, UserFactory, staff_member
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, responses_to
from tests.factories.exams import sit, start

pytestmark = pytest.mark.django_db
WHY = "هاتف ثانٍ تحت الطاولة"


@pytest.fixture
def attempt(sitting: Sitting) -> Attempt:
    return sit(sitting)


@pytest.fixture
def registrar(cohort: Cohort) -> User:
    return staff_member(RoleName.REGISTRAR, cohort.center)


def trainee_of(attempt: Attempt) -> User:
    found: User = User.objects.filter(person=attempt.enrollment.person_id).first()
    return found


def passed(attempt: Attempt, sitting: Sitting) -> Attempt:
    """Handed in with all answers right, in a sitting that has ended."""
    right = responses_to(attempt, (0,), (0, 1))
    submit_attempt(attempt_id=attempt.pk, by=trainee_of(attempt), responses=right)
    end_sitting(sitting_id=sitting.pk, by=UserFactory())
    attempt.refresh_from_db()
    return attempt


def page_of(attempt: Attempt) -> str:
    return str(logged_in(trainee_of(attempt)).get(address("attempt", attempt)).content.decode())


def told(attempt: Attempt) -> list[str]:
    return list(AttemptNotice.objects.filter(attempt=attempt).values_list("kind", flat=True))


def test_a_supervisor_ends_an_attempt_which_is_marked_and_told_with_the_reason(
    attempt: Attempt, supervisor: User
):
    save_answers(attempt_id=attempt.pk, responses=responses_to(attempt, (0,), (0, 1)))

    end_attempt(attempt_id=attempt.pk, reason=f" {WHY} ", by=supervisor)

    attempt.refresh_from_db()
    assert (attempt.ended_by, attempt.score, attempt.passed) == ("supervisor", 100, True)
    assert WHY in page_of(attempt)
    assert told(attempt) == [AttemptNews.ENDED]
    with pytest.raises(AttemptNotOpen):
        end_attempt(attempt_id=attempt.pk, reason=WHY, by=supervisor)


def test_only_an_attempt_in_a_room_is_ended_by_somebody_else_and_never_ones_own(
    attempt: Attempt, supervisor: User
):
    quiz = QuizPageFactory()
    at_home = start(quiz, quizzed_cohort(quiz))
    own = trainee_of(attempt)

    with pytest.raises(NotInThisSitting):
        end_attempt(attempt_id=at_home.pk, reason=WHY, by=supervisor)
    for decide in (end_attempt, hold_result, release_result, declare_void):
        with pytest.raises(DecisionAboutOwn):
            decide(attempt_id=attempt.pk, reason=WHY, by=own)
        with pytest.raises(ReasonMissing):
            decide(attempt_id=attempt.pk, reason=" ", by=UserFactory())
    assert not AttemptDecision.objects.exists()


def test_a_score_is_not_read_while_the_sitting_is_open(attempt: Attempt, sitting: Sitting, quiz: QuizPage):
    submit_attempt(attempt_id=attempt.pk, by=trainee_of(attempt))
    client = logged_in(trainee_of(attempt))
    score = "quiz__question", "٠%", "لم تنجح بعد"

    open_pages = [page_of(attempt), client.get(quiz.url, follow=True).content.decode()]
    end_sitting(sitting_id=sitting.pk, by=UserFactory())

    assert not any(word in page for word in score for page in open_pages)
    assert "٠٪" in page_of(attempt) or "٠%" in page_of(attempt)


def test_a_held_result_is_not_read_and_keeps_certificates_back(
    attempt: Attempt, sitting: Sitting, supervisor: User
):
    passed(attempt, sitting)

    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)

    page = page_of(attempt)
    assert WHY in page
    assert "١٠٠" not in page
    assert held_back([attempt.enrollment_id]) == {attempt.enrollment_id}
    assert told(attempt) == [AttemptNews.HELD]
    with pytest.raises(AttemptHeld):
        hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)


def test_a_result_is_declared_void_by_a_second_person_who_did_not_teach(
    attempt: Attempt, sitting: Sitting, supervisor: User, registrar: User, cohort: Cohort
):
    passed(attempt, sitting)
    teacher = UserFactory()
    cohort.instructors.add(teacher)
    with pytest.raises(AttemptNotHeld):
        declare_void(attempt_id=attempt.pk, reason=WHY, by=registrar)
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)
    for by, refusal in ((supervisor, HeldByYou), (teacher, DecisionAboutTaught)):
        with pytest.raises(refusal):
            declare_void(attempt_id=attempt.pk, reason=WHY, by=by)

    declare_void(attempt_id=attempt.pk, reason="ثبت الغش", by=registrar)

    attempt.refresh_from_db()
    unit = UnitProgress.objects.get(enrollment=attempt.enrollment_id)
    assert (attempt.score, attempt.passed, unit.score, unit.passed) == (0, False, 0, False)
    assert set(attempt.corrections.values_list("cause", flat=True)) == {CorrectionCause.VOID}
    assert held_back([attempt.enrollment_id]) == set()
    assert "ثبت الغش" in page_of(attempt)
    assert told(attempt) == [AttemptNews.HELD, AttemptNews.VOIDED]
    with pytest.raises(AttemptVoid):
        correct_marks(
            attempt_id=attempt.pk, cause=CorrectionCause.APPEAL, reason=WHY, by=registrar, shares={0: 1}
        )


def test_what_waits_for_marks_is_held_and_not_yet_void(attempt: Attempt, supervisor: User, registrar: User):
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)

    with pytest.raises(NotMarkedYet):
        declare_void(attempt_id=attempt.pk, reason=WHY, by=registrar)


def test_a_result_counts_again_by_who_held_it_or_somebody_who_did_not_teach(
    attempt: Attempt, sitting: Sitting, supervisor: User, registrar: User, cohort: Cohort
):
    passed(attempt, sitting)
    teacher = UserFactory()
    cohort.instructors.add(teacher, supervisor)
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)
    with pytest.raises(DecisionAboutTaught):
        release_result(attempt_id=attempt.pk, reason=WHY, by=teacher)

    release_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)
    release_result(attempt_id=attempt.pk, reason=WHY, by=registrar)

    assert held_back([attempt.enrollment_id]) == set()
    assert "١٠٠" in page_of(attempt)


def test_who_taught_and_whose_card_no_one_compared_is_not_who_held_it(
    attempt: Attempt, sitting: Sitting, supervisor: User, cohort: Cohort
):
    passed(attempt, sitting)
    teacher = UserFactory()
    LoginHand.objects.filter(login=teacher).delete()
    cohort.instructors.add(teacher)
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)

    with pytest.raises(DecisionAboutTaught):
        release_result(attempt_id=attempt.pk, reason=WHY, by=teacher)

    assert held_back([attempt.enrollment_id]) == {attempt.enrollment_id}


def test_the_trainee_is_told_the_newest_decision_once(attempt: Attempt, supervisor: User):
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)
    release_result(attempt_id=attempt.pk, reason="لا دليل", by=supervisor)

    send_attempt_notices()

    states = dict(AttemptNotice.objects.values_list("kind", "state"))
    assert states["held"] == "dropped"
    assert states["released"] != "waiting"


def test_incidents_and_decisions_are_read_on_the_page_of_the_enrollment(
    attempt: Attempt, sitting: Sitting, supervisor: User, registrar: User, client: Client
):
    note_incident(sitting_id=sitting.pk, text="غادر القاعة مرتين", by=supervisor, attempt_id=attempt.pk)
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)
    client.force_login(registrar)

    page = client.get(reverse("enrollment:inspect", args=[attempt.enrollment_id])).content.decode()

    remarks = remarks_on([attempt.enrollment_id])[attempt.enrollment_id]
    assert [one.holds for one in remarks] == [False, True]
    assert "غادر القاعة مرتين" in page
    assert WHY in page


def test_the_board_leads_to_the_page_that_decides_and_the_page_decides(
    attempt: Attempt, sitting: Sitting, supervisor: User, client: Client
):
    client.force_login(supervisor)
    url = reverse("attempt_decisions", args=[attempt.pk])

    board = client.get(reverse("sitting", args=[sitting.pk])).content.decode()
    refused = client.post(url, {"act": AttemptAct.VOIDED, "reason": WHY}).content.decode()
    client.post(url, {"act": AttemptAct.ENDED, "reason": WHY})
    page = client.get(url).content.decode()

    attempt.refresh_from_db()
    assert url in board
    assert str(AttemptNotHeld.message) in refused
    assert attempt.ended_by == "supervisor"
    assert WHY in page
    client.force_login(staff_member(RoleName.REGISTRAR, CenterFactory()))
    assert client.get(url).status_code == 404


def test_what_was_decided_is_kept(attempt: Attempt, supervisor: User):
    decision = hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)

    with pytest.raises(IntegrityError), transaction.atomic():
        decision.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptDecision.objects.update(reason="x")
