"""Corrections of keys: those that wait for a second officer, and what is still published with the old key."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since
from assessment.models import KeyOnPage, Question, QuestionVersion, Regrade
from assessment.queries.bank import excerpt_of
from assessment.queries.questions import in_language
from assessment.queries.regrades import (
    bank_questions_with_old_key,
    keys_to_change_on_pages,
    regrades_to_start,
)
from assessment.work.bank import WRITERS

TEXT_CHARACTERS = 80


def _text_of(version: QuestionVersion) -> str:
    return Truncator(" ".join(in_language(version.content["text"]).split())).chars(TEXT_CHARACTERS)


class RegradesToStart(Work):
    """Of every officer of the ministry but who asked for it."""

    name = "regrades-to-start"
    title = gettext_lazy("Corrections of keys waiting for your decision")
    help = gettext_lazy("A colleague asked for them. Read what would change, and start it or drop it.")
    roles = frozenset({RoleName.MINISTRY_OFFICER})
    act = Act.CORRECT_CONTENT
    order = 28

    def rows(self, user: User) -> QuerySet[Regrade]:
        return regrades_to_start(user).select_related("version", "proposed_by")

    def line(self, row: Regrade) -> WorkItem:
        return WorkItem(
            _text_of(row.version),
            reverse("regrade:inspect", args=[row.pk]),
            str(row.proposed_by),
            format_since(row.proposed_at),
        )


class CorrectedKeysOnPages(Work):
    name = "keys-on-pages"
    title = gettext_lazy("Pages of tests that still have a key that was corrected")
    help = gettext_lazy(
        "New cohorts are asked what the page says. Correct the question there, and publish the page."
    )
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER})
    act = Act.EDIT_CONTENT
    order = 33

    def rows(self, user: User) -> QuerySet[KeyOnPage]:
        return keys_to_change_on_pages(user)

    def line(self, row: KeyOnPage) -> WorkItem:
        return WorkItem(
            row.page.title,
            reverse("wagtailadmin_pages:edit", args=[row.page_id]),
            _text_of(row.correction.version),
            format_since(row.correction.at),
        )


class CorrectedKeysInBank(Work):
    name = "keys-in-bank"
    title = gettext_lazy("Questions of the bank that still have a key that was corrected")
    help = gettext_lazy(
        "Tests go on asking them. Write a new version with the right key, or withdraw the question."
    )
    roles = WRITERS
    act = Act.WRITE_QUESTIONS
    order = 34

    def rows(self, user: User) -> QuerySet[Question]:
        rows = self.reach(bank_questions_with_old_key(), user)
        return rows.select_related("owner", "published").order_by("published_at", "pk")

    def line(self, row: Any) -> WorkItem:
        owner = str(row.owner or _("The ministry"))
        return WorkItem(excerpt_of(row), reverse("bank:inspect", args=[row.pk]), owner)
