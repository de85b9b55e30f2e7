"""Slides to upload: generated PDFs and pictures."""

import io
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from live.models import LiveSession, SlideDeck
from live.services.decks import render_deck, upload_slides


def pdf(*texts: str, password: str | None = None, size: tuple[int, int] = (720, 405)) -> SimpleUploadedFile:
    """A document with a page for each text."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, encrypt=password)
    for text in texts:
        canvas.setFillColorRGB(0.05, 0.4, 0.36)
        canvas.rect(0, size[1] * 0.8, size[0], size[1] * 0.2, fill=1, stroke=0)
        canvas.setFillColorRGB(0.07, 0.15, 0.16)
        canvas.setFont("Helvetica", 28)
        for number, line in enumerate(text.splitlines()):
            canvas.drawString(40, size[1] * 0.6 - 40 * number, line)
        canvas.showPage()
    canvas.save()
    return SimpleUploadedFile("lesson_1.pdf", buffer.getvalue())


def picture(form: str = "PNG", size: tuple[int, int] = (1600, 900)) -> SimpleUploadedFile:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((100, 100, size[0] - 100, size[1] - 100), fill="teal")
    buffer = io.BytesIO()
    image.save(buffer, form)
    return SimpleUploadedFile(f"board.{form.lower()}", buffer.getvalue())


def ready_deck(session: LiveSession, by: User, texts: Sequence[str] = ("One", "Two", "Three")) -> SlideDeck:
    """A deck whose pages are rendered."""
    deck = upload_slides(session_id=session.pk, files=[pdf(*texts)], by=by)
    render_deck(deck_id=deck.pk)
    deck.refresh_from_db()
    return deck
