"""A phone without a network tells a true certificate from a forged one, and never calls valid what it cannot know."""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import NotAuthentic, base64url, from_base64url, thumbprint
from certificates.offline.cose import read_message, sign_message
from certificates.offline.key_set import KeySet, OfflineKey
from certificates.offline.payload import (
    OfflineCertificate,
    read_verification_url,
    seal_certificate,
    verification_url,
)
from certificates.offline.status_list import OfflineStatus, OfflineStatusList
from scripts.build_js import joined

from .badges import NOW
from .node import ROOT, run_node
from .signers import MemorySigner, ed25519_signer, p256_signer

SCRIPT = Path(__file__).parent / "judge_offline.mjs"
MODULES = ROOT / "lms" / "static" / "js" / "verify"
PAGE = "https://v.gov.eg/c/7K3M9QXD1A9RZ"
SIGNER, RETIRED, STOLEN, STRANGER = (p256_signer() for _number in range(4))
CERTIFICATE = OfflineCertificate(
    code="7K3M9QXD1A9RZ",
    program="WLD-TIG-L3",
    issued_on=date(2026, 11, 20),
    name_ar="أحمد محمد عبد الرحمن السيد الشربيني",
    name_en="Ahmed Mohamed Abdelrahman Elsayed Elsherbini",
    issuer="v.gov.eg",
    number="CAI-03/2026/000123",
    level="3",
    expires_on=date(2029, 11, 19),
    status_index=94_567,
)
KEYS = KeySet(
    issued_at=NOW - timedelta(hours=1),
    keys=(
        OfflineKey(public_key=SIGNER.public_key, not_before=NOW - timedelta(days=300)),
        OfflineKey(
            public_key=RETIRED.public_key,
            not_before=NOW - timedelta(days=600),
            retired_at=NOW - timedelta(days=300),
        ),
        OfflineKey(
            public_key=STOLEN.public_key,
            not_before=NOW - timedelta(days=600),
            compromised_at=NOW - timedelta(days=1),
        ),
    ),
)


def address_of(certificate: OfflineCertificate = CERTIFICATE, signer: MemorySigner = SIGNER) -> str:
    return verification_url(page=PAGE, sealed=seal_certificate(certificate, signer=signer))


def status_list(marked: dict[int, OfflineStatus] | None = None, **changes: Any) -> OfflineStatusList:
    facts = {
        "issued_at": NOW - timedelta(minutes=10),
        "next_update": NOW + timedelta(hours=24),
        "size": 131_072,
        "marked": marked or {},
    }
    return OfflineStatusList(**facts | changes)


type Judge = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The verdicts of the browser's modules over addresses, all under the same keys, list and time."""
    folder = tmp_path_factory.mktemp("verify")
    # Without a bundler, this is what tells Node that they are ES modules, as `type="module"` tells browsers.
    (folder / "package.json").write_text('{"type": "module"}')
    for module in MODULES.glob("*.js"):
        (folder / module.name).write_text(module.read_text())

    def ask(
        *addresses: str,
        listed: OfflineStatusList | bytes | None = None,
        keys: tuple[str, ...] = (KEYS.seal(signer=SIGNER),),
        now: datetime = NOW,
        hours_kept: int = 24,
    ) -> list[Any]:
        sealed = listed.seal(signer=SIGNER) if isinstance(listed, OfflineStatusList) else listed
        case = {
            "keys": keys,
            "list": None if sealed is None else base64.b64encode(sealed).decode(),
            "now": now.isoformat(),
            "hoursKept": hours_kept,
        }
        cases = [{"address": address, **case} for address in addresses]
        return run_node(SCRIPT, {"modules": str(folder), "cases": cases})

    return ask


# The seal, in Python


def test_a_certificate_is_read_back_from_its_address():
    certificate, key = read_verification_url(address_of(), keys_named=KEYS.named)

    assert certificate == CERTIFICATE
    assert thumbprint(key) == thumbprint(SIGNER.public_key)


def test_the_mini_form_is_read_back_and_fits_29_millimeters():
    address = address_of(CERTIFICATE.mini())

    code = segno.make(address, error="m", boost_error=False, micro=False)

    certificate, _key = read_verification_url(address, keys_named=KEYS.named)
    assert (certificate.name_ar, certificate.name_en, certificate.number) == (CERTIFICATE.name_ar, "", "")
    # With the quiet zone of four modules on each side, 29.2 mm at 0.4 mm a module.
    assert code.symbol_size(border=4)[0] == 73


def test_a_person_without_an_arabic_name_keeps_the_other_in_the_mini_form():
    assert replace(CERTIFICATE, name_ar="").mini().name_en == CERTIFICATE.name_en


def test_every_flipped_bit_is_refused():
    sealed = seal_certificate(CERTIFICATE, signer=SIGNER)

    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NotAuthentic):
            read_verification_url(verification_url(page=PAGE, sealed=bytes(changed)), keys_named=KEYS.named)


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_another_error(data: bytes):
    with pytest.raises(NotAuthentic):
        read_message(data, keys_named=KEYS.named)


def test_the_seal_of_one_kind_does_not_pass_for_another():
    with pytest.raises(NotAuthentic, match="header"):
        read_message(status_list().seal(signer=SIGNER), keys_named=KEYS.named)
    with pytest.raises(NotAuthentic, match="header"):
        OfflineStatusList.read(seal_certificate(CERTIFICATE, signer=SIGNER), keys_named=KEYS.named)


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
def test_what_is_signed_but_no_certificate_is_refused(judged: Judge, message: dict[int, Any]):
    address = verification_url(page=PAGE, sealed=sign_message(message, signer=SIGNER))

    with pytest.raises(NotAuthentic, match="not a certificate"):
        read_verification_url(address, keys_named=KEYS.named)
    assert judged(address)[0]["state"] == "damaged"


def test_browsers_verify_only_p256():
    with pytest.raises(ValueError, match="ES256"):
        seal_certificate(CERTIFICATE, signer=ed25519_signer())


@given(st.dictionaries(st.integers(0, 999), st.sampled_from(list(OfflineStatus)), max_size=30))
def test_a_status_list_gives_its_marks_back(marked: dict[int, OfflineStatus]):
    listed = status_list(marked, size=1_000)

    read = OfflineStatusList.read(listed.seal(signer=SIGNER), keys_named=KEYS.named)

    assert [read[index] for index in range(1_000)] == [listed[index] for index in range(1_000)]


def test_a_status_list_has_no_place_outside():
    with pytest.raises(IndexError):
        status_list({1_000: OfflineStatus.REVOKED}, size=1_000).seal(signer=SIGNER)
    with pytest.raises(IndexError):
        status_list(size=1_000)[1_000]


@pytest.mark.parametrize(
    "packed",
    [b"no zlib", zlib.compress(bytes(249)), zlib.compress(bytes(50_000_000))],
    ids=["no zlib", "too short", "bomb"],
)
def test_bits_that_do_not_fit_the_list_are_refused(judged: Judge, packed: bytes):
    message = {1: int(NOW.timestamp()), 2: int(NOW.timestamp()) + 60, 3: 1_000, 4: packed}
    sealed = sign_message(message, signer=SIGNER, kind="mihna-status")

    with pytest.raises(NotAuthentic):
        OfflineStatusList.read(sealed, keys_named=KEYS.named)
    assert "fault" in judged(address_of(), listed=sealed)[0]


def test_nothing_may_follow_the_bits():
    # Browsers refuse this too; the oldest Node.js we run on does not.
    message = {1: 0, 2: 60, 3: 1_000, 4: zlib.compress(bytes(250)) + b"x"}

    with pytest.raises(NotAuthentic):
        OfflineStatusList.read(
            sign_message(message, signer=SIGNER, kind="mihna-status"), keys_named=KEYS.named
        )


def test_the_next_set_of_keys_is_signed_by_one_of_the_last():
    newer = replace(KEYS, issued_at=NOW)

    assert KeySet.read(newer.seal(signer=RETIRED), known=KEYS).issued_at == NOW
    with pytest.raises(NotAuthentic, match="not published"):
        KeySet.read(newer.seal(signer=STOLEN), known=KEYS)
    with pytest.raises(NotAuthentic, match="not published"):
        KeySet.read(newer.seal(signer=STRANGER), known=KEYS)
    with pytest.raises(NotAuthentic, match="older"):
        KeySet.read(KEYS.seal(signer=SIGNER), known=newer)


def test_a_key_cannot_carry_the_name_of_another():
    head, document, _signature = KEYS.seal(signer=SIGNER).split(".")
    keys = json.loads(from_base64url(document))
    keys["keys"][0]["kid"] = keys["keys"][1]["kid"]
    forged = f"{head}.{base64url(json.dumps(keys).encode())}.AAAA"

    with pytest.raises(NotAuthentic, match="another name"):
        KeySet.read(forged)


# The verdicts, in the browser's modules


def test_a_true_certificate_is_valid_and_says_what_the_paper_says(judged: Judge):
    [verdict] = judged(address_of(), listed=status_list())

    assert verdict["state"] == "valid"
    assert verdict["facts"] == {
        "issuer": "v.gov.eg",
        "code": "7K3M9QXD1A9RZ",
        "number": "CAI-03/2026/000123",
        "nameAr": CERTIFICATE.name_ar,
        "nameEn": CERTIFICATE.name_en,
        "program": "WLD-TIG-L3",
        "level": "3",
        "issuedOn": "2026-11-20T00:00:00.000Z",
        "expiresOn": "2029-11-19T00:00:00.000Z",
        "statusIndex": 94_567,
    }


def test_no_flipped_byte_or_bit_is_believed_by_the_browser(judged: Judge):
    sealed = seal_certificate(CERTIFICATE, signer=SIGNER)
    changed = []
    for place in range(len(sealed)):
        for mask in (0xFF, *(1 << bit for bit in range(8))):
            other = bytearray(sealed)
            other[place] ^= mask
            changed.append(verification_url(page=PAGE, sealed=bytes(other)))

    states = {verdict["state"] for verdict in judged(*changed, listed=status_list())}

    # A flipped bit in the name of the key makes it the name of no key, one in the envelope breaks it.
    assert states == {"forged", "key-unknown", "damaged"}


def test_a_cut_or_grown_certificate_is_damaged(judged: Judge):
    sealed = seal_certificate(CERTIFICATE, signer=SIGNER)
    others = [sealed[:length] for length in range(len(sealed))] + [sealed + b"\0", sealed + sealed]

    verdicts = judged(*(verification_url(page=PAGE, sealed=other) for other in others))

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
def test_hostile_bytes_are_damaged(judged: Judge, encoded: bytes):
    assert judged(verification_url(page=PAGE, sealed=encoded))[0]["state"] == "damaged"


def test_another_way_to_write_the_same_certificate_is_refused(judged: Judge):
    protected, _empty, payload, signature = cbor2.loads(seal_certificate(CERTIFICATE, signer=SIGNER))
    long_form = b"\x98\x04" + b"".join(cbor2.dumps(part) for part in (protected, {}, payload, signature))
    with_more = cbor2.dumps([protected, {33: b"x"}, payload, signature])

    verdicts = judged(*(verification_url(page=PAGE, sealed=sealed) for sealed in (long_form, with_more)))

    assert [verdict["state"] for verdict in verdicts] == ["damaged", "damaged"]


def test_a_certificate_under_another_address_is_forged(judged: Judge):
    fragment = address_of().partition("#")[2]

    verdicts = judged(
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
def test_a_marked_certificate_says_so_and_its_neighbor_is_valid(
    judged: Judge, status: OfflineStatus, state: str
):
    neighbor = replace(CERTIFICATE, status_index=94_568)

    verdicts = judged(address_of(), address_of(neighbor), listed=status_list({94_567: status}))

    assert [verdict["state"] for verdict in verdicts] == [state, "valid"]


def test_a_certificate_is_valid_to_the_end_of_its_last_day(judged: Judge):
    now = datetime.fromisoformat("2029-11-19T23:00:00+00:00")
    listed = status_list(issued_at=now, next_update=now + timedelta(days=2))

    states = [
        judged(address_of(), listed=listed, now=moment)[0]["state"]
        for moment in (now, now + timedelta(hours=1))
    ]

    assert states == ["valid", "expired"]


def test_an_old_list_is_never_an_all_clear(judged: Judge):
    listed = status_list({1: OfflineStatus.SUSPENDED, 2: OfflineStatus.REVOKED})
    addresses = [address_of(replace(CERTIFICATE, status_index=index)) for index in (0, 1, 2)]

    verdicts = judged(*addresses, listed=listed, now=NOW + timedelta(days=2))

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
def test_a_list_that_does_not_answer_leaves_the_status_unknown(
    judged: Judge, change: dict[str, Any], hours_kept: int
):
    [verdict] = judged(address_of(), listed=status_list(**change), hours_kept=hours_kept)

    assert verdict["state"] == "status-unknown"
    assert verdict["facts"]["nameAr"] == CERTIFICATE.name_ar


def test_without_a_list_or_a_place_the_status_is_unknown(judged: Judge):
    placeless = address_of(replace(CERTIFICATE, status_index=None))

    assert judged(address_of())[0]["state"] == "status-unknown"
    assert judged(placeless, listed=status_list())[0]["state"] == "status-unknown"


@pytest.mark.parametrize(
    ("signer", "issued_on", "state"),
    [
        (STRANGER, date(2026, 11, 20), "key-unknown"),
        (RETIRED, date(2025, 10, 1), "valid"),
        (RETIRED, date(2026, 11, 20), "key-not-valid-then"),
        (SIGNER, date(2025, 10, 1), "valid"),
        (STOLEN, date(2026, 11, 20), "key-compromised"),
        (STOLEN, date(2026, 11, 24), "key-compromised"),
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
def test_a_key_speaks_only_for_its_time(judged: Judge, signer: MemorySigner, issued_on: date, state: str):
    address = address_of(replace(CERTIFICATE, issued_on=issued_on), signer)

    assert judged(address, listed=status_list())[0]["state"] == state


def test_a_list_signed_by_a_stolen_or_strange_key_is_refused(judged: Judge):
    for signer in (STOLEN, STRANGER):
        [verdict] = judged(address_of(), listed=status_list().seal(signer=signer))

        assert verdict == {"fault": "not signed by a key we trust"}


def test_the_browser_takes_the_next_set_of_keys_only_from_the_last(judged: Judge):
    first, newer = KEYS.seal(signer=SIGNER), replace(KEYS, issued_at=NOW)

    taken = judged(address_of(), listed=status_list(), keys=(first, newer.seal(signer=RETIRED)))
    strange = judged(address_of(), keys=(first, newer.seal(signer=STRANGER)))
    stolen = judged(address_of(), keys=(first, newer.seal(signer=STOLEN)))
    older = judged(address_of(), keys=(newer.seal(signer=SIGNER), first))

    assert taken[0]["state"] == "valid"
    assert strange == stolen == [{"fault": "not signed by a key we trust"}]
    assert older == [{"fault": "older than the set at hand"}]


def test_the_modules_can_be_joined_into_one_script():
    script = joined(MODULES, "verdict.js") + joined(MODULES, "keys.js")

    assert "import " not in script
    assert "async function judge(" in script
