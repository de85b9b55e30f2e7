"""Reads a PDF back as its readers do: text, fonts and pixels."""

import io
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pymupdf
import pypdfium2
import uharfbuzz as hb
from PIL import Image

from tests.external_programs import program, run_node

_PDFJS = Path(__file__).parent / "pdfjs.mjs"


def text_by_pdfium(pdf: bytes) -> str:
    """What Chromium copies from the first page."""
    return pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().strip()


def text_by_poppler(pdf: bytes) -> str:
    """What Evince and Okular copy from the first page."""
    command = [program("pdftotext", package="poppler-utils"), "-l", "1", "-", "-"]
    output = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    # pdftotext wraps right-to-left lines in embedding controls.
    return re.sub("[\u200e\u200f\u202a-\u202e\f]", "", output).strip()


def text_by_mupdf(pdf: bytes) -> str:
    """What SumatraPDF copies from the first page."""
    with pymupdf.open(stream=pdf) as document:
        return str(document[0].get_text()).strip()


def texts_by_pdfjs(pdfs: Sequence[bytes]) -> list[str]:
    """What Firefox copies from the first page of each, by pdf.js under Node: one process for all."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.pdf" for i in range(len(pdfs))]
        for path, pdf in zip(paths, pdfs, strict=True):
            path.write_bytes(pdf)
        texts: list[str] = json.loads(run_node(_PDFJS, *paths))
    return texts


READERS: list[Callable[[bytes], str]] = [text_by_pdfium, text_by_mupdf, text_by_poppler]


def pixels(pdf: bytes, *, scale: float = 2) -> Image.Image:
    """The first page in gray, `scale` pixels a point."""
    return pypdfium2.PdfDocument(pdf)[0].render(scale=scale).to_pil().convert("L")


@dataclass(frozen=True)
class Shown:
    """A code of a page: the glyph it leads to, its text, and its width by the PDF and by the font file (1/1000 em)."""

    glyph: int
    text: str
    width: float
    font_width: float


def shown_codes(pdf: bytes) -> list[Shown]:
    """Every code the first page shows, in the order of the content."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        shown: list[Shown] = []
        current: dict[int, Shown] = {}
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = _codes_of(page.Resources.Font[str(operands[0])])
            elif str(operator) == "Tj":
                codes = bytes(operands[0])
                shown += [current[int.from_bytes(codes[i : i + 2])] for i in range(0, len(codes), 2)]
        return shown


def _codes_of(font: pikepdf.Object) -> dict[int, Shown]:
    descendant = font.DescendantFonts[0]
    gids = descendant.CIDToGIDMap.read_bytes()
    widths = [float(width) for width in descendant.W[1]]
    face = hb.Face(hb.Blob(descendant.FontDescriptor.FontFile2.read_bytes()))
    file = hb.Font(face)
    mappings = re.findall(r"^<(\w{4})> <(\w+)>$", font.ToUnicode.read_bytes().decode(), flags=re.MULTILINE)
    codes = {}
    for code, utf16 in mappings[1:]:  # the first is the code space
        cid = int(code, 16)
        gid = int.from_bytes(gids[2 * cid : 2 * cid + 2])
        codes[cid] = Shown(
            glyph=gid,
            text=bytes.fromhex(utf16).decode("utf-16-be"),
            width=widths[cid - 1],
            font_width=file.get_glyph_h_advance(gid) * 1000 / face.upem,
        )
    return codes
