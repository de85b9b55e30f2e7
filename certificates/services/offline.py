"""Offline verification: the signed key set, status list and rollover statements, and the payload of QR codes."""

import datetime as dt
import json
from collections.abc import Callable

from django.core.cache import cache
from django.db.models import Max
from django.utils import timezone

from certificates.enums import LEVEL_REACHED, CredentialState, KeyRole
from certificates.models import Credential
from certificates.offline.key_set import KeySet, OfflineKey
from certificates.offline.payload import KINDS, OfflineCertificate
from certificates.offline.status_list import OfflineStatus, OfflineStatusList
from certificates.queries.keys import active_key, published_keys
from certificates.services.key_rollovers import rollover_tokens
from certificates.services.signers import clear_signer_cache, signer_for
from certificates.signer import Signer

# With the minute that a browser may keep it, a revocation is everywhere within five.
CACHE_SECONDS = 240
# How long a verifier may answer from one list.
STATUS_LIST_LIFETIME = dt.timedelta(hours=24)
_KEYS, _STATUS = "certificates.offline.keys", "certificates.offline.status"
_STATUSES = {
    CredentialState.REVOKED: OfflineStatus.REVOKED,
    CredentialState.SUSPENDED: OfflineStatus.SUSPENDED,
    CredentialState.SUPERSEDED: OfflineStatus.REPLACED,
    CredentialState.RENEWED: OfflineStatus.REPLACED,
}


def signed_key_set() -> str:
    """All keys that ever signed QR codes, as signed token; at most `CACHE_SECONDS` old. Raises as `signer_for`."""
    return _cached(_KEYS, _sign_key_set)


def signed_status_list() -> bytes:
    """The status of every certificate as signed CBOR; at most `CACHE_SECONDS` old. Raises as `signer_for`."""
    return _cached(_STATUS, _sign_status_list)


def signed_key_rollovers() -> str:
    """The rollover statements as a JSON list of signed tokens, the oldest first: `offline.key_set`."""
    return json.dumps(rollover_tokens())


def clear_offline_cache() -> None:
    """Delete the cached documents, so that the next request signs new ones: a key was added or ended."""
    cache.delete_many([_KEYS, _STATUS])


def _cached[Sealed: (str, bytes)](name: str, sign: Callable[[], Sealed]) -> Sealed:
    known: Sealed | None = cache.get(name)
    if known is None:
        known = sign()
        cache.set(name, known, CACHE_SECONDS)
    return known


def _signer() -> Signer:
    """The signer of the active key. Devices refuse the signatures of an ended key, so a key that another process ended is replaced at once."""
    active = active_key(KeyRole.CREDENTIAL)
    if active is None or signer_for(KeyRole.CREDENTIAL).key_id != active.key_id:
        clear_signer_cache()
    return signer_for(KeyRole.CREDENTIAL)  # type: ignore[return-value]  # keys of this role are P-256


def _sign_key_set() -> str:
    # Before the keys are read, so that they include its key.
    signer = _signer()
    keys = tuple(
        OfflineKey(
            public_key=key.loaded_public_key(),  # type: ignore[arg-type]  # keys of this role are P-256
            not_before=key.active_from,
            retired_at=key.retired_at,
            compromised_at=key.compromised_at,
        )
        for key in published_keys().filter(role=KeyRole.CREDENTIAL)
    )
    return KeySet(issued_at=timezone.now(), keys=keys).sign(signer=signer)


def _sign_status_list() -> bytes:
    # Before the rows are read: a change in between is in the next list.
    issued_at = timezone.now()
    last = Credential.objects.aggregate(last=Max("pk"))["last"] or 0
    ended = Credential.objects.filter(pk__lte=last).exclude(state=CredentialState.IN_FORCE)
    marked = {
        pk: _STATUSES[CredentialState(state)] for pk, state in ended.values_list("pk", "state").iterator()
    }
    offline_list = OfflineStatusList(
        issued_at=issued_at,
        next_update=issued_at + STATUS_LIST_LIFETIME,
        # One entry for each certificate: an old list must not answer for a later certificate.
        size=last + 1,
        marked=marked,
    )
    return offline_list.sign(signer=_signer())


def offline_certificate(credential: Credential) -> OfflineCertificate:
    """The offline payload of a certificate, signed today; its index in the status list is its primary key."""
    claims = credential.claims
    # In the time zone of the place of issue, whatever zone is active.
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return OfflineCertificate(
        code=credential.code,
        number=credential.number,
        kind=KINDS.index(credential.kind) + 1,
        name_ar=claims.get("name_ar") or "",
        name_en="" if claims.get("name_ar") else claims.get("name_en") or "",
        program=claims.get("program_ar") or claims.get("program_en") or "",
        # Of the program on the others: it would be read as reached.
        level=claims.get("level") or "" if credential.kind in LEVEL_REACHED else "",
        issued_on=credential.issued_on,
        expires_on=credential.valid_until,
        status_index=credential.pk,
        # Left out on the day of issue: every byte makes the modules of the QR code smaller.
        signed_on=today if today != credential.issued_on else None,
        valid_from=credential.valid_from if credential.valid_from > credential.issued_on else None,
    )
