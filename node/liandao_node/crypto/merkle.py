"""Merkle trees of RFC 9162 section 2.1 (the trees of RFC 6962) over SHA-256 (L-9.1).

A leaf is hashed behind 0x00 and a node behind 0x01, so that no node passes for a leaf. An odd
node moves up alone instead of being doubled, so that no two lists of leaves share a root as in
CVE-2012-2459. The empty tree's root is SHA-256 of nothing. The module knows no transaction and
no receipt: leaves are bytes.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _level_above(level: list[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    if len(level) % 2:
        above.append(level[-1])
    return above


def root(leaves: Sequence[bytes]) -> bytes:
    """Root of the tree over ``leaves``: 32 bytes."""
    if not leaves:
        return EMPTY_ROOT
    level = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Hashes that lead from leaf ``index`` to the root, lowest first.

    Raises IndexError when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path = []
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level = _level_above(level)
        index //= 2
    return path


def root_from_path(hashed_leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that ``path`` leads to from a hashed leaf (RFC 9162 section 2.1.3.2).

    Empty when the path cannot belong to leaf ``index`` of a tree of ``size`` leaves.
    """
    if not 0 <= index < size:
        return b""
    position, last, value = index, size - 1, hashed_leaf
    for sibling in path:
        if last == 0:
            return b""
        if position % 2 or position == last:
            value = _join(sibling, value)
            # A node without a right neighbour has moved up until it became a right child.
            while position and not position % 2:
                position //= 2
                last //= 2
        else:
            value = _join(value, sibling)
        position //= 2
        last //= 2
    return value if last == 0 else b""


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> bool:
    """Whether ``leaf`` is number ``index`` of the ``size`` leaves under ``expected_root``."""
    return verify_hashed_inclusion(leaf_hash(leaf), index, size, path, expected_root)


def verify_hashed_inclusion(
    hashed_leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes
) -> bool:
    """As `verify_inclusion`, for a leaf of which only the hash is known."""
    if len(hashed_leaf) != 32 or len(expected_root) != 32 or any(len(p) != 32 for p in path):
        return False
    return root_from_path(hashed_leaf, index, size, path) == expected_root


class TreeBuilder:
    """A tree that grows leaf by leaf and keeps only O(log n) hashes."""

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        """Roots of the full subtrees, largest first: one for each 1 bit of ``size``."""

    def append(self, leaf: bytes) -> None:
        value = leaf_hash(leaf)
        carry = self.size
        while carry % 2:
            value = _join(self._peaks.pop(), value)
            carry //= 2
        self._peaks.append(value)
        self.size += 1

    def root(self) -> bytes:
        """Root over the leaves so far: 32 bytes."""
        if not self._peaks:
            return EMPTY_ROOT
        value = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            value = _join(peak, value)
        return value
