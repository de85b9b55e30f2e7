"""Attempts count by person and test over all cohorts, and right answers are read once no one may begin the exam any more."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from accounts.services.merging import merge_people
from assessment.errors import (
    AttemptOfOwnHand,
    AttemptsAreLeft,
    KeysOfExamRead,
    KeysWereRead,
    NoAttemptsLeft,
    OneAttemptASitting,
)
from assessment.models import Attempt, KeysRead, QuizPage, Sitting
from assessment.queries.attempts import attempts_left
from assessment.queries.exams import KEPT_BACK_AFTER_CLOSING, are_keys_out, who_may_take_it
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.further_attempts import give_further_attempt
from assessment.services.sittings import end_sitting
from assessment.services.windows import set_window
from courses.models import Cohort, Enrollment
from courses.queries.outline import unit_address
from courses.services.closing import close_cohort, reopen_cohort
from courses.services.enrollments import withdraw
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.assessment import SECRET_WHY, QuizPageFactory, quizzed_cohort
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import planned_sitting, running_sitting, sit
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db
WHY = "انقطعت الكهرباء عن القاعة"


@pytest.fixture
def practice() -> QuizPage:
    quiz: QuizPage = QuizPageFactory(attempts_allowed=3)
    site_of(quiz.get_ancestors().get(depth=2), hostname="localhost")
    return quiz


def begun(quiz: QuizPage, enrollment: Enrollment, *, code: str = "") -> Attempt:
    return start_attempt(
        enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=UserFactory(), code=code
    )


def used(quiz: QuizPage, enrollment: Enrollment, *, times: int) -> Attempt:
    """Empty attempts, each handed in: the last one."""
    for _time in range(times):
        attempt = begun(quiz, enrollment)
        submit_attempt(attempt_id=attempt.pk, by=UserFactory())
    return attempt


def given_up(enrollment: Enrollment) -> None:
    # The factory took no seat.
    Cohort.objects.filter(pk=enrollment.cohort_id).update(seats_taken=1)
    withdraw(enrollment_id=enrollment.pk, reason=WHY, by=UserFactory())


def moved_on(enrollment: Enrollment, quiz: QuizPage) -> Enrollment:
    """The seat is given back, and the person takes one in another cohort of the program."""
    given_up(enrollment)
    second: Enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=None), person=enrollment.person)
    return second


def closed(cohort: Cohort, by: User) -> Cohort:
    failing = cohort.enrollments.values_list("pk", flat=True)
    return close_cohort(cohort_id=cohort.pk, reason=WHY, failing=list(failing), by=by)


def test_another_seat_in_the_program_gives_no_new_attempts(practice: QuizPage):
    first = EnrollmentFactory(cohort=quizzed_cohort(practice))
    used(practice, first, times=3)
    second = moved_on(first, practice)

    with pytest.raises(NoAttemptsLeft):
        begun(practice, second)

    page = logged_in(TraineeFactory(person=first.person)).get(practice.url, follow=True).content.decode()
    assert "٣ من ٣" in page
    assert "في مجموعات سابقة" in page
    assert not who_may_take_it(second.cohort, practice.translation_key)


def test_what_is_left_is_taken_in_the_other_cohort_and_numbered_on(practice: QuizPage):
    first = EnrollmentFactory(cohort=quizzed_cohort(practice))
    used(practice, first, times=2)
    second = moved_on(first, practice)

    last = used(practice, second, times=1)

    assert last.number == 3
    assert attempts_left(last, practice) == 0


def test_attempts_of_two_records_of_one_person_count_together(practice: QuizPage):
    kept, duplicate = PersonFactory(), PersonFactory()
    first = EnrollmentFactory(cohort=quizzed_cohort(practice), person=duplicate)
    used(practice, first, times=3)
    given_up(first)
    second = EnrollmentFactory(cohort=quizzed_cohort(practice, asks=None), person=kept)
    merge_people(
        keep_id=kept.pk, duplicate_id=duplicate.pk, reason=WHY, by=staff_member(RoleName.MINISTRY_OFFICER)
    )

    with pytest.raises(NoAttemptsLeft):
        begun(practice, second)


def test_the_database_refuses_a_count_that_begins_again(practice: QuizPage):
    first = EnrollmentFactory(cohort=quizzed_cohort(practice))
    attempt = used(practice, first, times=1)
    second = moved_on(first, practice)
    attempt.pk, attempt._state.adding = None, True
    attempt.enrollment, attempt.public_id = second, "00000000-0000-4000-8000-000000000001"

    with pytest.raises(IntegrityError, match="numbered over all cohorts"), transaction.atomic():
        attempt.save()


def test_a_center_gives_one_more_attempt_with_a_reason(practice: QuizPage):
    first = EnrollmentFactory(cohort=quizzed_cohort(practice))
    used(practice, first, times=3)
    second = moved_on(first, practice)
    manager = staff_member(RoleName.CENTER_MANAGER, second.cohort.center)
    client = logged_in(manager)
    url = reverse("further_attempt", args=[second.cohort_id]) + f"?test={practice.translation_key}"

    shown = client.get(url).content.decode()
    client.post(url, {"enrollment": second.pk, "reason": WHY})

    assert str(second.person) in shown
    assert used(practice, second, times=1).number == 4
    with pytest.raises(NoAttemptsLeft):
        begun(practice, second)


def test_one_more_attempt_is_for_who_has_none_and_not_by_who_taught_them(practice: QuizPage):
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(practice))
    teacher, manager = UserFactory(), UserFactory()
    enrollment.cohort.instructors.add(teacher)

    def give(by: User) -> None:
        give_further_attempt(
            enrollment_id=enrollment.pk, quiz_key=practice.translation_key, reason=WHY, by=by
        )

    with pytest.raises(AttemptsAreLeft):
        give(manager)
    used(practice, enrollment, times=3)
    with pytest.raises(AttemptOfOwnHand):
        give(teacher)
    give(manager)
    with pytest.raises(AttemptsAreLeft):
        give(manager)


def test_there_is_one_attempt_in_a_sitting(quiz: QuizPage, cohort: Cohort, sitting: Sitting):
    attempt = sit(sitting)
    submit_attempt(attempt_id=attempt.pk, by=UserFactory())

    with pytest.raises(OneAttemptASitting):
        begun(quiz, attempt.enrollment, code=sitting.code)


def test_closing_by_mistake_shows_no_right_answers_and_opening_again_gives_back_what_was(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    attempt = sit(sitting)
    submit_attempt(attempt_id=attempt.pk, by=supervisor)
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    client = logged_in(User.objects.filter(person=attempt.enrollment.person).first())
    closed(cohort, supervisor)

    page = client.get(address("attempt", attempt)).content.decode()
    reopen_cohort(cohort_id=cohort.pk, reason=WHY, by=supervisor)
    planned = planned_sitting(cohort, quiz, venue=None)

    assert SECRET_WHY not in page
    assert not KeysRead.objects.exists()
    assert who_may_take_it(planned.class_session.cohort, quiz.translation_key) == {attempt.enrollment_id}


def test_once_right_answers_were_read_no_one_of_the_cohort_begins_the_exam(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    attempt = sit(sitting)
    submit_attempt(attempt_id=attempt.pk, by=supervisor)
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    client = logged_in(User.objects.filter(person=attempt.enrollment.person).first())
    closed(cohort, supervisor)
    Cohort.objects.filter(pk=cohort.pk).update(closed_at=timezone.now() - KEPT_BACK_AFTER_CLOSING)

    page = client.get(address("attempt", attempt)).content.decode()
    reopen_cohort(cohort_id=cohort.pk, reason=WHY, by=supervisor)

    assert SECRET_WHY in page
    now = timezone.now()
    with pytest.raises(KeysOfExamRead):
        planned_sitting(cohort, quiz, venue=None)
    with pytest.raises(KeysOfExamRead):
        set_window(
            cohort_id=cohort.pk,
            quiz_key=quiz.translation_key,
            opens_at=now,
            closes_at=now + dt.timedelta(hours=1),
            by=supervisor,
        )
    with pytest.raises(KeysWereRead) as refused:
        begun(quiz, attempt.enrollment, code=sitting.code)
    page = client.get(unit_address(attempt.enrollment, quiz.translation_key)).content.decode()
    assert str(refused.value) in page
    assert f'action="{reverse("assessment:start", args=[quiz.translation_key])}"' not in page
    assert are_keys_out(Attempt.objects.get(pk=attempt.pk))


def failed_and_read(quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User) -> Enrollment:
    """Of a person who failed an exam once, gave the seat back, and read the right answers on the page of the attempt."""
    attempt = sit(sitting)
    submit_attempt(attempt_id=attempt.pk, by=supervisor)
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    given_up(attempt.enrollment)
    client = logged_in(User.objects.filter(person=attempt.enrollment.person).first())
    assert SECRET_WHY in client.get(address("attempt", attempt)).content.decode()
    return attempt.enrollment


def test_who_read_right_answers_in_one_cohort_has_no_attempt_left_in_another(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    first = failed_and_read(quiz, cohort, sitting, supervisor)
    other = quizzed_cohort(quiz, asks=None)
    second = EnrollmentFactory(cohort=other, person=first.person)
    again = running_sitting(other, quiz)
    with pytest.raises(NoAttemptsLeft):
        begun(quiz, second, code=again.code)
    assert second.pk not in who_may_take_it(other, quiz.translation_key)

    give_further_attempt(enrollment_id=second.pk, quiz_key=quiz.translation_key, reason=WHY, by=UserFactory())

    assert second.pk in who_may_take_it(other, quiz.translation_key)
    EnrollmentFactory(cohort=other)
    further = begun(quiz, second, code=again.code)
    assert further.number == 2
    submit_attempt(attempt_id=further.pk, by=supervisor)
    end_sitting(sitting_id=again.pk, by=supervisor)
    result = logged_in(User.objects.get(person=first.person)).get(address("attempt", further))
    assert result.context["attempts_left"] == 0


def test_right_answers_stay_hidden_from_who_may_take_the_exam_in_another_cohort(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    attempt = sit(sitting)
    submit_attempt(attempt_id=attempt.pk, by=supervisor)
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    given_up(attempt.enrollment)
    other = quizzed_cohort(quiz, asks=None)
    second = EnrollmentFactory(cohort=other, person=attempt.enrollment.person)
    again = running_sitting(other, quiz)
    attempt = Attempt.objects.get(pk=attempt.pk)
    assert not are_keys_out(attempt)

    begun(quiz, second, code=again.code)

    assert not are_keys_out(attempt)
    assert not KeysRead.objects.exists()
