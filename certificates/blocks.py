"""The StreamField blocks of a certificate: each has a box, and their order is the reading order.

`certificates.drawing` reads their values; templates freeze them with pictures replaced by their hash.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from certificates.block_parts import (
    ALIGNMENTS,
    COLORS,
    FACTS_BY_LANGUAGE,
    FRAME_STYLES,
    IN_BOTH_LANGUAGES,
    LANGUAGES,
    NUMBERS,
    PAYLOADS,
    PICTURE_ROLES,
    TEXT_ROLES,
    ZONE_SHAPES,
    LookBlock,
    PlaceBlock,
    millimeters,
    points,
)


class TextBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=600)
    language = blocks.ChoiceBlock(LANGUAGES, label=_("Language"), default="ar")
    role = blocks.ChoiceBlock(TEXT_ROLES, label=_("Role"), default="paragraph")
    look = LookBlock()
    place = PlaceBlock()

    class Meta:
        icon = "pilcrow"
        label = _("Fixed text")
        label_format = "{text}"
        group = _("Texts")
        description = _("The same words on every certificate.")


class FieldBlock(blocks.StructBlock):
    fact = blocks.ChoiceBlock(FACTS_BY_LANGUAGE, label=_("Fact"))
    role = blocks.ChoiceBlock(TEXT_ROLES, label=_("Role"), default="paragraph")
    look = LookBlock()
    place = PlaceBlock()

    class Meta:
        icon = "tag"
        label = _("Fact")
        label_format = "{fact}"
        group = _("Texts")
        description = _("Something the register says: a name, a date, a number.")


class RowBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Label"), max_length=60)
    fact = blocks.ChoiceBlock(FACTS_BY_LANGUAGE, label=_("Fact"))

    class Meta:
        label = _("Row")
        form_classname = "struct-block designer-row"


class FactListBlock(blocks.StructBlock):
    language = blocks.ChoiceBlock(LANGUAGES[:2], label=_("Language"), default="ar")
    rows = blocks.ListBlock(RowBlock(), label=_("Rows"), min_num=1, max_num=12)
    label_width = millimeters(_("width of the labels (mm)"), default=27)
    size = points(_("size (pt)"), 10)
    min_size = points(_("smallest size (pt)"), 6)
    place = PlaceBlock()

    class Meta:
        icon = "list-ul"
        label = _("Labels and facts")
        group = _("Texts")
        description = _("Rows such as “Hours: 420”. A row without a fact is left out.")


class ColumnBlock(blocks.StructBlock):
    header = blocks.CharBlock(label=_("Heading"), max_length=60)
    fact = blocks.ChoiceBlock(FACTS_BY_LANGUAGE, label=_("Fact"))

    class Meta:
        label = _("Column")
        form_classname = "struct-block designer-row"


class FactTableBlock(blocks.StructBlock):
    language = blocks.ChoiceBlock(LANGUAGES[:2], label=_("Language"), default="ar")
    columns = blocks.ListBlock(ColumnBlock(), label=_("Columns"), min_num=1, max_num=6)
    size = points(_("size (pt)"), 10)
    min_size = points(_("smallest size (pt)"), 6)
    place = PlaceBlock()

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Texts")
        description = _("Facts side by side under headings.")


# Of a pair of columns, each fact in the language of its column.
_PAIRED = [*IN_BOTH_LANGUAGES, *NUMBERS]


class PairedRowBlock(blocks.StructBlock):
    label_ar = blocks.CharBlock(label=_("Label in Arabic"), max_length=60)
    label_en = blocks.CharBlock(label=_("Label in English"), max_length=60)
    fact = blocks.ChoiceBlock(_PAIRED, label=_("Fact"))

    class Meta:
        label = _("Row")
        form_classname = "struct-block designer-row"


class SentenceBlock(blocks.StructBlock):
    rows = blocks.ListBlock(PairedRowBlock(), label=_("Facts under the sentence"), min_num=0, max_num=12)
    text_size = points(_("size of the words (pt)"), 12.5)
    name_size = points(_("size of the name (pt)"), 27)
    program_size = points(_("size of the program (pt)"), 20)
    size = points(_("size of the facts (pt)"), 10)
    min_size = points(_("smallest size (pt)"), 6.5)
    label_width = millimeters(_("width of the labels (mm)"), default=27)
    gap = millimeters(_("between the columns (mm)"), default=12)
    place = PlaceBlock()

    class Meta:
        icon = "doc-full-inverse"
        label = _("Sentence in two columns")
        group = _("Texts")
        description = _(
            "Opening, name, deed and program as one sentence, Arabic right and English left, and facts under them. Names take two lines before they shrink."
        )


class RecordBlock(blocks.StructBlock):
    size = points(_("size (pt)"), 8)
    min_size = points(_("smallest size (pt)"), 6)
    fills = blocks.BooleanBlock(
        label=_("rows spread over the box, and a mark where the list ends"), required=False
    )
    place = PlaceBlock()

    class Meta:
        icon = "list-ol"
        label = _("List of units")
        group = _("Texts")
        description = _(
            "What a supplement lists: every unit with its day and score. It goes on over further pages where its box ends."
        )


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(
        label=_("Picture"), required=False, help_text=_("Empty: the logo of the visual identity.")
    )
    alt = blocks.CharBlock(label=_("Description for those who do not see it"), max_length=200, required=False)
    role = blocks.ChoiceBlock(PICTURE_ROLES, label=_("Role"), default="figure")
    place = PlaceBlock()

    class Meta:
        icon = "image"
        label = _("Picture")
        group = _("Show")
        description = _("A logo, a coat of arms, a stamp. Its bytes are kept with the certificates.")


class EmblemBlock(blocks.StructBlock):
    place = PlaceBlock()

    class Meta:
        icon = "image"
        label = _("Emblem of the state")
        group = _("Show")
        description = _("That of the visual identity, else its logo, else an engraved ornament.")


class ZoneBlock(blocks.StructBlock):
    shape = blocks.ChoiceBlock(ZONE_SHAPES, label=_("Shape"), default="circle")
    label_ar = blocks.CharBlock(label=_("Word in Arabic"), max_length=40, required=False)
    label_en = blocks.CharBlock(label=_("Word in English"), max_length=40, required=False)
    size = points(_("size (pt)"), 6.5)
    place = PlaceBlock()

    class Meta:
        icon = "placeholder"
        label = _("Empty place")
        label_format = "{label_ar}"
        group = _("Show")
        description = _("For what comes after printing: a stamp, a photo, a hologram.")


class QrBlock(blocks.StructBlock):
    payload = blocks.ChoiceBlock(PAYLOADS, label=_("Content"), default="url")
    place = PlaceBlock()

    class Meta:
        icon = "view"
        label = _("QR code")
        label_format = "{payload}"
        group = _("Proof")
        description = _("Leads to the page that says whether the certificate is genuine.")


class FrameBlock(blocks.StructBlock):
    style = blocks.ChoiceBlock(FRAME_STYLES, label=_("Style"), default="guilloche")
    color = blocks.ChoiceBlock(COLORS, label=_("Color"), default="accent")
    place = PlaceBlock()

    class Meta:
        icon = "crop"
        label = _("Frame or line")
        label_format = "{style}"
        group = _("Show")
        description = _("An ornament. Put it before the blocks that are printed on it.")


class SignatoryBlock(blocks.StructBlock):
    name_ar = blocks.CharBlock(
        label=_("Name in Arabic"),
        max_length=80,
        required=False,
        help_text=_("Empty: the signatory of the template."),
    )
    name_en = blocks.CharBlock(label=_("Name in English"), max_length=80, required=False)
    title_ar = blocks.CharBlock(label=_("Title in Arabic"), max_length=80, required=False)
    title_en = blocks.CharBlock(label=_("Title in English"), max_length=80, required=False)
    align = blocks.ChoiceBlock(ALIGNMENTS, label=_("Alignment"), default="center")
    place = PlaceBlock()

    class Meta:
        icon = "user"
        label = _("Signatory")
        group = _("Proof")
        description = _("Who answers for the certificate.")


class SignatureBlock(blocks.StructBlock):
    image = ImageChooserBlock(
        label=_("Picture of the signature"),
        required=False,
        help_text=_("Empty: signed by hand or by the seal."),
    )
    alt = blocks.CharBlock(label=_("Description for those who do not see it"), max_length=200, required=False)
    name_ar = blocks.CharBlock(
        label=_("Name in Arabic"),
        max_length=80,
        required=False,
        help_text=_("Empty: the signatory of the template."),
    )
    name_en = blocks.CharBlock(label=_("Name in English"), max_length=80, required=False)
    title_ar = blocks.CharBlock(label=_("Title in Arabic"), max_length=80, required=False)
    title_en = blocks.CharBlock(label=_("Title in English"), max_length=80, required=False)
    align = blocks.ChoiceBlock(ALIGNMENTS, label=_("Alignment"), default="center")
    place = PlaceBlock()

    class Meta:
        icon = "edit"
        label = _("Signature")
        group = _("Proof")
        description = _("Room to sign above a line, name and title under it.")


class CopyMarkBlock(blocks.StructBlock):
    look = LookBlock()
    place = PlaceBlock()

    class Meta:
        icon = "copy"
        label = _("Mark of a copy")
        group = _("Proof")
        description = _("“Copy no. 1” and its date: printed on copies alone.")


class CertificateBlocks(blocks.StreamBlock):
    """A certificate. Their order is the order of drawing and of reading aloud."""

    text = TextBlock()
    field = FieldBlock()
    list = FactListBlock()
    table = FactTableBlock()
    sentence = SentenceBlock()
    record = RecordBlock()
    image = PictureBlock()
    emblem = EmblemBlock()
    zone = ZoneBlock()
    frame = FrameBlock()
    qr = QrBlock()
    signatory = SignatoryBlock()
    signature = SignatureBlock()
    copy_mark = CopyMarkBlock()

    class Meta:
        max_num = 60
        # Collapsed: a design has about twenty blocks, and their names give an overview.
        collapsed = True
