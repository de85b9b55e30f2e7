"""Incremental updates of sealed files: what a stranger puts between the seal and a time stamp."""

import hashlib
import io
import re

from pyhanko.sign.signers import PdfTimeStamper

from certificates.sealing import Timestamper
from certificates.sealing.archive import EvidenceWriter, TimestampSource


def open_update(pdf: bytes) -> EvidenceWriter:
    return EvidenceWriter(io.BytesIO(pdf))


def stamped(update: EvidenceWriter, timestamper: Timestamper, *, field: str | None = None) -> bytes:
    """The file with the update and a time stamp over all of it, in a field that is there or in a new one."""
    output = io.BytesIO()
    PdfTimeStamper(TimestampSource(timestamper), field_name=field).timestamp_pdf(
        update, "sha256", bytes_reserved=24_000, output=output
    )
    return output.getvalue()


def restamped(pdf: bytes, timestamper: Timestamper) -> bytes:
    """An archive that was edited, with a new token in its last time stamp: over all of it as it is now."""
    *_, last = re.finditer(rb"/ByteRange \[0 (\d+) (\d+) \d+\] *", pdf)
    start, end = int(last[1]), int(last[2])
    covered = b"/ByteRange [0 %d %d %d]" % (start, end, len(pdf) - end)
    pdf = pdf[: last.start()] + covered.ljust(len(last[0])) + pdf[last.end() :]
    token = timestamper.token(hashlib.sha256(pdf[:start] + pdf[end:]).digest())
    return pdf[: start + 1] + token.hex().encode().ljust(end - start - 2, b"0") + pdf[end - 1 :]


def written(update: EvidenceWriter) -> bytes:
    """The file with the update as a revision of its own: stamping undoes some changes in its own revision."""
    output = io.BytesIO()
    update.write(output)
    return output.getvalue()


def with_sections(pdf: bytes, count: int) -> bytes:
    """`pdf` with `count` empty cross-reference sections, chained by /Prev under a single startxref."""
    return _chained(pdf, count, b"xref\n0 0\ntrailer\n<</Size %(size)b /Root %(root)b R /Prev %(at)d>>\n")


def with_stream_sections(pdf: bytes, count: int) -> bytes:
    """The same with sections that are streams (ISO 32000-1, section 7.5.8)."""
    section = b"%(size)b 0 obj\n<</Type /XRef /W [1 4 1] /Index [0 0] /Length 0"
    return _chained(
        pdf,
        count,
        section + b" /Size %(size)b /Root %(root)b R /Prev %(at)d>>\nstream\n\nendstream\nendobj\n",
    )


def start_of_sections(pdf: bytes) -> int:
    """Where the last cross-reference section begins."""
    return int(pdf.rsplit(b"startxref", 1)[1].split()[0])


def _chained(pdf: bytes, count: int, section: bytes) -> bytes:
    at = start_of_sections(pdf)
    size = re.findall(rb"/Size (\d+)", pdf)[-1]
    root = re.findall(rb"/Root (\d+ \d+) R", pdf)[-1]
    written = bytearray(pdf.rstrip(b"\n") + b"\n")
    for _ in range(count):
        start = len(written)
        written += section % {b"size": size, b"root": root, b"at": at}
        at = start
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % at)
