"""One certificate drawn in several ways, for the processor time of each."""

import dataclasses
import datetime as dt
import html
import importlib
import io
import math
import time
from collections.abc import Callable
from importlib import resources
from importlib.util import find_spec
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.codes import new_code
from certificates.drawing import CertificateData, compose, draw_certificate
from certificates.openbadges.credential import build_credential
from certificates.openbadges.jwt import sign_credential
from certificates.sealing import (
    Algorithm,
    FileSigner,
    Sealer,
    new_authority,
    new_private_key,
    seal,
)
from tests.certificates.badges import FACTS
from tests.certificates.designs import logo, paper
from tests.certificates.signers import p256_signer
from typesetting import A4_LANDSCAPE, Attachment, Relationship, SignatureField

WIDTH, _HEIGHT = A4_LANDSCAPE
STRINGS = 19
_NAMES = ("السيد", "حسن", "علي", "محمود", "سعيد", "فوزي", "إبراهيم")
Draw = Callable[[int], bytes]


def numbered(number: int) -> CertificateData:
    """A certificate of the reference design with its own name, number and code."""
    usual = paper("completion")
    code = new_code()
    return dataclasses.replace(
        usual,
        number=f"CAI-03/2026/{number:06}",
        code=code,
        verify_url=f"https://mihna.example/v/{code}",
        claims={
            **usual.claims,
            "name_ar": f"أحمد محمد {_NAMES[number % 7]} {_NAMES[number // 7 % 7]} {number}",
        },
    )


def bare(number: int) -> bytes:
    """Nineteen strings on ReportLab's canvas, nothing else."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4_LANDSCAPE, pageCompression=1)
    for row in range(STRINGS):
        canvas.drawString(100, 500 - 20 * row, f"Text of row {row} {number:06d}")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def unsigned(number: int) -> bytes:
    return draw_certificate(numbered(number))


def issued_way() -> Draw:
    """As it is issued: with the signed credential for machines attached, and sealed by a P-256 key."""
    now = dt.datetime.now(dt.UTC)
    authority = new_authority(private_key=ec.generate_private_key(ec.SECP256R1()), now=now)
    key = new_private_key(Algorithm.ES256)
    certificate = authority.certify_seal(key.public_key(), common_name="Bench", now=now)
    signer = FileSigner(
        key_id="bench", private_key=key, certificate=certificate, chain=(authority.certificate,)
    )
    sealer = Sealer(signer)
    badge_signer = p256_signer()

    def draw(number: int) -> bytes:
        moment = dt.datetime.now(dt.UTC)
        claims = dataclasses.replace(FACTS, number=f"CAI-03/2026/{number:06}")
        badge = sign_credential(build_credential(claims), signer=badge_signer)
        document = compose(numbered(number))
        document.attach(
            Attachment(
                name="credential.jwt",
                data=badge.encode(),
                media_type="application/vc+jwt",
                relationship=Relationship.DATA,
                description="Open Badges 3.0",
                modified=moment,
            )
        )
        document.reserve_signature(
            SignatureField(label="الختم الإلكتروني", reason="bench", signed_at=moment, size=sealer.size)
        )
        return seal(document.finish(), sealer)

    return draw


def naive(number: int) -> bytes:
    """A first try with ReportLab: loads fonts, logo, frame and QR code again for every page."""
    buffer = io.BytesIO()
    font = f"Amiri{number}"
    with resources.as_file(resources.files("fontpkg_amiri") / "files" / "Amiri-Regular.ttf") as file:
        pdfmetrics.registerFont(TTFont(font, str(file)))
    canvas = Canvas(buffer, pagesize=A4_LANDSCAPE, pageCompression=1)
    for strand in range(16):
        path = canvas.beginPath()
        path.moveTo(30, 30)
        for x in range(30, int(WIDTH) - 30, 2):
            path.lineTo(x, 30 + 5 * math.sin(x / 9 + strand))
        canvas.drawPath(path)
    canvas.drawImage(ImageReader(io.BytesIO(logo())), WIDTH / 2 - 28, 500, 56, 56, mask="auto")
    canvas.setFont(font, 14)
    for row in range(STRINGS):
        canvas.drawString(100, 480 - 20 * row, f"شهادة رقم {row} – أحمد محمد {number:06d}")
    widget = QrCodeWidget(f"https://mihna.example/v/{new_code()}", barLevel="M")
    left, bottom, right, top = widget.getBounds()
    scaled = Drawing(80, 80, transform=[80 / (right - left), 0, 0, 80 / (top - bottom), 0, 0])
    scaled.add(widget)
    renderPDF.draw(scaled, canvas, 70, 90)
    canvas.showPage()
    canvas.save()
    del pdfmetrics._fonts[font]
    return buffer.getvalue()


def weasyprint_way() -> Draw | None:
    """A plain page of the same texts by WeasyPrint, where the operator has it: it is none of our packages."""
    if find_spec("weasyprint") is None:
        return None
    page_of: Any = importlib.import_module("weasyprint").HTML

    def draw(number: int) -> bytes:
        texts = "".join(f"<p>{html.escape(str(text))}</p>" for text in numbered(number).claims.values())
        style = "<style>@page { size: A4 landscape } body { direction: rtl; font-family: Amiri }</style>"
        pdf: bytes = page_of(string=style + texts).write_pdf()
        return pdf

    return draw


def milliseconds(draw: Draw, papers: int) -> float:
    """Milliseconds of processor time for one certificate."""
    start = time.process_time()
    for number in range(papers):
        draw(number)
    return (time.process_time() - start) / papers * 1000
