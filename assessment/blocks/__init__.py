"""Blocks of questions on the page of a quiz."""

from assessment.blocks.choices import FALSE, TRUE, MultipleChoiceBlock, SingleChoiceBlock, TrueFalseBlock
from assessment.blocks.common import texts
from assessment.blocks.lines import NumberBlock, ShortTextBlock
from assessment.blocks.pairs import MatchingBlock
from assessment.blocks.stream import QuestionBlocks

__all__ = [
    "FALSE",
    "TRUE",
    "MatchingBlock",
    "MultipleChoiceBlock",
    "NumberBlock",
    "QuestionBlocks",
    "ShortTextBlock",
    "SingleChoiceBlock",
    "TrueFalseBlock",
    "texts",
]
