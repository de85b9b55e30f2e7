"""The block of places on a picture in the bank: one picture, and every text in both languages."""

from assessment.blocks.hotspot import HotspotBlock


class BankHotspotBlock(HotspotBlock):
    by_language = ("text", "alt", "instead_text", "explanation")
