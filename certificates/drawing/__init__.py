"""Drawing of certificates: from frozen claims and a frozen design to a PDF.

Free of Django and of the database: the same data give the same bytes, whatever the settings.

    pdf = draw_certificate(CertificateData(number=..., code=..., issued_on=..., claims=..., design=..., verify_url=...))

A design is a mapping as `CertificateTemplate.design()` gives it: wording and colors, the page format, and `blocks` in
reading order, each with its kind and its box in millimeters from the left top corner of its sheet.
"""

from certificates.drawing.certificate import CaptionAlone, check_printable, compose, draw_certificate
from certificates.drawing.certificate_data import FACTS, CertificateData, arabic_date, english_date, percent
from certificates.drawing.design import CARD_SIZE, PageFormat, Side, design_digest, read_design
from certificates.drawing.grammatical_gender import GENDERS, NEUTRAL, with_gender
from certificates.drawing.kinds import CodeTooSmall
from certificates.drawing.offline_codes import placeholder_offline_url
from certificates.drawing.pictures import fit_picture
from certificates.drawing.preview import sheets_as_png, stacked_as_png
from certificates.drawing.print_runs import MARKER, write_print_run
from certificates.drawing.printed import PrintedFact, printed_facts
from certificates.drawing.problems import Finding, Findings, Problem, find_problems
from certificates.drawing.samples import SAMPLES, sample_certificate

__all__ = [
    "CARD_SIZE",
    "FACTS",
    "GENDERS",
    "MARKER",
    "NEUTRAL",
    "SAMPLES",
    "CaptionAlone",
    "CertificateData",
    "CodeTooSmall",
    "Finding",
    "Findings",
    "PageFormat",
    "PrintedFact",
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
    "percent",
    "placeholder_offline_url",
    "printed_facts",
    "read_design",
    "sample_certificate",
    "sheets_as_png",
    "stacked_as_png",
    "with_gender",
    "write_print_run",
]
