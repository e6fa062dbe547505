"""Merkle trees: the published probes, the definition of RFC 9162, and T20."""

import base64
import io
import json
import tarfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from liandao_node.crypto import merkle

PROBES = Path(__file__).resolve().parents[4] / "shared/data/vectors/merkle/testdata.tar.gz"
SIZES = range(1, 34)


def _by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1" + _by_definition(leaves[:k]) + _by_definition(leaves[k:])).digest()


def _leaves(size: int) -> list[bytes]:
    return [bytes([number]) * (number % 5) for number in range(size)]


@pytest.mark.rule("L-9.1")
@pytest.mark.parametrize("size", range(34))
def test_root_is_that_of_the_rfc(size: int) -> None:
    assert merkle.root(_leaves(size)) == _by_definition(_leaves(size))


def test_root_of_published_leaves() -> None:
    """The tree of the Certificate Transparency reference implementation."""
    texts = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
    leaves = [bytes.fromhex(text) for text in (*texts, "606162636465666768696a6b6c6d6e6f")]
    expected = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.root(leaves).hex() == expected


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_proves_its_place_and_no_other(size: int) -> None:
    leaves = _leaves(size)
    root = merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.inclusion_path(leaves, index)
        assert merkle.verify_inclusion(leaf, index, size, path, root)
        assert not merkle.verify_inclusion(leaf + b"!", index, size, path, root)
        assert not merkle.verify_inclusion(leaf, index, size, [*path, root], root)
        if size > 1:
            assert not merkle.verify_inclusion(leaf, (index + 1) % size, size, path, root)
            assert not merkle.verify_inclusion(leaf, index, size, path[:-1], root)
    assert not merkle.verify_inclusion(leaves[0], size, size, [], root)
    assert not merkle.verify_inclusion(leaves[0], -1, size, [], root)


@pytest.mark.parametrize("index", [-1, 3])
def test_no_path_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_path(_leaves(3), index)


@pytest.mark.rule("L-9.1")
def test_odd_leaf_is_not_doubled() -> None:
    """CVE-2012-2459: a list with its last leaf twice must not have the same root."""
    assert merkle.root([b"a", b"b", b"c"]) != merkle.root([b"a", b"b", b"c", b"c"])


@pytest.mark.rule("L-9.1")
def test_node_does_not_pass_for_a_leaf() -> None:
    leaves = [b"a", b"b", b"c", b"d"]
    children = merkle.leaf_hash(b"a") + merkle.leaf_hash(b"b")
    root = merkle.root(leaves)
    path = merkle.inclusion_path(leaves, 0)[1:]
    assert not merkle.verify_inclusion(children, 0, 2, path, root)
    assert merkle.root([children, b"c"]) != merkle.root([b"a", b"b", b"c"])


def test_empty_tree_has_a_root_of_its_own() -> None:
    assert merkle.root([]) == sha256(b"").digest() != merkle.root([b""])


@pytest.mark.parametrize("size", [0, *SIZES, 1000])
def test_builder_agrees_at_every_size_and_stays_small(size: int) -> None:
    builder = merkle.TreeBuilder()
    leaves = [number.to_bytes(2, "big") for number in range(size)]
    for leaf in leaves:
        builder.append(leaf)
    assert builder.root() == merkle.root(leaves)
    assert builder.size == size
    assert len(builder._peaks) == size.bit_count()


def test_published_inclusion_probes() -> None:
    """transparency-dev/merkle, testdata/inclusion: good and broken proofs."""
    if not PROBES.exists():
        pytest.skip(f"no {PROBES.name} beside the project")
    judged = {True: 0, False: 0}
    with tarfile.open(fileobj=io.BytesIO(PROBES.read_bytes())) as archive:
        for member in archive.getmembers():
            stream = archive.extractfile(member) if "/inclusion/" in member.name else None
            if stream is None:
                continue
            probe = json.load(stream)
            path = [base64.b64decode(node) for node in probe["proof"] or []]
            holds = merkle.verify_hashed_inclusion(
                base64.b64decode(probe["leafHash"] or ""),
                probe["leafIdx"],
                probe["treeSize"],
                path,
                base64.b64decode(probe["root"] or ""),
            )
            assert holds is not probe["wantErr"], f"{member.name}: {probe['desc']}"
            judged[holds] += 1
    assert judged[True] >= 3
    assert judged[False] >= 30
