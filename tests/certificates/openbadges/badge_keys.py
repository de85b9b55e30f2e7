"""The keys of a site that signs credentials, for the tests of the formats."""

from certificates.openbadges.did import (
    PublishedKey,
)
from tests.certificates.badges import SITE
from tests.certificates.signers import ed25519_signer, p256_signer
from tests.certificates.verifiers.keys import asserting_keys

SIGNER = p256_signer()
PROVER = ed25519_signer()
PUBLISHED = [PublishedKey(key_id=signer.key_id, public_key=signer.public_key) for signer in (SIGNER, PROVER)]
KEYS = asserting_keys(site_url=SITE, keys=PUBLISHED)
