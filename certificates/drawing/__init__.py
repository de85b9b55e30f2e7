"""The certificate on paper: drawn from frozen facts by a frozen design.

Free of Django and of the database: the same paper gives the same bytes, today and when every setting has changed.

    pdf = draw_certificate(Paper(number=..., code=..., issued_on=..., facts=..., design=..., verify_url=...))

A design is a mapping as `CertificateTemplate.design()` gives it: wording and colors, the page format, and `blocks` in
reading order, each with its kind and its box in millimeters from the left top corner of its sheet.
"""

from certificates.drawing.certificate import CaptionAlone, check_printable, compose, draw_certificate
from certificates.drawing.design import CARD_SIZE, PageFormat, Side, design_digest, read_design
from certificates.drawing.forms import FORMS, NEUTRAL, spoken
from certificates.drawing.kinds import CodeTooSmall
from certificates.drawing.offline_codes import offline_url_like
from certificates.drawing.paper import FACTS, Paper, arabic_date, english_date, percent
from certificates.drawing.pictures import fit_picture
from certificates.drawing.preview import sheets_as_png, stacked_as_png
from certificates.drawing.print_runs import MARKER, write_print_run
from certificates.drawing.problems import Finding, Findings, Problem, find_problems
from certificates.drawing.samples import SAMPLES, sample_paper

__all__ = [
    "CARD_SIZE",
    "FACTS",
    "FORMS",
    "MARKER",
    "NEUTRAL",
    "SAMPLES",
    "CaptionAlone",
    "CodeTooSmall",
    "Finding",
    "Findings",
    "PageFormat",
    "Paper",
    "Problem",
    "Side",
    "arabic_date",
    "check_printable",
    "compose",
    "design_digest",
    "draw_certificate",
    "english_date",
    "find_problems",
    "fit_picture",
    "offline_url_like",
    "percent",
    "read_design",
    "sample_paper",
    "sheets_as_png",
    "spoken",
    "stacked_as_png",
    "write_print_run",
]
