"""The form of the page of a quiz."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamValue

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.scoping import fenced
from assessment.blocks import OF_BANK
from assessment.blocks.unread import read
from assessment.models import Question
from assessment.queries.bank import bank_of
from assessment.queries.documents import may_open
from media_pipeline.models import Video


def _chosen_in(questions: StreamValue | None) -> Iterator[Any]:
    """Pictures, recordings and questions of the bank that the page names."""
    for block in questions or ():
        medium = block.value.get("medium") or {}
        found = [block.value.get("picture"), medium.get("picture"), medium.get("recording")]
        if block.block_type == OF_BANK:
            found.append(block.value["question"])
        yield from (row for one in found if (row := read(one)))


class QuizPageForm(WagtailAdminPageForm):
    """Accepts only what the author may choose; what is already on the page may stay.

    The choosers list nothing else, but a block knows no user, so a number typed into the request would pass it.
    """

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        saved = type(self.instance).objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        stored = {*_chosen_in(saved.questions)} if saved else set()
        draft = self.instance.get_latest_revision_as_object() if saved else None
        stored |= {*_chosen_in(draft.questions)} if draft else set()
        if not all(self._may_choose(one) for one in {*_chosen_in(cleaned.get("questions"))} - stored):
            self.add_error(
                "questions", _("Choose pictures, recordings and questions of the bank that are yours to use.")
            )
        if "questions" in cleaned and {"action-publish", "action-submit"} & set(self.data):
            self._check(cleaned["questions"])
        return cleaned

    def _check(self, questions: StreamValue) -> None:
        self.instance.questions = questions
        try:
            self.instance.check_publishing()
        except DomainError as refusal:
            self.add_error("questions", str(refusal))

    def _may_choose(self, one: Any) -> bool:
        reached: QuerySet[Any]
        match one:
            case Video():
                reached = fenced(Video.objects.all(), user=self.for_user, act=Act.MANAGE_MEDIA)
            case Question():
                reached = bank_of(self.for_user, Question.objects.in_force())
            case _:
                return may_open(self.for_user, one)
        return bool(reached.filter(pk=one.pk).exists())
