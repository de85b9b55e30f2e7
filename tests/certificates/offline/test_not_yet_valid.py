"""A certificate whose time has not begun is genuine and not valid yet."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from certificates.models import SigningKey
from certificates.offline.key_set import KeySet, OfflineKey
from certificates.offline.payload import OfflineCertificate, sign_certificate, verification_url
from certificates.offline.status_list import OfflineStatus, OfflineStatusList
from certificates.services.offline import offline_certificate
from tests.certificates.offline_verifier import verdict_of
from tests.certificates.signers import p256_signer
from tests.factories.certificates import issued

SIGNER = p256_signer()
FIRST, LAST = date(2027, 1, 10), date(2029, 1, 9)
CERTIFICATE = OfflineCertificate(
    code="7K3M9QXD1A9RZ",
    program="WLD",
    issued_on=date(2026, 11, 20),
    valid_from=FIRST,
    expires_on=LAST,
    status_index=3,
)
ADDRESS = verification_url(
    page="https://v.gov.eg/c/7K3M9QXD1A9RZ", sealed=sign_certificate(CERTIFICATE, signer=SIGNER)
)


def state_on(moment: datetime, status: OfflineStatus = OfflineStatus.GOOD, *, time_zone: str = "UTC") -> str:
    keys = KeySet(
        issued_at=moment,
        keys=(OfflineKey(public_key=SIGNER.public_key, not_before=datetime(2026, 1, 1, tzinfo=UTC)),),
    )
    listed = OfflineStatusList(
        issued_at=moment, next_update=moment + timedelta(days=1), size=9, marked={3: status}
    )
    verdict = verdict_of(
        ADDRESS,
        keys=[keys.sign(signer=SIGNER)],
        listed=listed.sign(signer=SIGNER),
        now=moment,
        time_zone=time_zone,
    )
    return verdict["state"]


@pytest.mark.parametrize(
    ("moment", "status", "state"),
    [
        (datetime(2026, 11, 24, 9, tzinfo=UTC), OfflineStatus.GOOD, "not-yet-valid"),
        (datetime(2027, 1, 9, 23, tzinfo=UTC), OfflineStatus.GOOD, "not-yet-valid"),
        (datetime(2027, 1, 10, 0, tzinfo=UTC), OfflineStatus.GOOD, "valid"),
        (datetime(2029, 1, 10, 0, tzinfo=UTC), OfflineStatus.GOOD, "expired"),
        (datetime(2026, 11, 24, 9, tzinfo=UTC), OfflineStatus.REVOKED, "revoked"),
    ],
    ids=["long before", "the evening before", "its first day", "after its last day", "revoked before"],
)
def test_a_certificate_is_valid_from_its_first_day(moment: datetime, status: OfflineStatus, state: str):
    assert state_on(moment, status) == state


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2027, 1, 9, 21, 59, tzinfo=UTC), "not-yet-valid"),
        (datetime(2027, 1, 9, 22, 0, tzinfo=UTC), "valid"),
        (datetime(2029, 1, 9, 21, 59, tzinfo=UTC), "valid"),
        (datetime(2029, 1, 9, 22, 0, tzinfo=UTC), "expired"),
    ],
    ids=["before midnight", "first midnight", "last evening", "last midnight"],
)
def test_its_days_begin_and_end_where_it_was_issued(moment: datetime, state: str):
    """As the public page says it, whatever the hour in UTC."""
    assert state_on(moment, time_zone="Africa/Cairo") == state


@pytest.mark.django_db
def test_the_page_says_where_the_days_are_counted(client: Client):
    page = client.get("/verify/offline/ar/").content.decode()

    assert 'data-time-zone="Africa/Cairo"' in page


@pytest.mark.parametrize("days", [0, 60])
def test_a_code_has_the_first_day_only_if_it_is_after_the_day_of_issue(
    demo_keys: list[SigningKey], days: int
):
    credential = issued()
    credential.valid_from = credential.issued_on + timedelta(days=days)

    certificate = offline_certificate(credential)

    assert certificate.valid_from == (credential.valid_from if days else None)
