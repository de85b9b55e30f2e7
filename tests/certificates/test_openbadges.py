"""Credentials say what the register says, in the words of Open Badges 3.0, and are believed only as we signed them."""

import base64
import copy
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import NotAuthentic, jwk_of, key_of, sign_compact, thumbprint
from certificates.openbadges.clauses import broken_clauses
from certificates.openbadges.credential import (
    Bilingual,
    StatusPurpose,
    UnwritableText,
    build_credential,
)
from certificates.openbadges.data_integrity import TermLost, add_proof, read_proven_credential
from certificates.openbadges.did import PublishedKey, asserting_keys, did_document, did_of, multikey
from certificates.openbadges.jwt import read_credential, sign_credential
from certificates.openbadges.multibase import base58btc, from_base58btc
from certificates.openbadges.status_list import (
    MAXIMUM,
    MINIMUM,
    StatusBits,
    StatusList,
    build_status_list,
    read_status_list,
    set_statuses,
    sign_status_list,
)

from .badges import DID, FACTS, INDEX, LISTS, NOW, SITE, facts_with
from .signers import ed25519_signer, p256_signer

SIGNER = p256_signer()
PROVER = ed25519_signer()
PUBLISHED = [PublishedKey(key_id=signer.key_id, public_key=signer.public_key) for signer in (SIGNER, PROVER)]
KEYS = asserting_keys(site_url=SITE, keys=PUBLISHED)


def status_list(purpose: StatusPurpose, *, set_at: tuple[int, ...] = (), **changes: Any) -> StatusList:
    facts = {
        "url": LISTS[purpose],
        "issuer": DID,
        "purpose": purpose,
        "bits": StatusBits.of(set_at),
        "issued_at": NOW,
        "valid_until": NOW + timedelta(minutes=5),
    }
    return StatusList(**facts | changes)


def changed(value: Any, path: str, to: Any) -> Any:
    """A copy with the member at `a/0/b` set, or removed when `to` is None."""
    result = copy.deepcopy(value)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    inner = result
    for step in steps:
        inner = inner[step]
    if to is None:
        del inner[last]
    else:
        inner[last] = to
    return result


# What a credential says


def test_a_credential_breaks_no_clause_of_open_badges():
    assert broken_clauses(build_credential(FACTS)) == []


def test_a_credential_without_what_may_be_missing_breaks_no_clause():
    achievement = FACTS.achievement
    bare = type(achievement)(
        id=achievement.id,
        type=achievement.type,
        name=achievement.name,
        description=achievement.description,
        criteria=achievement.criteria,
    )
    facts = facts_with(achievement=bare, valid_until=None, status=(), name=Bilingual(ar=FACTS.name.ar, en=""))

    credential = build_credential(facts)

    assert broken_clauses(credential) == []
    assert len(credential["credentialSubject"]["identifier"]) == 1


def test_a_credential_says_what_the_paper_says():
    credential = build_credential(FACTS)

    subject = credential["credentialSubject"]
    assert [name["identityHash"] for name in subject["identifier"]] == [FACTS.name.ar, FACTS.name.en]
    assert {
        result["resultDescription"].rpartition("#")[2]: result["value"] for result in subject["result"]
    } == {
        "hours": "420",
        "level": "3",
    }
    assert subject["licenseNumber"] == "CAI-03/2026/000123"
    assert subject["source"]["name"] == "مركز القاهرة / Cairo center"
    assert subject["achievement"]["alignment"][0]["targetUrl"] == "http://data.europa.eu/esco/isco/C7212"
    assert credential["validFrom"] == "2026-11-24T08:30:00Z"


def test_one_status_is_an_object_and_several_are_a_list():
    alone = build_credential(facts_with(status=FACTS.status[:1]))["credentialStatus"]
    both = build_credential(FACTS)["credentialStatus"]

    assert alone["statusPurpose"] == "revocation"
    assert [entry["statusPurpose"] for entry in both] == ["revocation", "suspension"]
    assert both[0]["statusListIndex"] == str(INDEX)


def test_a_control_character_is_refused_before_anything_is_signed():
    with pytest.raises(UnwritableText):
        build_credential(facts_with(number="CAI\x0c1"))


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("@context/1", "https://example.org/other"),
        ("id", "17"),
        ("type", ["VerifiableCredential"]),
        ("name", {"ar": "شهادة"}),
        ("issuer", DID),
        ("validFrom", None),
        ("validFrom", "2026-11-24T08:30:00"),
        ("validUntil", "2020-01-01T00:00:00Z"),
        ("credentialSubject/type", ["Person"]),
        ("credentialSubject/identifier/0/identityType", "nickname"),
        ("credentialSubject/identifier/0/hashed", "false"),
        ("credentialSubject/achievement", None),
        ("credentialSubject/achievement/name", None),
        ("credentialSubject/achievement/criteria", {}),
        ("credentialSubject/achievement/achievementType", "Diplomma"),
        ("credentialSubject/achievement/alignment/0/targetUrl", None),
        ("credentialSubject/achievement/resultDescription/0/resultType", "Hours"),
        ("credentialSubject/result/0/resultDescription", "https://example.org/#none"),
        ("credentialSubject/result/0/value", 420),
        ("credentialSubject/source/type", None),
        ("credentialStatus/0/statusListIndex", INDEX),
        ("credentialStatus/0/statusListCredential", None),
        ("credentialSchema/0/type", None),
    ],
)
def test_a_broken_clause_is_named(path: str, to: Any):
    broken = broken_clauses(changed(build_credential(FACTS), path, to))

    assert broken
    assert all(clause.startswith(("OB ", "VC ", "BSL ")) for clause in broken)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "id", "issuer", "credentialSubject", "credentialStatus", "achievement"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict))
)
def test_any_json_object_is_judged_without_an_error(value: dict[str, Any]):
    assert broken_clauses(value)


# The token


def test_a_token_gives_its_credential_back():
    credential = build_credential(FACTS)

    assert read_credential(sign_credential(credential, signer=SIGNER), keys=KEYS) == credential


def test_a_token_carries_what_open_badges_demands():
    token = sign_credential(build_credential(FACTS), signer=SIGNER)

    claims = jwt.decode(
        token, SIGNER.public_key, algorithms=["ES256"], options={"verify_nbf": False, "verify_exp": False}
    )
    assert jwt.get_unverified_header(token) == {
        "alg": "ES256",
        "typ": "JWT",
        "kid": "did:web:certificates.example.org#credentials-2026",
    }
    assert (claims["iss"], claims["jti"], claims["sub"]) == (
        DID,
        FACTS.credential_id.urn,
        FACTS.subject.urn,
    )
    assert datetime.fromtimestamp(claims["nbf"], UTC) == FACTS.valid_from
    assert datetime.fromtimestamp(claims["exp"], UTC) == FACTS.valid_until


def test_a_token_may_be_signed_with_ed25519_too():
    credential = build_credential(FACTS)

    assert read_credential(sign_credential(credential, signer=PROVER), keys=KEYS) == credential


@given(st.data())
def test_a_changed_character_spoils_a_token(data: st.DataObject):
    token = sign_credential(build_credential(FACTS), signer=SIGNER)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz019-_.=+ ").filter(lambda letter: letter != token[place]))

    with pytest.raises(NotAuthentic):
        read_credential(token[:place] + other + token[place + 1 :], keys=KEYS)


def test_a_token_has_one_way_to_be_written():
    token = sign_credential(build_credential(FACTS), signer=SIGNER)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bytes = letters[letters.index(token[-1]) ^ 1]

    with pytest.raises(NotAuthentic, match="only way"):
        read_credential(token[:-1] + same_bytes, keys=KEYS)


@pytest.mark.parametrize(
    "headers",
    [
        {"typ": "JWT"},
        {"typ": "JWT", "kid": f"{DID}#unknown"},
        {"typ": "at+jwt", "kid": f"{DID}#{SIGNER.key_id}"},
        {"typ": "JWT", "kid": f"{DID}#{PROVER.key_id}"},
        {"typ": "JWT", "kid": f"{DID}#{SIGNER.key_id}", "crit": ["b64"], "b64": False},
        {"typ": "JWT", "kid": f"{DID}#{SIGNER.key_id}", "alg": "none"},
        {"typ": "JWT", "kid": f"{DID}#{SIGNER.key_id}", "alg": "HS256"},
    ],
)
def test_a_header_that_is_not_ours_is_refused(headers: dict[str, Any]):
    token = sign_credential(build_credential(FACTS), signer=SIGNER)
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))

    forged = sign_compact(claims, signer=SIGNER, headers=headers)

    with pytest.raises(NotAuthentic):
        read_credential(forged, keys=KEYS)


@pytest.mark.parametrize(("claim", "value"), [("jti", "urn:uuid:0"), ("nbf", 0), ("exp", 0), ("sub", "x:y")])
def test_claims_that_say_something_else_than_the_credential_are_refused(claim: str, value: Any):
    token = sign_credential(build_credential(FACTS), signer=SIGNER)
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    kid = f"{DID}#{SIGNER.key_id}"

    forged = sign_compact({**claims, claim: value}, signer=SIGNER, headers={"typ": "JWT", "kid": kid})

    with pytest.raises(NotAuthentic, match="different things"):
        read_credential(forged, keys=KEYS)


def test_a_known_key_cannot_speak_for_another_issuer():
    credential = changed(build_credential(FACTS), "issuer/id", "did:web:university.example.org")
    kid = f"{DID}#{SIGNER.key_id}"
    token = sign_credential(credential, signer=SIGNER)
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))

    forged = sign_compact(claims, signer=SIGNER, headers={"typ": "JWT", "kid": kid})

    with pytest.raises(NotAuthentic, match="not one of the issuer's"):
        read_credential(forged, keys=KEYS)


# The keys


@pytest.mark.parametrize(
    ("site_url", "did"),
    [
        ("https://certificates.example.org", "did:web:certificates.example.org"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://example.org:8443/training/", "did:web:example.org%3A8443:training"),
    ],
)
def test_the_site_has_a_did(site_url: str, did: str):
    assert did_of(site_url) == did


def test_old_keys_stay_and_a_compromised_one_asserts_nothing():
    stolen = PublishedKey(
        key_id="old/1", public_key=p256_signer().public_key, compromised_at=datetime(2026, 1, 2, tzinfo=UTC)
    )

    document = did_document(site_url=SITE, keys=[*PUBLISHED, stolen])

    assert [method["type"] for method in document["verificationMethod"]] == [
        "JsonWebKey",
        "Multikey",
        "JsonWebKey",
    ]
    assert document["verificationMethod"][2]["id"] == f"{DID}#old%2F1"
    assert document["verificationMethod"][2]["revoked"] == "2026-01-02T00:00:00Z"
    assert document["assertionMethod"] == [f"{DID}#credentials-2026", f"{DID}#proofs-2026"]


def test_a_key_survives_its_json_form():
    for signer in (SIGNER, PROVER):
        assert thumbprint(key_of(jwk_of(signer.public_key))) == thumbprint(signer.public_key)


def test_the_thumbprint_is_that_of_rfc_8037():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}

    expected = base64.urlsafe_b64decode("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k=")
    assert thumbprint(key_of(jwk)) == expected


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "RSA", "crv": "", "n": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQ"},
    ],
)
def test_what_is_no_key_of_ours_is_refused(jwk: dict[str, str]):
    with pytest.raises(NotAuthentic):
        key_of(jwk)


def test_a_multikey_is_that_of_the_standard():
    # Data Integrity EdDSA Cryptosuites 1.0, B.1: the key pair of all its vectors.
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    raw = from_base58btc(text)

    key = key_of(
        {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw[2:]).decode().rstrip("=")}
    )

    assert multikey(key) == text


@given(st.binary(max_size=70))
def test_base58_gives_its_bytes_back(data: bytes):
    assert from_base58btc(base58btc(data)) == data


# The status lists


def test_a_list_is_encoded_as_in_the_standard():
    # Bitstring Status List 1.0, example: a list without a set bit.
    expected = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

    assert StatusBits.decode(expected).encode() == StatusBits().encode()
    assert not any(StatusBits.decode(expected))


def test_the_first_place_is_the_left_most_bit():
    bits = StatusBits.of([0, 9, MINIMUM - 1])

    content = gzip.decompress(base64.urlsafe_b64decode(bits.encode()[1:] + "=="))

    assert (content[0], content[1], content[-1]) == (0b1000_0000, 0b0100_0000, 0b0000_0001)


@given(st.sets(st.integers(0, MINIMUM - 1), max_size=40))
def test_a_list_gives_its_bits_back(indexes: set[int]):
    decoded = StatusBits.decode(StatusBits.of(indexes).encode())

    assert len(decoded) == MINIMUM
    assert all(decoded[index] for index in indexes)
    assert not any(decoded[index + 1] for index in indexes if index + 1 not in indexes | {MINIMUM})


def test_a_bit_can_be_taken_back():
    bits = StatusBits.of([7])

    bits[7] = False

    assert bits.encode() == StatusBits().encode()


@pytest.mark.parametrize("index", [-1, MINIMUM])
def test_there_is_no_place_outside_the_list(index: int):
    with pytest.raises(IndexError):
        StatusBits()[index] = True


def multibase(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zabc",
        multibase(b"no gzip"),
        multibase(gzip.compress(bytes(MINIMUM // 8 - 1))),
        multibase(gzip.compress(bytes(MINIMUM // 8))[:-4]),
        multibase(gzip.compress(bytes(MINIMUM // 8)) + b"more"),
        multibase(gzip.compress(bytes(MAXIMUM // 8 + 1))),
        multibase(gzip.compress(bytes(200_000_000))),
    ],
    ids=["empty", "base58", "no gzip", "too short", "cut off", "more behind", "too long", "bomb"],
)
def test_what_is_no_list_is_refused(text: str):
    with pytest.raises(NotAuthentic):
        StatusBits.decode(text)


def test_a_signed_list_is_read_back():
    token = sign_status_list(status_list(StatusPurpose.REVOCATION, set_at=(INDEX,)), signer=SIGNER)

    found = read_status_list(token, keys=KEYS, now=NOW)

    assert found.bits[INDEX]
    assert (found.url, found.purpose) == (LISTS[StatusPurpose.REVOCATION], StatusPurpose.REVOCATION)
    assert jwt.get_unverified_header(token)["typ"] == "vc+jwt"


def test_a_list_may_be_kept_for_five_minutes():
    credential = build_status_list(status_list(StatusPurpose.SUSPENSION))

    assert credential["credentialSubject"]["ttl"] == 300_000
    assert credential["validUntil"] == "2026-11-24T09:35:00Z"


@pytest.mark.parametrize("minutes", [-1, 5])
def test_a_list_of_another_time_is_refused(minutes: int):
    token = sign_status_list(status_list(StatusPurpose.REVOCATION), signer=SIGNER)

    with pytest.raises(NotAuthentic, match="not of this time"):
        read_status_list(token, keys=KEYS, now=NOW + timedelta(minutes=minutes))


def test_a_credential_is_no_status_list():
    token = sign_credential(build_credential(FACTS), signer=SIGNER)

    with pytest.raises(NotAuthentic):
        read_status_list(token, keys=KEYS, now=NOW)


def test_a_status_list_is_no_credential():
    token = sign_status_list(status_list(StatusPurpose.REVOCATION), signer=SIGNER)

    with pytest.raises(NotAuthentic):
        read_credential(token, keys=KEYS)


@pytest.mark.parametrize("purpose", list(StatusPurpose))
def test_a_set_bit_speaks_against_its_credential_alone(purpose: StatusPurpose):
    lists = {url: status_list(of, set_at=(INDEX,) * (of == purpose)) for of, url in LISTS.items()}
    neighbor = tuple(
        type(place)(purpose=place.purpose, list_url=place.list_url, index=INDEX + 1) for place in FACTS.status
    )

    assert set_statuses(build_credential(FACTS), lists=lists) == {purpose}
    assert set_statuses(build_credential(facts_with(status=neighbor)), lists=lists) == set()


@pytest.mark.parametrize(
    "other",
    [
        status_list(StatusPurpose.SUSPENSION),
        status_list(StatusPurpose.REVOCATION, issuer="did:web:university.example.org"),
    ],
    ids=["purpose", "issuer"],
)
def test_a_list_that_does_not_answer_is_no_all_clear(other: StatusList):
    credential = build_credential(facts_with(status=FACTS.status[:1]))
    lists = {LISTS[StatusPurpose.REVOCATION]: other}

    with pytest.raises(NotAuthentic):
        set_statuses(credential, lists=lists)
    with pytest.raises(NotAuthentic):
        set_statuses(credential, lists={})


# The proof inside


def test_a_proof_gives_its_credential_back():
    credential = build_credential(FACTS)

    assert read_proven_credential(add_proof(credential, signer=PROVER, created=NOW), keys=KEYS) == credential


def test_a_proof_holds_over_another_order_of_the_same_facts():
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
