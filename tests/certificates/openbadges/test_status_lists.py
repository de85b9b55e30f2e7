"""A status list has the status of every credential, and is valid only as signed and for some minutes."""

import base64
import gzip
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import NotAuthentic
from certificates.openbadges.credential import StatusPurpose, build_credential
from certificates.openbadges.jwt import read_credential, sign_credential
from certificates.openbadges.status_list import (
    MAXIMUM,
    MINIMUM,
    StatusBits,
    StatusList,
    build_status_list,
    sign_status_list,
)
from tests.certificates.badges import DID, FACTS, INDEX, LISTS, NOW, claims_with
from tests.certificates.verifiers.status_lists import decode_bits, read_status_list, set_statuses

from .badge_keys import KEYS, SIGNER


def status_list(purpose: StatusPurpose, *, set_at: tuple[int, ...] = (), **changes: Any) -> StatusList:
    claims = {
        "url": LISTS[purpose],
        "issuer": DID,
        "purpose": purpose,
        "bits": StatusBits.of(set_at),
        "issued_at": NOW,
        "valid_until": NOW + timedelta(minutes=5),
    }
    return StatusList(**claims | changes)


def test_a_list_is_encoded_as_in_the_standard():
    # Bitstring Status List 1.0, example: a list without a set bit.
    expected = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

    assert decode_bits(expected).encode() == StatusBits().encode()
    assert not any(decode_bits(expected))


def test_the_first_place_is_the_left_most_bit():
    bits = StatusBits.of([0, 9, MINIMUM - 1])

    content = gzip.decompress(base64.urlsafe_b64decode(bits.encode()[1:] + "=="))

    assert (content[0], content[1], content[-1]) == (0b1000_0000, 0b0100_0000, 0b0000_0001)


@given(st.sets(st.integers(0, MINIMUM - 1), max_size=40))
def test_a_list_gives_its_bits_back(indexes: set[int]):
    decoded = decode_bits(StatusBits.of(indexes).encode())

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
        decode_bits(text)


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
    assert set_statuses(build_credential(claims_with(status=neighbor)), lists=lists) == set()


@pytest.mark.parametrize(
    "other",
    [
        status_list(StatusPurpose.SUSPENSION),
        status_list(StatusPurpose.REVOCATION, issuer="did:web:university.example.org"),
    ],
    ids=["purpose", "issuer"],
)
def test_a_list_that_does_not_answer_is_no_all_clear(other: StatusList):
    credential = build_credential(claims_with(status=FACTS.status[:1]))
    lists = {LISTS[StatusPurpose.REVOCATION]: other}

    with pytest.raises(NotAuthentic):
        set_statuses(credential, lists=lists)
    with pytest.raises(NotAuthentic):
        set_statuses(credential, lists={})
