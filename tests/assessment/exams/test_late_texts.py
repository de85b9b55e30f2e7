"""Texts that arrived after the time: they become the answer that is marked, as long as it has no mark."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from assessment.errors import LateTextMarked
from assessment.models import Attempt, AttemptCorrection, LateResponse
from assessment.queries.late import attempts_to_decide, told_of_late
from assessment.services.closing import close_attempts
from assessment.services.late import count_late_answers, leave_late_answers
from assessment.services.marking_tasks import claim_next
from assessment.services.marks import Given, give_mark
from assessment.services.saving import save_answers
from courses.models import Cohort
from tests.factories.accounts import staff_member
from tests.factories.assessment import QuizPageFactory, asked, essay, quizzed_cohort, single
from tests.factories.regrades import begun

pytestmark = pytest.mark.django_db
WHY = "انقطع الخط عن القاعة"
RIGHT = 0


def page_of(attempt: Attempt) -> str:
    return reverse("late_attempt", args=[attempt.pk])


def waiting(cohort: Cohort) -> list[Attempt]:
    return list(attempts_to_decide(Attempt.objects.filter(enrollment__cohort=cohort)))


def essay_saved_late(
    before: str | None = "نص في الوقت", late: str | None = "نص متأخر"
) -> tuple[Attempt, User]:
    """An essay and a question with a key; the text came once more after the time. With who decides about it."""
    cohort = quizzed_cohort(
        QuizPageFactory(questions=[single(), essay(), essay("والثاني؟")], limit_minutes=30)
    )
    registrar = staff_member(RoleName.REGISTRAR, cohort.center)
    attempt, _trainee = begun(cohort)
    save_answers(attempt_id=attempt.pk, responses={1: before, 2: "نص آخر"} if before else {2: "نص آخر"})
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=timezone.now() - dt.timedelta(minutes=10))
    close_attempts([attempt.pk])
    LateResponse.objects.create(attempt=attempt, epoch=1, seq=900, slot=1, response=late, at=timezone.now())
    right = asked(attempt)[0].content["options"][RIGHT]["id"]
    LateResponse.objects.create(attempt=attempt, epoch=1, seq=901, slot=0, response=right, at=timezone.now())
    attempt.refresh_from_db()
    return attempt, registrar


FULL = {"1": "1", "2": "1"}


@pytest.mark.parametrize("before", ["نص في الوقت", None])
def test_a_late_text_that_is_counted_becomes_the_answer_that_is_marked(client: Client, before: str | None):
    attempt, registrar = essay_saved_late(before)
    marker = staff_member(RoleName.ASSESSOR, attempt.enrollment.cohort.center)
    if before:
        claim_next(version_id=attempt.versions[1], by=marker)
    client.force_login(registrar)

    html = client.get(page_of(attempt)).content.decode()
    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)
    task = attempt.marking_tasks.get(slot=1)
    for slot in (1, 2):
        give_mark(task_id=attempt.marking_tasks.get(slot=slot).pk, given=Given(levels=FULL), by=marker)

    attempt.refresh_from_db()
    assert "نص متأخر" in html
    assert (task.state, task.claimed_by) == ("first", None)
    assert attempt.answers.get(slot=1).response == "نص متأخر"
    assert (attempt.score, attempt.passed) == (100, True)
    assert told_of_late(attempt, []) == "before"
    assert not waiting(attempt.enrollment.cohort)


def test_once_it_has_a_mark_a_late_text_stays_out_and_the_page_says_so(client: Client):
    attempt, registrar = essay_saved_late()
    marker = staff_member(RoleName.ASSESSOR, attempt.enrollment.cohort.center)
    give_mark(task_id=attempt.marking_tasks.get(slot=1).pk, given=Given(levels=FULL), by=marker)
    client.force_login(registrar)

    html = client.get(page_of(attempt)).content.decode()
    count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    # What a key marks counts all the same.
    assert "صحح شخص هذا السؤال" in html
    assert attempt.answers.get(slot=1).response == "نص في الوقت"
    assert attempt.answers.get(slot=0).response is not None


def test_the_database_lets_no_text_change_before_its_mark_without_a_decision():
    attempt, _registrar = essay_saved_late()

    with pytest.raises(DatabaseError), transaction.atomic():
        attempt.answers.filter(slot=1).update(response="غيره")


def test_a_late_text_of_an_attempt_with_its_result_is_refused_with_a_sentence(client: Client):
    cohort = quizzed_cohort(QuizPageFactory(questions=[single(), essay()], limit_minutes=30))
    registrar = staff_member(RoleName.REGISTRAR, cohort.center)
    attempt, _trainee = begun(cohort)
    right = asked(attempt)[0].content["options"][RIGHT]["id"]
    end = timezone.now() - dt.timedelta(minutes=10)
    save_answers(attempt_id=attempt.pk, responses={0: right})
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=end)
    close_attempts([attempt.pk])
    LateResponse.objects.create(
        attempt=attempt, epoch=1, seq=9, slot=1, response="نص متأخر", at=timezone.now()
    )
    client.force_login(registrar)

    html = client.get(page_of(attempt)).content.decode()
    with pytest.raises(LateTextMarked):
        count_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)
    leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=registrar)

    attempt.refresh_from_db()
    assert "نص متأخر" in html
    assert attempt.answers.get(slot=1).response is None
    assert not AttemptCorrection.objects.exists()
    assert not waiting(cohort)
