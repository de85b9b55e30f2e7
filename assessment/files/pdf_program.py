"""The program that writes a PDF again: it reads one from its input and prints a line of JSON and the new one.

A process of its own, with little memory and time: the parser is written in C++, and a small file may unpack to gigabytes. The new document has
the pages and what draws them, and nothing else of the old one: no names, dates, positions, scripts, attachments, links and comments. What
was drawn on a page as an annotation is drawn into it first.
"""

import io
import json
import resource
import sys

MEGABYTE = 1024 * 1024
MEMORY = 600 * MEGABYTE
CPU_SECONDS = 15
UNPACKED = 100 * MEGABYTE
# Of a document, and values of one of its lists. A scan of twenty pages has a hundred; each costs time, however empty.
MOST_OBJECTS = 20_000
# What of a page is drawn; sizes may be of its parent.
PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/UserUnit")
# Of any dictionary inside: what says who, when, where and with what, and what is attached. What runs, and links, hang on what is not copied.
DROPPED = (
    "/AF",
    "/EmbeddedFile",
    "/LastModified",
    "/Measure",
    "/Metadata",
    "/OC",
    "/OPI",
    "/PieceInfo",
    "/Properties",
    "/PtData",
    "/Ref",
    "/StructParent",
    "/StructParents",
    "/Thumb",
)
# What this program can unpack, to see how large it is.
PACKED = frozenset(
    {
        *("/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode"),
        *("/Fl", "/LZW", "/RL", "/AHx", "/A85"),
    }
)
# Markers of a JPEG that draw nothing: comments, and what applications note, as EXIF and XMP, but for the colors of Adobe (APP14).
JFIF, SCAN, END_OF_PICTURE = 0xE0, 0xDA, 0xD9
NOTES = frozenset({0xFE, *range(0xE1, 0xF0)} - {0xEE})


class Refused(Exception):
    """The file is not taken; the text is the reason."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    most_pages = int(sys.argv[1])
    try:
        pages, data = rewritten(sys.stdin.buffer.read(), most_pages)
        said: dict[str, object] = {"pages": pages}
    except Refused as refused:
        said, data = {"refused": str(refused)}, b""
    # Parsers fail in ways of their own; what they say may quote the file.
    except Exception:  # noqa: BLE001 - each is one answer: this file is not taken
        said, data = {"refused": "kind"}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + data)


def rewritten(sent: bytes, most_pages: int) -> tuple[int, bytes]:
    import pikepdf  # noqa: PLC0415 - optional dependency of this process: after the limits, which hold for what it does, too

    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=UNPACKED,
        png_max_memory=UNPACKED,
        tiff_max_memory=UNPACKED,
        run_length_max_memory=UNPACKED,
    )
    try:
        old = pikepdf.open(io.BytesIO(sent))
    except pikepdf.PasswordError as error:
        raise Refused("locked") from error
    except pikepdf.PdfError as error:
        raise Refused("broken") from error
    if old.is_encrypted:
        raise Refused("locked")
    if len(old.objects) > MOST_OBJECTS:
        raise Refused("objects")
    count = len(old.pages)
    if not count:
        raise Refused("broken")
    if count > most_pages:
        raise Refused("pages")
    old.flatten_annotations("screen")
    new = pikepdf.new()
    for page in old.pages:
        new.pages.append(plain_page(pikepdf, new, page))
    new.remove_unreferenced_resources()
    unpacked = 0
    for one in new.objects:
        clean(pikepdf, one, 0)
        unpacked += unpacked_size(pikepdf, one)
        if unpacked > UNPACKED:
            raise Refused("kind")
    written = io.BytesIO()
    new.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return count, written.getvalue()


def plain_page(pikepdf, new, page):
    """A page with what draws it."""
    made = pikepdf.Dictionary(Type=pikepdf.Name.Page)
    for key in PAGE_KEYS:
        value = inherited(page.obj, key)
        if value is not None:
            made[key] = copied(pikepdf, new, value)
    content = page.obj.get("/Contents")
    if content is not None:
        streams = list(content) if isinstance(content, pikepdf.Array) else [content]
        made["/Contents"] = pikepdf.Array([new.copy_foreign(one) for one in streams])
    return pikepdf.Page(new.make_indirect(made))


def inherited(node, key):
    for _step in range(50):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    raise Refused("broken")


def copied(pikepdf, new, value):
    """Of another document: those that are not indirect are made so first."""
    if not isinstance(value, pikepdf.Object):
        return value
    if value.is_indirect:
        return new.copy_foreign(value)
    if isinstance(value, pikepdf.Dictionary):
        return pikepdf.Dictionary({key: copied(pikepdf, new, one) for key, one in value.items()})
    if isinstance(value, pikepdf.Array):
        return pikepdf.Array([copied(pikepdf, new, one) for one in value])
    return value


def clean(pikepdf, one, depth):
    """Take out of an object, and what is inside it, what is not drawn."""
    if depth > 100:
        raise Refused("broken")
    if isinstance(one, pikepdf.Stream):
        clean_stream(pikepdf, one)
        inside = one.stream_dict
    else:
        inside = one
    if isinstance(inside, pikepdf.Dictionary):
        for key in DROPPED:
            if key in inside:
                del inside[key]
        values = [inside[key] for key in inside]
    elif isinstance(inside, pikepdf.Array):
        values = list(inside)
    else:
        return
    if len(values) > MOST_OBJECTS:
        raise Refused("objects")
    for value in values:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            clean(pikepdf, value, depth + 1)


def clean_stream(pikepdf, stream):
    filters = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters]
    if "/JPXDecode" in names or "/Crypt" in names:
        raise Refused("kind")
    if "/DCTDecode" not in names and "/DCT" not in names:
        return
    if len(names) > 1:
        # A JPEG inside of another compression hides what is in it.
        raise Refused("kind")
    parameters = stream.get("/DecodeParms")
    stream.write(
        jpeg_without_notes(stream.read_raw_bytes()), filter=pikepdf.Name.DCTDecode, decode_parms=parameters
    )


def unpacked_size(pikepdf, one):
    """What a reader needs to show a stream. Raises where it is beyond the limit: a small file that grows to gigabytes is no scan."""
    if not isinstance(one, pikepdf.Stream):
        return 0
    filters = one.get("/Filter", [])
    names = {str(filters)} if isinstance(filters, pikepdf.Name) else {str(name) for name in filters}
    if not names <= PACKED:
        return len(one.read_raw_bytes())
    return len(one.read_bytes())


def jpeg_without_notes(data: bytes) -> bytes:
    """A JPEG with the segments that draw it (ITU T.81, annex B): up to the end of the picture, nothing behind it."""
    if data[:2] != b"\xff\xd8":
        raise Refused("broken")
    kept, at = [data[:2]], 2
    while True:
        marker, at = next_marker(data, at)
        if marker == END_OF_PICTURE:
            return b"".join([*kept, bytes([0xFF, END_OF_PICTURE])])
        length = int.from_bytes(data[at : at + 2])
        if length < 2 or at + length > len(data):
            raise Refused("broken")
        kept.append(drawing_part(marker, data[at : at + length]))
        at += length
        if marker == SCAN:
            end = entropy_end(data, at)
            kept.append(data[at:end])
            at = end


def next_marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, behind any fill bytes, and where its segment begins."""
    if data[at : at + 1] != b"\xff":
        raise Refused("broken")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise Refused("broken")
    return data[at], at + 1


def drawing_part(marker: int, segment: bytes) -> bytes:
    """A segment as it is kept; empty where it draws nothing."""
    if marker == JFIF:
        # Without its thumbnail; JFXX is one.
        is_whole = segment[2:7] == b"JFIF\0" and len(segment) >= 16
        return b"\xff\xe0" + (16).to_bytes(2) + segment[2:14] + b"\0\0" if is_whole else b""
    return b"" if marker in NOTES else bytes([0xFF, marker]) + segment


def entropy_end(data: bytes, at: int) -> int:
    """Where the coded data ends: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Refused("broken")
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at


if __name__ == "__main__":
    main()
