"""Drawing of a certificate as a PDF."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from certificates.codes import LENGTH
from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import Block, Design, Side, read_design
from certificates.drawing.kinds import (
    PagedPainter,
    Painter,
    check_qr,
    has_border,
    is_fixed,
    lay_out,
    usual_mark,
)
from certificates.drawing.offline_codes import placeholder_offline_url
from typesetting import Direction, Document, Page, Role, TypesettingError, drawing

_CAIRO = ZoneInfo("Africa/Cairo")
# What is not known before approval, as wide as any font sets it: the widest months in English and in Arabic, the widest
# Arabic digit, the widest letter of a code.
_WIDE_DAYS = (date(2033, 9, 30), date(2033, 8, 30))
_WIDE_CODE = "W" * LENGTH
_WIDE_COPY = 88


class CaptionAlone(TypesettingError):
    """A caption with no picture before it, which no reader knows what to do with (ISO 32000-1, 14.8.4.3)."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"no picture before the caption {text!r}")


Fault = Callable[[Block, TypesettingError], None]
Layer = Callable[[Block, Design, CertificateData], Painter | None]


def draw_certificate(certificate: CertificateData, *, card: bool = False) -> bytes:
    """The PDF of a certificate: its page, or the front and back of its card.

    A design that is a card has no page and gives its card either way. The same data give the same bytes. Raises
    typesetting.MissingGlyph for a letter no font has and typesetting.TextDoesNotFit for a text that would be too small
    to read: both must be found before approval.
    """
    return compose(certificate, card=card).finish()


def compose(certificate: CertificateData, *, card: bool = False, on_fault: Fault | None = None) -> Document:
    """The document with all sheets drawn, open for attachments and a seal.

    With `on_fault`, a block that cannot be drawn is passed to it and left out: for previews.
    """
    return _composed(certificate, read_design(certificate.design), card=card, on_fault=on_fault)


def _composed(
    certificate: CertificateData,
    design: Design,
    *,
    card: bool,
    on_fault: Fault | None = None,
    layer: Layer = lay_out,
) -> Document:
    created_on = certificate.copied_on or certificate.issued_on
    document = Document(
        title=_title(certificate),
        # Measured: with R2L, Chromium's viewer copies the words of every English line in reverse; Arabic lines are
        # copied right either way.
        direction=Direction.LTR,
        author=str(certificate.design.get("authority_ar", "")),
        subject=certificate.number,
        created=datetime.combine(created_on, time(), _CAIRO),
        watermark=certificate.watermark,
    )
    sides = design.sides(card=card)
    # A mark on the page marks no card, and the other way round.
    marked = any(block.kind == "copy_mark" for side in sides for block in design.on(side))
    for side in sides:
        size = design.size(side)
        page = document.new_page(size)
        further = [
            painter
            for block in design.on(side)
            for painter in _draw(block, design, certificate, page, on_fault, layer)
        ]
        if not marked and side is not Side.BACK:
            _mark_copy(page, size, certificate)
        for paint in further:
            page = document.new_page(size)
            paint(page)
            _mark_copy(page, size, certificate, is_further=True, is_bordered=has_border(design))
    return document


def _mark_copy(
    page: Page,
    size: tuple[float, float],
    certificate: CertificateData,
    *,
    is_further: bool = False,
    is_bordered: bool = False,
) -> None:
    mark = usual_mark(size, certificate, is_further=is_further, is_bordered=is_bordered)
    if mark:
        mark(page)


def _draw(
    block: Block,
    design: Design,
    certificate: CertificateData,
    page: Page,
    on_fault: Fault | None,
    layer: Layer,
) -> tuple[Painter, ...]:
    """Draw a block on its sheet. Returns the painters of the further pages it takes."""
    try:
        if block.role is Role.CAPTION and not _is_captioning(block, design):
            raise CaptionAlone(block.kind)
        painter = layer(block, design, certificate)
        if painter:
            painter(page)
        return painter.further if isinstance(painter, PagedPainter) else ()
    except TypesettingError as error:
        if on_fault is None:
            raise
        on_fault(block, error)
        return ()


def _is_captioning(block: Block, design: Design) -> bool:
    """Whether a picture comes before the caption, on the same sheet."""
    return any(
        other.number < block.number and (other.kind == "qr" or _is_figure(other))
        for other in design.on(block.side)
    )


def _is_figure(block: Block) -> bool:
    """Whether it is a picture with a meaning, not an artifact."""
    values = block.values
    return bool(
        block.kind in {"image", "emblem"}
        and values.get("asset")
        and values.get("role") != "artifact"
        and values.get("alt", "").strip()
    )


def _title(certificate: CertificateData) -> str:
    parts = (certificate.design.get("heading_ar"), certificate.claims.get("name_ar"))
    return " – ".join(part for part in parts if part) or certificate.number


def check_printable(claims: Mapping[str, Any], design: Mapping[str, Any], *, number: str, site: str) -> None:
    """Draw the texts of a certificate on sheets that are discarded, to find before approval what cannot be printed.

    `design` is that of the template the certificates will follow, `number` one as long as the certificate's will be. Days,
    code and the mark of a copy are as wide as they get; `site` is the address that QR codes begin with. Raises CodeTooSmall, typesetting.MissingGlyph,
    typesetting.TextDoesNotFit, typesetting.HeadingOutOfOrder or CaptionAlone.
    """
    read = read_design(design)
    signed = any(block.kind == "qr" and block.values["payload"] == "offline" for block in read.blocks)
    offline_url = placeholder_offline_url(claims, code=_WIDE_CODE, number=number, site=site) if signed else ""
    first, second = (
        CertificateData(
            number=number,
            code=_WIDE_CODE,
            issued_on=day,
            claims=claims,
            design=design,
            verify_url=f"{site}/v/{_WIDE_CODE}",
            copy_number=_WIDE_COPY,
            copied_on=day,
            valid_from=day,
            valid_until=day,
            offline_url=offline_url,
        )
        for day in _WIDE_DAYS
    )
    _composed(first, read, card=False, layer=_lay_out_words)
    if read.has_card_beside_page:
        _composed(first, read, card=True, layer=_lay_out_words)
    for block in read.blocks:
        if block.kind == "qr":
            if offline_url:
                check_qr(block, first)
        elif not is_fixed(block) and block.kind != "record":
            lay_out(block, read, second)


_ORNAMENTS = {"image", "emblem", "frame", "zone"}
_NOTHING = drawing(1, 1, lambda _canvas: None)


def _lay_out_words(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    """Pictures and frames were tried with the design; captions still need something to belong to."""
    if block.kind == "qr" or _is_figure(block):
        return lambda page: page.place(_NOTHING, 0, 0, width=1, height=1, alt="–")
    return lay_out(block, design, certificate) if block.kind not in _ORNAMENTS else None
