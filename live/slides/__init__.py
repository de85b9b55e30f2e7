"""Turns an uploaded PDF, or pictures, into small pictures for the room, in a sandbox. Independent of the database."""

from live.slides.drawing import LARGE_WIDTH, SMALL_WIDTH, Page, Unreadable, draw_pages
from live.slides.sniff import PDF, PICTURES, Kind, kind_of

__all__ = [
    "LARGE_WIDTH",
    "PDF",
    "PICTURES",
    "SMALL_WIDTH",
    "Kind",
    "Page",
    "Unreadable",
    "draw_pages",
    "kind_of",
]
