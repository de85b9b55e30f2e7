"""A key may sign certificates that were issued before it was made; an ended key signs nothing new."""

import datetime as dt
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from certificates.enums import KeyRole
from certificates.models import SigningKey
from certificates.offline.key_set import KeySet, OfflineKey
from certificates.offline.payload import (
    OfflineCertificate,
    sign_certificate,
    verification_url,
)
from certificates.offline.status_list import OfflineStatusList
from certificates.services.badges import offline_url
from certificates.services.keys import rotate_key
from certificates.services.signers import clear_signer_cache
from tests.certificates.offline_verifier import verdict_of
from tests.certificates.signers import MemorySigner, p256_signer
from tests.certificates.verifiers.addresses import read_verification_url
from tests.certificates.verifiers.key_sets import named_in, read_key_set
from tests.factories.certificates import issued

NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
# Half past midnight in Cairo, on the day that begins there.
RETIRED_AT = dt.datetime(2026, 9, 30, 21, 30, tzinfo=dt.UTC)
ENDED, SIGNER = p256_signer(), p256_signer()
KEYS = KeySet(
    issued_at=NOW,
    keys=(
        OfflineKey(public_key=SIGNER.public_key, not_before=RETIRED_AT),
        OfflineKey(public_key=ENDED.public_key, not_before=NOW - timedelta(days=900), retired_at=RETIRED_AT),
    ),
)
LISTED = OfflineStatusList(issued_at=NOW, next_update=NOW + timedelta(days=1), size=9, marked={})


def said_of(signer: MemorySigner, *, issued_on: date, signed_on: date | None = None) -> str:
    certificate = OfflineCertificate(
        code="7K3M9QXD1A9RZ", program="WLD", issued_on=issued_on, signed_on=signed_on, status_index=3
    )
    address = verification_url(
        page="https://v.gov.eg/c/7K3M9QXD1A9RZ", sealed=sign_certificate(certificate, signer=signer)
    )
    listed = LISTED.sign(signer=SIGNER)
    verdict = verdict_of(address, keys=[KEYS.sign(signer=SIGNER)], listed=listed, now=NOW)
    return verdict["state"]


@pytest.mark.parametrize(
    ("signer", "issued_on", "signed_on", "state"),
    [
        (SIGNER, date(2024, 5, 1), date(2026, 11, 20), "valid"),
        (SIGNER, date(2024, 5, 1), None, "valid"),
        (ENDED, date(2024, 5, 1), None, "valid"),
        (ENDED, date(2026, 10, 1), None, "valid"),
        (ENDED, date(2026, 10, 3), None, "key-not-valid-then"),
        (ENDED, date(2024, 5, 1), date(2026, 10, 1), "valid"),
        (ENDED, date(2024, 5, 1), date(2026, 11, 20), "key-not-valid-then"),
    ],
    ids=[
        "a copy by the next key",
        "an old square by the next key",
        "of the time of the ended key",
        "on its last day where it was issued",
        "issued after the key ended",
        "a copy of the last day of the key",
        "a copy after the key ended",
    ],
)
def test_a_key_signs_older_certificates_and_nothing_after_its_end(
    signer: MemorySigner, issued_on: date, signed_on: date | None, state: str
):
    assert said_of(signer, issued_on=issued_on, signed_on=signed_on) == state


@pytest.mark.parametrize("is_copy", [False, True])
def test_a_certificate_drawn_after_a_rotation_is_valid_and_has_its_day_of_signing(
    client: Client, demo_keys: list[SigningKey], is_copy: bool
):
    credential = issued()
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    clear_signer_cache()
    cache.clear()
    if is_copy:
        credential.issued_on = timezone.localdate() - timedelta(days=30)

    keys = client.get("/verify/keys.json").content.decode()
    listed = client.get("/verify/status").content
    address = offline_url(credential)

    verdict = verdict_of(
        address,
        keys=[keys],
        listed=listed,
        now=timezone.now(),
        time_zone=timezone.get_default_timezone_name(),
    )
    certificate, _key = read_verification_url(address, keys_named=named_in(read_key_set(keys)))
    assert verdict["state"] == "valid"
    assert certificate.signed_on == (timezone.localdate() if is_copy else None)


def test_a_code_signed_on_the_day_of_issue_has_its_day_once(demo_keys: list[SigningKey]):
    credential = issued()
    same_day = offline_url(credential)

    credential.issued_on -= timedelta(days=1)

    assert len(same_day) < len(offline_url(credential))
