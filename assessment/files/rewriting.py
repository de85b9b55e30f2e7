"""Writes a file again that somebody sent: what is kept shows the same, and says nothing else."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts.errors import DomainError
from accounts.services.photos import PhotoTooLarge, decoded_picture, written_picture
from assessment.enums import FileKind

# Of a file as it comes in pieces: a camera's photo, or a scan of a few pages.
MOST_BYTES: Final = 8_000_000
# By a form without a script, which with its frame is below `lms.body_limits`.
MOST_BY_FORM: Final = 3_000_000
# Of a picture as it is kept: dots of the longer side, and bytes.
LONGEST_SIDE: Final = 2000
LARGEST_PICTURE: Final = 1_000_000
# Of a picture in a list.
SMALL_SIDE: Final = 160
# Of a PDF as it is kept.
LARGEST_PDF: Final = 6_000_000
MOST_PAGES: Final = 20
_PROGRAM = Path(__file__).with_name("pdf_program.py")
_SECONDS = 30
# Files that a process opens at once: each may need hundreds of megabytes.
_AT_ONCE = 2
_WAIT_SECONDS = 20
_places = BoundedSemaphore(_AT_ONCE)


class TooManyAtOnce(DomainError):
    """The file may be sent again in a moment: nothing is wrong with it."""

    message = _("Many files arrive at this moment. Send it again in a minute.")


class FileRefused(DomainError):
    """A file that is not taken as an answer. Nothing of it is kept."""

    message = _(
        "This is no JPEG, PNG or WebP picture and no PDF, or it is damaged. Nothing was kept: choose another file."
    )


class FileTooLarge(FileRefused):
    message = _(
        "The file is too large: at most %(megabytes)s MB, and a picture at most %(millions)s million dots. Nothing was kept: choose a smaller one, or take the photo again."
    )

    def __init__(self, most: int = MOST_BYTES) -> None:
        millions = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
        super().__init__(megabytes=most // 1_000_000, millions=millions)


class TooManyPages(FileRefused):
    message = _("The PDF has more than %(pages)s pages. Nothing was kept: send the pages that are asked for.")

    def __init__(self) -> None:
        super().__init__(pages=MOST_PAGES)


class LockedPdf(FileRefused):
    message = _("The PDF has a password. Nothing was kept: save it without one, or send photos.")


class PdfNotTaken(FileRefused):
    message = _("The PDF has parts that cannot be read here. Nothing was kept: send photos of the pages.")


class TooManyObjects(FileRefused):
    message = _(
        "The PDF has more parts than a scan or a text has. Nothing was kept: print it as a PDF again, or send photos of the pages."
    )


_REASONS: Final[dict[str, type[FileRefused]]] = {
    "locked": LockedPdf,
    "pages": TooManyPages,
    "kind": PdfNotTaken,
    "objects": TooManyObjects,
}


@dataclass(frozen=True)
class Rewritten:
    """A JPEG or a PDF of this site's making."""

    kind: FileKind
    data: bytes
    pages: int

    @property
    def extension(self) -> str:
        return "pdf" if self.kind == FileKind.PDF else "jpg"


def rewritten(data: bytes) -> Rewritten:
    """By its content, whatever its name says. Raises `FileRefused` and its subclasses, `TooManyAtOnce`."""
    if len(data) > MOST_BYTES:
        raise FileTooLarge
    if not _places.acquire(timeout=_WAIT_SECONDS):
        raise TooManyAtOnce
    try:
        # Readers look for it in the first kilobyte; what comes with something in front of it is no scan.
        return _pdf(data) if data.startswith(b"%PDF-") else _picture(data)
    finally:
        _places.release()


def _picture(data: bytes) -> Rewritten:
    try:
        picture = decoded_picture(io.BytesIO(data), side=LONGEST_SIDE, most_bytes=MOST_BYTES)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return Rewritten(FileKind.PICTURE, written_picture(picture, "JPEG", LARGEST_PICTURE), pages=1)
    except PhotoTooLarge as error:
        raise FileTooLarge from error
    except DomainError as error:
        raise FileRefused from error


def _pdf(data: bytes) -> Rewritten:
    command = [sys.executable, "-I", str(_PROGRAM), str(MOST_PAGES)]
    try:
        run = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise PdfNotTaken from error
    line, _newline, written = run.stdout.partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError as error:
        # It was ended by its limits.
        raise PdfNotTaken from error
    if reason := said.get("refused"):
        raise _REASONS.get(reason, FileRefused)
    if len(written) > LARGEST_PDF:
        raise FileTooLarge
    return Rewritten(FileKind.PDF, written, pages=int(said["pages"]))


def small_picture(data: bytes) -> bytes:
    """A WebP of at most 160 dots a side, for lists, of a picture that this site wrote."""
    picture = Image.open(io.BytesIO(data))
    # A JPEG is decoded at a fraction of its size.
    picture.draft("RGB", (2 * SMALL_SIDE, 2 * SMALL_SIDE))
    picture.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.convert("RGB").save(target, "WEBP", quality=60)
    return target.getvalue()
