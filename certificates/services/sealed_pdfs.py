"""The PDF of a certificate: drawn from frozen claims alone, and sealed."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from certificates.drawing import CertificateData, compose
from certificates.enums import FileKind
from certificates.models import Copy, Credential, RenderJob, SigningKey
from certificates.sealing import seal
from certificates.services.badges import offline_url, signed_badge
from certificates.services.designs import assets_of
from certificates.services.signers import pdf_sealer
from typesetting import Attachment, Relationship, SignatureField

# Across every page that a demo key seals.
DEMO_WORDS = "نموذج تجريبي – DEMO"


@dataclass(frozen=True)
class SealedPdf:
    """A sealed file, and the key that sealed it."""

    pdf: bytes
    key_id: str


def verify_url(code: str) -> str:
    """The address in the QR code: short, and the same in every language."""
    return f"{settings.SITE_URL}/v/{code}"


def certificate_facts(credential: Credential, copy: Copy | None = None) -> CertificateData:
    """What a certificate, or a numbered copy of it, says, without the pictures and the signed code that drawing needs."""
    return CertificateData(
        number=credential.number,
        code=credential.code,
        issued_on=credential.issued_on,
        claims=credential.claims,
        design=credential.design,
        verify_url=verify_url(credential.code),
        copy_number=copy.number if copy else None,
        copied_on=copy.issued_on if copy else None,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
    )


def certificate_data_of(
    credential: Credential, copy: Copy | None = None, *, is_demo: bool = False
) -> CertificateData:
    """The data of a certificate, or of a numbered copy of it, for drawing."""
    return replace(
        certificate_facts(credential, copy),
        offline_url=offline_url(credential),
        watermark=DEMO_WORDS if is_demo else "",
        assets=assets_of(credential.design),
    )


def render_sealed_pdf(job: RenderJob) -> SealedPdf:
    """The file that a job asks for. Raises TypesettingError, and what `pdf_sealer` raises."""
    sealer, credential = pdf_sealer(), job.credential
    is_demo = SigningKey.objects.filter(key_id=sealer.key_id, is_demo=True).exists()
    now = timezone.now()
    document = compose(
        certificate_data_of(credential, job.copy, is_demo=is_demo), card=job.kind == FileKind.CARD
    )
    document.attach(
        Attachment(
            name="credential.jwt",
            data=signed_badge(credential).encode(),
            media_type="application/vc+jwt",
            relationship=Relationship.DATA,
            description="Open Badges 3.0",
            modified=now,
        )
    )
    document.reserve_signature(
        SignatureField(label="الختم الإلكتروني", reason=credential.number, signed_at=now, size=sealer.size)
    )
    return SealedPdf(seal(document.finish(), sealer), sealer.key_id)
