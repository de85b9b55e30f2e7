"""Credentials have the claims of the register in the terms of Open Badges 3.0, and are valid only as signed."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import NotAuthentic, sign_compact
from certificates.openbadges.clauses import broken_clauses
from certificates.openbadges.credential import Bilingual, UnwritableText, build_credential
from certificates.openbadges.jwt import read_credential, sign_credential
from tests.certificates.badges import DID, FACTS, INDEX, changed, claims_with

from .badge_keys import KEYS, PROVER, SIGNER

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
    claims = claims_with(
        achievement=bare, valid_until=None, status=(), name=Bilingual(ar=FACTS.name.ar, en="")
    )

    credential = build_credential(claims)

    assert broken_clauses(credential) == []
    assert len(credential["credentialSubject"]["identifier"]) == 1


def test_a_credential_has_the_printed_claims():
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


def test_hours_in_a_credential_are_called_those_of_the_program_or_those_attended():
    of_the_program = build_credential(FACTS)["credentialSubject"]["achievement"]["resultDescription"][0]
    attended = build_credential(
        claims_with(achievement=replace(FACTS.achievement, hours=None, attended_hours=8))
    )["credentialSubject"]

    assert (of_the_program["name"], of_the_program["resultType"]) == (
        "ساعات البرنامج / Hours of the program",
        "ext:ProgramHours",
    )
    assert attended["achievement"]["resultDescription"][0]["name"] == "ساعات الحضور / Hours attended"
    assert attended["result"][0]["value"] == "8"


def test_one_status_is_an_object_and_several_are_a_list():
    alone = build_credential(claims_with(status=FACTS.status[:1]))["credentialStatus"]
    both = build_credential(FACTS)["credentialStatus"]

    assert alone["statusPurpose"] == "revocation"
    assert [entry["statusPurpose"] for entry in both] == ["revocation", "suspension"]
    assert both[0]["statusListIndex"] == str(INDEX)


def test_a_credential_names_no_schema_that_it_does_not_pass():
    # 1EdTech's schema wants one object as `credentialStatus`; ours are two, of two purposes (VC 2.0, 4.10).
    credential = build_credential(FACTS)

    assert isinstance(credential["credentialStatus"], list)
    assert "credentialSchema" not in credential


def test_a_control_character_is_refused_before_anything_is_signed():
    with pytest.raises(UnwritableText):
        build_credential(claims_with(number="CAI\x0c1"))


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
        ("credentialSchema", [{"id": "https://example.org/schema"}]),
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


@cache
def one_token() -> str:
    """Signed once: an ECDSA signature has chance in it, and Hypothesis wants the same examples to mean the same."""
    return sign_credential(build_credential(FACTS), signer=SIGNER)


@given(st.data())
def test_a_changed_character_spoils_a_token(data: st.DataObject):
    token = one_token()
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
def test_registered_claims_that_differ_from_the_credential_are_refused(claim: str, value: Any):
    token = sign_credential(build_credential(FACTS), signer=SIGNER)
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    kid = f"{DID}#{SIGNER.key_id}"

    forged = sign_compact({**claims, claim: value}, signer=SIGNER, headers={"typ": "JWT", "kid": kid})

    with pytest.raises(NotAuthentic, match="differ from the credential"):
        read_credential(forged, keys=KEYS)


def test_a_known_key_cannot_speak_for_another_issuer():
    credential = changed(build_credential(FACTS), "issuer/id", "did:web:university.example.org")
    kid = f"{DID}#{SIGNER.key_id}"
    token = sign_credential(credential, signer=SIGNER)
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))

    forged = sign_compact(claims, signer=SIGNER, headers={"typ": "JWT", "kid": kid})

    with pytest.raises(NotAuthentic, match="not one of the issuer's"):
        read_credential(forged, keys=KEYS)
