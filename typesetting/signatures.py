"""The signature field of an electronic seal: everything of a signature but its value.

Source: ISO 32000-1, 12.8 (digital signatures) and 12.7.4.5 (signature fields); ETSI EN 319 142-1, 5 (PAdES). The
sealer measures the file around /Contents, writes the four numbers of /ByteRange over the placeholder, pads it with
spaces, and puts the CMS object in hexadecimal digits over the zeros. No byte moves.
"""

from dataclasses import dataclass
from datetime import datetime

from .objects import date_string, text_string

# The length of a string in PDF/A (ISO 19005-3, 6.1.13).
_LARGEST_SIZE = 32767
_HIDDEN_PRINTED_LOCKED = 132  # Print and Locked: PDF/A allows no hidden annotation, so it has no area instead


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An invisible signature that forbids every later change except time stamps.

    `label` is its name for screen readers, `reason` why the document is sealed, `signed_at` an aware datetime, `size`
    the bytes kept for the CMS object. Raises ValueError for a size that PDF/A does not allow.
    """

    label: str
    reason: str
    signed_at: datetime
    size: int

    def __post_init__(self) -> None:
        if not 0 < self.size <= _LARGEST_SIZE:
            raise ValueError(f"a signature takes 1 to {_LARGEST_SIZE} bytes")

    def dictionary(self) -> bytes:
        """The signature dictionary with /Contents and /ByteRange to be filled."""
        return (
            b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M %b /Reason %b "
            b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
            b"/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>] "
            b"/Contents <%b> /ByteRange [0 0000000000 0000000000 0000000000] >>"
        ) % (date_string(self.signed_at), text_string(self.reason), b"0" * (2 * self.size))

    def widget(self, signature: str, *, page: str, key: int) -> bytes:
        """The field and its annotation in one; `key` leads to its structure element."""
        return (
            f"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /TU {text_string(self.label).decode()} "
            f"/F {_HIDDEN_PRINTED_LOCKED} /Rect [0 0 0 0] /P {page} /StructParent {key} /V {signature} >>"
        ).encode()
