"""What a page has besides its own questions: headings of sections, questions of the bank, and draws from it."""

from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.widgets import BaseChooser

from assessment.blocks.common import points_block
from assessment.blocks.compared import PartsBlock
from assessment.blocks.unread import ReadsLater, read
from courses.blocks import OneOfBlock

DIFFICULTIES = [(str(level), str(level)) for level in range(1, 6)]


class SectionBlock(PartsBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)

    class Meta:
        icon = "title"
        label = _("Section")
        label_format = "{title}"
        description = _("A heading. What follows belongs to it, until the next one.")
        template = "blocks/question_section.html"
        preview_value = {"title": "القسم الأول: السلامة"}

    def shape(self, _value: Any) -> Any:
        """A title is of its language."""
        return ()


class BankQuestionChooser(BaseChooser):
    """Chooses a question in force, of the own centers or the ministry's."""

    model = "assessment.Question"
    icon = "list-ul"
    choose_one_text = _("Choose a question of the bank")
    choose_another_text = _("Choose another question")
    link_to_chosen_text = _("Open this question")
    chooser_modal_url_name = "bank_chooser:choose"
    show_edit_link = False

    def get_display_title(self, instance: Any) -> str:
        """The first words as it is asked: a question has no title."""
        return first_words(instance)


class BankQuestionChooserBlock(ReadsLater, blocks.ChooserBlock):
    """The value is an `assessment.models.Question`, or its key."""

    target_model = "assessment.Question"

    class Meta:
        icon = "list-ul"

    def read(self, pk: int) -> Any:
        """With what is in force of it, which the editor and the preview show."""
        return self.model_class.objects.select_related("published").filter(pk=pk).first()

    def deconstruct(self) -> Any:
        """As migrations keep it: what is stored is a key."""
        _path, args, options = super(ReadsLater, self).deconstruct()
        return f"{type(self).__module__}.{type(self).__name__}", args, options

    @cached_property
    def widget(self) -> BankQuestionChooser:
        return BankQuestionChooser()


def first_words(question: Any, letters: int = 80) -> str:
    texts = question.published.content["text"] if question.published else {}
    found = [texts[code] for code in (get_language(), settings.LANGUAGE_CODE) if code in texts]
    text = next(iter([*found, *texts.values()]), "")
    return Truncator(" ".join(text.split())).chars(letters) or str(question)


class BankQuestionBlock(PartsBlock):
    """One question of the bank, the same for each person: as it is in force when an attempt begins."""

    question = BankQuestionChooserBlock(label=_("Question"))
    points = points_block()

    class Meta:
        icon = "list-ul"
        label = _("A question of the bank")
        label_format = "{question}"
        description = _("One question of the bank, for every trainee, as it is published at the start.")
        template = "blocks/question_of_bank.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        question = read(value.get("question"))
        words = first_words(question, 1000) if question else ""
        return {**super().get_context(value, parent_context=parent_context), "words": words}

    def shape(self, value: Any) -> Any:
        return value["question"] and value["question"].pk, value["points"]


class DrawBlock(PartsBlock):
    """So many questions of the bank, others for each person."""

    count = blocks.IntegerBlock(label=_("How many questions"), min_value=1, max_value=100, default=5)
    tags = blocks.ListBlock(
        blocks.CharBlock(label=_("Tag"), max_length=50),
        label=_("With all these tags"),
        default=[],
        max_num=5,
    )
    difficulty = OneOfBlock(label=_("Of this difficulty"), choices=DIFFICULTIES, required=False)
    points = points_block()

    class Meta:
        icon = "repeat"
        label = _("Questions from the bank")
        label_format = "{count} · {tags}"
        description = _("Drawn for each person: none comes again before the others were asked.")
        template = "blocks/question_draw.html"
        preview_value = {"count": 5, "tags": ["سلامة"], "difficulty": "2"}

    def shape(self, value: Any) -> Any:
        return value["count"], sorted(value["tags"]), value["difficulty"] or "", value["points"]
