"""Reads a credential with a Data Integrity proof in it."""

from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

from certificates.data_integrity.suite import CRYPTOSUITE, TermLost, _check_terms, _signed_bytes
from certificates.jose import Json, NotAuthentic
from certificates.openbadges.clauses import broken_clauses
from certificates.openbadges.credential import CONTEXTS
from certificates.signer import PublicKey
from tests.certificates.verifiers.multibase import from_base58btc

_PROOF_MEMBERS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}


def read_proven_credential(secured: Json, *, keys: Mapping[str, PublicKey]) -> Json:
    """The credential without its proof, which one of the keys (by DID URL) made. Raises NotAuthentic."""
    credential = {name: value for name, value in secured.items() if name != "proof"}
    proof = secured.get("proof")
    if not isinstance(proof, dict) or proof.keys() != _PROOF_MEMBERS:
        raise NotAuthentic("There is not exactly one proof of ours.")
    expected = ("DataIntegrityProof", CRYPTOSUITE, "assertionMethod")
    if (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) != expected:
        raise NotAuthentic("The proof is of another kind.")
    if credential.get("@context") != CONTEXTS:
        raise NotAuthentic("The words have another meaning than in Open Badges 3.0.")
    broken = broken_clauses(credential)
    if broken:
        raise NotAuthentic(f"Not an Open Badges 3.0 credential: {broken[0]}")
    key = keys.get(proof["verificationMethod"]) if isinstance(proof["verificationMethod"], str) else None
    if not isinstance(key, Ed25519PublicKey):
        raise NotAuthentic("The key of the proof is not published.")
    if proof["verificationMethod"].partition("#")[0] != credential["issuer"]["id"]:
        raise NotAuthentic("The key is not one of the issuer's.")
    try:
        _check_terms(credential)
        unsigned = {name: value for name, value in proof.items() if name != "proofValue"}
        key.verify(from_base58btc(str(proof["proofValue"])), _signed_bytes(credential, unsigned))
    except (InvalidSignature, TermLost, jsonld.JsonLdError) as fault:
        raise NotAuthentic("The proof does not hold.") from fault
    return credential
