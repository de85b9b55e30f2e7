"""Shared parts of the blocks of a certificate: choices, boxes, text styles."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

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
    ("border", _("border of a national paper, with rosettes in the corners")),
    ("rosette", _("large rosette behind the text")),
    ("plaque", _("plaque under a text")),
    ("waves", _("ground of fine waves")),
    ("microtext", _("microtext: names of state and authority")),
    ("none", _("none")),
]
ZONE_SHAPES = [("circle", _("circle")), ("box", _("box"))]
PAYLOADS = [
    ("url", _("address (15 mm or more)")),
    ("offline", _("address and signed certificate, checked without a network (29 mm or more)")),
]
# The closed list of facts, by the names of `certificates.drawing.FACTS`.
IN_BOTH_LANGUAGES = [
    ("name", _("name of the holder")),
    ("type", _("kind of certificate")),
    ("program", _("program")),
    ("level", _("level")),
    ("hours", _("hours of the program")),
    ("center", _("center")),
    ("governorate", _("governorate")),
    ("place", _("center and governorate")),
    ("starts_on", _("first day of the cohort")),
    ("ends_on", _("last day of the cohort")),
    ("completed_on", _("completed on")),
    ("attendance", _("attendance in percent (supplements)")),
    ("score", _("mean score in percent (supplements)")),
    ("practice", _("mean score of the practical tasks in percent (supplements)")),
    ("attended_hours", _("hours attended (supplements, statements of attendance)")),
    ("issued_on", _("issued on")),
    ("valid_from", _("valid from")),
    ("valid_until", _("valid until")),
    ("state", _("name of the state")),
    ("authority", _("authority")),
    ("heading", _("heading")),
    ("opening", _("opening of the sentence, before the name")),
    ("deed", _("deed: what follows the name")),
    ("statement", _("statement")),
    ("signatory", _("signatory")),
    ("signatory_title", _("title of the signatory")),
]
NUMBERS = [
    ("number", _("certificate number")),
    ("code", _("verification code")),
    ("identity", _("last digits of the identity document")),
    ("program_code", _("code of the program")),
    ("occupation_code", _("code of the occupation")),
    ("cohort", _("cohort")),
    ("basis", _("number of the certificate it is based on")),
]
FACTS_BY_LANGUAGE = [
    (_("In Arabic"), [(f"{name}_ar", label) for name, label in IN_BOTH_LANGUAGES]),
    (
        _("In English"),
        [
            *((f"{name}_en", label) for name, label in IN_BOTH_LANGUAGES),
            ("signatory_line_en", _("signatory and title")),
        ],
    ),
    (
        _("Numbers and codes"),
        NUMBERS,
    ),
]


def millimeters(label: Any, min_value: float = 0, **kwargs: Any) -> blocks.FloatBlock:
    return blocks.FloatBlock(label=label, min_value=min_value, max_value=400, **kwargs)


def points(label: Any, default: float) -> blocks.FloatBlock:
    return blocks.FloatBlock(label=label, min_value=3, max_value=96, default=default)


class PlaceBlock(blocks.StructBlock):
    """A box in millimeters from the left top corner of its sheet."""

    side = blocks.ChoiceBlock(SIDES, label=_("Sheet"), default="page")
    x = millimeters(_("from the left (mm)"))
    y = millimeters(_("from the top (mm)"))
    width = millimeters(_("width (mm)"), min_value=0.1)
    height = millimeters(_("height (mm)"), min_value=0.1)

    class Meta:
        label = _("Box")
        icon = "expand-right"
        form_classname = "struct-block designer-row"


class LookBlock(blocks.StructBlock):
    """Font, size in points, side and color of a text; it shrinks no further than the smallest size."""

    font = blocks.ChoiceBlock(FONTS, label=_("Font"), default="sans")
    size = points(_("size (pt)"), 12)
    min_size = points(_("smallest size (pt)"), 8)
    align = blocks.ChoiceBlock(ALIGNMENTS, label=_("Alignment"), default="center")
    color = blocks.ChoiceBlock(COLORS, label=_("Color"), default="ink")
    wraps = blocks.BooleanBlock(label=_("on several lines"), required=False)
    two_lines = blocks.BooleanBlock(
        label=_("two lines before it shrinks"), required=False, help_text=_("For names and titles.")
    )

    class Meta:
        label = _("Look")
        icon = "view"
        form_classname = "struct-block designer-row"
