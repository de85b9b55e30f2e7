"""Certificates as issued: sealed with the key of the site, with their hash in the register."""

import datetime as dt
import hashlib
import io

import pikepdf
from django.conf import settings
from django.utils import timezone

from certificates.enums import FileKind, KeyRole
from certificates.models import Artifact, Credential
from certificates.openbadges.credential import Bilingual, Issuer, build_credential
from certificates.openbadges.did import did_of
from certificates.openbadges.jwt import sign_credential
from certificates.sealing import BYTE_RANGE_PLACEHOLDER, seal
from certificates.services.signers import pdf_sealer, signer_for
from tests.certificates.badges import claims_with
from tests.certificates.sealing.papers import unsealed_pdf

_RANGE = b"/ByteRange [ 0 1111111111 1111111111 1111111111 ]"


def token_for(credential: Credential, **changes: str) -> str:
    """The credential that a paper carries, signed with the site's key."""
    did = did_of(settings.SITE_URL)
    claims = credential.claims | changes
    content = build_credential(
        claims_with(
            issuer=Issuer(did=did, name=Bilingual(ar="وزارة العمل", en=""), url=settings.SITE_URL),
            credential_id=credential.public_id,
            name=Bilingual(ar=claims["name_ar"], en=claims["name_en"]),
            number=credential.number,
            awarded_at=timezone.now() - dt.timedelta(hours=1),
            status=(),
        )
    )
    return sign_credential(content, signer=signer_for(KeyRole.CREDENTIAL))


def pdf_with(token: str | None) -> bytes:
    """An unsealed paper, the token attached to it."""
    if token is None:
        return unsealed_pdf()
    with pikepdf.open(io.BytesIO(unsealed_pdf())) as pdf:
        pdf.attachments["credential.jwt"] = pikepdf.AttachedFileSpec(
            pdf, token.encode(), mime_type="application/vc+jwt"
        )
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/ByteRange") is not None:
                one.ByteRange = pikepdf.Array([0, 1111111111, 1111111111, 1111111111])
                one.Contents = pikepdf.String(b"\0" * 4000)
        output = io.BytesIO()
        pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
    return output.getvalue().replace(_RANGE, BYTE_RANGE_PLACEHOLDER.ljust(len(_RANGE)))


def registered(credential: Credential, pdf: bytes) -> Artifact:
    return Artifact.objects.create(
        credential=credential,
        kind=FileKind.CERTIFICATE,
        path=f"certificates/{credential.public_id}.pdf",
        sha256=hashlib.sha256(pdf).hexdigest(),
        size=len(pdf),
        rendered_at=timezone.now(),
    )


def sealed_pdf(credential: Credential, token: str | None = None) -> bytes:
    """A sealed paper of a certificate that the register knows."""
    pdf = seal(pdf_with(token), pdf_sealer())
    registered(credential, pdf)
    return pdf
