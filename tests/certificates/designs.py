"""Designs and papers to try them with, without a database."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from certificates.designs import built_in_designs
from certificates.drawing import CertificateData, sample_certificate
from certificates.models.designs import with_authority

SITE = "https://mihna.example"
NUMBER = "CAI-03/2026/SL-000000"
SIGNATORY = {
    "signatory_ar": "أ. نادية محمود حسن",
    "signatory_en": "Nadia Mahmoud Hassan",
    "signatory_title_ar": "مدير عام التدريب المهني",
    "signatory_title_en": "Director General of Vocational Training",
}
STATE = {"state_ar": "جمهورية مصر العربية", "state_en": "Arab Republic of Egypt"}
AUTHORITY = {"authority_ar": "وزارة العمل", "authority_en": "Ministry of Labor", "accent": "#0d655c"}
OLD_DESIGN = {
    **AUTHORITY,
    **SIGNATORY,
    "heading_ar": "شهادة إتمام برنامج تدريبي",
    "heading_en": "Certificate of Completion",
    "statement_ar": "تشهد الوزارة بأن المذكور أدناه قد أتم بنجاح برنامج",
    "statement_en": "The Ministry certifies that the person named here has completed the program",
}
OLD_FACTS = {
    "type_ar": "شهادة",
    "type_en": "Certificate",
    "name_ar": "مُحمد عبد الرحمن الشربيني",
    "name_en": "Mohamed Abdelrahman El-Sherbini",
    "identity": None,
    "program_ar": "لحام القوس المعدني المحجوب",
    "program_en": "Shielded Metal Arc Welding",
    "level": "L2",
    "level_ar": "المستوى الثاني",
    "level_en": "Level 2",
    "hours": 420,
    "center_ar": "مركز شبرا",
    "center_en": "Shubra Center",
    "governorate_ar": "القاهرة",
    "governorate_en": "Cairo",
    "completed_on": "2026-06-25",
}


def logo() -> bytes:
    """A round mark with a transparent ground."""
    picture = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((10, 10, 230, 230), fill=(13, 101, 92, 255))
    pen.polygon([(120, 40), (190, 180), (50, 180)], fill=(242, 181, 51, 255))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


LOGO = "logo"
ASSETS = {LOGO: logo()}


def built_in(name: str, **changes: Any) -> dict[str, Any]:
    """A built-in design as a certificate keeps it."""
    design = next(design for design in built_in_designs() if design.name == name)
    blocks = []
    for stored in design.body:
        block = {"kind": stored["type"], **stored["value"]}
        if block["kind"] == "image":
            del block["image"]
            block |= {"asset": LOGO, "alt": "شعار وزارة العمل"}
        if block["kind"] == "signature":
            block["asset"] = ""
        blocks.append(block)
    frozen = {
        **AUTHORITY,
        **STATE,
        **SIGNATORY,
        **design.wording,
        "signal": "#f2b632",
        "edition": design.edition,
    }
    return {**with_authority(frozen), "format": design.page_format, "blocks": blocks, **changes}


def first_body(name: str) -> list[dict[str, Any]]:
    """The blocks of a built-in design of before the second edition, as a template stores them."""
    body: list[dict[str, Any]] = _stored(name)["body"]
    return body


def _stored(name: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((FIRST_EDITION / f"{name}.json").read_text(encoding="utf-8"))
    return stored


FIRST_EDITION = Path(__file__).parent / "first_edition"


def first_edition(name: str, **changes: Any) -> dict[str, Any]:
    """A built-in design of before the second edition, as certificates of then keep it: it has the plainer blocks."""
    stored = _stored(name)
    blocks = []
    for block in stored["body"]:
        frozen = {"kind": block["type"], **block["value"]}
        if frozen["kind"] == "image":
            del frozen["image"]
            frozen |= {"asset": LOGO, "alt": "شعار وزارة العمل"}
        blocks.append(frozen)
    wording = {**AUTHORITY, **SIGNATORY, **stored["wording"], "signal": "#f2b632"}
    return {**wording, "format": stored["page_format"], "blocks": blocks, **changes}


def paper(name: str, sample: str = "usual") -> CertificateData:
    return sample_certificate(sample, design=built_in(name), site=SITE, assets=ASSETS)


def old_paper() -> CertificateData:
    """A certificate from before designs had blocks."""
    return CertificateData(
        number="CAI-03/2026/000123",
        code="7K3M9QXD0109R",
        issued_on=dt.date(2026, 9, 28),
        claims=OLD_FACTS,
        design=OLD_DESIGN,
        verify_url=f"{SITE}/v/7K3M9QXD0109R",
    )
