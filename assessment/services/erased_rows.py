"""What erasing a person does with tests: answers and marks stay, as the evidence of what was attained."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Person
from accounts.services.erasing import register_erasure_guard, words_stay
from accounts.services.retention import keep_for
from assessment.enums import AttemptState
from assessment.models import (
    Answer,
    AnswerFile,
    Appeal,
    Attempt,
    AttemptCorrection,
    AttemptDecision,
    CorrectionReview,
    FeedbackFile,
    FurtherAttempt,
    Incident,
    LateDecision,
    LateResponse,
    Mark,
    ResponseEvent,
    TimeGrant,
)
from assessment.services.answer_files import PARTS_KEPT

MARKS = _(
    "Answers, marks and what was decided about them are the evidence of test results. They name no one any more."
)


class TestNotOver(DomainError):
    message = _(
        "A test of this person is not marked yet, or an appeal is not answered. Erase after that is done."
    )


@register_erasure_guard
def test_not_over(person: Person) -> DomainError | None:
    attempts = Attempt.objects.filter(enrollment__person=person).exclude(state=AttemptState.MARKED)
    appeals = Appeal.objects.filter(attempt__enrollment__person=person, is_granted=None)
    return TestNotOver() if attempts.exists() or appeals.exists() else None


OF_ATTEMPT = "attempt__enrollment__person"
words_stay(Attempt, "title", "sections", "holder", of="enrollment__person", because=MARKS)
for model, columns in (
    (Answer, ("response",)),
    (AnswerFile, ("sha256", "path")),
    (Appeal, ("reason", "answer")),
    (AttemptCorrection, ("reason",)),
    (AttemptDecision, ("reason",)),
    (Incident, ("text",)),
    (LateDecision, ("reason",)),
    (LateResponse, ("response",)),
    (ResponseEvent, ("response",)),
    (TimeGrant, ("reason",)),
):
    words_stay(model, *columns, of=OF_ATTEMPT, because=MARKS)
words_stay(FurtherAttempt, "reason", of="enrollment__person", because=MARKS)
words_stay(CorrectionReview, "reason", of=f"correction__{OF_ATTEMPT}", because=MARKS)
words_stay(Mark, "levels", "comment", "points", of=f"task__{OF_ATTEMPT}", because=MARKS)
words_stay(FeedbackFile, "sha256", "path", of=f"mark__task__{OF_ATTEMPT}", because=MARKS)

keep_for(
    "assessment.tasks.purge_answer_files",
    what=_("files of answers that were taken back, or did not arrive whole"),
    days=PARTS_KEPT,
)
