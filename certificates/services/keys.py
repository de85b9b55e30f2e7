"""Signing keys: make, import, end. The public half is a permanent row; the private half is in a file or a token."""

import datetime as dt
import secrets
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from certificates.enums import KeyRole
from certificates.errors import CertificateNeeded, KeyAlreadyEnded, KeyRefused
from certificates.models import SigningKey
from certificates.sealing import (
    Algorithm,
    Authority,
    PublicKey,
    SealingError,
    algorithm_of,
    certificates_pem,
    new_authority,
    new_private_key,
    public_pem,
    read_private_key,
    write_private_key,
)
from certificates.services.file_storage import write_durably
from certificates.services.key_rollovers import create_key_rollover, last_key
from certificates.services.offline import clear_offline_cache
from certificates.services.signers import clear_signer_cache, open_signer, require_signing_process

DEMO_ROOT = "demo-root"
_CERTIFIED_ROLES = (KeyRole.PDF_SEAL, KeyRole.TIMESTAMP)
_ALGORITHMS = {
    KeyRole.PDF_SEAL: (Algorithm.ES256, Algorithm.RS256),
    KeyRole.CREDENTIAL: (Algorithm.ES256,),
    KeyRole.DATA_INTEGRITY: (Algorithm.EDDSA,),
    KeyRole.TIMESTAMP: (Algorithm.ES256, Algorithm.RS256),
}


def make_demo_keys() -> list[SigningKey]:
    """Make a demo key for every role that has no active key."""
    active = set(SigningKey.objects.filter(retired_at__isnull=True).values_list("role", flat=True))
    return [rotate_key(role=role, by=None) for role in KeyRole if role not in active]


@transaction.atomic
def rotate_key(*, role: KeyRole, by: User | None) -> SigningKey:
    """Make a new key in a file for `role` and retire the one before it, which stays published and introduces the new one.

    A demo key where the site may use those. Elsewhere a role that needs a certificate raises CertificateNeeded: its
    key comes from `import_key`. `by` is None at the console. Raises NotASigningProcess where there is no folder of keys.
    """
    require_signing_process()
    is_demo = settings.ALLOW_DEMO_CERTIFICATES
    if role in _CERTIFIED_ROLES and not is_demo:
        raise CertificateNeeded(role=role.label)
    _lock_role(role)
    now = timezone.now()
    algorithm = _ALGORITHMS[role][0]
    private_key = new_private_key(algorithm)
    key_id = _new_key_id(role, now)
    chain: tuple[x509.Certificate, ...] = ()
    if role in _CERTIFIED_ROLES:
        chain = _demo_chain(role, private_key.public_key(), now)
    outgoing = last_key(role)
    _retire_active(role, now, by=by)
    key = SigningKey.objects.create(
        role=role,
        key_id=key_id,
        algorithm=algorithm,
        public_key=public_pem(private_key.public_key()),
        certificate=certificates_pem(chain),
        place=f"file:{key_id}.pem",
        is_demo=is_demo,
        active_from=now,
    )
    # The file first: a file without a row is harmless, a row without its file could not sign.
    write_private_key(
        settings.SEALING_KEYS_DIR / f"{key_id}.pem", private_key, passphrase=settings.SEALING_KEY_PASSPHRASE
    )
    if is_demo and role in _CERTIFIED_ROLES:
        _publish_demo_revocation_list(now)
    is_introduced = create_key_rollover(outgoing=outgoing, incoming=key, at=now) is not None
    data = {"role": role.value, "demo": is_demo, "introduced": is_introduced}
    log(key, "certificates.key.make", user=by, data=data)
    _clear_caches_on_commit()
    return key


@transaction.atomic
def import_key(
    *, role: KeyRole, place: str, certificates: tuple[x509.Certificate, ...] = (), by: User | None
) -> SigningKey:
    """Import a key in SEALING_KEYS_DIR or in the token, and retire the one before it.

    `certificates` are the key's own and those above it; `place` is as in `SigningKey`, empty for a timestamp authority
    outside. Signs once, so that the old key is retired only for one that can sign. Raises CertificateNeeded, KeyRefused or NotASigningProcess.
    """
    require_signing_process()
    if role in _CERTIFIED_ROLES and not certificates:
        raise CertificateNeeded(role=role.label)
    if not place and role != KeyRole.TIMESTAMP:
        raise KeyRefused(why="its place is missing (file:NAME or pkcs11:LABEL)")
    _lock_role(role)
    now = timezone.now()
    key = SigningKey(
        role=role,
        key_id=_new_key_id(role, now),
        certificate=certificates_pem(certificates),
        place=place,
        active_from=now,
    )
    public_key = _public_key_of(key)
    key.algorithm, key.public_key = algorithm_of(public_key), public_pem(public_key)
    if place and key.algorithm not in _ALGORITHMS[role]:
        raise KeyRefused(why=f"{role} keys are {' or '.join(_ALGORITHMS[role])}, this one is {key.algorithm}")
    _require_seal_usage(key)
    outgoing = last_key(role)
    _retire_active(role, now, by=by)
    key.save()
    is_introduced = create_key_rollover(outgoing=outgoing, incoming=key, at=now) is not None
    data = {"role": role.value, "place": place, "introduced": is_introduced}
    log(key, "certificates.key.import", user=by, data=data)
    _clear_caches_on_commit()
    return key


@transaction.atomic
def retire_key(*, key_id: str, by: User | None) -> SigningKey:
    """End a key. What it signed stays valid, and it stays published."""
    key = SigningKey.objects.select_for_update().get(key_id=key_id)
    if key.retired_at:
        raise KeyAlreadyEnded(key=key)
    _retire(key, timezone.now(), by=by)
    return key


@transaction.atomic
def mark_compromised(*, key_id: str, since: dt.datetime, by: User | None) -> SigningKey:
    """Mark a key as compromised since a moment, and end it. Its seals are no longer trusted, unless time-stamped before."""
    key = SigningKey.objects.select_for_update().get(key_id=key_id)
    if key.compromised_at:
        raise KeyAlreadyEnded(key=key)
    now = timezone.now()
    if since > now:
        raise KeyRefused(why="nothing is stolen in the future")
    key.compromised_at = since
    key.retired_at = key.retired_at or now
    key.save(update_fields=["compromised_at", "retired_at"])
    if key.is_demo and key.role in _CERTIFIED_ROLES:
        _publish_demo_revocation_list(now)
    log(key, "certificates.key.compromised", user=by, data={"since": since.isoformat()})
    _clear_caches_on_commit()
    return key


def _publish_demo_revocation_list(now: dt.datetime) -> None:
    """Write the demo authority's revocation list where `signers.read_revocation_lists` finds it. Raises NotASigningProcess."""
    require_signing_process()
    compromised = SigningKey.objects.filter(
        is_demo=True, role__in=_CERTIFIED_ROLES, compromised_at__isnull=False
    )
    revoked = [
        (key.certificates()[0], max(key.compromised_at, key.active_from))
        for key in compromised
        if key.compromised_at
    ]
    crl = _demo_authority(now).revocation_list(revoked, now=now)
    # Atomically: archiving may read it at any time.
    unfinished: Path = settings.SEALING_KEYS_DIR / f"{DEMO_ROOT}.crl.part"
    write_durably(unfinished, crl)
    unfinished.replace(unfinished.with_suffix(""))


def _lock_role(role: KeyRole) -> None:
    list(SigningKey.objects.select_for_update().filter(role=role).values_list("pk"))


def _retire_active(role: KeyRole, now: dt.datetime, *, by: User | None) -> None:
    for key in SigningKey.objects.filter(role=role, retired_at__isnull=True):
        _retire(key, now, by=by)


def _retire(key: SigningKey, now: dt.datetime, *, by: User | None) -> None:
    key.retired_at = now
    key.save(update_fields=["retired_at"])
    log(key, "certificates.key.retire", user=by)
    _clear_caches_on_commit()


def _clear_caches_on_commit() -> None:
    """Clear the caches of signers and of offline documents."""
    transaction.on_commit(clear_signer_cache)
    transaction.on_commit(clear_offline_cache)


def _new_key_id(role: KeyRole, now: dt.datetime) -> str:
    """A new key id with role and day, readable in logs, e.g. `seal-2026-11-26-a1b2c3d4`."""
    name = role.removeprefix("pdf_").replace("_", "-")
    return f"{name}-{timezone.localdate(now).isoformat()}-{secrets.token_hex(4)}"


def _public_key_of(key: SigningKey) -> PublicKey:
    try:
        if not key.place:
            return key.certificates()[-1].public_key()  # type: ignore[return-value]  # read by algorithm_of next
        signer = open_signer(key)
        signer.sign(b"Does this key sign?")
    except SealingError as error:
        raise KeyRefused(why=str(error)) from error
    return signer.public_key


def _require_seal_usage(key: SigningKey) -> None:
    """Refuse a certificate made for another purpose: readers would call its seals invalid."""
    if key.role != KeyRole.PDF_SEAL:
        return
    try:
        usage = key.certificates()[0].extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise KeyRefused(why="its certificate is not for signatures (key usage)")


def _demo_authority(now: dt.datetime) -> Authority:
    """The demo authority of this folder, made when it is not there."""
    key_file: Path = settings.SEALING_KEYS_DIR / f"{DEMO_ROOT}.pem"
    certificate_file = key_file.with_suffix(".crt")
    passphrase = settings.SEALING_KEY_PASSPHRASE
    if not certificate_file.exists():
        key_file.unlink(missing_ok=True)
        private_key = new_private_key(Algorithm.ES256)
        write_private_key(key_file, private_key, passphrase=passphrase)
        authority = new_authority(private_key=private_key, now=now)  # type: ignore[arg-type]  # ES256 is P-256
        certificate_file.write_text(certificates_pem((authority.certificate,)))
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    return Authority(certificate, read_private_key(key_file, passphrase=passphrase))  # type: ignore[arg-type]


def _demo_chain(role: KeyRole, public_key: PublicKey, now: dt.datetime) -> tuple[x509.Certificate, ...]:
    authority = _demo_authority(now)
    if role == KeyRole.TIMESTAMP:
        own = authority.certify_timestamps(public_key, common_name="Demo time stamps", now=now)
    else:
        own = authority.certify_seal(public_key, common_name="Demo seal of certificates", now=now)
    return own, authority.certificate
