"""QR codes."""

import segno

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import Block, Design
from certificates.drawing.kinds.painter import Painter
from typesetting import TypesettingError, mm

# Millimeters, measured with the cameras of cheap phones: a short address, a signed certificate.
QR_SIZES = {"url": 15.0, "offline": 29.0}
# Four dots of a 300 dpi printer: a module of fewer runs together.
_MODULE = 0.33
_QUIET_ZONE = 4


class CodeTooSmall(TypesettingError):
    """A QR code in a box too small for phones to read it. Measures are millimeters."""

    def __init__(self, *, needed: float, available: float) -> None:
        self.needed = needed
        self.available = available
        super().__init__(f"{needed:.1f} mm needed for the QR code, {available:.1f} mm available")


def check_qr(block: Block, certificate: CertificateData) -> None:
    """Raises CodeTooSmall where phones cannot read what the code holds."""
    payload = payload_of(block, certificate)
    modules = segno.make_qr(payload, error="m", boost_error=False).symbol_size(border=_QUIET_ZONE)[0]
    needed = max(QR_SIZES[block.values["payload"]], modules * _MODULE)
    available = min(block.box.width, block.box.height) / mm
    if available < needed - 0.005:
        raise CodeTooSmall(needed=needed, available=available)


def payload_of(block: Block, certificate: CertificateData) -> str:
    """The content of the code; the plain address if the certificate has no offline form."""
    if block.values["payload"] == "offline" and certificate.offline_url:
        return certificate.offline_url
    return certificate.verify_url


def lay_out_qr(block: Block, _design: Design, certificate: CertificateData) -> Painter:
    box, payload = block.box, payload_of(block, certificate)
    size = min(box.width, box.height)
    left, bottom = box.left + (box.width - size) / 2, box.middle - size / 2
    # The address alone: a screen reader would read aloud three hundred letters of a signature.
    alt = f"رمز للتحقق من الشهادة على الموقع: {certificate.verify_url}"
    return lambda page: page.draw_qr(payload, left, bottom, size=size, alt=alt)
