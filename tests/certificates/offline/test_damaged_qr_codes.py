"""Only an invalid signature is called a forgery; a truncated or foreign code is not."""

from datetime import date, timedelta

import pytest

from certificates.offline.key_set import KeySet, OfflineKey
from certificates.offline.payload import OfflineCertificate, sign_certificate, verification_url
from tests.certificates.badges import NOW
from tests.certificates.offline_verifier import verdict_of
from tests.certificates.signers import p256_signer

SIGNER = p256_signer()
KEYS = KeySet(
    issued_at=NOW,
    keys=(OfflineKey(public_key=SIGNER.public_key, not_before=NOW - timedelta(days=300)),),
)
PAGE = "https://v.gov.eg/c/7K3M9QXD1A9RZ"
CERTIFICATE = OfflineCertificate(code="7K3M9QXD1A9RZ", program="WLD", issued_on=date(2026, 11, 20))
WHOLE = verification_url(page=PAGE, sealed=sign_certificate(CERTIFICATE, signer=SIGNER))
FRAGMENT = WHOLE.partition("#")[2]


def state_of(address: str) -> str:
    return verdict_of(address, keys=[KEYS.sign(signer=SIGNER)], listed=None, now=NOW)["state"]


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("https://example.com/page#top", "none"),
        (f"https://example.com/page#{FRAGMENT}", "none"),
        ("WIFI:S:home;P:#secret;;", "none"),
        (PAGE, "none"),
        (f"{PAGE}#", "none"),
        (f"{PAGE}#top", "damaged"),
        (WHOLE[:-1], "damaged"),
        (WHOLE[:-30], "damaged"),
        (WHOLE.replace("#", "# "), "damaged"),
        (f"https://v.gov.eg/c/7K3M9QXD1A9RY#{FRAGMENT}", "forged"),
        (f"https://v.gov.eg/v/7k3m-9qxd-1a9r-z/#{FRAGMENT}", "status-unknown"),
        (f"https://v.gov.eg/ar/verify/7K3M9QXD1A9RZ/#{FRAGMENT}", "status-unknown"),
        (WHOLE[:-20] + ("A" if WHOLE[-20] != "A" else "B") + WHOLE[-19:], "forged"),
    ],
    ids=[
        "another site",
        "our part on another site",
        "no address",
        "short",
        "empty",
        "a word",
        "one letter short",
        "cut off",
        "broken in two",
        "another code",
        "whole",
        "from the bar of a browser",
        "changed signature",
    ],
)
def test_each_fault_has_its_own_name(address: str, state: str):
    assert state_of(address) == state


def test_a_changed_payload_is_a_forgery_even_where_it_cannot_be_read_any_more():
    sealed = sign_certificate(CERTIFICATE, signer=SIGNER)
    place = sealed.index(b"7K3M9QXD1A9RZ") - 1

    broken = sealed[:place] + b"\xff" + sealed[place + 1 :]

    assert state_of(verification_url(page=PAGE, sealed=broken)) == "forged"
