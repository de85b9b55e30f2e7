"""ISO 19005-3, level A, without its fonts (6.2.11), and what XMP and the information dictionary say together."""

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from .subject import Rule, Subject, text_of

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
PDF = "{http://ns.adobe.com/pdf/1.3/}"
PDF_A = "{http://www.aiim.org/pdfa/ns/id/}"
PDF_A_SCHEMA = "{http://www.aiim.org/pdfa/ns/schema#}"

_LONGEST_STRING = 32767
_LONGEST_NAME = 127
_PRINT, _INVISIBLE, _HIDDEN, _NO_VIEW, _TOGGLE = 4, 1, 2, 32, 256
_ANNOTATIONS = {"/Widget", "/Link", "/Popup", "/Text", "/FreeText", "/Highlight", "/Stamp", "/FileAttachment"}
_BLEND_MODES = re.compile(
    "/(Normal|Compatible|Multiply|Screen|Overlay|Darken|Lighten|ColorDodge|ColorBurn|HardLight|SoftLight|Difference"
    "|Exclusion|Hue|Saturation|Color|Luminosity)"
)
_ICC_HEADER = 128


def header(subject: Subject) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[^\r\n]{0,20}?[\x80-\xff]{4}", subject.data):
        yield "the file does not begin with a version and a comment of four bytes above 127"


def trailer(subject: Subject) -> Iterator[str]:
    if "/ID" not in subject.pdf.trailer:
        yield "no file identifier"
    if "/Encrypt" in subject.pdf.trailer:
        yield "encrypted"
    if not re.search(rb"%%EOF\r?\n?\Z", subject.data):
        yield "bytes after the end of the file"


def cross_references(subject: Subject) -> Iterator[str]:
    if not re.search(rb"\nxref\r?\n\d+ \d+\r?\n", subject.data):
        yield "no cross-reference table with its parts on lines of their own"


def streams(subject: Subject) -> Iterator[str]:
    if re.search(rb"[^\r\n]endstream\b", subject.data):
        yield "a stream does not end on a line of its own"
    for stream in subject.streams:
        if {"/F", "/FFilter", "/FDecodeParms"} & set(stream.keys()):
            yield "a stream in another file"
        if "LZWDecode" in str(stream.get("/Filter", "")) or "Crypt" in str(stream.get("/Filter", "")):
            yield "a stream packed by LZW or encrypted"


def permissions(subject: Subject) -> Iterator[str]:
    granted = subject.pdf.Root.get("/Perms", pikepdf.Dictionary())
    if not set(granted.keys()) <= {"/DocMDP", "/UR3"}:
        yield "permissions other than of signatures"
    signature = granted.get("/DocMDP", pikepdf.Dictionary())
    for reference in signature.get("/Reference", ()):
        if {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference.keys()):
            yield "a digest in the reference of a signature"


def limits(subject: Subject) -> Iterator[str]:
    for found in _scalars(subject.pdf):
        if isinstance(found, pikepdf.String) and len(bytes(found)) > _LONGEST_STRING:
            yield f"a string of more than {_LONGEST_STRING} bytes"
        if isinstance(found, pikepdf.Name) and len(str(found)) - 1 > _LONGEST_NAME:
            yield f"a name of more than {_LONGEST_NAME} bytes"


def resources(subject: Subject) -> Iterator[str]:
    for number, (page, content) in enumerate(zip(subject.pdf.pages, subject.instructions, strict=True), 1):
        known = page.get("/Resources", pikepdf.Dictionary())
        for operands, operator in content:
            kind = {"Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState"}.get(operator)
            if kind and str(operands[0]) not in known.get(kind, pikepdf.Dictionary()):
                yield f"page {number} uses {operands[0]}, which is not in its resources"


def output_intent(subject: Subject) -> Iterator[str]:
    intents = [i for i in subject.pdf.Root.get("/OutputIntents", ()) if i.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield "not one output intent of PDF/A"
        return
    profile = intents[0].get("/DestOutputProfile")
    if profile is None:
        yield "an output intent without a profile"
        return
    data = profile.read_bytes()
    if (
        len(data) < _ICC_HEADER
        or data[36:40] != b"acsp"
        or data[8] > 4
        or data[12:16] not in {b"mntr", b"prtr"}
    ):
        yield "no ICC profile of a monitor or printer up to version 4"
    elif {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}.get(data[16:20]) != profile.get("/N"):
        yield "a profile with another number of colors than /N"


def colors(subject: Subject) -> Iterator[str]:
    """Device colors mean what the output intent says: ours is RGB, which covers gray."""
    for number, content in enumerate(subject.instructions, 1):
        if any(operator in {"k", "K"} for _, operator in content):
            yield f"CMYK on page {number}"
    if any(stream.get("/ColorSpace") == "/DeviceCMYK" for stream in subject.streams):
        yield "a picture in CMYK"


def graphics_states(subject: Subject) -> Iterator[str]:
    for state in _dictionaries(subject.pdf, "/ExtGState"):
        if "/TR" in state or "/HTP" in state or state.get("/TR2", "/Default") != "/Default":
            yield "a transfer function or halftone phase"


def transparency(subject: Subject) -> Iterator[str]:
    for state in _dictionaries(subject.pdf, "/ExtGState"):
        if not _BLEND_MODES.fullmatch(str(state.get("/BM", "/Normal"))):
            yield f"the blend mode {state.BM}"


def images(subject: Subject) -> Iterator[str]:
    for stream in subject.streams:
        if stream.get("/Subtype") != "/Image":
            continue
        if {"/Alternates", "/OPI"} & set(stream.keys()) or stream.get("/Interpolate") is True:
            yield "a picture with alternates, OPI or interpolation"
        if "JPXDecode" in str(stream.get("/Filter", "")):
            yield "a JPEG 2000 picture, which this package does not make"


def forms(subject: Subject) -> Iterator[str]:
    for stream in subject.streams:
        if stream.get("/Subtype") == "/PS" or (
            stream.get("/Subtype") == "/Form" and {"/OPI", "/PS", "/Ref", "/Subtype2"} & set(stream.keys())
        ):
            yield "a form with PostScript, OPI or another file"


def annotations(subject: Subject) -> Iterator[str]:
    for annotation in subject.annotations:
        if str(annotation.get("/Subtype")) not in _ANNOTATIONS:
            yield f"an annotation of the kind {annotation.get('/Subtype')}"


def annotation_flags(subject: Subject) -> Iterator[str]:
    for annotation in subject.annotations:
        flags = int(annotation.get("/F", 0))
        if not flags & _PRINT or flags & (_INVISIBLE | _HIDDEN | _NO_VIEW | _TOGGLE):
            yield "an annotation that is hidden or not printed"


def appearances(subject: Subject) -> Iterator[str]:
    for annotation in subject.annotations:
        left, bottom, right, top = (float(edge) for edge in annotation.get("/Rect", (0, 0, 1, 1)))
        if "/AP" not in annotation and (left != right or bottom != top):
            yield "an annotation without an appearance"


def fields(subject: Subject) -> Iterator[str]:
    form = subject.pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    if form.get("/NeedAppearances") is True:
        yield "appearances left to the viewer"
    if "/XFA" in form:
        yield "an XFA form"
    if any({"/A", "/AA"} & set(field.keys()) for field in form.get("/Fields", ())):
        yield "a field with an action"


def actions(subject: Subject) -> Iterator[str]:
    root = subject.pdf.Root
    if {"/AA", "/OpenAction"} & set(root.keys()) or "/JavaScript" in root.get("/Names", pikepdf.Dictionary()):
        yield "the document acts by itself"
    if any("/AA" in page for page in subject.pdf.pages):
        yield "a page acts by itself"


def metadata(subject: Subject) -> Iterator[str]:
    if subject.xmp is None:
        yield "no readable XMP"
        return
    packet = subject.pdf.Root.Metadata.read_bytes()
    if re.search(rb"<\?xpacket[^<>]*(bytes|encoding)=", packet):
        yield "an XMP packet that says its length or encoding"
    if "/Filter" in subject.pdf.Root.Metadata:
        yield "XMP that only PDF readers can read"


def schemas(subject: Subject) -> Iterator[str]:
    if subject.xmp is None:
        return
    described = {f"{{{node.text}}}" for node in subject.xmp.iter(f"{PDF_A_SCHEMA}namespaceURI")}
    for description in subject.xmp.iter(f"{RDF}Description"):
        for node in description:
            namespace = node.tag[: node.tag.index("}") + 1]
            is_known = namespace in {DC, XMP, PDF, PDF_A} | described
            if not is_known and "/pdfa/ns/extension/" not in namespace:
                yield f"the property {node.tag} is described nowhere"


def version(subject: Subject) -> Iterator[str]:
    if (xmp_text(subject, f"{PDF_A}part"), xmp_text(subject, f"{PDF_A}conformance")) != ("3", "A"):
        yield "not marked as PDF/A-3a"


def information(subject: Subject) -> Iterator[str]:
    """The information dictionary has the same values as XMP (ISO 32000-1, 14.3.3)."""
    info = subject.pdf.docinfo
    pairs = {
        "/Title": f"{DC}title",
        "/Author": f"{DC}creator",
        "/Subject": f"{DC}description",
        "/Producer": f"{PDF}Producer",
    }
    for key, tag in pairs.items():
        if text_of(info, key) != xmp_text(subject, tag):
            yield f"{key[1:]} is {text_of(info, key)!r} here and {xmp_text(subject, tag)!r} in XMP"
    for key, tag in {"/CreationDate": f"{XMP}CreateDate", "/ModDate": f"{XMP}ModifyDate"}.items():
        here, there = (re.sub(r"\D", "", date) for date in (text_of(info, key), xmp_text(subject, tag)))
        if here != there:
            yield f"{key[1:]} differs from XMP"


def marked(subject: Subject) -> Iterator[str]:
    if subject.pdf.Root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked") is not True:
        yield "not marked as tagged"


def structure(subject: Subject) -> Iterator[str]:
    if not subject.elements:
        yield "no structure tree"


def embedded_files(subject: Subject) -> Iterator[str]:
    associated = [str(file.get("/UF", "")) for file in subject.pdf.Root.get("/AF", ())]
    for name, file in subject.pdf.attachments.items():
        specification = file.obj
        if not {"/F", "/UF", "/AFRelationship"} <= set(specification.keys()):
            yield f"{name} has no name or no relationship to the document"
        if "/" not in str(specification.EF.F.get("/Subtype", "/"))[1:]:
            yield f"{name} has no media type"
        if name not in associated:
            yield f"{name} belongs to nothing"


def requirements(subject: Subject) -> Iterator[str]:
    names = subject.pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/Requirements" in subject.pdf.Root or "/AlternatePresentations" in names:
        yield "requirements to the viewer or alternate presentations"


def xmp_text(subject: Subject, tag: str) -> str:
    """The text of a property, that of its first item where it has several; empty where it is missing."""
    node = None if subject.xmp is None else next(subject.xmp.iter(tag), None)
    if node is None:
        return ""
    item = next(node.iter(f"{RDF}li"), node)
    return item.text or ""


def _dictionaries(pdf: pikepdf.Pdf, key: str) -> Iterator[Any]:
    """Every dictionary that resources name under the key."""
    holders = [
        o.get("/Resources", pikepdf.Dictionary()) for o in pdf.objects if isinstance(o, pikepdf.Stream)
    ]
    holders += [page.get("/Resources", pikepdf.Dictionary()) for page in pdf.pages]
    for holder in holders:
        yield from holder.get(key, pikepdf.Dictionary()).values()


def _scalars(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """The strings and names of every object; other objects are reached by themselves."""
    waiting = list(pdf.objects)
    while waiting:
        found = waiting.pop()
        if isinstance(found, pikepdf.Array):
            inside = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            inside = [part for key, value in found.items() for part in (pikepdf.Name(key), value)]
        else:
            yield found
            continue
        waiting += [o for o in inside if not getattr(o, "is_indirect", False)]


RULES = tuple(
    Rule(f"ISO 19005-3, {clause}", function)
    for clause, function in (
        ("6.1.2", header),
        ("6.1.3", trailer),
        ("6.1.4", cross_references),
        ("6.1.7", streams),
        ("6.1.12", permissions),
        ("6.1.13", limits),
        ("6.2.2", resources),
        ("6.2.3", output_intent),
        ("6.2.4.3", colors),
        ("6.2.5", graphics_states),
        ("6.2.8", images),
        ("6.2.9", forms),
        ("6.2.10", transparency),
        ("6.3.1", annotations),
        ("6.3.2", annotation_flags),
        ("6.3.3", appearances),
        ("6.4", fields),
        ("6.5", actions),
        ("6.6.2.1", metadata),
        ("6.6.2.3", schemas),
        ("6.6.3", information),
        ("6.6.4", version),
        ("6.7.2.2", marked),
        ("6.7.3.3", structure),
        ("6.8", embedded_files),
        ("6.11", requirements),
    )
)
