"""Independent verifiers (jose, Digital Bazaar) accept our credentials, and refuse changed and revoked ones."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from certificates.openbadges.credential import CONTEXTS, StatusPurpose, build_credential
from certificates.openbadges.did import PublishedKey, did_document
from certificates.openbadges.jwt import sign_credential
from certificates.openbadges.status_list import StatusBits, StatusList, sign_status_list
from tests.certificates.badges import DID, FACTS, INDEX, LISTS, NOW, SITE, claims_with
from tests.certificates.signers import ed25519_signer, p256_signer
from tests.external_programs import ask_node

SCRIPT = Path(__file__).parents[1] / "independent" / "check_badge.mjs"
FOLDER = Path(__file__).resolve().parents[3] / "certificates" / "openbadges" / "contexts"
SIGNER = p256_signer()
PROVER = ed25519_signer()
RETIRED = p256_signer("credentials-2025")
COMPROMISED = p256_signer("credentials-2024")
DOCUMENT = did_document(
    site_url=SITE,
    keys=[
        PublishedKey(key_id=RETIRED.key_id, public_key=RETIRED.public_key),
        PublishedKey(key_id=COMPROMISED.key_id, public_key=COMPROMISED.public_key, compromised_at=NOW),
        PublishedKey(key_id=SIGNER.key_id, public_key=SIGNER.public_key),
        PublishedKey(key_id=PROVER.key_id, public_key=PROVER.public_key),
    ],
)
# Ours to give: the verifier has the context of VC 2.0 from its own package.
OPEN_BADGES_CONTEXTS = dict(
    zip(
        CONTEXTS[1:],
        [
            json.loads((FOLDER / name).read_text())
            for name in ("ob-v3p0-context-3.0.3.json", "ob-v3p0-extensions.json")
        ],
        strict=True,
    )
)


def status_lists(*, set_for: StatusPurpose | None = None) -> dict[str, str]:
    return {
        url: sign_status_list(
            StatusList(
                url=url,
                issuer=DID,
                purpose=purpose,
                bits=StatusBits.of([INDEX] if purpose == set_for else [INDEX - 1, INDEX + 1]),
                issued_at=NOW - timedelta(minutes=1),
                valid_until=NOW + timedelta(minutes=5),
            ),
            signer=SIGNER,
        )
        for purpose, url in LISTS.items()
    }


def validated(*, set_for: StatusPurpose | None = None, now: str = NOW.isoformat(), **credential: Any) -> Any:
    asked = {
        "did": DOCUMENT,
        "statusLists": status_lists(set_for=set_for),
        "contexts": OPEN_BADGES_CONTEXTS,
        "now": now,
        **credential,
    }
    (verdict,) = ask_node(SCRIPT, [asked])
    return verdict


def test_a_token_is_accepted_with_the_keys_of_the_did_document():
    credential = build_credential(FACTS)

    answer = validated(token=sign_credential(credential, signer=SIGNER))

    assert answer["accepted"], answer["reason"]
    assert {name: answer["claims"][name] for name in credential} == credential


def test_a_token_of_a_retired_key_is_still_accepted():
    answer = validated(token=sign_credential(build_credential(FACTS), signer=RETIRED))

    assert answer["accepted"], answer["reason"]


@pytest.mark.parametrize("signer", [COMPROMISED, p256_signer()], ids=["stolen", "somebody else's"])
def test_a_token_of_a_key_that_does_not_assert_is_refused(signer):
    answer = validated(token=sign_credential(build_credential(FACTS), signer=signer))

    assert not answer["accepted"]
    assert answer["reason"].startswith(("ERR_JWKS_NO_MATCHING_KEY", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"))


def test_a_token_with_a_changed_name_is_refused():
    head, payload, signature = sign_credential(build_credential(FACTS), signer=SIGNER).split(".")
    text = base64.urlsafe_b64decode(payload + "==").decode().replace("Ahmed", "Hamid")
    changed = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    answer = validated(token=f"{head}.{changed}.{signature}")

    assert answer["reason"].startswith("ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


@pytest.mark.parametrize("purpose", list(StatusPurpose))
def test_a_token_is_refused_when_its_bit_is_set(purpose: StatusPurpose):
    answer = validated(token=sign_credential(build_credential(FACTS), signer=SIGNER), set_for=purpose)

    assert answer == {"accepted": False, "reason": f"Error: {purpose.value}"}


def test_an_expired_token_is_refused():
    claims = claims_with(valid_until=NOW - timedelta(minutes=1))

    answer = validated(token=sign_credential(build_credential(claims), signer=SIGNER))

    assert answer["reason"].startswith("ERR_JWT_EXPIRED")
