"""Pictures made fit for print before they are frozen: a photo of 8 megapixels as a logo would make every paper heavy."""

import io

from PIL import Image, ImageOps

from typesetting import eight_bits

_DOTS_PER_MILLIMETER = 300 / 25.4


def fit_picture(source: bytes, *, width: float, height: float) -> bytes:
    """The picture as a PNG or JPEG of at most 300 dots an inch in a box of `width` by `height` millimeters.

    An opaque one is a JPEG where that is a third of the bytes: it is a photo. Raises OSError for what is no picture of dots,
    such as SVG, or is cut off, and PIL.Image.DecompressionBombError for one of too many dots.
    """
    limit = (round(width * _DOTS_PER_MILLIMETER), round(height * _DOTS_PER_MILLIMETER))
    with Image.open(io.BytesIO(source)) as picture:
        # A file that was cut off is noticed only here.
        picture.load()
        fits = picture.width <= limit[0] and picture.height <= limit[1]
        if fits and picture.format == "JPEG":
            return source
        upright = eight_bits(ImageOps.exif_transpose(picture))
        has_alpha = upright.has_transparency_data
        fitted = upright.convert("RGBA" if has_alpha else "RGB")
        fitted.thumbnail(limit, Image.Resampling.LANCZOS)
        if picture.format == "JPEG" and not has_alpha:
            return _written(fitted, "JPEG")
        exact = source if fits and picture.format == "PNG" else _written(fitted, "PNG")
        if has_alpha:
            return exact
        photo = _written(fitted, "JPEG")
        return photo if len(photo) * 3 < len(exact) else exact


def _written(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **({"quality": 88} if kind == "JPEG" else {"optimize": True}))
    return written.getvalue()
