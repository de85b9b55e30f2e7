"""What waits for staff about questions of the bank."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_number, format_since
from assessment.models import Question
from assessment.queries.bank import drafts_of, excerpt_of, reviews_waiting_for, sent_back_to
from assessment.queries.figures_shown import in_two_places
from assessment.queries.negative import negative_for

PUBLISHERS = frozenset({RoleName.CENTER_MANAGER, RoleName.ASSESSOR, RoleName.MINISTRY_OFFICER})
WRITERS = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})


class QuestionsToReview(Work):
    name = "bank-reviews"
    title = gettext_lazy("Questions waiting for your review")
    roles = PUBLISHERS
    act = Act.PUBLISH_QUESTIONS
    order = 26

    def rows(self, user: User) -> QuerySet[Question]:
        return reviews_waiting_for(user).select_related("owner", "author", "published")

    def line(self, row: Question) -> WorkItem:
        owner = row.owner or _("The ministry")
        since = format_since(row.submitted_at) if row.submitted_at else ""
        return WorkItem(
            excerpt_of(row), reverse("bank:inspect", args=[row.pk]), f"{row.author} · {owner}", since
        )


class QuestionsSentBack(Work):
    name = "bank-sent-back"
    title = gettext_lazy("Questions that came back to you")
    help = gettext_lazy("Change what the reviewer wrote, and submit them again.")
    roles = WRITERS
    act = Act.WRITE_QUESTIONS
    order = 27

    def rows(self, user: User) -> QuerySet[Question]:
        return sent_back_to(user).select_related("published")

    def line(self, row: Question) -> WorkItem:
        return WorkItem(excerpt_of(row), reverse("bank:inspect", args=[row.pk]), row.sent_back)


class QuestionDrafts(Work):
    name = "bank-drafts"
    title = gettext_lazy("Your drafts of questions")
    help = gettext_lazy(
        "Submit them for review, one by one or all at once: “Your drafts” in the question bank."
    )
    roles = WRITERS
    act = Act.WRITE_QUESTIONS
    order = 51

    def rows(self, user: User) -> QuerySet[Question]:
        return drafts_of(user).select_related("published")

    def line(self, row: Question) -> WorkItem:
        since = format_since(timezone.localdate(row.changed_at)) if row.changed_at else ""
        return WorkItem(
            excerpt_of(row), reverse("bank:inspect", args=[row.pk]), str(row.get_kind_display()), since
        )


class QuestionsWithNegativeFigures(Work):
    name = "bank-negative"
    title = gettext_lazy("Your questions that mislead those who know more")
    help = gettext_lazy(
        "Look at the key first: it may take a wrong answer for right. Write a new version, withdraw it, or say why it stays."
    )
    roles = WRITERS
    act = Act.WRITE_QUESTIONS
    order = 30

    def rows(self, user: User) -> QuerySet[Question]:
        return negative_for(user).select_related("published")

    def line(self, row: Any) -> WorkItem:
        facts = {"figure": in_two_places(row.discrimination), "number": format_number(row.n)}
        note = ngettext(
            "discrimination %(figure)s, of %(number)s first attempt",
            "discrimination %(figure)s, of %(number)s first attempts",
            row.n,
        )
        return WorkItem(
            excerpt_of(row),
            reverse("bank:figures", args=[row.pk]),
            note % facts,
            also=[(_("It stays as it is"), reverse("bank:keep", args=[row.pk]))],
        )
