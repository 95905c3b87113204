"""The tree against published vectors, and against a second, naive one."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianshang.kernel.history import merkle
from lianshang.kernel.history.merkle import Contradiction, Whole
from lianshang.kernel.history.tests import naive

VECTORS = json.loads((Path(__file__).parent / "merkle_vectors.json").read_text(encoding="utf-8"))
# The eight leaves of the RFC 6962 implementations, and the roots of the trees of 0 to 8 of them.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
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


def tree(entries):
    return Whole(b"".join(merkle.leaf_hash(entry) for entry in entries))


def entries_of(seed, count):
    return [bytes([seed % 256, n % 256, n // 256]) for n in range(count)]


def holds(check, *given):
    try:
        check(*given)
    except Contradiction:
        return False
    return True


def decoded(path):
    return [b64decode(step) for step in path or ()]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size):
    entries = [bytes.fromhex(leaf) for leaf in LEAVES[:size]]

    assert merkle.root(tree(entries).node, size).hex() == ROOTS[size]


def test_there_are_196_vectors():
    assert (len(VECTORS["inclusion"]), len(VECTORS["consistency"])) == (98, 98)


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda vector: vector[6])
def test_proofs_of_inclusion_are_judged_as_published(vector):
    index, size, head, leaf, path, wrong, _ = vector

    held = holds(merkle.check_inclusion, b64decode(leaf or ""), index, size, decoded(path), b64decode(head or ""))

    assert held is not wrong


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda vector: vector[6])
def test_proofs_of_consistency_are_judged_as_published(vector):
    old, size, old_head, head, path, wrong, _ = vector

    held = holds(merkle.check_consistency, old, size, decoded(path), b64decode(old_head or ""), b64decode(head or ""))

    assert held is not wrong


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 255), size=st.integers(1, 70), data=st.data())
def test_random_trees_agree_with_the_naive_one(seed, size, data):
    entries = entries_of(seed, size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    node, head, old_head = tree(entries).node, naive.mth(entries), naive.mth(entries[:old])

    inclusion, consistency = merkle.inclusion(node, index, size), merkle.consistency(node, old, size)

    assert merkle.root(node, size) == head
    assert inclusion == naive.path(index, entries)
    assert consistency == naive.proof(old, entries)
    merkle.check_inclusion(merkle.leaf_hash(entries[index]), index, size, inclusion, head)
    merkle.check_consistency(old, size, consistency, old_head, head)


@settings(max_examples=150, deadline=None)
@given(size=st.integers(2, 70), data=st.data())
def test_a_changed_proof_leads_nowhere(size, data):
    entries = entries_of(7, size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    node, head, old_head = tree(entries).node, naive.mth(entries), naive.mth(entries[:old])
    inclusion, consistency = merkle.inclusion(node, index, size), merkle.consistency(node, old, size)
    bit = data.draw(st.integers(0, 255))

    def bent(path):
        at = data.draw(st.integers(0, len(path) - 1))
        changed = int.from_bytes(path[at], "big") ^ 1 << bit
        return [*path[:at], changed.to_bytes(32, "big"), *path[at + 1 :]]

    leaf = merkle.leaf_hash(entries[index])
    assert not holds(merkle.check_inclusion, leaf, index, size, bent(inclusion), head)
    assert not holds(merkle.check_inclusion, leaf, index, size, inclusion[:-1], head)
    assert not holds(merkle.check_consistency, old, size, bent(consistency), old_head, head)
    assert not holds(merkle.check_consistency, old, size, consistency, merkle.leaf_hash(old_head), head)
