"""Draws text that is right in Arabic and English on a PDF page."""
