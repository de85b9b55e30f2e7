"""Time stamps (RFC 3161): a client of an authority, and an in-process authority for demonstrations."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Protocol

import httpx
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509

from certificates.sealing.errors import TimestampUnavailable, UnsuitableKey
from certificates.sealing.signing import Algorithm, Signer, der_of

TIMEOUT_SECONDS = 20
LARGEST_ANSWER = 100_000
# "Our own" policy; an arc for examples (RFC 5612 reserves 32473): the demo authority promises nothing.
_DEMO_POLICY = "1.3.6.1.4.1.32473.1.1"


class Timestamper(Protocol):
    def token(self, digest: bytes) -> bytes:
        """A time stamp token (CMS, DER) over a SHA-256. Raises TimestampUnavailable."""


class HttpTimestamper:
    """Asks the authority at an address that the operator configured (RFC 3161, section 3.4). Follows no redirect."""

    def __init__(self, url: str) -> None:
        self.url = url

    def token(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        query = tsp.TimeStampReq(
            {"version": "v1", "message_imprint": _imprint(digest), "nonce": nonce, "cert_req": True}
        )
        return token_in(self._ask(query.dump()), digest=digest, nonce=nonce)

    def _ask(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with httpx.stream(
                "POST", self.url, content=query, headers=headers, timeout=TIMEOUT_SECONDS
            ) as response:
                answer = bytearray()
                for piece in response.iter_bytes():
                    answer += piece
                    if len(answer) > LARGEST_ANSWER:
                        raise TimestampUnavailable(f"{self.url} answered with more than a time stamp.")
        except httpx.HTTPError as error:
            raise TimestampUnavailable(f"{self.url} cannot be reached: {error}.") from error
        if response.status_code != httpx.codes.OK:
            raise TimestampUnavailable(f"{self.url} answered {response.status_code}.")
        return bytes(answer)


class LocalTimestamper:
    """An authority in this process: only for demonstrations, as its clock is that of the site."""

    def __init__(self, signer: Signer, clock: Callable[[], dt.datetime]) -> None:
        self._signer, self._clock = signer, clock

    def token(self, digest: bytes) -> bytes:
        return build_timestamp_token(_imprint(digest), self._signer, at=self._clock()).dump()


def token_in(answer: bytes, *, digest: bytes, nonce: int) -> bytes:
    """The token in an authority's answer, if it answers our request. Raises TimestampUnavailable.

    Who signed it is not checked here: see `archive`.
    """
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        status = response["status"]["status"].native
        if status not in {"granted", "granted_with_mods"}:
            raise TimestampUnavailable(f"The timestamp authority refused: {status}.")
        token = response["time_stamp_token"]
        content = token["content"]["encap_content_info"]["content"].parsed
        imprint = content["message_imprint"]
        is_answer = (
            imprint["hash_algorithm"]["algorithm"].native == "sha256"
            and imprint["hashed_message"].native == digest
            and content["nonce"].native == nonce
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TimestampUnavailable("The timestamp authority's answer cannot be read.") from error
    if not is_answer:
        raise TimestampUnavailable("The timestamp authority answered another question.")
    return token.dump()


def build_timestamp_token(
    imprint: tsp.MessageImprint, signer: Signer, *, at: dt.datetime, nonce: int | None = None
) -> cms.ContentInfo:
    """A token of that moment. The signer's certificate must be one for time stamps. Raises UnsuitableKey."""
    if signer.certificate is None or signer.algorithm is Algorithm.EDDSA:
        raise UnsuitableKey(f"{signer.key_id} cannot make time stamps.")
    certificate = asn1_x509.Certificate.load(der_of(signer.certificate))
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": _DEMO_POLICY,
            "message_imprint": imprint,
            "serial_number": secrets.randbits(63),
            "gen_time": at.replace(microsecond=0),
            **({} if nonce is None else {"nonce": nonce}),
        }
    ).dump()
    certificate_id = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate.dump()).digest()})
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", hashlib.sha256(info).digest()),
            _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [certificate_id]})),
        ]
    )
    digest_algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    name = "sha256_ecdsa" if signer.algorithm is Algorithm.ES256 else "sha256_rsa"
    sid = cms.IssuerAndSerialNumber(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    signer_info = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", sid),
        "digest_algorithm": digest_algorithm,
        "signature_algorithm": {"algorithm": name},
        "signed_attrs": attributes,
        "signature": signer.sign(attributes.dump()),
    }
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v3",
                    "digest_algorithms": [digest_algorithm],
                    "encap_content_info": {
                        "content_type": "tst_info",
                        "content": core.ParsableOctetString(info),
                    },
                    "certificates": [certificate],
                    "signer_infos": [signer_info],
                }
            ),
        }
    )


def _imprint(digest: bytes) -> tsp.MessageImprint:
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})
