"""The questions of a quiz, written down as versions to which attempts refer."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from assessment.blocks.common import QuestionBlock
from assessment.enums import QuestionKind
from assessment.models import Question, QuestionVersion, QuizPage
from assessment.recent import Recent
from assessment.services.media import Kept, keep_media, with_media

# Quizzes whose versions are kept in memory by a process; one has a few kB.
MOST_KEPT = 1000


class Frozen(NamedTuple):
    """A question of a page: its block, the keys of question and version, and its points."""

    block_id: str
    question: int
    version: int
    points: int


class _Written(NamedTuple):
    block_id: str
    kind: QuestionKind
    content: dict[str, Any]
    key: dict[str, Any]
    digest: str
    points: int


def freeze_questions(pages: Mapping[str, QuizPage], *, language: str) -> list[Frozen]:
    """The questions of a quiz as versions, in order; a version is written where there is none that says the same.

    `pages` are those of the quiz by language, that of the source language first. Pages that ask the same are one question in several
    languages; where their questions differ, those of the page in `language`, the reader's, are asked.
    """
    pages = asked_pages(pages, language=language)
    written = _written(pages)
    quiz_key = pages[next(iter(pages))].translation_key
    asked = (quiz_key, tuple((one.block_id, one.digest) for one in written))
    keys = _kept.among([asked]).get(asked) or _keys_of(quiz_key, written, asked)
    return [
        Frozen(one.block_id, question, version, one.points)
        for one, (question, version) in zip(written, keys, strict=True)
    ]


# What pages asked, as versions that were there before: what this transaction writes may be rolled back.
type _Asked = tuple[UUID, tuple[tuple[str, str], ...]]
_kept: Recent[_Asked, list[tuple[int, int]]] = Recent(MOST_KEPT)


def _keys_of(quiz_key: UUID, written: Sequence[_Written], asked: _Asked) -> list[tuple[int, int]]:
    """The keys of question and version of each, which are written where they are new."""
    rows = QuestionVersion.objects.filter(
        digest__in=[one.digest for one in written], question__quiz_key=quiz_key
    ).values_list("question", "digest", "pk", "question__block_id")
    found = list(rows)
    questions = {block_id: question for question, _digest, _version, block_id in found}
    if not questions.keys() >= {one.block_id for one in written}:
        questions = _questions(quiz_key, [one.block_id for one in written])
    known = {(question, digest): version for question, digest, version, _block_id in found}
    new = [
        QuestionVersion(
            question_id=questions[one.block_id],
            kind=one.kind,
            content=one.content,
            key=one.key,
            digest=one.digest,
        )
        for one in written
        if (questions[one.block_id], one.digest) not in known
    ]
    if new:
        # Another start may have written the same at this moment: one of each is kept.
        QuestionVersion.objects.bulk_create(new, ignore_conflicts=True)
        known = {(question, digest): version for question, digest, version, _block_id in rows.all()}
    keys = [(questions[one.block_id], known[questions[one.block_id], one.digest]) for one in written]
    if not new:
        _kept.keep({asked: keys})
    return keys


def asked_pages(pages: Mapping[str, QuizPage], *, language: str) -> Mapping[str, QuizPage]:
    """All the pages where they ask the same, else that of the reader."""
    return pages if _ask_the_same(list(pages.values())) else {language: pages[language]}


def digest_of(kind: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    """SHA-256 of a version, in hexadecimal digits."""
    text = json.dumps([kind, content, key], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _questions(quiz_key: UUID, block_ids: Iterable[str]) -> dict[str, int]:
    """The keys of the questions by block, which are made where they are new."""
    rows = Question.objects.filter(quiz_key=quiz_key)
    known = dict(rows.values_list("block_id", "pk"))
    if new := [one for one in block_ids if one not in known]:
        Question.objects.bulk_create(
            [Question(quiz_key=quiz_key, block_id=one) for one in new], ignore_conflicts=True
        )
        known = dict(rows.values_list("block_id", "pk"))
    return known


def _ask_the_same(pages: Sequence[QuizPage]) -> bool:
    """Whether the pages have the same kinds of questions, points, and right answers in the same places."""
    shapes = [[(block.block_type, _shape_of(block)) for block in page.questions] for page in pages]
    return all(shape == shapes[0] for shape in shapes)


def _shape_of(block: Any) -> Any:
    of = block.block
    return (of.whole_shape if isinstance(of, QuestionBlock) else of.shape)(block.value)


def _written(pages: Mapping[str, QuizPage]) -> list[_Written]:
    languages = list(pages)
    kept = _keep(pages[languages[0]])
    return [
        _question(dict(zip(languages, those, strict=True)), kept)
        for those in zip(*(page.own_questions for page in pages.values()), strict=True)
    ]


def _keep(page: QuizPage) -> Kept:
    values = [block.value for block in page.own_questions]
    media = [value["medium"] for value in values if value.get("medium")]
    documents = [one["picture"] for one in (*values, *media) if one.get("picture")]
    return keep_media(documents, [one["recording"] for one in media if one["recording"]])


def _question(blocks: Mapping[str, Any], kept: Kept) -> _Written:
    """One question from its blocks by language; ids are those of the first."""
    first = next(iter(blocks.values()))
    values = {language: block.value for language, block in blocks.items()}
    content, key = first.block.whole(values)
    kind = QuestionKind(first.block_type)
    content = with_media(content, kept)
    return _Written(first.id, kind, content, key, digest_of(kind, content, key), first.value["points"])
