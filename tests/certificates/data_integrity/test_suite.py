"""A Data Integrity proof holds over the facts of a credential, whatever their order, and over nothing else."""

from typing import Any

import pytest

from certificates.data_integrity.suite import TermLost, add_proof
from certificates.jose import NotAuthentic
from certificates.openbadges.credential import build_credential
from tests.certificates.badges import DID, FACTS, NOW, changed
from tests.certificates.data_integrity.verifier import read_proven_credential
from tests.certificates.openbadges.badge_keys import KEYS, PROVER, SIGNER


def test_a_proof_gives_its_credential_back():
    credential = build_credential(FACTS)

    assert read_proven_credential(add_proof(credential, signer=PROVER, created=NOW), keys=KEYS) == credential


def test_a_proof_is_valid_for_another_order_of_the_same_claims():
    secured = add_proof(build_credential(FACTS), signer=PROVER, created=NOW)
    secured["credentialSubject"]["identifier"].reverse()
    reordered = dict(reversed(secured.items()))

    assert read_proven_credential(reordered, keys=KEYS)["id"] == FACTS.credential_id.urn


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("credentialSubject/identifier/0/identityHash", "محمود"),
        ("credentialSubject/result/0/value", "999"),
        ("credentialSubject/licenseNumber", None),
        ("credentialSubject/achievement/achievementType", "License"),
        ("credentialStatus", None),
        ("validUntil", None),
        ("issuer/name", "Somebody"),
        ("proof/created", "2020-01-01T00:00:00Z"),
        ("proof/proofPurpose", "authentication"),
        ("proof/cryptosuite", "eddsa-jcs-2022"),
        ("proof/verificationMethod", f"{DID}#credentials-2026"),
        ("proof/proofValue", "z11"),
        ("proof/domain", "example.org"),
        ("proof", None),
        ("@context", ["https://www.w3.org/ns/credentials/v2"]),
        ("grade", "excellent"),
        ("credentialSubject/grade", "excellent"),
    ],
)
def test_a_proven_credential_that_was_changed_is_refused(path: str, to: Any):
    secured = add_proof(build_credential(FACTS), signer=PROVER, created=NOW)

    with pytest.raises(NotAuthentic):
        read_proven_credential(changed(secured, path, to), keys=KEYS)


def test_a_member_that_no_context_defines_is_not_signed():
    with pytest.raises(TermLost):
        add_proof({**build_credential(FACTS), "grade": "excellent"}, signer=PROVER, created=NOW)


def test_only_ed25519_makes_a_proof():
    with pytest.raises(ValueError, match="Ed25519"):
        add_proof(build_credential(FACTS), signer=SIGNER, created=NOW)
