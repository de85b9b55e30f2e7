"""Versions of questions as the server works with them: with the key. Nothing of this module is handed to a template before the mark."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from assessment.enums import QuestionKind
from assessment.marking.kinds import question_of
from assessment.marking.question import Question
from assessment.models import QuestionVersion

# Versions kept in memory by a process; a question has about 2 kB.
MOST_KEPT = 5000


@dataclass(frozen=True)
class StoredQuestion:
    """A version of a question; `question` reads and marks responses to it."""

    version: int
    kind: QuestionKind
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    question: Question


class _Kept:
    """The versions that were used last. They never change, so they need not be asked for twice."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, StoredQuestion] = OrderedDict()
        self._lock = Lock()

    def among(self, versions: Sequence[int]) -> dict[int, StoredQuestion]:
        with self._lock:
            found = {version: self._kept[version] for version in versions if version in self._kept}
            for version in found:
                self._kept.move_to_end(version)
        return found

    def keep(self, found: Mapping[int, StoredQuestion]) -> None:
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


_kept = _Kept()


def stored_questions(versions: Sequence[int]) -> list[StoredQuestion]:
    """The versions, in the order of their keys as given. One query, none where all were used before."""
    found = _kept.among(versions)
    if missing := set(versions) - found.keys():
        rows = {
            row.pk: StoredQuestion(
                row.pk,
                QuestionKind(row.kind),
                row.content,
                row.key,
                question_of(row.kind, row.content, row.key),
            )
            for row in QuestionVersion.objects.filter(pk__in=missing)
        }
        _kept.keep(rows)
        found |= rows
    return [found[version] for version in versions]


def in_language(texts: Mapping[str, str]) -> str:
    """A text of a question in the reader's language, else in the source language, else in any; empty where there is none."""
    for language in (get_language(), settings.LANGUAGE_CODE):
        if language in texts:
            return texts[language]
    return next(iter(texts.values()), "")
