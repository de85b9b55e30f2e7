"""The life of a question of the bank: written, reviewed by another person, published, withdrawn.

The audit trail has who and when, and no word of a question: more people read it than the bank.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.errors import ReasonMissing
from accounts.models import Center, User
from accounts.scoping.hands import counts_as_hand, hands_of, why_one_hand
from accounts.services.texts import tidy_line
from assessment.bank_words import words_to_find
from assessment.bilingual import Draft
from assessment.enums import QuestionState
from assessment.errors import (
    ChangedMeanwhile,
    NotADraftQuestion,
    NothingToDiscard,
    NotUnderReview,
    NotWithdrawn,
    QuestionUnderReview,
    QuestionWithdrawn,
    WrittenByYou,
)
from assessment.marking.kinds import question_of
from assessment.models import Question, QuestionVersion
from assessment.models.questions import LONGEST_TAG
from assessment.queries.bank import draft_of, fault_in, text_of, version_as_draft, written_by
from assessment.services.freezing import digest_of

LONGEST_REASON = 500
MOST_TAGS = 20


class Labels(NamedTuple):
    """What a question is found and drawn by. It is not part of a version: a change holds at once."""

    tags: Sequence[str] = ()
    difficulty: int = 3
    competence: str = ""
    occupation: str = ""


@transaction.atomic
def write_question(*, owner: Center | None, draft: Draft, labels: Labels, by: User) -> Question:
    """A new draft, of a center or of the ministry. Raises InvalidQuestion for one that cannot be marked."""
    question_of(*draft)
    question = Question(owner=owner, author=by, written_at=timezone.now())
    _put_draft(question, draft, by=by)
    _put_labels(question, labels)
    question.save()
    log(question, "assessment.question.write", user=by, data={"kind": draft.kind})
    return question


@transaction.atomic
def change_question(*, question_id: int, draft: Draft, labels: Labels, by: User) -> Question:
    """Write the draft again, next to what is published. Raises InvalidQuestion, QuestionUnderReview, QuestionWithdrawn."""
    question_of(*draft)
    question = _locked(question_id)
    if question.state == QuestionState.REVIEW:
        raise QuestionUnderReview
    if question.state == QuestionState.WITHDRAWN:
        raise QuestionWithdrawn
    before = _labels_of(question)
    is_rewritten = draft != draft_of(question)
    if is_rewritten:
        _put_draft(question, draft, by=by)
        question.state = QuestionState.DRAFT
        question.sent_back = ""
    _put_labels(question, labels)
    question.save()
    if is_rewritten:
        log(question, "assessment.question.change", user=by, data={"kind": draft.kind})
    if changed := _changed_labels(before, _labels_of(question)):
        log(question, "assessment.question.label", user=by, data={"changes": changed})
    return question


@transaction.atomic
def submit_question(*, question_id: int, by: User) -> Question:
    """Ask for the review of a draft. It is not changed until it is decided or taken back. Raises NotADraftQuestion, DraftHasFault."""
    question = _locked(question_id)
    if question.state != QuestionState.DRAFT:
        raise NotADraftQuestion
    if fault := fault_in(draft_of(question)):
        raise fault
    question.state, question.sent_back = QuestionState.REVIEW, ""
    question.submitted_at = timezone.now()
    question.save(update_fields=["state", "sent_back", "submitted_at"])
    log(question, "assessment.question.submit", user=by)
    return question


@transaction.atomic
def take_back_question(*, question_id: int, by: User) -> Question:
    """Undo `submit_question` before it is decided."""
    question = _under_review(question_id)
    question.state, question.submitted_at = QuestionState.DRAFT, None
    question.save(update_fields=["state", "submitted_at"])
    log(question, "assessment.question.take_back", user=by)
    return question


@transaction.atomic
def publish_question(*, question_id: int, digest: str, by: User) -> Question:
    """Put the draft in force, as a version to which attempts refer. `digest` is that of the draft which the reviewer read.

    Raises WrittenByYou for who wrote it, and ChangedMeanwhile where the draft is another one by now.
    """
    question = _reviewed(question_id, by=by)
    draft = draft_of(question)
    if digest_of(*draft) != digest:
        raise ChangedMeanwhile
    version, _is_new = QuestionVersion.objects.get_or_create(
        question=question,
        digest=digest,
        defaults={"kind": draft.kind, "content": draft.content, "key": draft.key},
    )
    question.published, question.published_by, question.published_at = version, by, timezone.now()
    question.state, question.submitted_at, question.kind = QuestionState.PUBLISHED, None, draft.kind
    _fold(question)
    question.save()
    log(question, "assessment.question.publish", user=by, data={"version": version.pk})
    return question


@transaction.atomic
def send_back_question(*, question_id: int, reason: str, by: User) -> Question:
    """Return a draft to who wrote it. Raises WrittenByYou, ReasonMissing."""
    question = _reviewed(question_id, by=by)
    question.sent_back = _reason(reason)
    question.state, question.submitted_at = QuestionState.DRAFT, None
    question.save(update_fields=["state", "submitted_at", "sent_back"])
    log(question, "assessment.question.send_back", user=by)
    return question


@transaction.atomic
def discard_draft(*, question_id: int, by: User) -> Question:
    """Drop what was written since the question was published; what is in force becomes the draft again."""
    question = _locked(question_id)
    if question.state != QuestionState.DRAFT or question.published is None:
        raise NothingToDiscard
    question.draft = version_as_draft(question.published)._asdict()
    question.state, question.sent_back = QuestionState.PUBLISHED, ""
    question.save(update_fields=["draft", "state", "sent_back"])
    log(question, "assessment.question.discard", user=by)
    return question


@transaction.atomic
def withdraw_question(*, question_id: int, reason: str, by: User) -> Question:
    """No attempt that begins from now on asks it. Attempts that are under way refer to its version and keep it."""
    question = _locked(question_id)
    if question.state == QuestionState.WITHDRAWN:
        raise QuestionWithdrawn
    question.state, question.submitted_at = QuestionState.WITHDRAWN, None
    question.save(update_fields=["state", "submitted_at"])
    log(question, "assessment.question.withdraw", user=by, data={"reason": _reason(reason)})
    return question


@transaction.atomic
def reinstate_question(*, question_id: int, by: User) -> Question:
    """Undo `withdraw_question`: what was published is in force again; a draft next to it is a draft again."""
    question = _locked(question_id)
    if question.state != QuestionState.WITHDRAWN:
        raise NotWithdrawn
    published = version_as_draft(question.published) if question.published else None
    is_published = draft_of(question) == published
    question.state = QuestionState.PUBLISHED if is_published else QuestionState.DRAFT
    question.save(update_fields=["state"])
    log(question, "assessment.question.reinstate", user=by)
    return question


def _locked(question_id: int) -> Question:
    return Question.objects.of_the_bank().select_for_update().get(pk=question_id)


def _under_review(question_id: int) -> Question:
    question = _locked(question_id)
    if question.state != QuestionState.REVIEW:
        raise NotUnderReview
    return question


def _reviewed(question_id: int, *, by: User) -> Question:
    """A question about which `by` decides: neither its author nor who changed it last, nor a deputy of theirs."""
    question = _under_review(question_id)
    if not counts_as_hand(by) or Question.objects.filter(written_by(hands_of(by)), pk=question_id).exists():
        writers = {key for key in (question.author_id, question.changed_by_id) if key is not None}
        raise why_one_hand(by, writers, Act.WRITE_QUESTIONS, WrittenByYou)
    return question


def _put_draft(question: Question, draft: Draft, *, by: User) -> None:
    question.draft = draft._asdict()
    question.changed_by, question.changed_at = by, timezone.now()
    if question.published_id is None:
        question.kind = draft.kind


def _put_labels(question: Question, labels: Labels) -> None:
    tags = (tidy_line(tag, longest=LONGEST_TAG) for tag in labels.tags)
    question.tags = list(dict.fromkeys(tag for tag in tags if tag))[:MOST_TAGS]
    question.difficulty, question.occupation = labels.difficulty, labels.occupation
    question.competence = tidy_line(labels.competence, longest=200)
    _fold(question)


def _fold(question: Question) -> None:
    """What it is found by: the words in force, so that a search tells nothing of the ministry's drafts."""
    question.folded = words_to_find([*text_of(question).values(), *question.tags, question.competence])


def _labels_of(question: Question) -> dict[str, Any]:
    return {
        "tags": list(question.tags),
        "difficulty": question.difficulty,
        "competence": question.competence,
        "occupation": question.occupation,
    }


def _changed_labels(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"before": before[name], "after": after[name]} for name in before if before[name] != after[name]
    }


def _reason(typed: str) -> str:
    reason = tidy_line(typed, longest=LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    return reason
