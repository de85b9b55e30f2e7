"""The published keys. Keys are published permanently, as documents they signed remain in use."""

from django.conf import settings

from certificates.enums import KeyRole
from certificates.jose import Json
from certificates.models import SigningKey
from certificates.openbadges.credential import timestamp
from certificates.openbadges.did import PublishedKey, did_document
from certificates.queries.keys import published_keys
from certificates.services.jose_signers import jose_public_key

# Only these roles may sign credentials. A stolen key of another role must not be accepted for a certificate.
ASSERTING_ROLES = (KeyRole.CREDENTIAL, KeyRole.DATA_INTEGRITY)


def site_document() -> Json:
    """The `did:web` document of the site."""
    return did_document(
        site_url=settings.SITE_URL,
        keys=[
            PublishedKey(
                key_id=key.key_id, public_key=jose_public_key(key), compromised_at=key.compromised_at
            )
            for key in published_keys().filter(role__in=ASSERTING_ROLES)
        ],
    )


def key_register() -> list[Json]:
    """Every key of every role, also ended ones, with its validity period."""
    return [_registered(key) for key in published_keys()]


def _registered(key: SigningKey) -> Json:
    moments = {
        "active_from": key.active_from,
        "retired_at": key.retired_at,
        "compromised_at": key.compromised_at,
    }
    return {
        "key_id": key.key_id,
        "role": key.role,
        "algorithm": key.algorithm,
        "public_key": key.public_key,
        "certificate": key.certificate,
        "is_demo": key.is_demo,
        **{name: timestamp(moment) if moment else None for name, moment in moments.items()},
    }
