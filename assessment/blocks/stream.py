"""The questions of a page."""

from wagtail import blocks

from assessment.blocks.blueprint import DrawBlock, SectionBlock
from assessment.blocks.by_hand import EssayBlock, FilesBlock
from assessment.blocks.choices import MultipleChoiceBlock, SingleChoiceBlock, TrueFalseBlock
from assessment.blocks.gaps import FillInBlock
from assessment.blocks.hotspot import HotspotBlock
from assessment.blocks.lines import NumberBlock, ShortTextBlock
from assessment.blocks.ordering import OrderingBlock
from assessment.blocks.pairs import MatchingBlock

# The names of blocks that are no questions.
SECTION, DRAW = "section", "draw"


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
    draw = DrawBlock()

    class Meta:
        max_num = 100
