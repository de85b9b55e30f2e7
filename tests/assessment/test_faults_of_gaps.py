"""A fault in a gap says which gap it is, to authors and to trainees."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from assessment.blocks import QuestionBlocks
from assessment.models import ResponseEvent
from assessment.services.attempts import start_attempt
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, fill_in, quizzed_cohort
from tests.factories.courses import EnrollmentFactory


def told(second: dict[str, Any]) -> str:
    """What the editor says of a text with two gaps, the first of which is right."""
    kind, value = fill_in("يُفصل [[1]] ثم [[2]].")
    block = QuestionBlocks().child_blocks[kind]
    with override("en"), pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({**value, "gaps": [value["gaps"][0], second]}))
    return str(refused.value.block_errors["gaps"])


@pytest.mark.parametrize(
    "second",
    [
        {"kind": "single", "right": ["نعم"], "wrong": [], "tolerance": "0"},
        {"kind": "short_text", "right": ["نعم"], "wrong": ["لا"], "tolerance": "0"},
        {"kind": "numeric", "right": ["ليس عددًا"], "wrong": [], "tolerance": "0"},
    ],
)
def test_an_author_reads_which_gap_has_a_fault(second: dict[str, Any]):
    assert "Gap 2: " in told(second)


@pytest.mark.django_db
def test_a_trainee_reads_which_gap_is_no_answer(client: Client):
    quiz = QuizPageFactory(questions=[fill_in()])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    client.force_login(trainee)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)

    form = {
        "asked": "0",
        "question-0-1": "القاطع",
        "question-0-2": "٢٢٠",
        "question-0-3": "لا خيار كهذا",
    }
    answer = client.post(reverse("assessment:submit", args=[attempt.public_id]), form)

    assert answer.status_code == 400
    assert "السؤال ١، الفراغ ٣" in answer.content.decode()
    assert not ResponseEvent.objects.exists()
