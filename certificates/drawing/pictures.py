"""Pictures are downscaled for print before they are frozen: an 8-megapixel photo as a logo would make every file large."""

import hashlib
import io
from threading import Lock

from PIL import Image, ImageOps

from typesetting import eight_bits

_DOTS_PER_MILLIMETER = 300 / 25.4
# Some 300 MB in memory while they are made smaller.
_MOST_DOTS = 50_000_000
# Bytes. The preview asks for every picture at every change of the design, and each costs up to a second.
_CACHE_BYTES = 16_000_000

_cache: dict[tuple[bytes, tuple[int, int]], bytes] = {}
_lock = Lock()


def fit_picture(source: bytes, *, width: float, height: float) -> bytes:
    """The picture as a PNG or JPEG of at most 300 dots an inch in a box of `width` by `height` millimeters.

    An opaque one is a JPEG where that is a third of the bytes: it is a photo. Raises OSError for what is no picture of dots,
    such as SVG, or is cut off, and PIL.Image.DecompressionBombError for one of more than 50 million dots.
    """
    limit = (round(width * _DOTS_PER_MILLIMETER), round(height * _DOTS_PER_MILLIMETER))
    key = (hashlib.sha256(source).digest(), limit)
    with _lock:
        fitted = _cache.get(key)
    if fitted is None:
        try:
            fitted = _fitted(source, limit)
        except (SyntaxError, ValueError) as error:
            # What Pillow says of some broken files.
            raise OSError(str(error)) from error
        _add_to_cache(key, fitted)
    return fitted


def _add_to_cache(key: tuple[bytes, tuple[int, int]], fitted: bytes) -> None:
    """Add a picture to the cache, and drop the oldest ones while the cache is over its size in bytes."""
    with _lock:
        _cache[key] = fitted
        while sum(map(len, _cache.values())) > _CACHE_BYTES:
            del _cache[next(iter(_cache))]


def _fitted(source: bytes, limit: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(source)) as picture:
        if picture.width * picture.height > _MOST_DOTS:
            raise Image.DecompressionBombError(f"{picture.width} by {picture.height} dots")
        # A file that was cut off is noticed only here.
        picture.load()
        fits = picture.width <= limit[0] and picture.height <= limit[1]
        if fits and picture.format == "JPEG":
            return source
        upright = eight_bits(ImageOps.exif_transpose(picture))
        has_alpha = upright.has_transparency_data
        mode = "RGBA" if has_alpha else "RGB"
        fitted = upright if upright.mode == mode else upright.convert(mode)
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
