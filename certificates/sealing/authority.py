"""A certificate authority for demonstrations: a root, one certificate for each role, a revocation list (RFC 5280).

Its names contain DEMO. In production, a ministry imports certificates of its own authority.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certificates.sealing.signing import PublicKey

_ORGANIZATION = "DEMO - NOT FOR PRODUCTION"
# In an attribute of its own: readers that prepare names by RFC 4518 refuse a value that mixes directions.
_ARABIC = "للتجربة فقط"
_ROOT_YEARS, _LEAF_YEARS = 20, 10
# Certificates are valid from an hour ago, for readers whose clocks are late.
_LEEWAY = dt.timedelta(hours=1)
_LIST_LIFE = dt.timedelta(days=365)


@dataclass(frozen=True)
class Authority:
    """A root with its key. `certificate` is self-signed."""

    certificate: x509.Certificate
    private_key: ec.EllipticCurvePrivateKey

    def certify_seal(self, public_key: PublicKey, *, common_name: str, now: dt.datetime) -> x509.Certificate:
        """A certificate for sealing documents: digitalSignature and nonRepudiation (ETSI EN 319 412-2, section 4.3.2)."""
        return self._certify(public_key, common_name, now, is_seal=True)

    def certify_timestamps(
        self, public_key: PublicKey, *, common_name: str, now: dt.datetime
    ) -> x509.Certificate:
        """A certificate for time stamps: timeStamping alone, critical (RFC 3161, section 2.3)."""
        return self._certify(public_key, common_name, now, is_seal=False)

    def revocation_list(
        self, revoked: Iterable[tuple[x509.Certificate, dt.datetime]], *, now: dt.datetime
    ) -> bytes:
        """The list of revoked certificates, each with the moment since when, in DER. It is good for a year."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - _LEEWAY)
            .next_update(now + _LIST_LIFE)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.private_key.public_key()),
                critical=False,
            )
        )
        for certificate, since in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(certificate.serial_number)
                .revocation_date(since)
                .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
                .build()
            )
        return builder.sign(self.private_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _certify(
        self, public_key: PublicKey, common_name: str, now: dt.datetime, *, is_seal: bool
    ) -> x509.Certificate:
        builder = (
            _builder(common_name, public_key, now, _LEAF_YEARS)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(seals=is_seal), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.private_key.public_key()),
                critical=False,
            )
        )
        if not is_seal:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
            )
        return builder.sign(self.private_key, hashes.SHA256())


def new_authority(*, private_key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> Authority:
    """A demo authority of that key, from an hour ago for 20 years."""
    name = _name("Demo root")
    certificate = (
        _builder("Demo root", private_key.public_key(), now, _ROOT_YEARS)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certifies=True), critical=True)
        .sign(private_key, hashes.SHA256())
    )
    return Authority(certificate, private_key)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "EG"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _ARABIC),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{common_name} ({_ORGANIZATION})"),
        ]
    )


def _builder(
    common_name: str, public_key: PublicKey, now: dt.datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + dt.timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, certifies: bool = False, seals: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        content_commitment=seals,
        key_cert_sign=certifies,
        crl_sign=certifies,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
