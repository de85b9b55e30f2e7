"""What a page has besides its own questions: headings of sections, and draws from the question bank."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.common import points_block

DIFFICULTIES = [(str(level), str(level)) for level in range(1, 6)]


class SectionBlock(blocks.StructBlock):
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


class DrawBlock(blocks.StructBlock):
    """So many questions of the bank, others for each person."""

    count = blocks.IntegerBlock(label=_("How many questions"), min_value=1, max_value=100, default=5)
    tags = blocks.ListBlock(
        blocks.CharBlock(label=_("Tag"), max_length=50),
        label=_("With all these tags"),
        default=[],
        max_num=5,
    )
    difficulty = blocks.ChoiceBlock(label=_("Of this difficulty"), choices=DIFFICULTIES, required=False)
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
