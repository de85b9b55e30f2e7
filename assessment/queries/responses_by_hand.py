"""What was answered to questions that a person marks, as those read it who wrote it and those who mark it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.services.formatting import format_size
from assessment.enums import FileKind, QuestionKind
from assessment.models import AnswerFile, Attempt
from assessment.queries.questions import StoredQuestion, in_language, stored_questions


@dataclass(frozen=True)
class FileToRead:
    """A file of an answer. `kind`: `FileKind`; `size` in bytes. It has no name."""

    public_id: UUID
    kind: str
    pages: int
    size: int

    @property
    def is_picture(self) -> bool:
        return self.kind == FileKind.PICTURE

    @property
    def told(self) -> dict[str, Any]:
        """As a receipt names it (`docs/reference/save-protocol.md`)."""
        return {
            "id": str(self.public_id),
            "kind": self.kind,
            "pages": self.pages,
            "size": self.size,
            "size_text": format_size(self.size),
        }


@dataclass(frozen=True)
class AnswerToRead:
    """A text as it was typed, with its lines, or files in their order."""

    text: str
    files: list[FileToRead]

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.files)


@dataclass(frozen=True)
class LevelToRead:
    level_id: str
    text: str
    points: int


@dataclass(frozen=True)
class CriterionToRead:
    criterion_id: str
    text: str
    levels: list[LevelToRead]

    @property
    def most(self) -> int:
        return max(level.points for level in self.levels)


def answer_to_read(version: StoredQuestion, response: Any) -> AnswerToRead:
    """One query for files, none for texts."""
    (answer,) = answers_to_read([(version, response)])
    return answer


def answers_to_read(responses: Iterable[tuple[StoredQuestion, Any]]) -> list[AnswerToRead]:
    """The same for several, in order: one query."""
    pairs = list(responses)
    named = [one for version, response in pairs for one in _named(version, response)]
    files = {str(one.public_id): one for one in files_to_read(named)}
    return [
        AnswerToRead(
            text=response if version.kind == QuestionKind.ESSAY and isinstance(response, str) else "",
            files=[files[one] for one in _named(version, response) if one in files],
        )
        for version, response in pairs
    ]


def files_to_read(public_ids: Collection[str]) -> list[FileToRead]:
    """In no order. One query, none where none are named."""
    rows = AnswerFile.objects.filter(public_id__in=public_ids) if public_ids else AnswerFile.objects.none()
    return [file_to_read(row) for row in rows]


def files_sent(attempt: Attempt) -> dict[int, list[FileToRead]]:
    """What is stored of an attempt, slot by slot, the oldest first, whether the responses name it or not. One query."""
    found: dict[int, list[FileToRead]] = {}
    for row in AnswerFile.objects.filter(attempt=attempt).order_by("pk"):
        found.setdefault(row.slot, []).append(file_to_read(row))
    return found


def strange_files(attempt: Attempt, responses: Sequence[tuple[int, Any]]) -> int | None:
    """Which of these (slot, response) names a file that was not sent to that question of this attempt, or one twice; None where none does.

    One query, none where no response is a list of files.
    """
    questions = stored_questions(attempt.versions)
    named = {place: _named(questions[slot], response) for place, (slot, response) in enumerate(responses)}
    if not any(named.values()):
        return None
    files = AnswerFile.objects.filter(attempt=attempt).values_list("slot", "public_id")
    known = {(slot, str(public_id)) for slot, public_id in files}
    for place, names in named.items():
        slot = responses[place][0]
        if len(set(names)) < len(names) or any((slot, name) not in known for name in names):
            return place
    return None


def rubric_of(content_or_key: Mapping[str, Any]) -> list[CriterionToRead]:
    """The rubric in the reader's language: of a key as markers read it, of a content as everybody does who is asked. Empty without one."""
    return [
        CriterionToRead(
            criterion["id"],
            in_language(criterion["text"]),
            [
                LevelToRead(level["id"], in_language(level["text"]), int(level["points"]))
                for level in criterion["levels"]
            ],
        )
        for criterion in content_or_key.get("rubric") or ()
    ]


def _named(version: StoredQuestion, response: Any) -> list[str]:
    is_list = version.kind == QuestionKind.FILES and isinstance(response, list)
    return [str(one) for one in response] if is_list else []


def file_to_read(row: AnswerFile) -> FileToRead:
    return FileToRead(row.public_id, row.kind, row.pages, row.size)
