"""Key rollovers: at a rotation, the outgoing key signs a statement that introduces the next key to devices which trust only the outgoing one."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q

from certificates.enums import KeyRole
from certificates.errors import KeyRefused
from certificates.models import KeyRollover, SigningKey
from certificates.offline.key_set import OfflineKey, sign_key_rollover
from certificates.sealing import SealingError
from certificates.services.jose_signers import jose_public_key
from certificates.services.signers import open_signer

logger = logging.getLogger(__name__)

# About 500 bytes each. A device that missed more rotations has to fetch the keys again without a chain of trust.
MAX_ROLLOVERS = 100


def last_key(role: KeyRole) -> SigningKey | None:
    """The newest key of a role, also one that ended."""
    return SigningKey.objects.filter(role=role).order_by("-active_from", "-pk").first()


@transaction.atomic
def create_key_rollover(
    *, outgoing: SigningKey | None, incoming: SigningKey, at: dt.datetime
) -> KeyRollover | None:
    """Sign a rollover statement with the outgoing key of QR codes; None if that key may not or cannot sign.

    A compromised key cannot sign one, and a demo key cannot introduce a production key. A lost key does not block the next.
    """
    if outgoing is None or incoming.role != KeyRole.CREDENTIAL or outgoing.compromised_at is not None:
        return None
    if outgoing.is_demo and not incoming.is_demo:
        return None
    introduced = OfflineKey(public_key=jose_public_key(incoming), not_before=incoming.active_from)
    try:
        token = sign_key_rollover(introduced, signed_at=at, signer=open_signer(outgoing))  # type: ignore[arg-type]
    except (SealingError, KeyRefused) as error:
        logger.warning(
            "Devices that trust only %s have to discard their keys and start again: %s", outgoing, error
        )
        return None
    return KeyRollover.objects.create(outgoing=outgoing, incoming=incoming, token=token, signed_at=at)


def rollover_tokens() -> list[str]:
    """The valid rollover statements, the oldest first: none signed after its key was compromised."""
    honest = Q(outgoing__compromised_at=None) | Q(outgoing__compromised_at__gt=F("signed_at"))
    newest = KeyRollover.objects.filter(honest).order_by("-pk").values_list("token", flat=True)
    return list(newest[:MAX_ROLLOVERS])[::-1]
