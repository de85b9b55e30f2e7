"""The questions of a page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.blueprint import BankQuestionBlock, DrawBlock, SectionBlock
from assessment.blocks.by_hand import EssayBlock, FilesBlock
from assessment.blocks.choices import MultipleChoiceBlock, SingleChoiceBlock, TrueFalseBlock
from assessment.blocks.gaps import FillInBlock
from assessment.blocks.hotspot import HotspotBlock
from assessment.blocks.lines import NumberBlock, ShortTextBlock
from assessment.blocks.ordering import OrderingBlock
from assessment.blocks.pairs import MatchingBlock

# The names of blocks that are no questions.
SECTION, DRAW, OF_BANK = "section", "draw", "of_bank"


class QuestionBlocks(blocks.StreamBlock):
    """The questions of a quiz, in order."""

    single = SingleChoiceBlock()
    multiple = MultipleChoiceBlock()
    true_false = TrueFalseBlock()
    numeric = NumberBlock()
    short_text = ShortTextBlock()
    matching = MatchingBlock()
    ordering = OrderingBlock()
    fill_in = FillInBlock()
    hotspot = HotspotBlock()
    essay = EssayBlock()
    files = FilesBlock()
    section = SectionBlock()
    of_bank = BankQuestionBlock()
    draw = DrawBlock()

    class Meta:
        max_num = 100

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        asked: set[int] = set()
        for place, block in enumerate(cleaned):
            # A draft may be saved before its question is chosen.
            if block.block_type != OF_BANK or block.value["question"] is None:
                continue
            if block.value["question"].pk in asked:
                twice = ValidationError(_("The page asks this question twice. Choose another one."))
                raise blocks.StreamBlockValidationError(
                    block_errors={place: blocks.StructBlockValidationError(block_errors={"question": twice})}
                )
            asked.add(block.value["question"].pk)
        return cleaned
