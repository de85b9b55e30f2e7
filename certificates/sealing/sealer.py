"""Sealing: fill the signature field of a finished PDF in one pass."""

import hashlib
import re

from certificates.sealing.cms import CmsTemplate
from certificates.sealing.errors import (
    NoPlaceholder,
    PlaceholderTooSmall,
    SeveralPlaceholders,
    UnsuitableKey,
)
from certificates.sealing.signing import Signer

# What a signature dictionary holds until it is sealed. Offsets keep their ten digits, so nothing moves.
BYTE_RANGE_PLACEHOLDER = b"/ByteRange [0 0000000000 0000000000 0000000000]"
_CONTENTS = re.compile(rb"/Contents ?<(0{64,})>")


class Sealer:
    """A signer that seals PDFs. Raises UnsuitableKey where it has no certificate or its key is none for PDFs."""

    def __init__(self, signer: Signer) -> None:
        if signer.certificate is None:
            raise UnsuitableKey(f"{signer.key_id} has no certificate: a PDF cannot be sealed with it.")
        self.signer = signer
        self.template = CmsTemplate(signer.certificate, signer.chain, signer.algorithm)

    @property
    def key_id(self) -> str:
        return self.signer.key_id

    @property
    def size(self) -> int:
        """How many bytes, two hex digits each, the placeholder needs at the most."""
        return self.template.longest


def seal(pdf: bytes, sealer: Sealer) -> bytes:
    """Sign a PDF (PAdES B-B) that was drawn with an empty signature: same size, only the placeholders are filled.

    `pdf` holds exactly one signature dictionary with ``/Contents <00...>`` and `BYTE_RANGE_PLACEHOLDER`. Raises
    NoPlaceholder, SeveralPlaceholders, PlaceholderTooSmall or what the signer raises.
    """
    ranges_at = _only(pdf, b"/ByteRange")
    if not pdf.startswith(BYTE_RANGE_PLACEHOLDER, ranges_at):
        raise SeveralPlaceholders("This PDF is sealed already.")
    start, end = _contents(pdf, ranges_at)
    ranges = b"/ByteRange [0 %010d %010d %010d]" % (start, end, len(pdf) - end)
    sealed = bytearray(pdf)
    sealed[ranges_at : ranges_at + len(ranges)] = ranges
    digest = digest_around(sealed, start, end)
    attributes = sealer.template.attributes(digest)
    signature = sealer.signer.sign(attributes)
    contents = sealer.template.complete(attributes, signature).hex().encode()
    if len(contents) > end - start - 2:
        raise PlaceholderTooSmall(
            f"The seal takes {len(contents) // 2} bytes and the PDF has room for {(end - start - 2) // 2}."
        )
    sealed[start + 1 : start + 1 + len(contents)] = contents
    return bytes(sealed)


def digest_around(pdf: bytes | bytearray, start: int, end: int) -> bytes:
    """SHA-256 of `pdf` without the bytes from `start` to `end`."""
    digest = hashlib.sha256()
    with memoryview(pdf) as view:
        digest.update(view[:start])
        digest.update(view[end:])
    return digest.digest()


def _only(pdf: bytes, name: bytes) -> int:
    at = pdf.find(name)
    if at < 0:
        raise NoPlaceholder("This PDF has no signature field to seal.")
    if pdf.find(name, at + 1) >= 0:
        raise SeveralPlaceholders("This PDF has more than one signature: only a fresh one can be sealed.")
    return at


def _contents(pdf: bytes, ranges_at: int) -> tuple[int, int]:
    """Where the hex string of zeros starts and ends, brackets included, in the object that `ranges_at` lies in."""
    first = max(pdf.rfind(b"endobj", 0, ranges_at), 0)
    last = pdf.find(b"endobj", ranges_at)
    found = list(_CONTENTS.finditer(pdf, first, last if last >= 0 else len(pdf)))
    if not found:
        raise NoPlaceholder("The signature field of this PDF has no empty /Contents.")
    if len(found) > 1:
        raise SeveralPlaceholders("The signature field of this PDF has more than one /Contents.")
    return found[0].start(1) - 1, found[0].end(1) + 1
