"""Answers that wait for marks, by question and without names."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since, localize_digits
from assessment.models import MarkingTask
from assessment.queries.marking import (
    QuestionWaiting,
    by_question,
    free_for,
    questions_waiting,
    waiting_for_decision_of,
    waiting_for_mark_of,
)

TEXT_CHARACTERS = 80


class _ByQuestion(Work):
    url_name: ClassVar[str]

    def lines(self, rows: Any, user: User) -> list[WorkItem]:
        return [self.line(one) for one in questions_waiting(rows)]

    def line(self, row: QuestionWaiting) -> WorkItem:
        said = ngettext("%(count)s answer", "%(count)s answers", row.count) % {"count": row.count}
        return WorkItem(
            Truncator(" ".join(row.text.split())).chars(TEXT_CHARACTERS),
            reverse(self.url_name),
            f"{localize_digits(said)} · {row.title}",
            format_since(row.since),
        )


class AnswersToMark(_ByQuestion):
    name = "answers-to-mark"
    url_name = "marking"
    title = gettext_lazy("Answers waiting for your mark")
    help = gettext_lazy("Essays and files of tests. You do not see whose they are.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.ASSESSOR})
    act = Act.MARK_ANSWERS
    order = 12

    def rows(self, user: User) -> QuerySet[MarkingTask, dict[str, Any]]:
        return by_question(free_for(waiting_for_mark_of(user), user))


class MarksToDecide(_ByQuestion):
    name = "marks-to-decide"
    url_name = "marking_decisions"
    title = gettext_lazy("Answers with two marks that are far apart")
    help = gettext_lazy("You see both marks, without who gave them, and decide what counts.")
    roles = frozenset({RoleName.ASSESSOR, RoleName.CENTER_MANAGER})
    act = Act.MODERATE_MARKS
    order = 13

    def rows(self, user: User) -> QuerySet[MarkingTask, dict[str, Any]]:
        return by_question(free_for(waiting_for_decision_of(user), user))
