"""Photos of people: decoded, and written by this site: small, without what a camera notes in a file."""

import hashlib
import io
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from wagtail.log_actions import log

from accounts.errors import DomainError
from accounts.models import Person, PersonPhoto, User
from accounts.models.photos import LARGEST_PICTURE, LARGEST_THUMBNAIL
from typesetting import eight_bits

# With the rest of the form below what `lms.body_limits` lets come.
MOST_BYTES = 3_000_000
# Of dots.
MOST_MILLIONS = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
# Dots of the longer side, and of each side of the square that lists show.
PICTURE_SIDE, THUMBNAIL_SIDE = 480, 96
# Noise, which no face is, takes the last one.
QUALITIES = (80, 60, 40, 20)


class NotAPhoto(DomainError):
    message = _("This is no JPEG, PNG or WebP picture, or it is damaged. Choose another one.")


class PhotoTooLarge(DomainError):
    message = _(
        "The picture is too large: at most %(megabytes)s MB and %(millions)s million dots. Choose a smaller one."
    )

    def __init__(self) -> None:
        super().__init__(megabytes=MOST_BYTES // 1_000_000, millions=MOST_MILLIONS)


@transaction.atomic
def add_photo(*, person_id: int, file: BinaryIO, by: User) -> PersonPhoto:
    """Keep this picture as the photo of the person, in the place of the one before. Raises `NotAPhoto`, `PhotoTooLarge`."""
    picture, thumbnail = _pictures(file)
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    photo, _is_new = PersonPhoto.objects.update_or_create(
        person=person,
        defaults={
            "picture": picture,
            "thumbnail": thumbnail,
            "digest": hashlib.sha256(picture).hexdigest(),
            "added_at": timezone.now(),
        },
    )
    log(person, "accounts.photo.add", user=by)
    return photo


@transaction.atomic
def remove_photo(*, person_id: int, by: User) -> None:
    """Delete the photo, if there is one."""
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    deleted, _rows = PersonPhoto.objects.filter(person=person).delete()
    if deleted:
        log(person, "accounts.photo.remove", user=by)


def _pictures(file: BinaryIO) -> tuple[bytes, bytes]:
    """The picture and its thumbnail as JPEG. Raises `NotAPhoto`, `PhotoTooLarge`."""
    upright = decoded_picture(file, side=PICTURE_SIDE)
    picture = upright.copy()
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
    # Faces are above the middle.
    square = ImageOps.fit(upright, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), centering=(0.5, 0.3))
    return written_picture(picture, "JPEG", LARGEST_PICTURE), written_picture(
        square, "JPEG", LARGEST_THUMBNAIL
    )


def decoded_picture(file: BinaryIO, *, side: int, most_bytes: int = MOST_BYTES) -> Image.Image:
    """What the file shows, upright, at least `side` dots long where it has them, and nothing else of it. Raises `NotAPhoto`, `PhotoTooLarge`."""
    data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise PhotoTooLarge
    try:
        return _decoded(data, side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoTooLarge from error
    except DomainError:
        raise
    # Decoders fail in ways of their own: OSError, SyntaxError, struct.error, ZeroDivisionError ...
    except Exception as error:
        raise NotAPhoto from error


def _decoded(data: bytes, side: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise PhotoTooLarge
        # A JPEG is decoded at an eighth, a quarter or half of its size where that is enough.
        picture.draft("RGB", (2 * side, 2 * side))
        upright = eight_bits(ImageOps.exif_transpose(picture))
    # A new one: place, time, device and comments of the camera are not in it. Paper shows through what is transparent.
    plain = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        plain.paste(seen, mask=seen)
    else:
        plain.paste(upright.convert("RGB"))
    return plain


def written_picture(picture: Image.Image, form: str, largest: int) -> bytes:
    """The picture as a file of at most `largest` bytes. Raises `NotAPhoto`."""
    for quality in QUALITIES:
        written = io.BytesIO()
        options = {"optimize": True} if form == "JPEG" else {"method": 4}
        picture.save(written, form, quality=quality, **options)
        if len(written.getvalue()) <= largest:
            return written.getvalue()
    raise NotAPhoto
