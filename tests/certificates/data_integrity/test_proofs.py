"""The holder of a certificate asks for its credential with a proof inside, and a worker makes it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import Center
from certificates.checks import check_keys
from certificates.data_integrity import proofs
from certificates.data_integrity.proofs import make_proof, request_proof
from certificates.enums import KeyRole
from certificates.models import Credential, ProofJob, SigningKey
from certificates.queries.keys import active_key
from certificates.services.keys import retire_key
from jobs.enums import JobState
from tests.certificates.openbadges.test_badges import SITE, published, verdicts
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.certificates import issued, proof_to_be_made


@pytest.fixture(autouse=True)
def site(settings: Settings, demo_keys: list[SigningKey]) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def credential() -> Credential:
    return Credential.objects.select_related("type", "center").get(pk=issued().pk)


@pytest.fixture
def holder(credential: Credential) -> Any:
    return UserFactory(person=credential.holder)


def test_the_holder_asks_for_a_proof_and_fetches_it_when_it_is_made(
    client: Client, credential: Credential, holder: Any
):
    client.force_login(holder)
    address = f"/api/credentials/{credential.code}/proof"
    nothing = client.get(address).status_code

    asked, again = client.post(address), client.post(address)
    make_proof(job_id=ProofJob.objects.get().pk)
    made = client.get(address).json()

    assert nothing == 404
    assert (asked.status_code, asked.json()) == (202, {"state": "waiting", "document": None})
    assert again.json()["state"] == "waiting"
    assert made["state"] == "done"
    assert made["document"]["proof"]["cryptosuite"] == "eddsa-rdfc-2022"


def test_only_the_holder_may_request_a_proof(client: Client, credential: Credential, holder: Any):
    address = f"/api/credentials/{credential.code}/proof"
    visitor = client.post(address).status_code
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=credential.center).user)

    assert (visitor, client.post(address).status_code, client.get(address).status_code) == (401, 404, 404)
    assert not ProofJob.objects.exists()


def test_another_site_cannot_ask_in_the_holders_name(credential: Credential, holder: Any):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(holder)

    assert browser.post(f"/api/credentials/{credential.code}/proof").status_code == 403


def test_a_proof_made_for_the_holder_is_accepted_by_a_foreign_verifier(
    client: Client, credential: Credential
):
    holder = UserFactory(person=credential.holder)
    job = request_proof(credential_id=credential.pk, by=holder)

    made = make_proof(job_id=job.pk)

    assert made is not None and made.document is not None
    changed = {**made.document, "name": "Another"}
    asked = published(client, secured=made.document)
    said = verdicts(asked, {**asked, "secured": changed})
    assert [verdict["accepted"] for verdict in said] == [True, False]
    assert make_proof(job_id=job.pk) is None


def test_a_proof_that_fails_after_another_worker_made_it_stays_done(
    center: Center, monkeypatch: pytest.MonkeyPatch
):
    job, add_proof = proof_to_be_made(center), proofs.add_proof

    def add_after_the_other(*_: object, **__: object) -> None:
        monkeypatch.setattr(proofs, "add_proof", add_proof)
        ProofJob.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        make_proof(job_id=job.pk)
        raise OSError("No space left on device")

    monkeypatch.setattr(proofs, "add_proof", add_after_the_other)
    with pytest.raises(OSError, match="No space"):
        make_proof(job_id=job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


@pytest.mark.parametrize(
    ("method", "codes"), [("post", {"202", "401", "403", "404"}), ("get", {"200", "401", "404"})]
)
def test_every_answer_is_declared(client: Client, method: str, codes: set[str]):
    paths = client.get("/api/openapi.json").json()["paths"]

    assert set(paths["/api/credentials/{code}/proof"][method]["responses"]) == codes


def test_a_site_that_makes_proofs_needs_a_key_for_them(settings: Settings):
    retire_key(key_id=active_key(KeyRole.DATA_INTEGRITY).key_id, by=None)
    settings.ALLOW_DEMO_CERTIFICATES = False

    found = check_keys(None, databases=["default"])

    assert [one.id for one in found].count("certificates.E001") == 1
