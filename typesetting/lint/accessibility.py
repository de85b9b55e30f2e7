"""ISO 14289-1 (PDF/UA-1): that everything on a page is in the structure or decoration, and what the structure says.

Its clause 7.21 on fonts is the same as that of ISO 19005-3, in `fonts`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from .archive import DC, xmp_text
from .subject import Element, Rule, Subject, kids_of, text_of

_PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_STANDARD = re.compile(
    "Document|Part|Art|Sect|Div|BlockQuote|Caption|TOC|TOCI|Index|NonStruct|Private|P|H|H[1-6]|L|LI|Lbl|LBody|Table|TR|TH"
    "|TD|THead|TBody|TFoot|Span|Quote|Note|Reference|BibEntry|Code|Link|Annot|Ruby|RB|RT|RP|Warichu|WT|WP|Figure|Formula"
    "|Form"
)


def version(subject: Subject) -> Iterator[str]:
    if xmp_text(subject, f"{_PDF_UA}part") != "1":
        yield "not marked as PDF/UA-1"


def content(subject: Subject) -> Iterator[str]:
    """Everything painted is either in the structure or an artifact, and never both (7.1)."""
    for number, paints in enumerate(subject.paints, 1):
        for paint in paints:
            is_artifact = any(tag == "Artifact" for tag, _ in paint.marks)
            is_tagged = any(mcid is not None for _, mcid in paint.marks)
            if is_artifact == is_tagged:
                yield f"page {number}: {paint.operator} is {'both' if is_tagged else 'neither'} content and decoration"


def marks(subject: Subject) -> Iterator[str]:
    """Each marked content belongs to the element that claims it, and the parent tree leads back to that (7.1)."""
    claimed: dict[tuple[Any, int], Element] = {}
    for element in subject.all_elements:
        for own in (int(kid) for kid in kids_of(element.dictionary) if isinstance(kid, int)):
            place = (element.dictionary.Pg.objgen, own)
            if place in claimed:
                yield f"two elements claim content {own}"
            claimed[place] = element
    parents = _parent_tree(subject)
    for number, (page, paints) in enumerate(zip(subject.pdf.pages, subject.paints, strict=True), 1):
        listed = parents.get(int(page.get("/StructParents", -1)), ())
        marked = ((tag, mcid) for paint in paints for tag, mcid in paint.marks if mcid is not None)
        for tag, mcid in dict.fromkeys(marked):
            owner = claimed.pop((page.objgen, mcid), None)
            if owner is None:
                yield f"page {number}: no element claims content {mcid}"
            elif tag != owner.role:
                yield f"page {number}: content {mcid} is {tag} on the page and {owner.role} in the structure"
            elif mcid >= len(listed) or listed[mcid].objgen != owner.dictionary.objgen:
                yield f"page {number}: the parent tree leads elsewhere from content {mcid}"
    for (_, lost), element in claimed.items():
        yield f"{element.role} claims content {lost}, which is not there"


def title(subject: Subject) -> Iterator[str]:
    preferences = subject.pdf.Root.get("/ViewerPreferences", pikepdf.Dictionary())
    if preferences.get("/DisplayDocTitle") is not True or not xmp_text(subject, f"{DC}title").strip():
        yield "no title in the window of the viewer"


def suspects(subject: Subject) -> Iterator[str]:
    if subject.pdf.Root.get("/MarkInfo", pikepdf.Dictionary()).get("/Suspects") is True:
        yield "the structure is suspect by its own words"


def roles(subject: Subject) -> Iterator[str]:
    for element in subject.all_elements:
        if not _STANDARD.fullmatch(element.role):
            yield f"{element.role} is no standard role"


def languages(subject: Subject) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(text_of(subject.pdf.Root, "/Lang")):
        yield "the document has no language"
    for element in subject.all_elements:
        if "/Lang" in element.dictionary and not _LANGUAGE.fullmatch(text_of(element.dictionary, "/Lang")):
            yield f"{element.role} has no language by that name: {element.dictionary.Lang}"


def figures(subject: Subject) -> Iterator[str]:
    for element in subject.all_elements:
        if element.role not in {"Figure", "Formula"}:
            continue
        if not text_of(element.dictionary, "/Alt").strip():
            yield f"a {element.role} without an alternative text"
        if "/BBox" not in element.dictionary.get("/A", pikepdf.Dictionary()):
            yield f"a {element.role} without its place on the page"


def headings(subject: Subject) -> Iterator[str]:
    previous = 0
    for element in subject.all_elements:
        if match := re.fullmatch("H([1-6])", element.role):
            level = int(match[1])
            if level > previous + 1:
                yield f"H{level} after {f'H{previous}' if previous else 'no heading'}"
            previous = level


def tables(subject: Subject) -> Iterator[str]:
    for table in (element for element in subject.all_elements if element.role == "Table"):
        rows = [element for element in table if element.role == "TR"]
        cells = [[kid for kid in row.kids if kid.role in {"TH", "TD"}] for row in rows]
        if len({len(row) for row in cells}) != 1:
            yield "a table whose rows differ in length"
        headers = [cell for row in cells for cell in row if cell.role == "TH"]
        if not headers:
            yield "a table without headers"
        if any("/Scope" not in header.dictionary.get("/A", pikepdf.Dictionary()) for header in headers):
            yield "a header that does not say what it heads"
        if any(kid.role not in {"TR", "Caption", "THead", "TBody", "TFoot"} for kid in table.kids):
            yield "a table of something else than rows"


def annotations(subject: Subject) -> Iterator[str]:
    parents = _parent_tree(subject)
    # ISO 14289-1, 7.18.1 asks nothing of what lies wholly outside the crop box: the time stamp of an archive has no area.
    for annotation in (
        one for page in subject.pdf.pages for one in page.get("/Annots", ()) if _is_seen(one, page)
    ):
        owner = parents.get(int(annotation.get("/StructParent", -1)))
        expected = {"/Widget": "/Form", "/Link": "/Link"}.get(str(annotation.get("/Subtype")), "/Annot")
        if owner is None or owner.get("/S") != expected:
            yield f"an annotation {annotation.get('/Subtype')} outside the structure"
        if annotation.get("/Subtype") == "/Widget" and not text_of(annotation, "/TU").strip():
            yield "a form field without a name for people"


def _is_seen(annotation: Any, page: pikepdf.Page) -> bool:
    left, bottom, right, top = (float(edge) for edge in annotation.get("/Rect", page.cropbox))
    crop_left, crop_bottom, crop_right, crop_top = (float(edge) for edge in page.cropbox)
    return left < crop_right and right > crop_left and bottom < crop_top and top > crop_bottom


def tab_order(subject: Subject) -> Iterator[str]:
    for number, page in enumerate(subject.pdf.pages, 1):
        if page.get("/Tabs") != "/S":
            yield f"page {number} is not walked in the order of the structure"


def form_objects(subject: Subject) -> Iterator[str]:
    for stream in subject.streams:
        if stream.get("/Subtype") == "/Form" and b"/MCID" in stream.read_bytes():
            yield "tagged content inside a form object, which may be placed twice"


def _parent_tree(subject: Subject) -> dict[int, Any]:
    tree = subject.pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()).get(
        "/ParentTree", pikepdf.Dictionary()
    )
    numbers = list(tree.get("/Nums", ()))
    return {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}


RULES = tuple(
    Rule(f"ISO 14289-1, {clause}", function)
    for clause, function in (
        ("5", version),
        ("7.1 content", content),
        ("7.1 marks", marks),
        ("7.1 title", title),
        ("7.1 suspects", suspects),
        ("7.1 roles", roles),
        ("7.2", languages),
        ("7.3", figures),
        ("7.4.2", headings),
        ("7.5", tables),
        ("7.18.1", annotations),
        ("7.18.3", tab_order),
        ("7.20", form_objects),
    )
)
