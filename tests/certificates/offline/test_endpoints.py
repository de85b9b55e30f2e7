"""The documents of offline verification: signed keys and status list, at most five minutes old, with conditional requests."""

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from accounts.enums import RoleName
from accounts.models import Center
from certificates.enums import CredentialKind, KeyRole, Reason
from certificates.models import Credential, SigningKey
from certificates.offline.key_set import KeySet
from certificates.offline.payload import KINDS
from certificates.offline.status_list import OfflineStatus, OfflineStatusList
from certificates.sealing import public_pem
from certificates.services.badges import offline_url
from certificates.services.keys import mark_compromised, rotate_key
from certificates.services.offline import CACHE_SECONDS
from certificates.services.signers import clear_signer_cache, signer_for
from certificates.services.statuses import suspend
from courses.models import SkillLevel
from tests.certificates.verifiers.addresses import read_verification_url
from tests.certificates.verifiers.key_sets import named_in, read_key_set
from tests.certificates.verifiers.offline_lists import read_offline_list
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center, demo_keys: list[SigningKey]) -> Credential:
    return issued(CohortFactory(center=center))


def fetched(client: Client) -> tuple[KeySet, OfflineStatusList]:
    key_set = read_key_set(client.get("/verify/keys.json").content.decode())
    return key_set, read_offline_list(client.get("/verify/status").content, keys_named=named_in(key_set))


def test_a_code_of_ours_is_read_with_the_fetched_keys(client: Client, credential: Credential):
    key_set, status_list = fetched(client)

    certificate, _key = read_verification_url(offline_url(credential), keys_named=named_in(key_set))

    assert certificate.number == credential.number
    assert certificate.name_ar == credential.claims["name_ar"]
    assert status_list[credential.pk] == OfflineStatus.GOOD


@pytest.mark.parametrize("kind", ["skill_level", "completion", "attendance"])
def test_a_code_says_of_which_kind_and_level_a_certificate_is(
    client: Client, credential: Credential, kind: str
):
    """The code of a statement of attendance must not pass on a forged license of the same person."""
    credential.kind = kind
    key_set, _list = fetched(client)

    certificate, _key = read_verification_url(offline_url(credential), keys_named=named_in(key_set))

    assert (KINDS[certificate.kind - 1], certificate.number) == (kind, credential.number)
    assert certificate.level == (credential.claims["level"] if kind == "skill_level" else "")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_has_the_words_for_each_kind_and_level(client: Client, language: str):
    page = client.get(f"/verify/offline/{language}/").content.decode()

    with translation.override(language):
        for number, kind in enumerate(KINDS, 1):
            assert f'<span data-key="{number}">{CredentialKind(kind).label}</span>' in page
        for level in SkillLevel.objects.all():
            assert f'<span data-key="{level.code}">{level.name}</span>' in page
    assert set(KINDS) == set(CredentialKind)


def test_the_worker_may_answer_at_the_addresses_in_qr_codes(client: Client, credential: Credential):
    worker = client.get("/verify/offline/worker.js")
    page = client.get("/verify/offline/ar/").content.decode()

    assert worker["Service-Worker-Allowed"] == "/"
    assert urlsplit(offline_url(credential)).path == f"/c/{credential.code}"
    assert 'const SCANNED = "/c/"' in worker.content.decode()
    assert 'data-scanned="/c/"' in page


def test_what_ended_is_in_the_list(client: Client, credential: Credential, center: Center):
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    other = issued(CohortFactory(center=center))
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    suspend(credential_id=other.pk, reason=Reason.COURT_ORDER, note="", by=officer)

    _keys, status_list = fetched(client)

    assert status_list[credential.pk] == OfflineStatus.REVOKED
    assert status_list[other.pk] == OfflineStatus.SUSPENDED


def test_a_certificate_that_came_after_the_list_is_not_in_it(
    client: Client, credential: Credential, center: Center
):
    _keys, status_list = fetched(client)

    later = issued(CohortFactory(center=center))

    with pytest.raises(IndexError):
        status_list[later.pk]


def test_a_revocation_is_in_the_next_list_within_five_minutes(
    client: Client, credential: Credential, center: Center
):
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    _keys, before = fetched(client)

    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    response = client.get("/verify/status")
    # As after CACHE_SECONDS.
    cache.delete("certificates.offline.status")
    _keys, after = fetched(client)

    assert before[credential.pk] == OfflineStatus.GOOD
    assert after[credential.pk] == OfflineStatus.REVOKED
    kept_by_browsers = int(response["Cache-Control"].partition("max-age=")[2])
    assert CACHE_SECONDS + kept_by_browsers <= 300


def test_old_and_stolen_keys_stay_in_the_set(client: Client, credential: Credential):
    first = SigningKey.objects.get(role=KeyRole.CREDENTIAL, retired_at=None)
    second = rotate_key(role=KeyRole.CREDENTIAL, by=None)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    mark_compromised(key_id=second.key_id, since=timezone.now(), by=None)
    # Signers are exchanged on commit, which a test never reaches.
    clear_signer_cache()

    key_set = read_key_set(client.get("/verify/keys.json").content.decode())

    assert len(key_set.keys) == 3
    retired = next(key for key in key_set.keys if public_pem(key.public_key) == first.public_key)
    assert retired.retired_at is not None
    assert [key.compromised_at is not None for key in key_set.keys].count(True) == 1


@pytest.mark.parametrize("address", ["/verify/keys.json", "/verify/status"])
def test_who_has_the_newest_is_not_sent_it_again(client: Client, credential: Credential, address: str):
    first = client.get(address)

    again = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Access-Control-Allow-Origin"] == "*"


def test_the_list_of_many_stays_small(client: Client, credential: Credential):
    marked = dict.fromkeys(range(0, 100000, 100), OfflineStatus.REVOKED)
    moment = timezone.now()

    sealed = OfflineStatusList(
        issued_at=moment, next_update=moment + dt.timedelta(days=1), size=100_000, marked=marked
    ).sign(signer=signer_for(KeyRole.CREDENTIAL))

    assert len(client.get("/verify/status").content) < 1_000
    assert len(sealed) < 10_000


def test_the_worker_keeps_pages_scripts_and_styles_and_nothing_personal(
    client: Client, demo_keys: list[SigningKey]
):
    worker = client.get("/verify/offline/worker.js")
    page = client.get("/verify/offline/ar/").content.decode()

    assert worker["Content-Type"].startswith("text/javascript")
    for part in ("verify.js", "site.css", "qr_decoder.js", "offline/ar/", "offline/en/"):
        assert part in worker.content.decode()
    assert 'dir="rtl"' in page
    assert "csrfmiddlewaretoken" not in page
    assert client.get("/verify/offline/manifest-ar.webmanifest").json()["scope"] == "/verify/offline/"


def test_an_unsupported_language_is_not_found(client: Client, db: None):
    assert client.get("/verify/offline/fr/").status_code == 404
    assert client.get("/verify/offline/manifest-fr.webmanifest").status_code == 404


@pytest.mark.parametrize("address", ["/verify/keys.json", "/verify/status"])
def test_a_site_without_keys_says_so(client: Client, keys_dir: Path, db: None, address: str):
    response = client.get(address)

    assert response.status_code == 503
    assert "Traceback" not in response.content.decode()
