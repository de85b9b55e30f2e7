"""The paper of a certificate: drawn from frozen facts alone, and sealed."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from certificates.drawing import Paper, draw_certificate
from certificates.models import Copy, Credential, SigningKey
from certificates.sealing import seal
from certificates.services.signers import pdf_sealer
from typesetting import SignatureField

# Across every page that a demo key seals.
DEMO_WORDS = "نموذج تجريبي – DEMO"


@dataclass(frozen=True)
class Sealed:
    """A sealed file, and the key that sealed it."""

    pdf: bytes
    key_id: str


def verify_url(code: str) -> str:
    """The address in the QR code: short, and the same in every language."""
    return f"{settings.SITE_URL}/v/{code}"


def paper_of(credential: Credential, *, seal: SignatureField | None = None, is_demo: bool = False) -> Paper:
    return Paper(
        number=credential.number,
        code=credential.code,
        issued_on=credential.issued_on,
        facts=credential.facts,
        design=credential.design,
        verify_url=verify_url(credential.code),
        seal=seal,
        watermark=DEMO_WORDS if is_demo else "",
    )


def draw_sealed(credential: Credential, copy: Copy | None = None) -> Sealed:
    """The file of a certificate, or of a copy of it. Raises TypesettingError, and what `pdf_sealer` raises."""
    sealer = pdf_sealer()
    field = SignatureField(
        label="الختم الإلكتروني", reason=credential.number, signed_at=timezone.now(), size=sealer.size
    )
    is_demo = SigningKey.objects.filter(key_id=sealer.key_id, is_demo=True).exists()
    paper = paper_of(credential, seal=field, is_demo=is_demo)
    return Sealed(seal(draw_certificate(paper), sealer), sealer.key_id)
