"""A trainee appeals against a mark; another person answers, and what changes is told and kept."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from assessment.enums import Purpose
from assessment.errors import (
    AlreadyAppealed,
    AppealAnswered,
    AppealTermOver,
    NotBetterMarked,
    NotOneOfTheQuestions,
)
from assessment.models import (
    Appeal,
    AppealNotice,
    Attempt,
    AttemptCorrection,
    MarkingTask,
    ScoreNotice,
)
from assessment.queries.appeals import appeal_term
from assessment.queries.exams import KEPT_BACK_AFTER_CLOSING
from assessment.queries.questions import stored_questions
from assessment.queries.responses_by_hand import rubric_of
from assessment.services.appeal_notices import send_appeal_notices
from assessment.services.appeals import answer_appeal, file_appeal
from assessment.services.attempts import submit_attempt
from assessment.services.marks import Given, give_mark
from assessment.services.sittings import end_sitting
from courses.errors import CorrectedByTeacher, OwnMark, ReasonMissing
from courses.models import Cohort
from courses.services.enrollments import withdraw
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.appeals import WHY_WRONG, appealed, trainee_of
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import running_sitting, start, supervised_test
from tests.factories.marking import files_opened
from tests.factories.regrades import officer, taken

pytestmark = pytest.mark.django_db

RIGHT, WRONG = (0,), (1,)
ANSWER = "راجعنا الإجابة وهي صحيحة."


@pytest.fixture
def cohort() -> Cohort:
    """Of a quiz with two questions of a point each; 60 % pass, and complete the program."""
    return quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))


@pytest.fixture
def attempt(cohort: Cohort) -> Attempt:
    return taken(cohort, RIGHT, WRONG)


@pytest.fixture
def assessor(cohort: Cohort) -> User:
    return staff_member(RoleName.ASSESSOR, center=cohort.center)


def lowest_levels(task: MarkingTask) -> dict[str, str]:
    """Of each line of the rubric the level with the fewest points."""
    [question] = stored_questions([task.version_id])
    return {
        line.criterion_id: min(line.levels, key=lambda level: level.points).level_id
        for line in rubric_of(question.key)
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_appeal_that_is_granted_corrects_the_mark_and_what_follows(attempt: Attempt, assessor: User):
    appeal = appealed(attempt, slot=1)

    answer_appeal(appeal_id=appeal.pk, answer=ANSWER, share=Fraction(1), by=assessor)

    attempt.refresh_from_db()
    appeal.refresh_from_db()
    correction = AttemptCorrection.objects.get()
    assert (appeal.is_granted, appeal.from_mark, appeal.to_mark) == (True, 0, 1)
    assert (attempt.score, attempt.passed) == (100, True)
    assert (correction.cause, correction.by) == ("appeal", assessor)


def test_one_that_is_refused_changes_no_mark(attempt: Attempt, assessor: User):
    appeal = appealed(attempt, slot=1)

    answer_appeal(appeal_id=appeal.pk, answer=ANSWER, by=assessor)

    attempt.refresh_from_db()
    assert (attempt.score, AttemptCorrection.objects.count()) == (50, 0)
    assert Appeal.objects.get().is_granted is False


@pytest.mark.parametrize("share", [Fraction(1), None])
def test_the_trainee_is_told_once_with_the_answer(attempt: Attempt, assessor: User, share: Fraction | None):
    answer_appeal(appeal_id=appealed(attempt, slot=1).pk, answer=ANSWER, share=share, by=assessor)

    send_appeal_notices()
    page = signed_in(trainee_of(attempt)).get(reverse("assessment:attempt", args=[attempt.public_id]))

    assert AppealNotice.objects.get().state != "waiting"
    assert not ScoreNotice.objects.exists()
    assert ANSWER in page.content.decode()


def test_a_mark_is_appealed_against_once_by_its_person_and_with_a_reason(attempt: Attempt):
    def file(by: User, slot: int = 1, reason: str = WHY_WRONG) -> None:
        file_appeal(attempt_id=attempt.pk, slot=slot, reason=reason, by=by)

    own = trainee_of(attempt)
    with pytest.raises(ReasonMissing):
        file(own, reason="  ")
    with pytest.raises(NotOneOfTheQuestions):
        file(own, slot=2)
    with pytest.raises(NotOneOfTheQuestions):
        file(TraineeFactory())
    file(own)
    with pytest.raises(AlreadyAppealed):
        file(own)

    assert Appeal.objects.count() == 1


def test_the_term_is_a_week_from_the_mark(attempt: Attempt, monkeypatch: pytest.MonkeyPatch):
    assert attempt.marked_at is not None
    until = appeal_term(attempt)
    monkeypatch.setattr("assessment.queries.appeals.APPEAL_TERM", dt.timedelta(seconds=-1))

    with pytest.raises(AppealTermOver):
        appealed(attempt, slot=1)

    assert until == attempt.marked_at + dt.timedelta(days=7)


def test_the_term_of_an_exam_begins_when_its_answers_are_known():
    quiz = QuizPageFactory(questions=[single()], purpose=Purpose.EXAM)
    exam = taken(quizzed_cohort(quiz), WRONG)

    with pytest.raises(AppealTermOver):
        appealed(exam)
    closed_at = timezone.now() - KEPT_BACK_AFTER_CLOSING
    Cohort.objects.filter(pk=exam.enrollment.cohort_id).update(
        state="closed", closed_at=closed_at, closed_from="running", close_reason="انتهت"
    )

    exam = Attempt.objects.select_related("enrollment__cohort").get(pk=exam.pk)
    assert appeal_term(exam) == closed_at + KEPT_BACK_AFTER_CLOSING + dt.timedelta(days=7)


def test_the_term_of_an_exam_begins_when_the_last_one_who_might_take_it_left(assessor: User):
    quiz = supervised_test(attempts_allowed=1)
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    absent = EnrollmentFactory(cohort=cohort)
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=2)
    exam = start(quiz, cohort, code=sitting.code)
    submit_attempt(attempt_id=exam.pk, by=assessor)
    end_sitting(sitting_id=sitting.pk, by=assessor)

    exam = Attempt.objects.select_related("enrollment__cohort").get(pk=exam.pk)
    before, left_at = appeal_term(exam), timezone.now()
    withdraw(enrollment_id=absent.pk, reason="انتقل", by=assessor)
    term = appeal_term(exam)

    assert before is None
    assert term is not None
    assert term >= left_at + dt.timedelta(days=7)


def test_neither_the_person_nor_the_teacher_nor_a_second_one_answers(
    attempt: Attempt, assessor: User, cohort: Cohort
):
    appeal, teacher = appealed(attempt, slot=1), UserFactory()
    cohort.instructors.add(teacher)

    def answer(by: User, share: Fraction | None = None, answer: str = ANSWER) -> None:
        answer_appeal(appeal_id=appeal.pk, answer=answer, share=share, by=by)

    with pytest.raises(OwnMark):
        answer(trainee_of(attempt))
    with pytest.raises(CorrectedByTeacher):
        answer(teacher)
    with pytest.raises(ReasonMissing):
        answer(assessor, answer=" ")
    with pytest.raises(NotBetterMarked):
        answer(assessor, share=Fraction(0))
    answer(assessor)
    with pytest.raises(AppealAnswered):
        answer(officer())


def test_the_database_keeps_an_appeal_and_its_answer(attempt: Attempt, assessor: User):
    appeal = appealed(attempt, slot=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(reason="غيره")
    answer_appeal(appeal_id=appeal.pk, answer=ANSWER, by=assessor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(answer="غيره")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).delete()


def test_from_the_result_to_the_answer_on_the_pages(attempt: Attempt, assessor: User):
    trainee, staff = signed_in(trainee_of(attempt)), signed_in(assessor)
    result = reverse("assessment:attempt", args=[attempt.public_id])
    form = reverse("assessment:appeal", args=[attempt.public_id, 1])

    leads_there = form in trainee.get(result).content.decode()
    empty = trainee.post(form, {"reason": ""})
    sent = trainee.post(form, {"reason": WHY_WRONG})
    appeal = Appeal.objects.get()
    home = staff.get(reverse("wagtailadmin_home")).content.decode()
    page = staff.get(reverse("appeals:inspect", args=[appeal.pk])).content.decode()
    wrong = staff.post(reverse("appeals:answer", args=[appeal.pk]), {"points": "3", "answer": ANSWER})
    answered = staff.post(reverse("appeals:answer", args=[appeal.pk]), {"points": "1", "answer": ANSWER})

    appeal.refresh_from_db()
    assert leads_there
    assert (empty.status_code, sent.status_code) == (400, 302)
    assert reverse("appeals:inspect", args=[appeal.pk]) in home
    assert WHY_WRONG in page
    assert (wrong.status_code, answered.status_code) == (200, 302)
    assert appeal.is_granted
    assert form not in trainee.get(result).content.decode()


def test_strangers_and_staff_of_other_centers_find_nothing(attempt: Attempt):
    appeal = appealed(attempt, slot=1)
    stranger = signed_in(TraineeFactory())
    other = signed_in(staff_member(RoleName.ASSESSOR, center=CenterFactory()))

    assert stranger.get(reverse("assessment:appeal", args=[attempt.public_id, 1])).status_code == 404
    assert other.get(reverse("appeals:inspect", args=[appeal.pk])).status_code == 404
    assert other.get(reverse("appeals:answer", args=[appeal.pk])).status_code == 404


def test_who_answers_reads_the_files_the_levels_and_what_the_marker_wrote():
    center = CenterFactory()
    marked_by, task, file = files_opened(center)
    attempt = task.attempt
    give_mark(
        task_id=task.pk, given=Given(levels=lowest_levels(task), comment="الصورة غير واضحة"), by=marked_by
    )
    appeal = appealed(attempt)
    staff = signed_in(staff_member(RoleName.ASSESSOR, center=center))
    address = reverse("marking_file", args=[file.public_id])

    page = staff.get(reverse("appeals:inspect", args=[appeal.pk])).content.decode()

    assert address in page
    assert "الصورة غير واضحة" in page
    assert staff.get(address).status_code == 200
    other = signed_in(staff_member(RoleName.ASSESSOR, center=CenterFactory()))
    assert other.get(address).status_code == 404


def test_who_marked_the_answer_is_told_so_before_writing():
    center = CenterFactory()
    marked_by, task, _file = files_opened(center)
    give_mark(task_id=task.pk, given=Given(levels=lowest_levels(task)), by=marked_by)
    appeal = appealed(task.attempt)

    page = signed_in(marked_by).get(reverse("appeals:inspect", args=[appeal.pk])).content.decode()

    assert reverse("appeals:answer", args=[appeal.pk]) not in page


def test_a_page_that_was_sent_leads_to_the_attempt_when_it_is_read_again(attempt: Attempt):
    address = reverse("assessment:submit", args=[attempt.public_id])

    answer = signed_in(trainee_of(attempt)).get(address)

    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("assessment:attempt", args=[attempt.public_id]),
    )
