"""The payload of a QR code, a status list and a key set are read back as written; other forms are refused."""

import json
import zlib
from dataclasses import replace
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import NotAuthentic, base64url, from_base64url, thumbprint
from certificates.offline.cose import (
    sign_message,
)
from certificates.offline.payload import (
    KINDS,
    sign_certificate,
    verification_url,
)
from certificates.offline.status_list import OfflineStatus
from tests.certificates.badges import NOW
from tests.certificates.offline_addresses import (
    CERTIFICATE,
    COMPROMISED,
    KEYS,
    PAGE,
    RETIRED,
    SIGNER,
    STRANGER,
    address_of,
    browser_verdict,
    status_list,
)
from tests.certificates.signers import ed25519_signer
from tests.certificates.verifiers.addresses import read_verification_url
from tests.certificates.verifiers.key_sets import named_in, read_key_set
from tests.certificates.verifiers.messages import read_message
from tests.certificates.verifiers.offline_lists import read_offline_list


def test_a_certificate_is_read_back_from_its_address():
    certificate, key = read_verification_url(address_of(), keys_named=named_in(KEYS))

    assert certificate == CERTIFICATE
    assert thumbprint(key) == thumbprint(SIGNER.public_key)


def test_it_says_kind_level_and_number_and_fits_29_millimeters():
    address = address_of()

    code = segno.make(address, error="m", boost_error=False, micro=False)

    certificate, _key = read_verification_url(address, keys_named=named_in(KEYS))
    assert KINDS[certificate.kind - 1] == "skill_level"
    assert (certificate.level, certificate.number) == ("skilled", CERTIFICATE.number)
    # With the quiet zone of four modules on each side, 26.7 mm at four dots of a 300 dpi printer a module.
    assert code.symbol_size(border=4)[0] == 81


def test_a_code_of_before_it_said_kind_level_and_number_is_still_valid():
    old = replace(CERTIFICATE, kind=None, level="", number="")

    [verdict] = browser_verdict(address_of(old), listed=status_list())

    assert verdict["state"] == "valid"
    assert not verdict["facts"].keys() & {"kind", "level", "number"}


def test_every_flipped_bit_is_refused():
    sealed = sign_certificate(CERTIFICATE, signer=SIGNER)

    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NotAuthentic):
            read_verification_url(
                verification_url(page=PAGE, sealed=bytes(changed)), keys_named=named_in(KEYS)
            )


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_another_error(data: bytes):
    with pytest.raises(NotAuthentic):
        read_message(data, keys_named=named_in(KEYS))


def test_the_seal_of_one_kind_does_not_pass_for_another():
    with pytest.raises(NotAuthentic, match="header"):
        read_message(status_list().sign(signer=SIGNER), keys_named=named_in(KEYS))
    with pytest.raises(NotAuthentic, match="header"):
        read_offline_list(sign_certificate(CERTIFICATE, signer=SIGNER), keys_named=named_in(KEYS))


@pytest.mark.parametrize(
    "message",
    [
        {},
        {2: "7K3M9QXD1A9RZ", 6: "WLD"},
        {2: "7K3M9QXD1A9RZ", 6: "WLD", 8: "2026-11-20"},
        {2: "7K3M9QXD1A9RZ", 6: "WLD", 8: True},
        {2: "7K3M9QXD1A9RZ", 6: "WLD", 8: 2**40},
        {2: "7K3M9QXD1A9RZ", 6: "WLD", 8: 20_000, 99: "more"},
    ],
)
def test_what_is_signed_but_no_certificate_is_refused(message: dict[int, Any]):
    address = verification_url(page=PAGE, sealed=sign_message(message, signer=SIGNER))

    with pytest.raises(NotAuthentic, match="not a certificate"):
        read_verification_url(address, keys_named=named_in(KEYS))
    assert browser_verdict(address)[0]["state"] == "damaged"


def test_browsers_verify_only_p256():
    with pytest.raises(ValueError, match="ES256"):
        sign_certificate(CERTIFICATE, signer=ed25519_signer())


@given(st.dictionaries(st.integers(0, 999), st.sampled_from(list(OfflineStatus)), max_size=30))
def test_a_status_list_gives_its_marks_back(marked: dict[int, OfflineStatus]):
    listed = status_list(marked, size=1_000)

    read = read_offline_list(listed.sign(signer=SIGNER), keys_named=named_in(KEYS))

    assert [read[index] for index in range(1_000)] == [listed[index] for index in range(1_000)]


def test_a_status_list_has_no_place_outside():
    with pytest.raises(IndexError):
        status_list({1_000: OfflineStatus.REVOKED}, size=1_000).sign(signer=SIGNER)
    with pytest.raises(IndexError):
        status_list(size=1_000)[1_000]


@pytest.mark.parametrize(
    "packed",
    [b"no zlib", zlib.compress(bytes(249)), zlib.compress(bytes(50_000_000))],
    ids=["no zlib", "too short", "bomb"],
)
def test_bits_that_do_not_fit_the_list_are_refused(packed: bytes):
    message = {1: int(NOW.timestamp()), 2: int(NOW.timestamp()) + 60, 3: 1_000, 4: packed}
    sealed = sign_message(message, signer=SIGNER, kind="mihna-status")

    with pytest.raises(NotAuthentic):
        read_offline_list(sealed, keys_named=named_in(KEYS))
    assert "fault" in browser_verdict(address_of(), listed=sealed)[0]


def test_nothing_may_follow_the_bits():
    # Browsers refuse this too; the oldest Node.js we run on does not.
    message = {1: 0, 2: 60, 3: 1_000, 4: zlib.compress(bytes(250)) + b"x"}

    with pytest.raises(NotAuthentic):
        read_offline_list(
            sign_message(message, signer=SIGNER, kind="mihna-status"), keys_named=named_in(KEYS)
        )


def test_the_next_set_of_keys_is_signed_by_one_of_the_last():
    newer = replace(KEYS, issued_at=NOW)

    assert read_key_set(newer.sign(signer=RETIRED), known=KEYS).issued_at == NOW
    with pytest.raises(NotAuthentic, match="not published"):
        read_key_set(newer.sign(signer=COMPROMISED), known=KEYS)
    with pytest.raises(NotAuthentic, match="not published"):
        read_key_set(newer.sign(signer=STRANGER), known=KEYS)
    with pytest.raises(NotAuthentic, match="older"):
        read_key_set(KEYS.sign(signer=SIGNER), known=newer)


def test_a_key_cannot_carry_the_name_of_another():
    head, document, _signature = KEYS.sign(signer=SIGNER).split(".")
    keys = json.loads(from_base64url(document))
    keys["keys"][0]["kid"] = keys["keys"][1]["kid"]
    forged = f"{head}.{base64url(json.dumps(keys).encode())}.AAAA"

    with pytest.raises(NotAuthentic, match="another name"):
        read_key_set(forged)
