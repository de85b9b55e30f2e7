"""Offline verification tells a genuine certificate from a forged one, and never calls an unknown status valid."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import cbor2
import pytest

from certificates.offline.payload import sign_certificate, verification_url
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
from tests.certificates.signers import MemorySigner

pytestmark = pytest.mark.engines("Node.js judges each code")


def test_a_genuine_certificate_is_valid_and_has_the_printed_claims():
    [verdict] = browser_verdict(address_of(), listed=status_list())

    assert verdict["state"] == "valid"
    assert verdict["facts"] == {
        "code": "7K3M9QXD1A9RZ",
        "number": "CAI-03/2026/SL-000123",
        "nameAr": CERTIFICATE.name_ar,
        "program": "WLD-TIG-L3",
        "kind": 2,
        "level": "skilled",
        "issuedOn": "2026-11-20T00:00:00.000Z",
        "expiresOn": "2029-11-19T00:00:00.000Z",
        "statusIndex": 94_567,
    }


@pytest.mark.engines("judges thousands of altered codes in Node.js")
def test_no_flipped_byte_or_bit_is_believed_by_the_browser():
    sealed = sign_certificate(CERTIFICATE, signer=SIGNER)
    changed = []
    for place in range(len(sealed)):
        for mask in (0xFF, *(1 << bit for bit in range(8))):
            other = bytearray(sealed)
            other[place] ^= mask
            changed.append(verification_url(page=PAGE, sealed=bytes(other)))

    states = {verdict["state"] for verdict in browser_verdict(*changed, listed=status_list())}

    # A flipped bit in the name of the key makes it the name of no key, one in the envelope breaks it.
    assert states == {"forged", "key-unknown", "damaged"}


def test_a_truncated_or_extended_certificate_is_damaged():
    sealed = sign_certificate(CERTIFICATE, signer=SIGNER)
    others = [sealed[:length] for length in range(len(sealed))] + [sealed + b"\0", sealed + sealed]

    verdicts = browser_verdict(*(verification_url(page=PAGE, sealed=other) for other in others))

    assert [verdict["state"] for verdict in verdicts] == ["none"] + ["damaged"] * (len(others) - 1)


@pytest.mark.parametrize(
    "encoded",
    [
        cbor2.dumps([b"", {}, b"", b""]),
        b"\x9f\xff",
        b"\x84" * 2_000,
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x9a\x7f\xff\xff\xff",
        b"\x5b\x00\x1f\xff\xff\xff\xff\xff\xff",
        b"\xf9\x7e\x00",
    ],
    ids=["empty parts", "indefinite", "deep", "endless array", "long array", "long bytes", "float"],
)
def test_hostile_bytes_are_damaged(encoded: bytes):
    assert browser_verdict(verification_url(page=PAGE, sealed=encoded))[0]["state"] == "damaged"


def test_another_way_to_write_the_same_certificate_is_refused():
    protected, _empty, payload, signature = cbor2.loads(sign_certificate(CERTIFICATE, signer=SIGNER))
    long_form = b"\x98\x04" + b"".join(cbor2.dumps(part) for part in (protected, {}, payload, signature))
    with_more = cbor2.dumps([protected, {33: b"x"}, payload, signature])

    verdicts = browser_verdict(
        *(verification_url(page=PAGE, sealed=sealed) for sealed in (long_form, with_more))
    )

    assert [verdict["state"] for verdict in verdicts] == ["damaged", "damaged"]


def test_a_certificate_under_another_address_is_forged():
    fragment = address_of().partition("#")[2]

    verdicts = browser_verdict(
        f"https://v.gov.eg/c/7K3M9QXD1A9RY#{fragment}",
        f"https://v.gov.eg/c/7k3m-9qxd-1a9r-z/#{fragment}",
        PAGE,
        listed=status_list(),
    )

    assert [verdict["state"] for verdict in verdicts] == ["forged", "valid", "none"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (OfflineStatus.REVOKED, "revoked"),
        (OfflineStatus.SUSPENDED, "suspended"),
        (OfflineStatus.REPLACED, "replaced"),
    ],
)
def test_a_revoked_certificate_is_called_so_and_its_neighbor_is_valid(status: OfflineStatus, state: str):
    neighbor = replace(CERTIFICATE, status_index=94_568)

    verdicts = browser_verdict(address_of(), address_of(neighbor), listed=status_list({94_567: status}))

    assert [verdict["state"] for verdict in verdicts] == [state, "valid"]


def test_a_certificate_is_valid_to_the_end_of_its_last_day():
    now = datetime.fromisoformat("2029-11-19T23:00:00+00:00")
    listed = status_list(issued_at=now, next_update=now + timedelta(days=2))

    states = [
        browser_verdict(address_of(), listed=listed, now=moment)[0]["state"]
        for moment in (now, now + timedelta(hours=1))
    ]

    assert states == ["valid", "expired"]


def test_an_old_list_is_never_an_all_clear():
    listed = status_list({1: OfflineStatus.SUSPENDED, 2: OfflineStatus.REVOKED})
    addresses = [address_of(replace(CERTIFICATE, status_index=index)) for index in (0, 1, 2)]

    verdicts = browser_verdict(*addresses, listed=listed, now=NOW + timedelta(days=2))

    assert [verdict["state"] for verdict in verdicts] == ["status-unknown", "status-unknown", "revoked"]
    assert verdicts[0]["since"] == "2026-11-24T09:20:00.000Z"


@pytest.mark.parametrize(
    ("change", "hours_kept"),
    [
        ({"issued_at": NOW - timedelta(hours=3)}, 2),
        ({"next_update": NOW}, 24),
        ({"issued_at": NOW + timedelta(hours=1)}, 24),
        ({"size": 94_567}, 24),
    ],
    ids=["too old", "past its next update", "from the future", "made before the certificate"],
)
def test_a_list_that_does_not_answer_leaves_the_status_unknown(change: dict[str, Any], hours_kept: int):
    [verdict] = browser_verdict(address_of(), listed=status_list(**change), hours_kept=hours_kept)

    assert verdict["state"] == "status-unknown"
    assert verdict["facts"]["nameAr"] == CERTIFICATE.name_ar


def test_without_a_list_or_a_place_the_status_is_unknown():
    placeless = address_of(replace(CERTIFICATE, status_index=None))

    assert browser_verdict(address_of())[0]["state"] == "status-unknown"
    assert browser_verdict(placeless, listed=status_list())[0]["state"] == "status-unknown"


@pytest.mark.parametrize(
    ("signer", "issued_on", "state"),
    [
        (STRANGER, date(2026, 11, 20), "key-unknown"),
        (RETIRED, date(2025, 10, 1), "valid"),
        (RETIRED, date(2026, 11, 20), "key-not-valid-then"),
        (SIGNER, date(2025, 10, 1), "valid"),
        (COMPROMISED, date(2026, 11, 20), "key-compromised"),
        (COMPROMISED, date(2026, 11, 24), "key-compromised"),
    ],
    ids=[
        "unknown",
        "retired, in its time",
        "retired, after",
        "issued before its time",
        "stolen, before",
        "stolen, after",
    ],
)
def test_a_key_speaks_only_for_its_time(signer: MemorySigner, issued_on: date, state: str):
    address = address_of(replace(CERTIFICATE, issued_on=issued_on), signer)

    assert browser_verdict(address, listed=status_list())[0]["state"] == state


def test_a_list_signed_by_a_stolen_or_strange_key_is_refused():
    for signer in (COMPROMISED, STRANGER):
        [verdict] = browser_verdict(address_of(), listed=status_list().sign(signer=signer))

        assert verdict == {"fault": "not signed by a key we trust"}


def test_the_browser_takes_the_next_set_of_keys_only_from_the_last():
    first, newer = KEYS.sign(signer=SIGNER), replace(KEYS, issued_at=NOW)

    taken = browser_verdict(address_of(), listed=status_list(), keys=(first, newer.sign(signer=RETIRED)))
    strange = browser_verdict(address_of(), keys=(first, newer.sign(signer=STRANGER)))
    stolen = browser_verdict(address_of(), keys=(first, newer.sign(signer=COMPROMISED)))
    older = browser_verdict(address_of(), keys=(newer.sign(signer=SIGNER), first))

    assert taken[0]["state"] == "valid"
    assert strange == stolen == [{"fault": "not signed by a key we trust"}]
    assert older == [{"fault": "older than the set at hand"}]
