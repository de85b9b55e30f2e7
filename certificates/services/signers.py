"""The signers of this process: opened once, after the fork, and replaced within a minute of a rotation."""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from certificates.enums import KeyRole
from certificates.errors import (
    DemoKeyRefused,
    KeyRefused,
    NoActiveKey,
    NotASigningProcess,
    NoTimestampAuthority,
    RevocationListUnreadable,
)
from certificates.models import SigningKey
from certificates.queries.keys import active_key, seal_trust
from certificates.sealing import (
    HttpTimestamper,
    LocalTimestamper,
    Sealer,
    SealingError,
    Signer,
    Timestamper,
    TokenSigner,
    add_long_term,
    open_key_file,
    token_at,
)

# How long a worker may go on signing with a key that was retired by another process.
SIGNER_CACHE_SECONDS = 60

_lock = threading.Lock()
_active: dict[KeyRole, tuple[float, Signer]] = {}
_sealers: dict[str, Sealer] = {}
_opened: dict[str, Signer] = {}


def signer_for(role: KeyRole) -> Signer:
    """The signer of the active key of `role`. Raises NoActiveKey, DemoKeyRefused or KeyRefused."""
    with _lock:
        known = _active.get(role)
        if known and time.monotonic() < known[0]:
            return known[1]
        signer = _open_active(role)
        _active[role] = time.monotonic() + SIGNER_CACHE_SECONDS, signer
        return signer


def pdf_sealer() -> Sealer:
    """The sealer of the active PDF seal key. Raises as `signer_for`."""
    signer = signer_for(KeyRole.PDF_SEAL)
    with _lock:
        if signer.key_id not in _sealers:
            _sealers[signer.key_id] = Sealer(signer)
        return _sealers[signer.key_id]


def archive_seal(pdf: bytes, *, revocation_lists: tuple[bytes, ...]) -> bytes:
    """A sealed PDF with long-term evidence after it (PAdES B-LTA).

    `revocation_lists` are those of `read_revocation_lists`. Raises NoTimestampAuthority, sealing.TimestampUnavailable
    (try again later) or sealing.NotArchivable.
    """
    trust = replace(seal_trust(), revocation_lists=revocation_lists)
    return add_long_term(pdf, timestamper=_timestamper(), trust=trust)


def read_revocation_lists() -> tuple[bytes, ...]:
    """The revocation lists (`*.crl`, DER or PEM) that the operator keeps in SEALING_KEYS_DIR, as DER.

    Raises RevocationListUnreadable or NotASigningProcess.
    """
    require_signing_process()
    lists = []
    for path in sorted(settings.SEALING_KEYS_DIR.glob("*.crl")):
        try:
            content = path.read_bytes()
            load = x509.load_pem_x509_crl if content.startswith(b"-----") else x509.load_der_x509_crl
            lists.append(load(content).public_bytes(Encoding.DER))
        except (OSError, ValueError) as error:
            raise RevocationListUnreadable(name=path.name) from error
    return tuple(lists)


def open_signer(key: SigningKey) -> Signer:
    """Open the private half of a key, in its file or token. Raises a sealing.SealingError, KeyRefused or NotASigningProcess."""
    require_signing_process()
    kind, _, name = key.place.partition(":")
    own, *above = key.certificates() or (None,)
    chain = tuple(one for one in above if one is not None)
    if kind == "file" and name and Path(name).name == name:
        return open_key_file(
            settings.SEALING_KEYS_DIR / name,
            key_id=key.key_id,
            passphrase=settings.SEALING_KEY_PASSPHRASE,
            certificate=own,
            chain=chain,
        )
    if kind == "pkcs11" and name:
        if not settings.PKCS11_MODULE:
            raise KeyRefused(why="PKCS11_MODULE is not set")
        token = token_at(settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN)
        return TokenSigner(token, label=name, key_id=key.key_id, certificate=own, chain=chain)
    raise KeyRefused(why=f"{key.place or 'nowhere'} is neither file:NAME nor pkcs11:LABEL")


def require_signing_process() -> None:
    """Raise NotASigningProcess in a process that was started without keys: one that parses files of strangers."""
    if not settings.SIGNS_CERTIFICATES:
        raise NotASigningProcess


def clear_signer_cache() -> None:
    """Read the keys again before the next signature."""
    with _lock:
        _active.clear()
        _sealers.clear()
        _opened.clear()


def _reset_after_fork() -> None:
    """A child process starts without open keys and with a free lock."""
    global _lock  # noqa: PLW0603 - the parent's may be held by a thread that does not exist here
    _lock = threading.Lock()
    clear_signer_cache()


os.register_at_fork(after_in_child=_reset_after_fork)


def _open_active(role: KeyRole) -> Signer:
    key = active_key(role)
    if key is None or not key.place:
        raise NoActiveKey(role=role.label)
    if key.is_demo and not (settings.ALLOW_DEMO_CERTIFICATES or settings.DEBUG):
        raise DemoKeyRefused(key=key)
    if key.key_id not in _opened:
        try:
            _opened[key.key_id] = open_signer(key)
        except SealingError as error:
            raise KeyRefused(why=str(error)) from error
    return _opened[key.key_id]


def _timestamper() -> Timestamper:
    if settings.TIMESTAMP_AUTHORITY_URL:
        return HttpTimestamper(settings.TIMESTAMP_AUTHORITY_URL)
    try:
        return LocalTimestamper(signer_for(KeyRole.TIMESTAMP), timezone.now)
    except NoActiveKey as error:
        raise NoTimestampAuthority from error
