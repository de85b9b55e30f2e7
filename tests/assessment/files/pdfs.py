"""PDF files as people send them, with what they do not know is in them."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from tests.factories.assessment import photo

ON_THE_PAGE = b"q 400 0 0 300 0 0 cm /I Do Q"


def telling(picture_name: str = "/I") -> bytes:
    """A page with a photo, a comment drawn on it, and secrets in all places where programs leave them."""
    pdf = pikepdf.new()
    pdf.docinfo["/Author"] = "SECRET-AUTHOR"
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = ["SECRET-XMP"]
    picture = Stream(pdf, photo(400))
    picture.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=400,
        Height=300,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
        PieceInfo=Dictionary(X=pikepdf.String("SECRET-PIECE")),
        Metadata=pdf.make_stream(b"SECRET-PICTURE-XMP"),
    )
    drawn = pdf.make_stream(
        b"1 0 0 rg 0 0 10 10 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 10, 10]
    )
    comment = Dictionary(
        Type=Name.Annot,
        Subtype=Name.FreeText,
        Rect=[10, 10, 50, 50],
        T="SECRET-WRITER",
        Contents="SECRET-NOTE",
        AP=Dictionary(N=drawn),
        F=4,
    )
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[0, 0, 9, 9],
        A=Dictionary(S=Name.URI, URI="https://secret.example/SECRET"),
    )
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, 400, 300],
        Resources=Dictionary(XObject=Dictionary({picture_name: pdf.make_indirect(picture)})),
        Contents=pdf.make_stream(ON_THE_PAGE.replace(b"/I", picture_name.encode())),
        Annots=Array([pdf.make_indirect(comment), pdf.make_indirect(link)]),
        AA=Dictionary(O=Dictionary(S=Name.JavaScript, JS="SECRET-PAGE-SCRIPT")),
        Thumb=pdf.make_stream(b"SECRET-THUMB"),
    )
    pdf.pages.append(pikepdf.Page(page))
    pdf.attachments["secret.txt"] = pikepdf.AttachedFileSpec(pdf, b"SECRET-ATTACHED", filename="SECRET.txt")
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="SECRET-SCRIPT")
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("SECRET-CHAPTER", 0))
    return _saved(pdf)


def pages(count: int) -> bytes:
    pdf = pikepdf.new()
    for _page in range(count):
        pdf.add_blank_page(page_size=(200, 200))
    return _saved(pdf)


def locked() -> bytes:
    pdf = Pdf.open(io.BytesIO(pages(1)))
    file = io.BytesIO()
    pdf.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    return file.getvalue()


def bomb(megabytes: int = 120) -> bytes:
    """A page whose content unpacks to so much."""
    pdf = pikepdf.new()
    packer = zlib.compressobj(1)
    block = b" " * 1024 * 1024
    packed = b"".join([*(packer.compress(block) for _one in range(megabytes)), packer.flush()])
    content = Stream(pdf, packed)
    content.stream_dict = Dictionary(Filter=Name.FlateDecode)
    page = Dictionary(Type=Name.Page, MediaBox=[0, 0, 9, 9], Contents=pdf.make_indirect(content))
    pdf.pages.append(pikepdf.Page(page))
    return _saved(pdf)


def crowded(count: int, *, as_list: bool) -> bytes:
    """A page with so many empty things: objects of their own, or values in a list of one."""
    empty = " ".join("null" if as_list else f"{number} 0 R" for number in range(4, 4 + count))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</X[{empty}]>>>>",
        *([] if as_list else ["<<>>"] * count),
    ]
    written, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj{one}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(written)}\n%%EOF\n"
    return f"{written}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def unpacked(data: bytes) -> bytes:
    """A PDF with all of its streams and objects readable."""
    file = io.BytesIO()
    with Pdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            file,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
    return file.getvalue()


def _saved(pdf: Pdf) -> bytes:
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()
