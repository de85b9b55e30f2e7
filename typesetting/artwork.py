"""Logos, photographs and ornaments, prepared once and placed on any number of pages.

Deflating a logo costs more than a whole page of text, so the bytes of the PDF object are made when the artwork is made.
Keep it for the life of the process.
"""

import hashlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PIL import ExifTags, Image, ImageOps
from reportlab.lib.rl_accel import fp_str
from reportlab.pdfgen.canvas import Canvas

_COLOR_SPACES = {"RGB": "/DeviceRGB", "L": "/DeviceGray"}


@dataclass(frozen=True, slots=True)
class Artwork:
    """A picture in the form a PDF holds it.

    `width` and `height` are points for a drawing, pixels for an image. `entries` and `data` make the stream, `mask` is
    the packed transparency of an image. `key` names equal artwork equally in every document.
    """

    width: float
    height: float
    entries: str
    data: bytes
    mask: bytes | None
    key: str

    @property
    def unit(self) -> tuple[float, float]:
        """The size at scale 1: a drawing is as large as drawn, an image is one point square."""
        return (1, 1) if "/Subtype /Image" in self.entries else (self.width, self.height)


def image(source: bytes) -> Artwork:
    """The artwork of a PNG, JPEG, WebP or other file that Pillow reads.

    An upright gray or color JPEG goes in as it is; anything else is turned upright and deflated. Raises
    PIL.UnidentifiedImageError.
    """
    with Image.open(io.BytesIO(source)) as picture:
        is_upright = picture.getexif().get(ExifTags.Base.Orientation, 1) == 1
        if picture.format == "JPEG" and picture.mode in _COLOR_SPACES and is_upright:
            return _image(*picture.size, picture.mode, "/DCTDecode", source, None)
        upright = eight_bits(ImageOps.exif_transpose(picture))
        mask = None
        if upright.has_transparency_data:
            mask = zlib.compress(upright.convert("RGBA").getchannel("A").tobytes(), 9)
        mode = "L" if upright.mode in {"1", "L"} else "RGB"
        packed = zlib.compress(upright.convert(mode).tobytes(), 9)
        return _image(*upright.size, mode, "/FlateDecode", packed, mask)


def eight_bits(picture: Image.Image) -> Image.Image:
    """The picture with 8 bits a color: Pillow would cut off what 16 bits or fractions of gray say, and print white."""
    if picture.mode == "F":
        lightest = float(cast("tuple[float, float]", picture.getextrema())[1])
        scale = 255 if lightest <= 1 else 255 / max(lightest, 255)
        return picture.point(lambda value: value * scale).convert("L")
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    return picture


def drawing(width: float, height: float, paint: Callable[[Canvas], None]) -> Artwork:
    """The artwork of what `paint` draws with ReportLab's paths and colors in a space of `width` by `height` points.

    Text has no place in it: raises ValueError where `paint` draws a text, an image or a form.
    """
    canvas = Canvas(io.BytesIO(), pagesize=(width, height), invariant=1)
    canvas.init_graphics_state()
    paint(canvas)
    operators = "\n".join(canvas._code)
    if " Tj" in operators or " Do" in operators or canvas._extgstate.getState():
        raise ValueError("a drawing holds paths and colors only")
    return form(width, height, zlib.compress(operators.encode("latin-1"), 9), resources="<< >>")


def form(width: float, height: float, deflated: bytes, *, resources: str) -> Artwork:
    """The artwork of deflated operators in a space of `width` by `height` points."""
    box = f"/BBox [0 0 {fp_str(width, height)}]"
    entries = f"/Type /XObject /Subtype /Form {box} /Resources {resources} /Filter /FlateDecode"
    return _artwork(width, height, entries, deflated, None)


def _image(width: int, height: int, mode: str, filter_name: str, data: bytes, mask: bytes | None) -> Artwork:
    return _artwork(
        width, height, _image_entries(width, height, _COLOR_SPACES[mode], filter_name), data, mask
    )


def _image_entries(width: int, height: int, color_space: str, filter_name: str) -> str:
    return (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 "
        f"/ColorSpace {color_space} /Filter {filter_name}"
    )


def mask_entries(artwork: Artwork) -> str:
    """The stream entries of an image's transparency."""
    return _image_entries(int(artwork.width), int(artwork.height), "/DeviceGray", "/FlateDecode")


def _artwork(width: float, height: float, entries: str, data: bytes, mask: bytes | None) -> Artwork:
    key = hashlib.sha256(entries.encode() + data + (mask or b"")).hexdigest()[:16]
    return Artwork(width=width, height=height, entries=entries, data=data, mask=mask, key=key)
