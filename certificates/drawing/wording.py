"""The layout of certificates from before designs had blocks, as blocks.

Those certificates are always drawn with it: do not change it.
"""

from typing import Any

from certificates.drawing.metrics import middle_of
from typesetting import mm

_WIDTH, _HEIGHT, _MARGIN = 297.0, 210.0, 24.0
_COLUMN = _WIDTH / 2 - _MARGIN - 4
_POINT = 1 / mm
_FAMILIES = {
    "naskh": "Amiri",
    "naskh-bold": "Amiri",
    "sans": "IBMPlexSansArabic",
    "sans-bold": "IBMPlexSansArabic",
}

_ARABIC_ROWS = (
    ("المستوى", "level_ar"),
    ("عدد الساعات", "hours_ar"),
    ("المركز", "place_ar"),
    ("تاريخ الإتمام", "completed_on_ar"),
    ("تاريخ الإصدار", "issued_on_ar"),
)
_ENGLISH_ROWS = (
    ("Level", "level_en"),
    ("Hours", "hours_en"),
    ("Center", "place_en"),
    ("Completed on", "completed_on_en"),
    ("Issued on", "issued_on_en"),
)


def blocks_of_wording() -> list[dict[str, Any]]:
    """The blocks of the only layout at that time: A4 landscape, Arabic and English."""
    edge = 0.55 * _POINT
    half, width = _COLUMN - 10, _WIDTH - 2 * _MARGIN
    return [
        _ornament("guilloche", "accent", 9 - edge, 9 - edge, 279 + 2 * edge, 192 + 2 * edge),
        _ornament("tape", "signal", (_WIDTH - 90) / 2, _HEIGHT - 152.6, 90, 2.6),
        _field("authority_ar", "sans-bold", 12, 183, width=half, min_size=8, color="accent", left=_WIDTH - _MARGIN - half),
        _field("authority_en", "sans-bold", 12, 183, width=half, min_size=8, color="accent", left=_MARGIN),
        _centered("heading_ar", "naskh-bold", 30, 168, width=180, min_size=18, color="accent", role="title"),
        _centered("heading_en", "sans", 14, 156, width=180, min_size=9, color="muted"),
        _centered("statement_ar", "naskh", 15, 140, width=width, min_size=9),
        _centered("name_ar", "naskh-bold", 32, 122, width=width, min_size=16, role="heading"),
        _centered("name_en", "sans-bold", 15, 108.5, width=width, min_size=8),
        _centered("statement_en", "sans", 10, 101, width=width, min_size=7, color="muted"),
        _centered("program_ar", "naskh-bold", 22, 89.5, width=width, min_size=12, color="accent"),
        _centered("program_en", "sans-bold", 12, 80, width=width, min_size=7, color="accent"),
        _rows(_ARABIC_ROWS, "ar", _WIDTH - _MARGIN - _COLUMN),
        _rows(_ENGLISH_ROWS, "en", _MARGIN),
        {
            "kind": "qr",
            "place": _place((_WIDTH - 25) / 2, _HEIGHT - 45.5, 25, 25),
            "payload": "url",
        },
        _centered("code", "sans-bold", 8.5, 18.2, width=80, min_size=5, role="caption"),
        _field("number", "sans-bold", 10, 25, width=80, min_size=5, left=_MARGIN),
        {
            **_line("sans", 7.5, 20.5, width=80, min_size=5, color="muted", left=_MARGIN),
            "kind": "text",
            "text": "رقم الشهادة · Certificate number",
            "language": "both",
        },
        _field("signatory_ar", "naskh-bold", 13, 30.5, width=80, min_size=8, left=_WIDTH - _MARGIN - 80),
        _field("signatory_title_ar", "sans", 8.5, 25, width=80, min_size=6, color="muted", left=_WIDTH - _MARGIN - 80),
        _field("signatory_line_en", "sans", 7.5, 20.5, width=80, min_size=5, color="muted", left=_WIDTH - _MARGIN - 80, align="end"),
    ]  # fmt: skip


def _place(x: float, y: float, width: float, height: float) -> dict[str, Any]:
    return {"side": "page", "x": x, "y": y, "width": width, "height": height}


def _ornament(style: str, color: str, x: float, y: float, width: float, height: float) -> dict[str, Any]:
    return {"kind": "frame", "place": _place(x, y, width, height), "style": style, "color": color}


def _line(
    font: str,
    size: float,
    baseline: float,
    *,
    left: float,
    width: float,
    min_size: float,
    color: str = "ink",
    align: str = "start",
    role: str = "paragraph",
) -> dict[str, Any]:
    """A line whose base line is `baseline` mm above the lower edge of the page."""
    height = 3 * size * _POINT
    middle = baseline + middle_of(_FAMILIES[font]) * size * _POINT
    return {
        "place": _place(left, _HEIGHT - middle - height / 2, width, height),
        "look": {"font": font, "size": size, "min_size": min_size, "align": align, "color": color},
        "role": role,
    }


def _field(fact: str, font: str, size: float, baseline: float, **look: Any) -> dict[str, Any]:
    return {**_line(font, size, baseline, **look), "kind": "field", "fact": fact}


def _centered(
    fact: str, font: str, size: float, baseline: float, *, width: float, **look: Any
) -> dict[str, Any]:
    left = (_WIDTH - width) / 2
    return _field(fact, font, size, baseline, left=left, width=width, align="center", **look)


def _rows(rows: tuple[tuple[str, str], ...], language: str, left: float) -> dict[str, Any]:
    step, size = 6.2, 10.0
    middle = 69 + middle_of("IBMPlexSansArabic") * size * _POINT
    return {
        "kind": "list",
        "place": _place(left, _HEIGHT - middle - step / 2, _COLUMN, step * len(rows)),
        "language": language,
        "rows": [{"label": label, "fact": fact} for label, fact in rows],
        "label_width": 27,
        "size": size,
        "min_size": 6,
    }
