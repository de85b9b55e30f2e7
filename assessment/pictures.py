"""Pictures in questions: decoded and written again by this site, small enough for a phone at 64 kbit/s."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from PIL import Image

from accounts.services.photos import decoded_picture, written_picture

# Dots of the longer side, and bytes.
LONGEST_SIDE: Final = 960
LARGEST: Final = 80_000


@dataclass(frozen=True)
class SmallPicture:
    """A WebP file."""

    data: bytes
    width: int
    height: int


def small_picture(file: BinaryIO) -> SmallPicture:
    """Raises `NotAPhoto`, `PhotoTooLarge` of accounts."""
    picture = decoded_picture(file, side=LONGEST_SIDE)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return SmallPicture(written_picture(picture, "WEBP", LARGEST), picture.width, picture.height)


def png_of(kept: bytes) -> bytes:
    """A picture that is kept, for programs that read no WebP: the same bytes each time."""
    file = BytesIO()
    with Image.open(BytesIO(kept)) as picture:
        picture.convert("RGB").save(file, "PNG", optimize=False)
    return file.getvalue()
