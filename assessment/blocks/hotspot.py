"""The block of places on a picture."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from accounts.digits import latin_digits
from accounts.errors import DomainError
from accounts.services.formatting import format_list, format_number, localize_digits
from assessment.blocks.choices import OptionBlock, written_options
from assessment.blocks.common import (
    QuestionBlock,
    Values,
    Written,
    explanation_block,
    medium_block,
    points_block,
    same_texts,
    text_block,
    texts,
)
from assessment.blocks.medium import QuestionPictureChooser
from assessment.pictures import small_picture

_NUMBERS = re.compile(r"[0-9]{1,4}(?:[\s,،]+[0-9]{1,4})*")
_APART = re.compile(r"[\s,،]+")


class AreasBlock(blocks.TextBlock):
    """A line for each area: numbers in thousandths of the width and the height, from the upper left corner.

    Its script draws them on the picture; without it they are typed.
    """

    @cached_property
    def field(self) -> forms.CharField:
        widget = forms.Textarea(attrs={"rows": 3, "dir": "ltr", "data-hotspot-areas": ""})
        return forms.CharField(widget=widget, **self.field_options)

    def in_words(self, value: str) -> str:
        """Where each area is, for pages that show no picture."""
        said = [area_in_words(number, area) for number, area in enumerate(areas_in(value), start=1)]
        return format_list(said)

    def deconstruct(self) -> Any:
        """As migrations keep it: what is stored is a text."""
        _path, args, options = super().deconstruct()
        return "wagtail.blocks.TextBlock", args, options

    class Meta:
        icon = "crosshairs"


class PlacesPictureBlock(DocumentChooserBlock):
    @cached_property
    def widget(self) -> QuestionPictureChooser:
        return QuestionPictureChooser()

    def deconstruct(self) -> Any:
        """As migrations keep it: the block of documents."""
        _path, args, options = super().deconstruct()
        return "wagtail.documents.blocks.DocumentChooserBlock", args, options


class HotspotBlock(QuestionBlock):
    kind = "hotspot"
    text = text_block()
    medium = medium_block()
    picture = PlacesPictureBlock(
        label=_("Picture"),
        help_text=_(
            "Upload a JPEG, PNG or WebP file here, not to the library of pictures, whose pictures have public addresses: this one is seen "
            "by staff, and by trainees from when they begin."
        ),
    )
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=300,
        help_text=_("For those who cannot see it. Do not say what is asked for."),
    )
    areas = AreasBlock(
        label=_("Right places"),
        max_length=2000,
        help_text=_(
            "Draw a frame around each right place on the picture. Or type a line for each: left, top, right, bottom, from 0 to 1000."
        ),
    )
    instead_text = blocks.TextBlock(
        label=_("The same question without the picture"),
        rows=2,
        max_length=1000,
        help_text=_("For those who cannot see the picture. It has to be as difficult."),
    )
    instead_options = blocks.ListBlock(
        OptionBlock(), label=_("Options without the picture"), min_num=2, max_num=8
    )
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "crosshairs"
        label = _("Places on a picture")
        description = _(
            "The trainee touches places on a picture, and answers another question without seeing it."
        )
        template = "blocks/question_hotspot.html"
        preview_value = {"text": "أين القاطع الرئيسي؟"}

    at_fault = "areas"
    fault = _(
        "Each line has four numbers from 0 to 1000: left, top, right, bottom; or the corners of a shape."
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        options = cleaned["instead_options"]
        if not any(option["is_right"] for option in options):
            self.refuse_at("instead_options", _("Mark at least one option as right."))
        if same_texts(option["text"] for option in options):
            self.refuse_at("instead_options", _("Two options say the same."))
        # A draft may be saved before its picture is chosen.
        if cleaned["picture"] is None:
            return cleaned
        try:
            with cleaned["picture"].file.open() as file:
                small_picture(file)
        except (DomainError, OSError) as error:
            self.refuse_at("picture", str(error))
        return cleaned

    def refuse_at(self, field: str, sentence: Any) -> None:
        raise blocks.StructBlockValidationError(block_errors={field: ValidationError(sentence)})

    def shape(self, value: Any) -> Any:
        picture = value["picture"]
        rights = [option["is_right"] for option in value["instead_options"]]
        return value["points"], picture and picture.pk, areas_in(value["areas"]), rights

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        areas = areas_in(first["areas"])
        takes_one = sum(option["is_right"] for option in first["instead_options"]) == 1
        those = {language: value["instead_options"] for language, value in values.items()}
        options, weights = written_options(those, takes_one=takes_one)
        content = {
            "most": len(areas),
            # The key of the document: what is kept of it takes its place (`services.freezing`).
            "picture": first["picture"] and first["picture"].pk,
            "alt": texts(values, "alt"),
            "instead": {
                "kind": "single" if takes_one else "multiple",
                "text": texts(values, "instead_text"),
                "content": options,
            },
        }
        return content, {"areas": areas, "instead": weights}


def areas_in(text: str) -> list[dict[str, Any]]:
    """Areas as `assessment.marking.hotspot` reads them. A line with other than numbers is an area that it refuses."""
    areas: list[dict[str, Any]] = []
    for line in latin_digits(text or "").splitlines():
        if not line.strip():
            continue
        if not _NUMBERS.fullmatch(line.strip(" \t,،")):
            areas.append({"line": line})
            continue
        numbers = [int(number) for number in _APART.split(line.strip(" \t,،"))]
        if len(numbers) == 4 and max(numbers) <= 1000:
            areas.append({"rectangle": numbers})
        elif len(numbers) >= 6 and len(numbers) % 2 == 0:
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            areas.append({"polygon": [list(pair) for pair in pairs]})
        else:
            areas.append({"line": line})
    return areas


def area_in_words(number: int, area: Mapping[str, Any]) -> str:
    said: dict[str, str] = {"number": localize_digits(number)}
    match area:
        case {"rectangle": [left, top, right, bottom]}:
            edges = {"left": left, "top": top, "right": right, "bottom": bottom}
            said |= {name: format_number(edge / 10) for name, edge in edges.items()}
            return (
                gettext(
                    "place %(number)s (from left %(left)s to %(right)s, from top %(top)s to %(bottom)s percent)"
                )
                % said
            )
        case {"polygon": [*corners]}:
            said["corners"] = localize_digits(len(corners))
            said["at"] = " · ".join(f"{format_number(x / 10)}/{format_number(y / 10)}" for x, y in corners)
            return gettext("place %(number)s (%(corners)s corners, in percent: %(at)s)") % said
    return gettext("place %(number)s (cannot be read)") % said
