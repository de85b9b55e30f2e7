"""Addresses, status lists and key sets for offline verification, and the verdicts of the browser's modules."""

import base64
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from certificates.offline.key_set import KeySet, OfflineKey
from certificates.offline.payload import OfflineCertificate, sign_certificate, verification_url
from certificates.offline.status_list import OfflineStatus, OfflineStatusList
from tests.certificates.badges import NOW
from tests.certificates.signers import MemorySigner, p256_signer
from tests.external_programs import ask_node

SCRIPT = Path(__file__).parent / "judge_offline.mjs"
PAGE = "https://v.gov.eg/c/7K3M9QXD1A9RZ"
SIGNER, RETIRED, COMPROMISED, STRANGER = (p256_signer() for _number in range(4))
CERTIFICATE = OfflineCertificate(
    code="7K3M9QXD1A9RZ",
    program="WLD-TIG-L3",
    issued_on=date(2026, 11, 20),
    name_ar="أحمد محمد عبد الرحمن السيد الشربيني",
    number="CAI-03/2026/SL-000123",
    kind=2,
    level="skilled",
    expires_on=date(2029, 11, 19),
    status_index=94_567,
)
KEYS = KeySet(
    issued_at=NOW - timedelta(hours=1),
    keys=(
        OfflineKey(public_key=SIGNER.public_key, not_before=NOW - timedelta(days=300)),
        OfflineKey(
            public_key=RETIRED.public_key,
            not_before=NOW - timedelta(days=600),
            retired_at=NOW - timedelta(days=300),
        ),
        OfflineKey(
            public_key=COMPROMISED.public_key,
            not_before=NOW - timedelta(days=600),
            compromised_at=NOW - timedelta(days=1),
        ),
    ),
)


def address_of(certificate: OfflineCertificate = CERTIFICATE, signer: MemorySigner = SIGNER) -> str:
    return verification_url(page=PAGE, sealed=sign_certificate(certificate, signer=signer))


def status_list(marked: dict[int, OfflineStatus] | None = None, **changes: Any) -> OfflineStatusList:
    claims = {
        "issued_at": NOW - timedelta(minutes=10),
        "next_update": NOW + timedelta(hours=24),
        "size": 131_072,
        "marked": marked or {},
    }
    return OfflineStatusList(**claims | changes)


def browser_verdict(
    *addresses: str,
    listed: OfflineStatusList | bytes | None = None,
    keys: tuple[str, ...] = (KEYS.sign(signer=SIGNER),),
    now: datetime = NOW,
    hours_kept: int = 24,
) -> list[Any]:
    """The verdicts of the browser's modules over addresses, all under the same keys, list and time."""
    sealed = listed.sign(signer=SIGNER) if isinstance(listed, OfflineStatusList) else listed
    case = {
        "keys": keys,
        "list": None if sealed is None else base64.b64encode(sealed).decode(),
        "now": now.isoformat(),
        "hoursKept": hours_kept,
    }
    return ask_node(SCRIPT, {"cases": [{"address": address, **case} for address in addresses]})
