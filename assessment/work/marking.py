"""Answers that wait for marks, by question and without names."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since, localize_digits
from assessment.enums import MarkingState
from assessment.models import MarkingTask
from assessment.queries.marking import (
    QuestionWaiting,
    by_question,
    free_for,
    questions_waiting,
    waiting_for_decision_of,
    waiting_for_mark_of,
)
from assessment.queries.without_marker import (
    APPEAL,
    MENDED_BY_THE_CENTER,
    Missing,
    answers_without_marker,
    appeals_without_assessor,
    counted,
    missing_in,
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


class WithoutMarker(Work):
    """What waits at a center where no one may mark it. Of who runs the center, also where that person gives no roles."""

    name = "without-marker"
    title = gettext_lazy("Answers and appeals that no one at the center may mark")
    help = gettext_lazy("They wait until you give a colleague the role of an assessor there.")
    roles = frozenset({RoleName.CENTER_MANAGER})
    act = Act.MANAGE_COHORTS
    order = 14

    def rows(self, user: User) -> QuerySet[Any, dict[str, Any]]:
        return counted(
            self.reach(answers_without_marker(), user), self.reach(appeals_without_assessor(), user)
        )

    def lines(self, rows: Any, user: User) -> list[WorkItem]:
        return [self.line(one) for one in missing_in(rows, user)]

    def line(self, row: Missing) -> WorkItem:
        is_read = row.kind == APPEAL
        return WorkItem(
            localize_digits(said_of(row)),
            reverse("marking_appeals_left" if is_read else "marking_without_marker"),
            str(row.center),
            format_since(row.since),
        )


class WithoutMarkerForDays(WithoutMarker):
    """What a center could not mend: the ministry gives the role to an assessor of another center."""

    name = "without-marker-for-days"
    title = gettext_lazy("Answers and appeals that no one at a center may mark, for days")
    help = gettext_lazy("Give an assessor of another center the role there.")
    roles = frozenset({RoleName.MINISTRY_OFFICER})

    def rows(self, user: User) -> QuerySet[Any, dict[str, Any]]:
        before = timezone.now() - MENDED_BY_THE_CENTER
        return counted(
            self.reach(answers_without_marker().filter(created_at__lt=before), user),
            self.reach(appeals_without_assessor().filter(filed_at__lt=before), user),
        )


def said_of(row: Missing) -> str:
    match row.kind:
        case MarkingState.FIRST:
            said = ngettext("%(count)s answer without a mark", "%(count)s answers without a mark", row.count)
        case MarkingState.SECOND:
            said = ngettext(
                "%(count)s answer without its second mark",
                "%(count)s answers without their second marks",
                row.count,
            )
        case MarkingState.MODERATION:
            said = ngettext(
                "%(count)s answer with two marks that are far apart",
                "%(count)s answers with two marks that are far apart",
                row.count,
            )
        case _:
            said = ngettext(
                "%(count)s appeal without an answer", "%(count)s appeals without an answer", row.count
            )
    return said % {"count": row.count}


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
