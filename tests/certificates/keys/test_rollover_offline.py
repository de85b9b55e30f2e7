"""A device that trusts the previous key accepts the next one only by a rollover statement of a trusted key."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.enums import RoleName
from certificates.enums import KeyRole, Reason
from certificates.jose import NotAuthentic
from certificates.models import Credential, KeyRollover, SigningKey
from certificates.offline.key_set import (
    KeySet,
)
from certificates.services.badges import offline_url
from certificates.services.keys import mark_compromised, retire_key, rotate_key
from certificates.services.signers import clear_signer_cache
from tests.certificates.offline_verifier import verdict_of
from tests.certificates.verifiers.key_sets import UntrustedKeys, read_key_set
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    issued,
    revoke,
)
from tests.factories.courses import CohortFactory

KEYS, ROLLOVERS, STATUS = "/verify/keys.json", "/verify/hand-overs.json", "/verify/status"


@pytest.fixture
def credential(demo_keys: list[SigningKey]) -> Credential:
    return issued(CohortFactory())


def keys_of(client: Client) -> str:
    return client.get(KEYS).content.decode()


def rollovers_of(client: Client) -> list[str]:
    return json.loads(client.get(ROLLOVERS).content)


def rotated() -> SigningKey:
    """The next key, in use at once: what follows a commit, which a test never reaches, is done here."""
    key = rotate_key(role=KeyRole.CREDENTIAL, by=None)
    clear_signer_cache()
    cache.clear()
    return key


def marked_compromised(key: SigningKey, *, before: timedelta = timedelta()) -> None:
    mark_compromised(key_id=key.key_id, since=timezone.now() - before, by=None)
    clear_signer_cache()
    cache.clear()


def active() -> SigningKey:
    return SigningKey.objects.get(role=KeyRole.CREDENTIAL, retired_at=None)


@pytest.mark.parametrize("rotations", [1, 2, 3])
def test_a_set_signed_by_a_later_key_is_believed_through_those_between(
    client: Client, credential: Credential, rotations: int
):
    known = read_key_set(keys_of(client))
    for _rotation in range(rotations):
        rotated()

    with pytest.raises(UntrustedKeys):
        read_key_set(keys_of(client), known=known)
    newer = read_key_set(keys_of(client), known=known, rollovers=rollovers_of(client))

    assert len(newer.keys) == rotations + 1


@pytest.mark.parametrize("rotations", [1, 2])
def test_old_and_new_certificates_are_valid_after_a_rotation_and_a_revoked_one_is_not(
    client: Client, credential: Credential, rotations: int
):
    first, old = keys_of(client), offline_url(credential)
    for _rotation in range(rotations):
        rotated()
    other = issued(CohortFactory())
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user

    def said_of(address: str) -> str:
        verdict = verdict_of(
            address,
            keys=[first, keys_of(client)],
            rollovers=rollovers_of(client),
            listed=client.get(STATUS).content,
            now=timezone.now(),
        )
        return verdict["state"]

    before = [said_of(old), said_of(offline_url(other))]
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    cache.clear()
    after = [said_of(old), said_of(offline_url(other))]

    assert before == ["valid", "valid"]
    assert after == ["revoked", "valid"]


def test_a_compromised_key_cannot_introduce_another(client: Client, credential: Credential):
    first = keys_of(client)
    marked_compromised(active())
    rotated()

    verdict = verdict_of(
        offline_url(credential),
        keys=[first, keys_of(client)],
        rollovers=rollovers_of(client),
        listed=None,
        now=timezone.now(),
    )

    assert rollovers_of(client) == []
    assert verdict == {"fault": "not signed by a key we trust"}
    with pytest.raises(UntrustedKeys):
        read_key_set(keys_of(client), known=read_key_set(first), rollovers=rollovers_of(client))


def test_a_rotation_after_the_theft_is_taken_back_when_the_theft_is_known(
    client: Client, credential: Credential
):
    stolen = active()
    rotated()
    before = rollovers_of(client)

    marked_compromised(stolen, before=timedelta(days=1))

    assert len(before) == 1
    assert rollovers_of(client) == []


def test_a_rotation_before_the_theft_still_leads_on(client: Client, credential: Credential):
    known, outgoing = read_key_set(keys_of(client)), active()
    rotated()

    marked_compromised(outgoing)

    newer = read_key_set(keys_of(client), known=known, rollovers=rollovers_of(client))
    assert [key.compromised_at is not None for key in newer.keys].count(True) == 1


def test_who_knows_that_a_key_was_stolen_follows_none_of_its_introductions(
    client: Client, credential: Credential
):
    known = read_key_set(keys_of(client))
    rotated()
    warned = replace(known, keys=tuple(replace(key, compromised_at=timezone.now()) for key in known.keys))

    with pytest.raises(UntrustedKeys):
        read_key_set(keys_of(client), known=warned, rollovers=rollovers_of(client))


def test_a_key_whose_private_half_is_lost_does_not_hinder_the_next(client: Client, credential: Credential):
    SigningKey.objects.filter(pk=active().pk).update(place="file:gone.pem")

    rotated()

    assert not KeyRollover.objects.exists()
    assert len(read_key_set(keys_of(client)).keys) == 2


def test_a_key_that_was_retired_alone_introduces_the_one_that_comes_later(
    client: Client, credential: Credential
):
    known = read_key_set(keys_of(client))
    retire_key(key_id=active().key_id, by=None)
    rotated()

    newer = read_key_set(keys_of(client), known=known, rollovers=rollovers_of(client))

    assert len(newer.keys) == 2


def test_keys_of_other_roles_cannot_introduce_another(client: Client, credential: Credential):
    rotate_key(role=KeyRole.DATA_INTEGRITY, by=None)

    assert not KeyRollover.objects.exists()


def test_a_set_of_keys_is_no_introduction(client: Client, credential: Credential):
    known = read_key_set(keys_of(client))
    rotated()
    create_key_rollover = rollovers_of(client)[0]

    with pytest.raises(NotAuthentic):
        read_key_set(create_key_rollover, known=known)
    with pytest.raises(UntrustedKeys):
        read_key_set(keys_of(client), known=known, rollovers=[keys_of(client), "nonsense", "a.b.c"])


def test_an_old_set_is_refused_although_its_signer_is_known(client: Client, credential: Credential):
    older = keys_of(client)
    known = read_key_set(older)
    later = KeySet(issued_at=known.issued_at + timedelta(seconds=1), keys=known.keys)

    with pytest.raises(NotAuthentic, match="older"):
        read_key_set(older, known=later)


def test_a_key_that_another_process_ended_signs_nothing_more_for_devices(
    client: Client, credential: Credential
):
    opened_here = active()
    client.get(STATUS)
    rotate_key(role=KeyRole.CREDENTIAL, by=None)
    mark_compromised(key_id=opened_here.key_id, since=timezone.now(), by=None)
    cache.clear()

    keys, listed = keys_of(client), client.get(STATUS).content
    verdict = verdict_of(offline_url(credential), keys=[keys], listed=listed, now=timezone.now())

    assert verdict["state"] == "valid"


def test_introductions_are_fetched_with_one_query_and_asked_for_cheaply(
    client: Client, credential: Credential, django_assert_num_queries: object
):
    for _rotation in range(3):
        rotated()
    first = client.get(ROLLOVERS)

    with django_assert_num_queries(1):  # type: ignore[operator]
        again = client.get(ROLLOVERS, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert len(json.loads(first.content)) == 3
    assert first["Access-Control-Allow-Origin"] == "*"
