"""Blocks of questions on the page of a quiz."""

from assessment.blocks.by_hand import EssayBlock, FilesBlock
from assessment.blocks.choices import FALSE, TRUE, MultipleChoiceBlock, SingleChoiceBlock, TrueFalseBlock
from assessment.blocks.common import texts
from assessment.blocks.gaps import FillInBlock
from assessment.blocks.hotspot import HotspotBlock
from assessment.blocks.lines import NumberBlock, ShortTextBlock
from assessment.blocks.ordering import OrderingBlock
from assessment.blocks.pairs import MatchingBlock
from assessment.blocks.stream import DRAW, OF_BANK, SECTION, QuestionBlocks

__all__ = [
    "DRAW",
    "FALSE",
    "OF_BANK",
    "SECTION",
    "TRUE",
    "EssayBlock",
    "FilesBlock",
    "FillInBlock",
    "HotspotBlock",
    "MatchingBlock",
    "MultipleChoiceBlock",
    "NumberBlock",
    "OrderingBlock",
    "QuestionBlocks",
    "ShortTextBlock",
    "SingleChoiceBlock",
    "TrueFalseBlock",
    "texts",
]
