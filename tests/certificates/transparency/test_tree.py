"""The Merkle tree: inclusion and consistency proofs verify, and a changed or removed leaf breaks them."""

import base64
import math

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import NotAuthentic
from certificates.transparency.checkpoint import (
    Checkpoint,
    key_hash,
    sign_checkpoint,
)
from certificates.transparency.tree import (
    Tree,
    leaf_hash,
    node_hash,
)
from tests.certificates.signers import MemorySigner, ed25519_signer, p256_signer
from tests.certificates.verifiers.checkpoints import read_checkpoint
from tests.certificates.verifiers.trees import MemoryStore, is_consistent, is_included

# The vectors of the Certificate Transparency project (RFC 6962 and RFC 9162 have the same tree).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
FIRST_PAIR = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
SECOND_PAIR = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
FIRST_HALF = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
SECOND_HALF = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
FOURTH_PAIR = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
THIRD_PAIR = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAF_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"

sizes = st.integers(1, 70)


def tree_of(size: int) -> Tree:
    return Tree(MemoryStore(), 0).append([leaf_hash(b"%d" % number) for number in range(size)])


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_is_that_of_the_published_vectors(size: int):
    tree = Tree(MemoryStore(), 0).append([leaf_hash(entry) for entry in ENTRIES[:size]])

    assert tree.root().hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [LEAF_1, SECOND_PAIR, SECOND_HALF]),
        (5, 8, [LEAF_4, FOURTH_PAIR, FIRST_HALF]),
        (2, 3, [FIRST_PAIR]),
        (1, 5, [LEAF_0, SECOND_PAIR, LEAF_4]),
    ],
)
def test_an_inclusion_proof_is_that_of_the_published_vectors(index: int, size: int, proof: list[str]):
    tree = Tree(MemoryStore(), 0).append([leaf_hash(entry) for entry in ENTRIES[:size]])

    assert [step.hex() for step in tree.inclusion_proof(index)] == proof


@pytest.mark.parametrize(
    ("older", "newer", "proof"),
    [
        (1, 1, []),
        (1, 8, [LEAF_1, SECOND_PAIR, SECOND_HALF]),
        (6, 8, [THIRD_PAIR, FOURTH_PAIR, FIRST_HALF]),
        (2, 5, [SECOND_PAIR, LEAF_4]),
    ],
)
def test_a_consistency_proof_is_that_of_the_published_vectors(older: int, newer: int, proof: list[str]):
    tree = Tree(MemoryStore(), 0).append([leaf_hash(entry) for entry in ENTRIES[:newer]])

    assert [step.hex() for step in tree.consistency_proof(older)] == proof


@given(sizes)
def test_every_leaf_proves_to_be_in_the_tree(size: int):
    tree = tree_of(size)
    root = tree.root()

    for index in range(size):
        leaf = leaf_hash(b"%d" % index)
        assert is_included(leaf=leaf, index=index, size=size, proof=tree.inclusion_proof(index), root=root)


@given(sizes)
def test_every_earlier_tree_proves_to_be_the_beginning_of_a_later_one(newer: int):
    tree = tree_of(newer)

    for older in range(newer + 1):
        assert is_consistent(
            older=older,
            newer=newer,
            proof=tree.consistency_proof(older),
            older_root=Tree(tree.store, older).root(),
            newer_root=tree.root(),
        )


@given(sizes, st.data())
def test_a_changed_bit_breaks_an_inclusion_proof(size: int, data: st.DataObject):
    tree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    parts = [leaf_hash(b"%d" % index), tree.root(), *tree.inclusion_proof(index)]
    changed = data.draw(st.integers(0, len(parts) - 1))

    parts[changed] = flipped(parts[changed], data.draw(st.integers(0, 255)))
    leaf, root, *proof = parts

    assert not is_included(leaf=leaf, index=index, size=size, proof=proof, root=root)


@given(st.integers(2, 70), st.data())
def test_a_changed_bit_breaks_a_consistency_proof(newer: int, data: st.DataObject):
    tree = tree_of(newer)
    older = data.draw(st.integers(1, newer - 1))
    parts = [Tree(tree.store, older).root(), tree.root(), *tree.consistency_proof(older)]
    changed = data.draw(st.integers(0, len(parts) - 1))

    parts[changed] = flipped(parts[changed], data.draw(st.integers(0, 255)))
    older_root, newer_root, *proof = parts

    assert not is_consistent(
        older=older, newer=newer, proof=proof, older_root=older_root, newer_root=newer_root
    )


@given(st.integers(2, 70), st.data())
def test_a_proof_of_one_leaf_proves_no_other_place_and_no_other_length(size: int, data: st.DataObject):
    tree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-1, size + 1).filter(lambda place: place != index))
    proof, leaf, root = tree.inclusion_proof(index), leaf_hash(b"%d" % index), tree.root()

    assert not is_included(leaf=leaf, index=other, size=size, proof=proof, root=root)
    assert not is_included(leaf=leaf, index=index, size=size, proof=proof[:-1], root=root)
    assert not is_included(leaf=leaf, index=index, size=size, proof=[*proof, root], root=root)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_appending_in_batches_is_appending_one_by_one(batches: list[int]):
    together, alone = Tree(MemoryStore(), 0), Tree(MemoryStore(), 0)
    for batch in batches:
        leaves = [leaf_hash(b"%d" % number) for number in range(together.size, together.size + batch)]

        together = together.append(leaves)
        for leaf in leaves:
            alone = alone.append([leaf])

    assert together.store.nodes == alone.store.nodes
    assert together.root() == alone.root()


def test_a_batch_is_written_at_once_and_a_proof_reads_a_few_nodes_of_many():
    size, batch = 10_000, 1_000
    store = MemoryStore()
    tree = Tree(store, 0).append([leaf_hash(b"%d" % number) for number in range(size)])
    levels = math.ceil(math.log2(size + batch))

    store.reads = store.writes = store.batches = 0
    tree = tree.append([leaf_hash(b"%d" % number) for number in range(size, size + batch)])
    appended = (store.batches, store.reads <= levels, store.writes <= 2 * batch + levels)
    store.reads = store.batches = 0
    tree.inclusion_proof(4_321)
    included = (store.batches, store.reads <= 2 * levels)
    store.reads = store.batches = 0
    tree.consistency_proof(size)
    consistent = (store.batches, store.reads <= 2 * levels)

    assert appended == (2, True, True)
    assert included == (1, True)
    assert consistent == (1, True)


def test_a_leaf_cannot_pass_for_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")

    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize("index", [-1, 5])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int):
    with pytest.raises(IndexError):
        tree_of(5).inclusion_proof(index)


@pytest.mark.parametrize("older", [-1, 6])
def test_there_is_no_proof_from_a_size_that_never_was(older: int):
    with pytest.raises(IndexError):
        tree_of(5).consistency_proof(older)


def test_a_stored_node_is_never_replaced():
    tree = tree_of(3)

    with pytest.raises(ValueError, match="never changes"):
        Tree(tree.store, 2).append([leaf_hash(b"another past")])


ORIGIN = "certificates.example.org/log"


@pytest.mark.parametrize("signer", [ed25519_signer("log-1"), p256_signer("log-1")], ids=["Ed25519", "ECDSA"])
def test_a_signed_checkpoint_is_read_back(signer: MemorySigner):
    checkpoint = Checkpoint(origin=ORIGIN, size=20_852_163, root=tree_of(7).root())

    note = sign_checkpoint(checkpoint, signer=signer)

    assert read_checkpoint(note, origin=ORIGIN, keys=[signer.public_key]) == checkpoint


def test_a_checkpoint_is_five_lines_that_people_can_read():
    signer = ed25519_signer("log-1")
    root = tree_of(7).root()

    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=root), signer=signer)

    *text, signature = note.splitlines()
    assert text == [ORIGIN, "7", base64.b64encode(root).decode(), ""]
    assert signature.startswith(f"— {ORIGIN} ")


def test_a_key_is_named_as_the_verifiers_of_go_name_it():
    # The public key and its hash in the documentation of golang.org/x/mod/sumdb/note.
    name, named, encoded = ["PeterNeumann", "c74f20a3", "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])

    assert key_hash(name, key).hex() == named


@given(st.data())
def test_a_changed_character_spoils_a_checkpoint(data: st.DataObject):
    signer = ed25519_signer("log-1")
    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=tree_of(7).root()), signer=signer)
    place = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(max_codepoint=0x17F).filter(lambda character: character != note[place]))

    changed = note[:place] + other + note[place + 1 :]

    with pytest.raises(NotAuthentic):
        read_checkpoint(changed, origin=ORIGIN, keys=[signer.public_key])


def test_a_witness_may_sign_the_checkpoint_too():
    signer = ed25519_signer("log-1")
    checkpoint = Checkpoint(origin=ORIGIN, size=7, root=tree_of(7).root())
    note = sign_checkpoint(checkpoint, signer=signer)
    witness = f"— witness.example.org {base64.b64encode(bytes(76)).decode()}\n"

    assert read_checkpoint(note + witness, origin=ORIGIN, keys=[signer.public_key]) == checkpoint


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\nline"])
def test_a_log_has_a_name_without_spaces(origin: str):
    with pytest.raises(ValueError, match="cannot name a log"):
        sign_checkpoint(Checkpoint(origin=origin, size=0, root=bytes(32)), signer=ed25519_signer())


def test_a_checkpoint_of_another_log_or_key_is_refused():
    signer = ed25519_signer("log-1")
    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=7, root=bytes(32)), signer=signer)

    with pytest.raises(NotAuthentic, match="of this log"):
        read_checkpoint(note, origin="another.example.org/log", keys=[signer.public_key])
    with pytest.raises(NotAuthentic, match="No known key"):
        read_checkpoint(note, origin=ORIGIN, keys=[ed25519_signer("log-1").public_key])
