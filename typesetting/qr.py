"""QR codes (ISO/IEC 18004) with a fixed mask, for speed: everything that does not depend on the text is computed once.

A symbol is the sum of a ground (patterns, format, mask) and of bits in an order that its version fixes; error correction is
division by a polynomial, done a byte at a time with a table. segno provides the patterns and the capacities, and a property test
compares the symbols with those of segno.
"""

import re
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

import segno
from segno import consts, encoder

# Any mask is a valid symbol; choosing the best of eight is nine tenths of the work.
MASK = 3
_BYTE_MODE = 0b0100
_PADS = 0xEC, 0x11
_ONES = re.compile("1+")
# Between neighbors of a Galois field: x^8 + x^4 + x^3 + x^2 + 1.
_FIELD = 0x11D


@dataclass(frozen=True)
class _Version:
    """The constant parts of all symbols of a size and a level."""

    side: int
    # Blocks of data as (count, codewords of data, codewords of correction).
    blocks: tuple[tuple[int, int, int], ...]
    # Picks the bit of every module from the message and a zero.
    pick: Any
    ground: int
    bits: int

    @property
    def capacity(self) -> int:
        """Codewords of data."""
        return sum(count * data for count, data, _ in self.blocks)


def runs_of(payload: str, *, error: str) -> tuple[int, list[list[tuple[int, int]]]]:
    """The modules of a side, and the dark runs (first, end) of each row from above. `error` is l, m, q or h.

    Raises segno.DataOverflowError.
    """
    data = payload.encode()
    if not payload.isascii() or payload.isdigit() or _is_alphanumeric(payload):
        # What segno writes in fewer bits than a byte a letter, or in another encoding.
        symbol = segno.make_qr(payload, error=error, mask=MASK, boost_error=False)
        rows = ["".join(map(str, row)) for row in symbol.matrix]
    else:
        version = _fitting(len(data), consts.ERROR_MAPPING[error.upper()])
        rows = _rows(data, version)
    return len(rows), [[match.span() for match in _ONES.finditer(row)] for row in rows]


def _is_alphanumeric(payload: str) -> bool:
    return bool(encoder.is_alphanumeric(payload.encode()))


def _fitting(length: int, level: int) -> _Version:
    for number in range(1, 41):
        if length + _counter(number) <= _capacity(number, level):
            return _version(number, level)
    raise segno.DataOverflowError("Data too large. No QR Code can handle the provided data")


def _counter(number: int) -> int:
    """The codewords of mode and length, of which half a byte is left at the end."""
    return 2 if number < 10 else 3


@cache
def _capacity(number: int, level: int) -> int:
    return sum(count * data for count, data, _ in _blocks(number, level))


def _blocks(number: int, level: int) -> tuple[tuple[int, int, int], ...]:
    blocks: Any = consts.ECC
    return tuple(
        (block.num_blocks, block.num_data, block.num_total - block.num_data)
        for block in blocks[number][level]
    )


def _rows(data: bytes, version: _Version) -> list[str]:
    message = _message(data, version)
    bits = f"{int.from_bytes(message):0{8 * len(message)}b}".ljust(version.bits, "0") + "0"
    modules = int("".join(version.pick(bits)), 2) ^ version.ground
    side = version.side
    written = f"{modules:0{side * side}b}"
    return [written[start : start + side] for start in range(0, side * side, side)]


def _message(data: bytes, version: _Version) -> bytes:
    """The codewords of data and of their correction, interleaved."""
    capacity, counted = version.capacity, 8 if version.side < 57 else 16
    head = (_BYTE_MODE << counted) | len(data)
    # Half a byte of zeros ends the data.
    written = ((head << 8 * len(data) | int.from_bytes(data)) << 4).to_bytes(
        (4 + counted + 4) // 8 + len(data)
    )
    # segno writes one byte of zeros too many, which readers pass over: what it draws stays as it was.
    written += b"\0"[: capacity - len(written)]
    written += bytes(_PADS[place % 2] for place in range(capacity - len(written)))
    blocks: list[bytes] = []
    corrections: list[bytes] = []
    start = 0
    for count, size, correction in version.blocks:
        for _ in range(count):
            block = written[start : start + size]
            start += size
            blocks.append(block)
            corrections.append(_correction(block, correction))
    return _interleaved(blocks) + _interleaved(corrections)


def _interleaved(blocks: list[bytes]) -> bytes:
    """The first of each, then the second of each; longer blocks come last and go on alone."""
    longest, shortest = len(blocks[-1]), len(blocks[0])
    even = bytearray(shortest * len(blocks))
    for place, block in enumerate(blocks):
        even[place :: len(blocks)] = block[:shortest]
    rest = bytes(block[place] for place in range(shortest, longest) for block in blocks if len(block) > place)
    return bytes(even) + rest


def _correction(block: bytes, size: int) -> bytes:
    table, top = _products(size), 8 * (size - 1)
    kept = (1 << 8 * size) - 1
    rest = 0
    for byte in block:
        rest = ((rest << 8) & kept) ^ table[(rest >> top) ^ byte]
    return rest.to_bytes(size)


@cache
def _products(size: int) -> tuple[int, ...]:
    """The generator polynomial of so many codewords times every byte."""
    generator = [1]
    root = 1
    for _ in range(size):
        shifted = [*generator, 0]
        scaled = [0, *(_times(part, root) for part in generator)]
        generator = [one ^ other for one, other in zip(shifted, scaled, strict=True)]
        root = _times(root, 2)
    return tuple(int.from_bytes(bytes(_times(part, byte) for part in generator[1:])) for byte in range(256))


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 0x100:
            one ^= _FIELD
        other >>= 1
    return product


@cache
def _version(number: int, level: int) -> _Version:
    side = encoder.calc_matrix_size(number)
    matrix = encoder.make_matrix(side, side)
    encoder.add_finder_patterns(matrix, side, side)
    encoder.add_alignment_patterns(matrix, side, side)
    order = [(row, column) for row, column in _zigzag(side) if matrix[row][column] == 2]
    for row, column in order:
        # Mask 3 of the standard.
        matrix[row][column] = int((row + column) % 3 == 0)
    encoder.add_format_info(matrix, number, level, MASK)
    encoder.add_version_info(matrix, number)
    places = {module: place for place, module in enumerate(order)}
    nothing = len(order)
    picked = [places.get((row, column), nothing) for row in range(side) for column in range(side)]
    return _Version(
        side=side,
        blocks=_blocks(number, level),
        pick=itemgetter(*picked),
        ground=int("".join(str(module) for row in matrix for module in row), 2),
        bits=len(order),
    )


def _zigzag(side: int) -> list[tuple[int, int]]:
    """The modules in the order of the message: columns of two from the right, up and down in turn, without the timing."""
    order = []
    upwards = True
    right = side - 1
    while right > 0:
        if right == 6:
            right -= 1
        rows = range(side - 1, -1, -1) if upwards else range(side)
        order += [(row, column) for row in rows for column in (right, right - 1)]
        upwards = not upwards
        right -= 2
    return order
