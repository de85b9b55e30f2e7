"""Attempts that copied their questions become attempts that refer to them, and say the same."""

from importlib import import_module
from typing import Any

import pytest
from django.utils.translation import override

from assessment.marking.kinds import question_of
from assessment.models import QuizPage
from assessment.services.attempts import start_attempt
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, asked, multiple, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory

migration = import_module("assessment.migrations.0004_attempts_refer_to_questions")


def copies_of(quiz: QuizPage) -> list[dict[str, Any]]:
    """What attempts of old code kept of a quiz."""
    return [
        {
            "id": block.id,
            "kind": block.block_type,
            "text": block.value["text"],
            "options": [
                {"id": option.id, "text": option.value["text"], "is_right": option.value["is_right"]}
                for option in block.value["options"].bound_blocks
            ],
            "explanation": block.value["explanation"] or "",
            "points": block.value["points"],
        }
        for block in quiz.questions
    ]


@pytest.mark.django_db
def test_a_copy_becomes_the_version_that_a_new_attempt_refers_to():
    quiz = QuizPageFactory(questions=[single(), multiple("Which tools are insulated?")])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    with override("ar"):
        attempt = start_attempt(
            enrollment_id=enrollment.pk,
            unit_key=quiz.translation_key,
            by=TraineeFactory(person=enrollment.person),
        )

    arabic, mixed = (migration.version_of(copied) for copied in copies_of(quiz))

    first, second = asked(attempt)
    assert arabic == (first.kind, first.content, first.key)
    # A text in Latin letters is taken for English: copies did not say in which language they were asked.
    assert mixed[1]["text"] == {"en": "Which tools are insulated?"}
    assert (mixed[0], mixed[2]) == (second.kind, second.key)


@pytest.mark.parametrize(
    ("kind", "chosen", "response"),
    [
        ("single", ["a"], "a"),
        ("single", [], None),
        ("multiple", ["b", "a", "b"], ["a", "b"]),
        ("multiple", [], None),
    ],
)
def test_what_was_chosen_is_kept_as_its_kind_reads_it(kind: str, chosen: list[str], response: Any):
    options = [{"id": option, "text": option, "is_right": option == "a"} for option in "abc"]
    copied = {"id": "q", "kind": kind, "text": "?", "options": options, "explanation": "", "points": 1}

    kept = migration.response_to(copied, chosen)

    assert kept == response == question_of(*migration.version_of(copied)).read(kept)


def test_a_draft_names_slots_and_forgets_what_was_not_answered():
    options = [{"id": "a", "text": "a", "is_right": True}, {"id": "b", "text": "b", "is_right": False}]
    copied = {"kind": "single", "text": "?", "options": options, "explanation": "", "points": 1}
    named = {"x": (0, copied), "y": (1, copied)}

    kept = dict(migration.drafted({"y": ["b"], "x": [], "gone": ["a"]}, named))

    assert kept == {"1": "b"}
