"""Reads the certificate in the address of a scanned QR code."""

from collections.abc import Callable, Collection
from dataclasses import fields
from datetime import timedelta
from typing import Any

from certificates.jose import NotAuthentic, from_base64url
from certificates.offline.cose import Message
from certificates.offline.payload import _EPOCH, _KEYS, OfflineCertificate
from certificates.signer import PublicKey
from tests.certificates.verifiers.messages import read_message

# Six times the longest certificate of ours.
LONGEST_FRAGMENT = 4_000


_DATES = {"issued_on", "expires_on", "signed_on", "valid_from"}
_REQUIRED = {"code", "program", "issued_on"}


def read_verification_url(
    url: str, *, keys_named: Callable[[bytes], Collection[PublicKey]]
) -> tuple[OfflineCertificate, PublicKey]:
    """The certificate of a scanned address and the key that signed it. Raises NotAuthentic.

    Also where the address names another code than the certificate in it.
    """
    page, _hash, fragment = url.partition("#")
    if not fragment or len(fragment) > LONGEST_FRAGMENT:
        raise NotAuthentic("There is no certificate in this address.")
    message, key = read_message(from_base64url(fragment), keys_named=keys_named)
    certificate = _certificate(message)
    if page.rstrip("/").rpartition("/")[2].replace("-", "").upper() != certificate.code:
        raise NotAuthentic("The address names another certificate than the one in it.")
    return certificate, key


def _certificate(message: Message) -> OfflineCertificate:
    names = {key: name for name, key in _KEYS.items()}
    if not message.keys() <= names.keys() or not {_KEYS[name] for name in _REQUIRED} <= message.keys():
        raise NotAuthentic("Signed, but not a certificate.")
    values: dict[str, Any] = {names[key]: value for key, value in message.items()}
    kinds = {
        field.name: int if field.name in _DATES | {"status_index", "kind"} else str
        for field in fields(OfflineCertificate)
    }
    if any(type(value) is not kinds[name] for name, value in values.items()):
        raise NotAuthentic("Signed, but not a certificate.")
    try:
        dates = {name: _EPOCH + timedelta(days=values[name]) for name in _DATES & values.keys()}
    except OverflowError as fault:
        raise NotAuthentic("Signed, but not a certificate.") from fault
    return OfflineCertificate(**values | dates)
