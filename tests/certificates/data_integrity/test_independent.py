"""Independent verifiers (Digital Bazaar) accept our proofs, and refuse changed and revoked credentials."""

import pytest

from certificates.data_integrity.suite import add_proof
from certificates.openbadges.credential import StatusPurpose, build_credential
from tests.certificates.badges import FACTS, NOW, claims_with
from tests.certificates.openbadges.test_independent_verifiers import PROVER, validated


def test_a_proof_is_accepted_with_a_local_document_loader():
    answer = validated(secured=add_proof(build_credential(FACTS), signer=PROVER, created=NOW))

    assert answer["accepted"], answer["reason"]


def test_a_proof_over_every_text_people_may_write_is_accepted():
    name = type(FACTS.name)(ar='مُحَمَّد "أبو" \\ عليّ <b> \u200f\u200e 𐓏', en="O'Neil\n& sons \U0001f600")

    answer = validated(
        secured=add_proof(build_credential(claims_with(name=name)), signer=PROVER, created=NOW)
    )

    assert answer["accepted"], answer["reason"]


@pytest.mark.parametrize("purpose", list(StatusPurpose))
def test_a_proof_is_refused_when_its_bit_is_set(purpose: StatusPurpose):
    answer = validated(
        secured=add_proof(build_credential(FACTS), signer=PROVER, created=NOW), set_for=purpose
    )

    assert answer == {"accepted": False, "reason": f"Error: {purpose.value}"}


def test_a_proven_credential_with_a_changed_name_is_refused():
    secured = add_proof(build_credential(FACTS), signer=PROVER, created=NOW)
    secured["credentialSubject"]["identifier"][1]["identityHash"] = "Hamid"

    answer = validated(secured=secured)

    assert not answer["accepted"]
    assert "Invalid signature" in answer["reason"]
