"""Saving against closing: every receipt is marked, no refusal is, whichever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessment.enums import EndedBy
from assessment.errors import SaveRefused
from assessment.models import Answer, Attempt, ResponseEvent
from assessment.services.attempts import start_attempt
from assessment.services.ending import end, mark_attempts
from assessment.services.saving import Change, save_changes
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, options_of, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db(transaction=True)

HOLDER = "device"


def attempts_to_race(count: int) -> tuple[list[Attempt], str]:
    """Open attempts at one question, and an option of it."""
    quiz = QuizPageFactory(questions=[single()])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    first = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    # A quiz each: a person has one open attempt at a quiz.
    attempts = [
        Attempt(
            enrollment=enrollment,
            quiz_key=uuid4(),
            number=1,
            versions=first.versions,
            points=[1],
            pass_percent=60,
            holder=HOLDER,
            started_at=timezone.now(),
        )
        for _one in range(count)
    ]
    return Attempt.objects.bulk_create(attempts), options_of(first)[0][0]


def together(attempts: list[Attempt], *acts: Callable[[Attempt], bool]) -> list[list[bool]]:
    """The acts at each attempt at the same moment, each in a thread with a connection of its own."""
    gate = Barrier(len(acts))

    def run(act: Callable[[Attempt], bool]) -> list[bool]:
        try:
            results = []
            for attempt in attempts:
                gate.wait()
                results.append(act(attempt))
            return results
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return [one.result() for one in [pool.submit(run, act) for act in acts]]


def raced(count: int) -> set[bool]:
    """Race so often, and check each outcome. Returns the outcomes of saving that there were."""
    attempts, option = attempts_to_race(count)

    def save(attempt: Attempt) -> bool:
        try:
            save_changes(attempt=attempt, epoch=1, holder=HOLDER, changes=[Change(1, 0, option)])
        except SaveRefused:
            return False
        return True

    @transaction.atomic
    def close(attempt: Attempt) -> bool:
        locked = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
        end(locked, ended_by=EndedBy.PERSON, at=timezone.now())
        mark_attempts([locked])
        return True

    receipts, _closed = together(attempts, save, close)

    keys = [attempt.pk for attempt in attempts]
    with_receipt = {attempt.pk for attempt, receipt in zip(attempts, receipts, strict=True) if receipt}
    answers = Answer.objects.filter(attempt__in=keys)
    marked = set(answers.filter(response__isnull=False).values_list("attempt", flat=True))
    logged = set(ResponseEvent.objects.filter(attempt__in=keys).values_list("attempt", flat=True))
    assert answers.count() == count
    assert with_receipt == marked == logged
    return set(receipts)


def test_each_receipt_is_marked_and_no_refusal_is():
    raced(30)


@pytest.mark.engines("ten thousand races of two connections", nightly=True)
def test_of_ten_thousand_races_none_is_lost():
    assert raced(10_000) == {True, False}
