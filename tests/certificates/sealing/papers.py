"""Small PDFs with an empty signature field, drawn without the project's own typesetting."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from certificates.sealing import BYTE_RANGE_PLACEHOLDER

_MARK = b"/ByteRange [ 0 1111111111 1111111111 1111111111 ]"


def unsealed_pdf(*, room: int = 4000, filler: int = 0) -> bytes:
    """One page with a certifying signature that still has to be filled. `room` bytes for the CMS."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    page.obj.Contents = pdf.make_stream(b"BT ET % " + b"words " * (1 + filler))
    signature = pdf.make_indirect(
        Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/ETSI.CAdES.detached"),
            M=String("D:20261126080000+02'00'"),
            Contents=String(b"\0" * room),
            ByteRange=Array([0, 1111111111, 1111111111, 1111111111]),
        )
    )
    signature.Reference = Array(
        [
            Dictionary(
                Type=Name.SigRef,
                TransformMethod=Name.DocMDP,
                TransformParams=Dictionary(Type=Name.TransformParams, P=1, V=Name("/1.2")),
            )
        ]
    )
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String("Seal"),
            V=signature,
            P=page.obj,
            F=132,
            Rect=Array([0, 0, 0, 0]),
        )
    )
    page.obj.Annots = Array([widget])
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=3)
    pdf.Root.Perms = Dictionary(DocMDP=signature)
    output = io.BytesIO()
    pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    written = output.getvalue()
    assert written.count(_MARK) == 1
    return written.replace(_MARK, BYTE_RANGE_PLACEHOLDER.ljust(len(_MARK)))
