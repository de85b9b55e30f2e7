"""Glyphs that carry their own place: a TrueType font gets a composite glyph for every placement it lacks.

PDF could move each mark and kerned letter by operators instead, but readers take such moves for spaces and line breaks
and garble vowelled Arabic. With the offset inside the glyph and the advance in the metrics, a line is a plain string.

Source: OpenType 1.9, tables glyf, head, hhea, hmtx, loca, maxp.
"""

import struct
from collections.abc import Sequence
from itertools import pairwise

import uharfbuzz as hb

from .shaping import Component, Placement

_SFNT_VERSION = 0x00010000
_CHECKSUM_MAGIC = 0xB1B0AFBA
_LONG_OFFSETS = 1
_WORDS, _ARE_XY, _MORE, _UNSCALED = 0x0001, 0x0002, 0x0020, 0x1000


def add_placements(face: hb.Face, placements: Sequence[Placement]) -> tuple[bytes, tuple[int, ...]]:
    """The font file with a glyph for every placement, and their glyph numbers in the order given.

    A placement that moves nothing and advances as the font does is the font's own glyph.
    """
    tables = {tag: face.reference_table(tag).data for tag in face.table_tags}
    outlines = _outlines(tables)
    metrics = _metrics(tables, len(outlines))
    numbers: dict[Placement, int] = {
        Placement((Component(glyph, 0, 0),), advance): glyph for glyph, (advance, _) in enumerate(metrics)
    }
    for placement in placements:
        if placement not in numbers:
            numbers[placement] = len(outlines)
            outline = _composite(outlines, placement)
            outlines.append(outline)
            # The left side bearing is the outline's xMin.
            bearing = struct.unpack_from(">h", outline, 2)[0] if outline else 0
            metrics.append((placement.advance, bearing))
    most = max((len(placement.components) for placement in placements), default=1)
    _write(tables, outlines, metrics, most_components=most)
    return _font_file(tables), tuple(numbers[placement] for placement in placements)


def _composite(outlines: list[bytes], placement: Placement) -> bytes:
    """A composite glyph of the components that have an outline; nothing for a blank."""
    components = [component for component in placement.components if outlines[component.glyph]]
    if not components:
        return b""
    boxes = []
    records = b""
    for i, component in enumerate(components, start=1):
        x_min, y_min, x_max, y_max = struct.unpack_from(">4h", outlines[component.glyph], 2)
        boxes.append((x_min + component.dx, y_min + component.dy, x_max + component.dx, y_max + component.dy))
        more = _MORE if i < len(components) else 0
        flags = _WORDS | _ARE_XY | _UNSCALED | more
        records += struct.pack(">HHhh", flags, component.glyph, component.dx, component.dy)
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return struct.pack(">h4h", -1, min(lefts), min(bottoms), max(rights), max(tops)) + records


def _outlines(tables: dict[str, bytes]) -> list[bytes]:
    is_long = struct.unpack_from(">h", tables["head"], 50)[0] == _LONG_OFFSETS
    count = len(tables["loca"]) // (4 if is_long else 2)
    offsets = struct.unpack(f">{count}{'L' if is_long else 'H'}", tables["loca"])
    scale = 1 if is_long else 2
    glyf = tables["glyf"]
    return [glyf[a * scale : b * scale] for a, b in pairwise(offsets)]


def _metrics(tables: dict[str, bytes], glyph_count: int) -> list[tuple[int, int]]:
    """Advance and left side bearing of each glyph."""
    full = struct.unpack_from(">H", tables["hhea"], 34)[0]
    pairs = [struct.unpack_from(">Hh", tables["hmtx"], 4 * i) for i in range(full)]
    bearings = struct.unpack_from(f">{glyph_count - full}h", tables["hmtx"], 4 * full)
    return pairs + [(pairs[-1][0], bearing) for bearing in bearings]


def _write(
    tables: dict[str, bytes], outlines: list[bytes], metrics: list[tuple[int, int]], *, most_components: int
) -> None:
    """Put outlines and metrics into the tables, and what other tables say about them."""
    padded = [outline + b"\0" * (-len(outline) % 4) for outline in outlines]
    offsets = [0]
    for outline in padded:
        offsets.append(offsets[-1] + len(outline))
    tables["glyf"] = b"".join(padded)
    tables["loca"] = struct.pack(f">{len(offsets)}L", *offsets)
    tables["hmtx"] = b"".join(struct.pack(">Hh", *pair) for pair in metrics)
    head = bytearray(tables["head"])
    struct.pack_into(">L", head, 8, 0)  # checkSumAdjustment is summed as zero
    struct.pack_into(">h", head, 50, _LONG_OFFSETS)
    tables["head"] = bytes(head)
    hhea = bytearray(tables["hhea"])
    struct.pack_into(">H", hhea, 10, max(advance for advance, _ in metrics))
    struct.pack_into(">H", hhea, 34, len(metrics))
    tables["hhea"] = bytes(hhea)
    maxp = bytearray(tables["maxp"])
    points, contours, composite_points, composite_contours = struct.unpack_from(">4H", maxp, 6)
    elements, depth = struct.unpack_from(">2H", maxp, 28)
    struct.pack_into(">H", maxp, 4, len(outlines))
    # Upper bounds are enough here: as many of the largest glyph as a placement has components.
    largest = (max(points, composite_points), max(contours, composite_contours))
    struct.pack_into(">2H", maxp, 10, *(most_components * count for count in largest))
    struct.pack_into(">2H", maxp, 28, max(elements, most_components), depth + 1)
    tables["maxp"] = bytes(maxp)


def _font_file(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(
        ">LHHHH", _SFNT_VERSION, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    offset = len(directory) + 16 * count
    body = b""
    head_offset = 0
    for tag in sorted(tables):
        data = tables[tag]
        padded = data + b"\0" * (-len(data) % 4)
        directory += struct.pack(">4sLLL", tag.encode(), _checksum(padded), offset + len(body), len(data))
        if tag == "head":
            head_offset = offset + len(body)
        body += padded
    file = bytearray(directory + body)
    struct.pack_into(">L", file, head_offset + 8, (_CHECKSUM_MAGIC - _checksum(file)) & 0xFFFFFFFF)
    return bytes(file)


def _checksum(data: bytes | bytearray) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF
