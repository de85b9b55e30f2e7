"""What a certificate is made of: blocks in boxes, in the order in which they are read aloud.

Values are as `certificates.drawing` reads them; `templates` freeze them with pictures replaced by their hash.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

SIDES = [("page", _("page")), ("front", _("front of the card")), ("back", _("back of the card"))]
LANGUAGES = [("ar", _("Arabic")), ("en", _("English")), ("both", _("both, left to right"))]
FONTS = [
    ("naskh", _("Naskh")),
    ("naskh-bold", _("Naskh, bold")),
    ("sans", _("Sans")),
    ("sans-medium", _("Sans, medium")),
    ("sans-bold", _("Sans, bold")),
]
ALIGNMENTS = [("start", _("start of the line")), ("center", _("centered")), ("end", _("end of the line"))]
COLORS = [
    ("ink", _("ink")),
    ("muted", _("muted")),
    ("accent", _("accent color")),
    ("signal", _("signal color")),
    ("warning", _("red")),
    ("white", _("white")),
]
TEXT_ROLES = [
    ("title", _("title")),
    ("heading", _("heading")),
    ("paragraph", _("paragraph")),
    ("caption", _("caption of the picture before")),
    ("artifact", _("ornament, not read aloud")),
]
PICTURE_ROLES = [("figure", _("picture with a meaning")), ("artifact", _("ornament, not read aloud"))]
FRAME_STYLES = [
    ("guilloche", _("guilloche")),
    ("plain", _("two plain lines")),
    ("line", _("one line")),
    ("band", _("colored band")),
    ("tape", _("measuring tape")),
    ("none", _("none")),
]
PAYLOADS = [
    ("url", _("address (15 mm or more)")),
    ("offline", _("address and signed certificate, checked without a network (29 mm or more)")),
]
# The closed list of facts, by the names of `certificates.drawing.FACTS`.
_IN_BOTH_LANGUAGES = [
    ("name", _("name of the holder")),
    ("type", _("kind of certificate")),
    ("program", _("program")),
    ("level", _("level")),
    ("hours", _("hours")),
    ("center", _("center")),
    ("governorate", _("governorate")),
    ("place", _("center and governorate")),
    ("starts_on", _("first day of the cohort")),
    ("ends_on", _("last day of the cohort")),
    ("completed_on", _("completed on")),
    ("attendance", _("attendance in percent (supplements)")),
    ("score", _("mean score in percent (supplements)")),
    ("issued_on", _("issued on")),
    ("valid_from", _("valid from")),
    ("valid_until", _("valid until")),
    ("authority", _("authority")),
    ("heading", _("heading")),
    ("statement", _("statement")),
    ("signatory", _("signatory")),
    ("signatory_title", _("title of the signatory")),
]
_FACTS_BY_LANGUAGE = [
    (_("In Arabic"), [(f"{name}_ar", label) for name, label in _IN_BOTH_LANGUAGES]),
    (
        _("In English"),
        [
            *((f"{name}_en", label) for name, label in _IN_BOTH_LANGUAGES),
            ("signatory_line_en", _("signatory and title")),
        ],
    ),
    (
        _("Numbers and codes"),
        [
            ("number", _("certificate number")),
            ("code", _("verification code")),
            ("identity", _("last digits of the identity document")),
            ("program_code", _("code of the program")),
            ("occupation_code", _("code of the occupation")),
            ("cohort", _("cohort")),
            ("basis", _("number of the certificate it stands on")),
        ],
    ),
]


def _millimeters(label: Any, min_value: float = 0, **kwargs: Any) -> blocks.FloatBlock:
    return blocks.FloatBlock(label=label, min_value=min_value, max_value=400, **kwargs)


def _points(label: Any, default: float) -> blocks.FloatBlock:
    return blocks.FloatBlock(label=label, min_value=3, max_value=96, default=default)


class PlaceBlock(blocks.StructBlock):
    """A box in millimeters from the left top corner of its sheet."""

    side = blocks.ChoiceBlock(SIDES, label=_("Sheet"), default="page")
    x = _millimeters(_("from the left (mm)"))
    y = _millimeters(_("from the top (mm)"))
    width = _millimeters(_("width (mm)"), min_value=0.1)
    height = _millimeters(_("height (mm)"), min_value=0.1)

    class Meta:
        label = _("Box")
        icon = "expand-right"
        form_classname = "struct-block designer-row"


class LookBlock(blocks.StructBlock):
    """Font, size in points, side and color of a text; it shrinks no further than the smallest size."""

    font = blocks.ChoiceBlock(FONTS, label=_("Font"), default="sans")
    size = _points(_("size (pt)"), 12)
    min_size = _points(_("smallest size (pt)"), 8)
    align = blocks.ChoiceBlock(ALIGNMENTS, label=_("Alignment"), default="center")
    color = blocks.ChoiceBlock(COLORS, label=_("Color"), default="ink")
    wraps = blocks.BooleanBlock(label=_("on several lines"), required=False)

    class Meta:
        label = _("Look")
        icon = "view"
        form_classname = "struct-block designer-row"


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
    fact = blocks.ChoiceBlock(_FACTS_BY_LANGUAGE, label=_("Fact"))
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
    fact = blocks.ChoiceBlock(_FACTS_BY_LANGUAGE, label=_("Fact"))

    class Meta:
        label = _("Row")
        form_classname = "struct-block designer-row"


class FactListBlock(blocks.StructBlock):
    language = blocks.ChoiceBlock(LANGUAGES[:2], label=_("Language"), default="ar")
    rows = blocks.ListBlock(RowBlock(), label=_("Rows"), min_num=1, max_num=12)
    label_width = _millimeters(_("width of the labels (mm)"), default=27)
    size = _points(_("size (pt)"), 10)
    min_size = _points(_("smallest size (pt)"), 6)
    place = PlaceBlock()

    class Meta:
        icon = "list-ul"
        label = _("Labels and facts")
        group = _("Texts")
        description = _("Rows such as “Hours: 420”. A row without a fact is left out.")


class ColumnBlock(blocks.StructBlock):
    header = blocks.CharBlock(label=_("Heading"), max_length=60)
    fact = blocks.ChoiceBlock(_FACTS_BY_LANGUAGE, label=_("Fact"))

    class Meta:
        label = _("Column")
        form_classname = "struct-block designer-row"


class FactTableBlock(blocks.StructBlock):
    language = blocks.ChoiceBlock(LANGUAGES[:2], label=_("Language"), default="ar")
    columns = blocks.ListBlock(ColumnBlock(), label=_("Columns"), min_num=1, max_num=6)
    size = _points(_("size (pt)"), 10)
    min_size = _points(_("smallest size (pt)"), 6)
    place = PlaceBlock()

    class Meta:
        icon = "table"
        label = _("Table")
        group = _("Texts")
        description = _("Facts side by side under headings.")


class RecordBlock(blocks.StructBlock):
    size = _points(_("size (pt)"), 8)
    min_size = _points(_("smallest size (pt)"), 6)
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
        description = _("An ornament. Put it before what stands on it.")


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
    record = RecordBlock()
    image = PictureBlock()
    frame = FrameBlock()
    qr = QrBlock()
    signatory = SignatoryBlock()
    copy_mark = CopyMarkBlock()

    class Meta:
        max_num = 60
        # A design has some twenty: their names are the overview.
        collapsed = True
