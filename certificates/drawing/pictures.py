"""Pictures made fit for print before they are frozen: a photo of 8 megapixels as a logo would make every paper heavy."""

import io

from PIL import Image, ImageOps

_DOTS_PER_MILLIMETER = 300 / 25.4


def fit_picture(source: bytes, *, width: float, height: float) -> bytes:
    """The picture as a PNG or JPEG of at most 300 dots an inch in a box of `width` by `height` millimeters.

    Raises PIL.UnidentifiedImageError for what is no picture of dots, such as SVG.
    """
    limit = (round(width * _DOTS_PER_MILLIMETER), round(height * _DOTS_PER_MILLIMETER))
    with Image.open(io.BytesIO(source)) as picture:
        if picture.width <= limit[0] and picture.height <= limit[1] and picture.format in {"PNG", "JPEG"}:
            return source
        upright = ImageOps.exif_transpose(picture)
        has_alpha = upright.has_transparency_data
        is_photo = picture.format == "JPEG" and not has_alpha
        fitted = upright.convert("RGBA" if has_alpha else "RGB")
        fitted.thumbnail(limit, Image.Resampling.LANCZOS)
        written = io.BytesIO()
        if is_photo:
            fitted.save(written, "JPEG", quality=88)
        else:
            fitted.save(written, "PNG", optimize=True)
        return written.getvalue()
