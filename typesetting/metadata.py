"""Metadata of a file: XMP, the information dictionary, and the output intent.

Sources: ISO 16684-1 (XMP), ISO 19005-3 6.6 (metadata of PDF/A-3) and 6.2.3 (output intent), ISO 14289-1 5 (the mark of
PDF/UA-1). The information dictionary is for viewers that read no XMP; both say the same.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from .objects import Indirect, date_string, raw_stream, reference_to, stream, text_string

PRODUCER = "Mihna typesetting"

# PDF/A describes every schema it does not know itself (ISO 19005-3, 6.6.2.3.3).
_PDF_UA_SCHEMA = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a document. `created` is an aware datetime, or None for a file without dates."""

    title: str
    language: str
    author: str
    subject: str
    created: datetime | None

    def information(self) -> bytes:
        """The document information dictionary (ISO 32000-1, 14.3.3)."""
        facts = {"Title": self.title, "Author": self.author, "Subject": self.subject, "Producer": PRODUCER}
        entries = [f"/{name} ".encode() + text_string(fact) for name, fact in facts.items() if fact]
        if self.created is not None:
            date = date_string(self.created)
            entries += [b"/CreationDate " + date, b"/ModDate " + date]
        return b"<< " + b" ".join(entries) + b" >>"

    def xmp(self) -> Indirect:
        """The metadata stream. It is not deflated: archives read it without a PDF reader."""
        title, author, subject = (escape(fact) for fact in (self.title, self.author, self.subject))
        parts = [
            (
                '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
                '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
                'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
                'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
                "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
                "<dc:format>application/pdf</dc:format>"
                f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
                f"<dc:language><rdf:Bag><rdf:li>{escape(self.language)}</rdf:li></rdf:Bag></dc:language>"
            )
        ]
        if author:
            parts.append(f"<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>")
        if subject:
            parts.append(
                '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
                f"{subject}</rdf:li></rdf:Alt></dc:description>"
            )
        if self.created is not None:
            date = self.created.isoformat(timespec="seconds")
            parts.append(
                f"<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>"
                f"<xmp:MetadataDate>{date}</xmp:MetadataDate>"
            )
        parts.append(
            f"<pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>{_PDF_UA_SCHEMA}</rdf:RDF></x:xmpmeta>"
            '<?xpacket end="r"?>'
        )
        return raw_stream("/Type /Metadata /Subtype /XML", "".join(parts).encode())


def output_intent(document: pdfdoc.PDFDocument) -> str:
    """The output intent of a document: its RGB and gray are sRGB (IEC 61966-2-1)."""
    profile = reference_to(document, Indirect(_srgb_stream()), "sRGB")
    return (
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
        f"/Info (sRGB IEC61966-2.1) /DestOutputProfile {profile} >>"
    )


@cache
def _srgb_stream() -> bytes:
    """The profile that Little CMS makes, "No copyright, use freely", with a fixed date.

    It is a file of ours, so that documents do not change with the version of a library.
    """
    profile = resources.files("typesetting") / "srgb.icc"
    return stream("/N 3 /Alternate /DeviceRGB", profile.read_bytes()).data
