"""The transparency log: complete, ordered, append-only, with proofs on request."""

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from certificates.enums import ClientScope, KeyRole, Reason, Status
from certificates.models import (
    Credential,
    LogEntry,
    LogNode,
    LogPending,
    SigningKey,
    StatusEvent,
)
from certificates.services.clients import make_client
from certificates.services.keys import make_demo_keys
from certificates.services.transparency_log import (
    TableStore,
    append_events,
    commitment,
    create_checkpoint,
    log_size,
    origin,
)
from certificates.transparency.tree import (
    Tree,
    leaf_hash,
)
from tests.certificates.verifiers.checkpoints import read_checkpoint
from tests.certificates.verifiers.trees import MemoryStore, is_consistent, is_included
from tests.factories.certificates import (
    issued,
    registrar_of,
    revoke,
)

SITE = "https://certificates.example.org"


@pytest.fixture
def site(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def credential(demo_keys: list[SigningKey], site: None) -> Credential:
    return Credential.objects.select_related("type").get(pk=issued().pk)


def revoked(credential: Credential) -> None:
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="private", by=registrar_of(credential))


def hashes(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(text) for text in texts]


def rebuilt() -> Tree:
    """The tree as an auditor builds it from the entries alone."""
    contents = LogEntry.objects.order_by("position").values_list("content", flat=True)
    return Tree(MemoryStore(), 0).append([leaf_hash(content.encode()) for content in contents])


def test_every_event_is_appended_once_in_order(credential: Credential):
    revoked(credential)

    appended, again = append_events(), append_events()

    assert (appended, again, LogPending.objects.count()) == (2, 0, 0)
    statuses = [json.loads(entry.content)["status"] for entry in credential.log_entries.all()]
    assert statuses == ["issued", "revoked"]
    assert [entry.kind for entry in credential.log_entries.all()] == ["issued", "status"]
    assert list(LogEntry.objects.values_list("position", flat=True)) == [0, 1]


def test_an_event_written_by_any_code_waits_for_the_log(credential: Credential):
    append_events()

    StatusEvent.objects.create(
        credential=credential,
        status=Status.REINSTATED,
        by=credential.approved_by,
        at=credential.events.get().at,
    )

    assert LogPending.objects.count() == 1
    assert append_events() == 1


def test_an_entry_names_no_person_and_its_commitment_is_verified_with_the_certificate(credential: Credential):
    append_events()

    content = LogEntry.objects.get().content

    said = {
        "facts": credential.claims,
        "id": str(credential.public_id),
        "issued_on": credential.issued_on.isoformat(),
        "number": credential.number,
        "type": credential.type.code,
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": None,
    }
    canonical = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    by_hand = hashlib.sha256(f"{credential.code}\n{canonical}".encode()).hexdigest()
    assert json.loads(content)["commitment"] == by_hand == commitment(credential)
    for private in (credential.claims["name_ar"], credential.claims["name_en"], credential.code):
        assert private not in content


def test_the_tree_in_the_tables_is_that_of_the_entries(credential: Credential):
    for _number in range(4):
        issued()
        append_events()

    assert Tree(TableStore(), log_size()).root() == rebuilt().root()


def test_a_checkpoint_is_sealed_once_a_day_with_the_key_of_the_log(credential: Credential):
    checkpoint, again = create_checkpoint(), create_checkpoint()

    keys = [key.loaded_public_key() for key in SigningKey.objects.filter(role=KeyRole.LOG)]
    read = read_checkpoint(checkpoint.note, origin=origin(), keys=keys)
    assert again == checkpoint
    assert (read.size, read.root) == (1, rebuilt().root())
    assert origin() == "certificates.example.org/log"


def test_an_auditor_proves_a_certificate_in_the_log_over_http(client: Client, credential: Credential):
    for _number in range(3):
        issued()
    revoked(credential)
    create_checkpoint()
    keys = [key.loaded_public_key() for key in SigningKey.objects.filter(role=KeyRole.LOG)]

    answer = client.get(f"/api/log/inclusion/{credential.code}").json()

    checkpoint = read_checkpoint(answer["checkpoint"], origin=origin(), keys=keys)
    assert len(answer["entries"]) == 2
    for entry in answer["entries"]:
        proven: dict[str, Any] = {
            "index": entry["position"],
            "size": checkpoint.size,
            "proof": hashes(entry["proof"]),
            "root": checkpoint.root,
        }
        assert is_included(leaf=leaf_hash(entry["content"].encode()), **proven)
        changed = entry["content"].replace("fraud", "other").replace("issued", "granted")
        assert not is_included(leaf=leaf_hash(changed.encode()), **proven)


def test_a_certificate_after_the_last_checkpoint_is_said_to_wait(client: Client, credential: Credential):
    before = client.get(f"/api/log/inclusion/{credential.code}")
    create_checkpoint()
    after = issued()

    assert before.status_code == 409
    assert client.get(f"/api/log/inclusion/{after.code}").status_code == 409
    assert client.get(f"/api/log/inclusion/{credential.code}").status_code == 200
    assert client.get("/api/log/inclusion/1111111111111").status_code == 404


def test_an_auditor_proves_that_the_log_only_grew_over_http(client: Client, credential: Credential):
    append_events()
    roots = {1: Tree(TableStore(), 1).root()}
    for size in range(2, 6):
        issued()
        append_events()
        roots[size] = Tree(TableStore(), size).root()

    for older in range(1, 6):
        for newer in range(older, 6):
            answer = client.get("/api/log/consistency", {"older": older, "newer": newer}).json()
            proof = hashes(answer["proof"])
            grown = {"older": older, "newer": newer, "proof": proof, "newer_root": roots[newer]}
            assert is_consistent(**grown, older_root=roots[older])
            assert not is_consistent(**grown, older_root=hashlib.sha256(b"rewritten").digest())


@pytest.mark.parametrize("sizes", [(2, 1), (0, 99), (1, 99)])
def test_a_size_the_log_does_not_have_is_refused(
    client: Client, credential: Credential, sizes: tuple[int, int]
):
    append_events()

    answer = client.get("/api/log/consistency", {"older": sizes[0], "newer": sizes[1]})

    assert answer.status_code == 409


@pytest.mark.parametrize("older", ["-1", str(2**63), "x", ""])
def test_what_is_no_size_is_refused(client: Client, db: None, older: str):
    assert client.get("/api/log/consistency", {"older": older, "newer": 1}).status_code == 422


def test_an_auditor_rebuilds_the_log_from_its_pages(client: Client, credential: Credential):
    for _number in range(4):
        issued()
    checkpoint = create_checkpoint()
    _client, key = make_client(name="Audit office", scopes=[ClientScope.AUDIT], by=None)
    headers = {"authorization": f"Bearer {key}"}

    leaves, start = [], 0
    while start is not None:
        page = client.get("/api/log/entries", {"start": start, "limit": 2}, headers=headers).json()
        leaves += [leaf_hash(entry["content"].encode()) for entry in page["entries"]]
        start = page["next_start"]

    keys = [key.loaded_public_key() for key in SigningKey.objects.filter(role=KeyRole.LOG)]
    sealed = read_checkpoint(client.get("/api/log/checkpoint").content.decode(), origin=origin(), keys=keys)
    assert len(leaves) == checkpoint.size == 5
    assert Tree(MemoryStore(), 0).append(leaves).root() == sealed.root
    listed = client.get("/api/log/checkpoints").json()
    assert [one["note"] for one in listed["checkpoints"]] == [checkpoint.note]
    assert listed["next_before"] is None


def test_entries_are_for_auditors_alone(client: Client, db: None):
    _client, key = make_client(name="Portal", scopes=[ClientScope.VERIFY], by=None)

    assert client.get("/api/log/entries").status_code == 401
    assert client.get("/api/log/entries", headers={"authorization": f"Bearer {key}"}).status_code == 401


def test_a_proof_costs_the_same_queries_in_a_log_of_any_size(
    client: Client, credential: Credential, django_assert_num_queries: Any
):
    append_events()
    small = Tree(TableStore(), 1)
    with django_assert_num_queries(0):
        small.inclusion_proof(0)
    for _number in range(6):
        issued()
    append_events()

    with django_assert_num_queries(1):
        Tree(TableStore(), 7).inclusion_proof(3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificates_logentry SET content = 'x'",
        "DELETE FROM certificates_logentry",
        "UPDATE certificates_lognode SET hash = 'x'",
        "DELETE FROM certificates_lognode",
        "UPDATE certificates_logcheckpoint SET size = 0",
        "DELETE FROM certificates_logcheckpoint",
    ],
)
def test_the_database_refuses_to_change_the_log(credential: Credential, statement: str):
    create_checkpoint()

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_appenders_and_rollbacks_side_by_side_leave_neither_gap_nor_double(keys_dir: Any, site: None):
    make_demo_keys()
    credentials = [issued() for _number in range(4)]
    append_events()

    def write(number: int) -> None:
        credential = credentials[number]
        try:
            for turn in range(6):
                with transaction.atomic():
                    StatusEvent.objects.create(
                        credential=credential,
                        status=Status.REINSTATED,
                        by_id=credential.approved_by_id,
                        at=timezone.now(),
                    )
                    transaction.set_rollback(turn % 2 == 1)
                append_events()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    append_events()

    assert StatusEvent.objects.count() == log_size() == 4 + 4 * 3
    assert list(LogEntry.objects.values_list("position", flat=True)) == list(range(16))
    assert not LogPending.objects.exists()
    assert Tree(TableStore(), 16).root() == rebuilt().root()
    assert LogNode.objects.filter(level=0).count() == 16
