"""Blocks of a lesson."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from media_pipeline.blocks import VideoChooserBlock

TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "hr", "link", "document-link"]
SHORT_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


def yes_or_no(value: Any) -> str:
    return gettext("Yes") if value else gettext("No")


def nothing() -> str:
    """What is read where a value was left empty."""
    return gettext("nothing")


class TickBlock(blocks.BooleanBlock):
    """A box that is ticked or not, with words for both where versions are compared."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        return yes_or_no(value)

    def deconstruct(self) -> Any:
        """As migrations keep it: what is stored is the same."""
        _path, args, options = super().deconstruct()
        return "wagtail.blocks.BooleanBlock", args, options


class OneOfBlock(blocks.ChoiceBlock):
    """One of several, with its words where versions are compared."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        return str(dict(self.field.choices).get(value, value or ""))


class PictureBlock(blocks.StructBlock):
    """A picture with its description for those who do not see it."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        group = _("Show")
        description = _("A photo or drawing. Describe it for trainees who do not see it.")
        template = "blocks/picture.html"
        preview_template = "blocks/picture_preview.html"


# Extensions of pictures. As files they are for questions, whose pictures only staff and those who are asked may open.
PICTURES = frozenset({"jpeg", "jpg", "png", "webp"})


class AttachmentBlock(blocks.StructBlock):
    """A file to take along: a worksheet, a wiring plan."""

    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(
        label=_("Title"), max_length=120, required=False, help_text=_("Empty: the title of the file itself.")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["document"].file_extension.casefold() in PICTURES:
            refusal = _("Trainees cannot open this picture as a file. Show it with the block for pictures.")
            raise blocks.StructBlockValidationError(block_errors={"document": ValidationError(refusal)})
        return cleaned

    class Meta:
        icon = "doc-full-inverse"
        label = _("Attachment")
        group = _("Hand out")
        description = _("A file trainees download. Its size is shown before they do.")
        template = "blocks/attachment.html"
        preview_template = "blocks/attachment_preview.html"


class CalloutBlock(blocks.StructBlock):
    """A sentence that must not be missed."""

    kind = OneOfBlock(
        label=_("Kind"),
        choices=[("safety", _("Safety rule")), ("tip", _("Tip of the trade")), ("note", _("Note"))],
        default="note",
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=SHORT_TEXT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Callout")
        group = _("Say")
        description = _("A safety rule, a tip or a note, set off from the text.")
        template = "blocks/callout.html"
        preview_value = {
            "kind": "safety",
            "title": "افصل القاطع الرئيسي",
            "text": "<p>وتأكد بالمفك الاختباري من عدم وجود تيار قبل لمس أي سلك.</p>",
        }


class LessonBlocks(blocks.StreamBlock):
    """The body of a lesson. One video at most: a unit has one bitmap of watched coverage."""

    text = blocks.RichTextBlock(
        label=_("Text"),
        icon="pilcrow",
        group=_("Say"),
        features=TEXT_FEATURES,
        description=_("Paragraphs, lists and headings."),
        template="blocks/text.html",
        preview_value="<h3>قبل أن تبدأ</h3><p>جهّز <b>المفك الاختباري</b> والقفازات العازلة.</p>",
    )
    callout = CalloutBlock()
    video = VideoChooserBlock(
        label=_("Video"),
        icon="media",
        group=_("Show"),
        description=_("The video of this lesson. Watching it completes the lesson."),
        template="blocks/video.html",
        preview_template="blocks/video_preview.html",
    )
    picture = PictureBlock()
    attachment = AttachmentBlock()

    class Meta:
        block_counts = {"video": {"max_num": 1}}
