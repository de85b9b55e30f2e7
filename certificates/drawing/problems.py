"""Problems of a design that prevent or impair printing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, permutations

from certificates.drawing.certificate import CaptionAlone, compose
from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import Block, Design, Side, read_design
from certificates.drawing.kinds import CodeTooSmall, check_qr, is_unnamed, usual_place
from certificates.drawing.printed import facts_of
from typesetting import HeadingOutOfOrder, MissingGlyph, Role, TextDoesNotFit, TypesettingError
from typesetting.lint import lint

# Bytes. The page that checks files takes 2 MiB, and seal and attachment come on top.
_HEAVY = 1_000_000
# What must not be printed over.
_TEXTS = {
    "text",
    "field",
    "list",
    "sentence",
    "signatory",
    "signature",
    "table",
    "record",
    "copy_mark",
    "qr",
}


_PICTURES = {"image", "emblem", "signature"}
_SIGNED = {"signatory", "signature"}
_SIGNATORIES = {"signatory_ar", "signatory_line_en"}


class Problem(StrEnum):
    INCOMPLETE = "incomplete"
    OVERFLOW = "overflow"
    MISSING_GLYPH = "missing_glyph"
    HEADING_ORDER = "heading_order"
    CAPTION_ALONE = "caption_alone"
    QR_TOO_SMALL = "qr_too_small"
    QR_COVERED = "qr_covered"
    MARK_ON_QR = "mark_on_qr"
    HIDDEN = "hidden"
    NO_ALT_TEXT = "no_alt_text"
    NO_PICTURE = "no_picture"
    OUTSIDE = "outside"
    NO_TITLE = "no_title"
    NO_NAME = "no_name"
    NO_NUMBER = "no_number"
    NO_QR = "no_qr"
    NO_SIGNATORY = "no_signatory"
    EMPTY_SHEET = "empty_sheet"
    TOO_HEAVY = "too_heavy"
    BREAKS_STANDARD = "breaks_standard"
    # A warning: boxes may overlap intentionally, such as a text on a band.
    OVERLAP = "overlap"


@dataclass(frozen=True)
class Finding:
    """A problem of a block (its number, None for the whole design); `detail` is a text, letters or millimeters."""

    problem: Problem
    block: int | None = None
    detail: str = ""
    sample: str = ""

    @property
    def is_warning(self) -> bool:
        return self.problem is Problem.OVERLAP


@dataclass
class Findings:
    """The findings without duplicates: a fixed text that does not fit is found with every sample."""

    found: dict[tuple[Problem, int | None, str], Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        self.found.setdefault((finding.problem, finding.block, finding.detail), finding)

    @property
    def all(self) -> list[Finding]:
        return sorted(self.found.values(), key=lambda finding: (finding.is_warning, finding.block or 0))

    @property
    def problems(self) -> list[Finding]:
        """The problems that prevent publication."""
        return [finding for finding in self.all if not finding.is_warning]


def find_problems(papers: Iterable[tuple[str, CertificateData]]) -> Findings:
    """The findings about a design, from certificates by the name of their sample. All have the same design."""
    findings = Findings()
    first: CertificateData | None = None
    for sample, certificate in papers:
        design = read_design(certificate.design)
        if first is None:
            first = certificate
            _check_essentials(design, findings)
            for block in design.blocks:
                _check_block(block, design, findings)
            _check_boxes(design, findings)
            _check_usual_marks(design, findings)
        _check_title(design, sample, certificate, findings)
        _check_codes(design, certificate, findings)
        _check_drawing(design, sample, certificate, findings)
    if first is not None and not findings.problems:
        _check_files(first, findings)
    return findings


def _check_files(certificate: CertificateData, findings: Findings) -> None:
    """Whether the finished files keep the standards of archives and of screen readers, and are light enough to be checked."""
    for card in (False, True) if read_design(certificate.design).has_card_beside_page else (False,):
        pdf = compose(certificate, card=card).finish()
        if len(pdf) > _HEAVY:
            findings.add(Finding(Problem.TOO_HEAVY, detail=f"{len(pdf) / 1_000_000:.1f}"))
        for broken in lint(pdf):
            findings.add(Finding(Problem.BREAKS_STANDARD, detail=f"{broken.clause}: {broken.message}"))


def _check_essentials(design: Design, findings: Findings) -> None:
    """Whether every file has the required content: the page, and the card on its own."""
    for sides in _files(design):
        blocks = [block for side in sides for block in design.on(side)]
        printed = _printed_facts(blocks)
        if "name_ar" not in printed:
            findings.add(Finding(Problem.NO_NAME, detail=sides[0]))
        if "number" not in printed:
            findings.add(Finding(Problem.NO_NUMBER, detail=sides[0]))
        if not any(block.kind == "qr" for block in blocks):
            findings.add(Finding(Problem.NO_QR, detail=sides[0]))
        if sum(block.role is Role.H1 for block in blocks) != 1:
            findings.add(Finding(Problem.NO_TITLE, detail=sides[0]))
        for side in sides:
            if not design.on(side):
                findings.add(Finding(Problem.EMPTY_SHEET, detail=side))
    if not any(block.kind in _SIGNED or facts_of(block) & _SIGNATORIES for block in design.blocks):
        findings.add(Finding(Problem.NO_SIGNATORY))


def _files(design: Design) -> list[tuple[Side, ...]]:
    """The sheets of each file."""
    files = [design.sides(card=False)]
    return [*files, design.sides(card=True)] if design.has_card_beside_page else files


def _printed_facts(blocks: Iterable[Block]) -> set[str]:
    """The claims that screen readers read: artifacts do not count."""
    return {fact for block in blocks for fact in facts_of(block) if block.role is not None}


def _check_block(block: Block, design: Design, findings: Findings) -> None:
    """Problems of a block that drawing it does not show."""
    values = block.values
    if block.kind == "incomplete":
        findings.add(Finding(Problem.INCOMPLETE, block.number))
    signatory = values.get("name_ar") or (is_unnamed(values) and design.wording.get("signatory_ar"))
    if (block.kind in _SIGNED or values.get("fact") == "signatory_ar") and not signatory:
        findings.add(Finding(Problem.NO_SIGNATORY, block.number))
    if block.kind in _PICTURES and values.get("unreadable"):
        findings.add(Finding(Problem.NO_PICTURE, block.number))
    told = block.kind == "image" or (block.kind in _PICTURES and values.get("asset"))
    if told and values.get("role") != "artifact" and not values.get("alt", "").strip():
        findings.add(Finding(Problem.NO_ALT_TEXT, block.number))


def _check_boxes(design: Design, findings: Findings) -> None:
    for side in (side for sides in _files(design) for side in sides):
        width, height = design.size(side)
        for block in design.on(side):
            box = block.box
            if box.left < -0.01 or box.bottom < -0.01 or box.right > width + 0.01 or box.top > height + 0.01:
                findings.add(Finding(Problem.OUTSIDE, block.number))
        texts = [block for block in design.on(side) if block.kind in _TEXTS]
        for one, other in combinations(texts, 2):
            if "qr" not in {one.kind, other.kind} and one.box.overlaps(other.box):
                findings.add(Finding(Problem.OVERLAP, other.number, detail=str(one.number)))
        _check_bands(design.on(side), findings)
        # The boxes of the layout from before blocks are higher than what they print, which is known to be clear.
        blocks = design.on(side) if "blocks" in design.wording else []
        for code, other in permutations(blocks, 2):
            if code.kind == "qr" and _covers(other, code) and other.box.overlaps(code.box):
                findings.add(Finding(Problem.QR_COVERED, code.number, detail=str(other.number)))


def _check_bands(blocks: list[Block], findings: Findings) -> None:
    """Texts under a band that is drawn after them."""
    for text, band in combinations(blocks, 2):
        if text.kind in _TEXTS - {"qr"} and _is_opaque(band):
            if band.box.holds(text.box):
                findings.add(Finding(Problem.HIDDEN, text.number, detail=str(band.number)))
            elif band.box.overlaps(text.box):
                findings.add(Finding(Problem.OVERLAP, text.number, detail=str(band.number)))


def _is_opaque(block: Block) -> bool:
    """Whether the block hides what is under it. Pictures may be transparent, such as a stamp on a signature."""
    return block.kind == "frame" and block.values["style"] in {"band", "tape", "waves", "plaque"}


def _check_usual_marks(design: Design, findings: Findings) -> None:
    """A design without a mark of copies gets a default one, which may cover other blocks."""
    for sides in _files(design):
        blocks = [block for side in sides for block in design.on(side)]
        if any(block.kind == "copy_mark" for block in blocks):
            continue
        for block in blocks:
            is_marked = block.kind == "qr" and block.side is not Side.BACK
            if is_marked and usual_place(design.size(block.side)).overlaps(block.box):
                findings.add(Finding(Problem.MARK_ON_QR, block.number))


def _covers(block: Block, code: Block) -> bool:
    """Whether the block covers the code: a background under the code does not."""
    if block.kind == "frame":
        return block.number > code.number and block.values["style"] != "none"
    if block.kind in {"image", "emblem", "zone"}:
        return block.number > code.number and (block.kind != "image" or bool(block.values.get("asset")))
    return block.kind in _TEXTS


def _check_title(design: Design, sample: str, certificate: CertificateData, findings: Findings) -> None:
    """A title may be a claim that not every certificate has."""
    for block in design.blocks:
        if (
            block.role is Role.H1
            and block.kind == "field"
            and not FACTS[block.values["fact"]].value(certificate)
        ):
            findings.add(Finding(Problem.NO_TITLE, block.number, sample=sample))


def _check_codes(design: Design, certificate: CertificateData, findings: Findings) -> None:
    for block in design.blocks:
        if block.kind == "qr":
            try:
                check_qr(block, certificate)
            except CodeTooSmall as error:
                findings.add(Finding(Problem.QR_TOO_SMALL, block.number, detail=f"{error.needed:.1f}"))


def _check_drawing(design: Design, sample: str, certificate: CertificateData, findings: Findings) -> None:
    lost_headings = False

    def note(block: Block, error: TypesettingError) -> None:
        nonlocal lost_headings
        # Headings below one that could not be drawn are out of order only because of it.
        if not (lost_headings and isinstance(error, HeadingOutOfOrder)):
            findings.add(_finding_of(block, error, sample))
        lost_headings = lost_headings or (block.role is not None and block.role.heading_level is not None)

    compose(certificate, on_fault=note)
    if design.has_card_beside_page:
        compose(certificate, card=True, on_fault=note)


def _finding_of(block: Block, error: TypesettingError, sample: str) -> Finding:
    match error:
        case MissingGlyph():
            return Finding(Problem.MISSING_GLYPH, block.number, " ".join(error.characters), sample)
        case TextDoesNotFit():
            return Finding(Problem.OVERFLOW, block.number, error.text, sample)
        case HeadingOutOfOrder():
            return Finding(Problem.HEADING_ORDER, block.number, error.text, sample)
        case CaptionAlone():
            return Finding(Problem.CAPTION_ALONE, block.number)
        case _:
            raise error
