"""How parts of questions are compared where Wagtail shows two versions of a page: in words, never as values of Python."""

from collections.abc import Callable
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import blocks
from wagtail.admin.compare import (
    BlockComparison,
    ListBlockComparison,
    StructBlockComparison,
    TextDiff,
    diff_text,
    get_comparison_class_for_block,
)
from wagtail.utils.text import text_from_html

from accounts.services.formatting import localize_digits
from courses.blocks import nothing


class WordsComparison(BlockComparison):
    """Of a part without parts. What is left empty is said; only a text that people wrote shows which of its words changed."""

    @property
    def said(self) -> Callable[[Any], str] | None:
        """How the block itself says a value that people do not read as it is stored."""
        return getattr(self.block, "in_words", None)

    def htmlvalue(self, val: Any) -> str:
        return escape(self.in_words(val))

    def htmldiff(self) -> SafeString:
        before, after = self.in_words(self.val_a), self.in_words(self.val_b)
        if before == after:
            return escape(after)
        is_text = isinstance(self.block, blocks.CharBlock | blocks.TextBlock) and not self.said
        if is_text and self.val_a and self.val_b:
            return diff_text(before, after).to_html()
        return TextDiff([("deletion", before), ("addition", after)], separator=" ").to_html()

    def in_words(self, val: Any) -> str:
        if val is None or val == "":
            return nothing()
        if isinstance(self.block, blocks.IntegerBlock):
            return localize_digits(val)
        shown = self.said(val) if self.said else text_from_html(self.block.render_basic(val))
        return shown or nothing()


class ListComparison(ListBlockComparison):
    def htmlvalue(self, val: Any) -> SafeString:
        shown = [
            comparison(one.block, one.value).htmlvalue(one.value) for one in self.get_blocks_from_value(val)
        ]
        if not shown:
            return escape(nothing())
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((one,) for one in shown)))

    def htmldiff(self) -> SafeString:
        shown: SafeString = super().htmldiff()
        return shown or escape(nothing())


class PartsComparison(StructBlockComparison):
    def htmlvalue(self, val: Any) -> SafeString:
        return self.listed(lambda name, part: comparison(part, val[name]).htmlvalue(val[name]))

    def htmldiff(self) -> SafeString:
        return self.listed(lambda name, part: comparison(part, self.val_a[name], self.val_b[name]).htmldiff())

    def listed(self, shown: Callable[[str, blocks.Block], SafeString]) -> SafeString:
        rows = [(part.label, shown(name, part)) for name, part in self.block.child_blocks.items()]
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))


def comparison(block: blocks.Block, before: Any, *after: Any) -> BlockComparison:
    """Of two values of a block; of one with itself."""
    if isinstance(block, blocks.ListBlock):
        kind: type[BlockComparison] = ListComparison
    elif isinstance(block, blocks.BaseStructBlock | blocks.BaseStreamBlock):
        kind = get_comparison_class_for_block(block)
    else:
        kind = WordsComparison
    return kind(block, exists_a=True, exists_b=True, val_a=before, val_b=(after or (before,))[0])


class PartsBlock(blocks.StructBlock):
    """A question, or a part of one that has parts."""

    def get_comparison_class(self) -> type[BlockComparison]:
        return PartsComparison
