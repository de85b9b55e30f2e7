"""Hand-overs: at a rotation the outgoing key introduces the next one to devices that know only the outgoing one."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q

from certificates.enums import KeyRole
from certificates.errors import KeyRefused
from certificates.models import KeyHandOver, SigningKey
from certificates.offline.key_set import OfflineKey, seal_hand_over
from certificates.sealing import SealingError
from certificates.services.format_signers import format_key
from certificates.services.signers import open_signer

logger = logging.getLogger(__name__)

# Of about 500 bytes each. A device that missed more rotations than that starts anew.
MOST_HAND_OVERS = 100


def last_key(role: KeyRole) -> SigningKey | None:
    """The newest key of a role, also one that ended."""
    return SigningKey.objects.filter(role=role).order_by("-active_from", "-pk").first()


@transaction.atomic
def hand_over(*, outgoing: SigningKey | None, successor: SigningKey, at: dt.datetime) -> KeyHandOver | None:
    """Let the outgoing key of QR codes introduce the next one; None where it may or can not.

    A stolen key introduces nobody, nor does a demo key a real one. A lost one cannot, and shall not hinder the next.
    """
    if outgoing is None or successor.role != KeyRole.CREDENTIAL or outgoing.compromised_at is not None:
        return None
    if outgoing.is_demo and not successor.is_demo:
        return None
    introduced = OfflineKey(public_key=format_key(successor), not_before=successor.active_from)
    try:
        token = seal_hand_over(introduced, sealed_at=at, signer=open_signer(outgoing))  # type: ignore[arg-type]
    except (SealingError, KeyRefused) as error:
        logger.warning("Devices that know only %s have to start anew: %s", outgoing, error)
        return None
    return KeyHandOver.objects.create(outgoing=outgoing, successor=successor, token=token, sealed_at=at)


def hand_over_tokens() -> list[str]:
    """The introductions that a device may follow, the oldest first: none made after its key was stolen."""
    honest = Q(outgoing__compromised_at=None) | Q(outgoing__compromised_at__gt=F("sealed_at"))
    newest = KeyHandOver.objects.filter(honest).order_by("-pk").values_list("token", flat=True)
    return list(newest[:MOST_HAND_OVERS])[::-1]
