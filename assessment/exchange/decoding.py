"""Bytes of a text file as lines. Independent of Django."""

import codecs

from assessment.exchange.item import FaultCode, Note, NoteCode, UnreadableFile

MEGABYTE = 1_000_000
MOST_BYTES = 25 * MEGABYTE


def lines_of(data: bytes) -> tuple[list[str], list[Note]]:
    """The lines of a file in UTF-8 or UTF-16, or in Windows-1256, which is noted. Raises UnreadableFile."""
    text, notes = _text_of(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), notes


def _text_of(data: bytes) -> tuple[str, list[Note]]:
    if len(data) > MOST_BYTES:
        raise UnreadableFile(FaultCode.TOO_LARGE, detail=str(MOST_BYTES))
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not is_utf16 and b"\0" in data:
        raise UnreadableFile(FaultCode.NOT_TEXT)
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig"), []
    except UnicodeDecodeError as error:
        if is_utf16:
            raise UnreadableFile(FaultCode.NOT_TEXT) from error
    # Every byte is a letter in it: what is not UTF-8 is taken for what Arabic Windows writes.
    return data.decode("cp1256"), [Note(NoteCode.WINDOWS_1256)]
