"""Messages for the findings about a design."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.drawing import Finding, Problem

SAMPLE_NAMES = {
    "usual": gettext_lazy("usual certificate"),
    "woman": gettext_lazy("a woman"),
    "unknown_sex": gettext_lazy("sex not known"),
    "longest_name": gettext_lazy("longest name"),
    "diacritics": gettext_lazy("vowel signs and Latin diacritics"),
    "no_latin_name": gettext_lazy("no name in Latin letters"),
    "long_program": gettext_lazy("long program and center"),
    "copy": gettext_lazy("numbered copy"),
    "fewest_facts": gettext_lazy("as few facts as there can be"),
}

_SENTENCES = {
    Problem.INCOMPLETE: gettext_lazy("Something is missing or out of bounds. Correct its fields."),
    Problem.OVERFLOW: gettext_lazy(
        "“%(detail)s” does not fit. Make the box larger or allow a smaller size (sample: %(sample)s)."
    ),
    Problem.MISSING_GLYPH: gettext_lazy("No font has these letters: %(detail)s (sample: %(sample)s)."),
    Problem.HEADING_ORDER: gettext_lazy("The heading “%(detail)s” comes before the title. Put the title first."),
    Problem.CAPTION_ALONE: gettext_lazy("There is no picture before the caption. Put one there, or make it a paragraph."),
    Problem.QR_TOO_SMALL: gettext_lazy("The QR code is too small for phones: it takes %(detail)s mm."),
    Problem.QR_COVERED: gettext_lazy(
        "Block %(detail)s covers the QR code, so phones cannot read it. Move one of them, or put a background before the code."
    ),
    Problem.MARK_ON_QR: gettext_lazy(
        "The mark of a copy would cover the QR code. Move the code, or give the mark a block of its own."
    ),
    Problem.HIDDEN: gettext_lazy("Block %(detail)s covers it. Put the band before it."),
    Problem.NO_ALT_TEXT: gettext_lazy("The picture has no description. Write one, or make it an ornament."),
    Problem.NO_PICTURE: gettext_lazy("The picture cannot be read. Choose a PNG or JPEG file of at most 50 megapixels."),
    Problem.OUTSIDE: gettext_lazy("The box reaches beyond the sheet."),
    Problem.NO_TITLE: gettext_lazy("Exactly one text has the role of the title: archives and screen readers need it."),
    Problem.NO_NAME: gettext_lazy("The Arabic name of the holder is printed nowhere."),
    Problem.NO_NUMBER: gettext_lazy("The certificate number is printed nowhere."),
    Problem.NO_QR: gettext_lazy("There is no QR code, so the certificate cannot be verified."),
    Problem.NO_SIGNATORY: gettext_lazy("There is no signatory, or the signatory has no name."),
    Problem.EMPTY_SHEET: gettext_lazy("A side of the card is empty."),
    Problem.TOO_HEAVY: gettext_lazy(
        "The file takes %(detail)s MB, and 1 MB is the most. Choose smaller pictures, or make their boxes smaller."
    ),
    Problem.BREAKS_STANDARD: gettext_lazy("The file would break a rule of archives or screen readers: %(detail)s."),
    Problem.OVERLAP: gettext_lazy("Its box overlaps the box of block %(detail)s."),
}  # fmt: skip

# Problems that the page and the card can each have.
_OF_A_FILE = {Problem.NO_TITLE, Problem.NO_NAME, Problem.NO_NUMBER, Problem.NO_QR}


def sentence(finding: Finding) -> str:
    """Such as "Block 7: the QR code is too small for phones: it takes 15.0 mm." in the reader's language."""
    text = str(_SENTENCES[finding.problem]) % {
        "detail": Truncator(finding.detail).chars(60),
        "sample": SAMPLE_NAMES.get(finding.sample, "–"),
    }
    if finding.block is None:
        on_card = finding.problem in _OF_A_FILE and finding.detail == "front"
        return _("Card: %(text)s") % {"text": text} if on_card else text
    return _("Block %(number)s: %(text)s") % {"number": finding.block, "text": text}
