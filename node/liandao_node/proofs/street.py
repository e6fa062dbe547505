"""What the genesis file says to a verifier: the street, its money, its first committee.

Read from the bare JSON by code of its own: nothing of the node's reader is used, so that an
error there does not hide here as well (P-8.1).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from liandao_node.errors import InputFault

SIZES: Final = (4, 7, 10, 13, 16, 19)
"""Of a committee that is chosen out of more shops."""
KEY_BYTES: Final = 32
FIRST_PROTOCOL: Final = 1
"""That every street begins with."""


@dataclass(frozen=True, slots=True)
class Committee:
    """The seats of an epoch, by position."""

    epoch: int
    first_seq: int
    """Height of the first block that it may make."""
    protocol: int
    """In force in its epoch: the version of all its headers."""
    shops: tuple[int, ...]
    keys: tuple[bytes, ...]

    @property
    def quorum(self) -> int:
        """Signatures that decide (P-1.2)."""
        seats = len(self.keys)
        return (seats + (seats - 1) // 3) // 2 + 1


@dataclass(frozen=True, slots=True)
class Street:
    name: str
    chain_id: bytes
    shops: tuple[str, ...]
    """Names of the founding members by number."""
    currency: str
    exponent: int
    created_ms: int
    unbonding_epochs: int
    """So long a seat that has left answers with its stake for what it signed."""
    first: Committee

    def shop_name(self, shop: int) -> str:
        """A shop that joined later is not in the genesis file and is told by its number."""
        return self.shops[shop] if 0 <= shop < len(self.shops) else f"shop {shop}"


def read_street(genesis: str) -> Street:
    """The street of a genesis file (JSON text).

    Raises InputFault ``RECEIPT_GENESIS_BAD``.
    """
    try:
        tree = json.loads(genesis)
        canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return Street(
            name=str(tree["street"]),
            chain_id=sha256(b"liandao/genesis/1\0" + canonical.encode()).digest(),
            shops=tuple(str(shop["name"]) for shop in tree["shops"]),
            currency=str(tree["currency"]),
            exponent=int(tree["exponent"]),
            created_ms=int(tree["created_ms"]),
            unbonding_epochs=int(tree["rules"]["unbonding_epochs"]),
            first=_first_committee(tree),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputFault("RECEIPT_GENESIS_BAD", detail=repr(error)[:200]) from error


def _first_committee(tree: Mapping[str, object]) -> Committee:
    """The committee of epoch 0 (P-8.1). Raises ValueError, KeyError or TypeError."""
    shops = tree["shops"]
    if not isinstance(shops, list) or not shops:
        raise ValueError("no shops")
    if [shop["shop"] for shop in shops] != list(range(len(shops))):
        raise ValueError("shops are not numbered from 0")
    keys = [bytes.fromhex(shop["node_key"]) for shop in shops]
    # A seat more for somebody is a vote more.
    if len(set(keys)) != len(keys) or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("two shops with one key, or a key that is none")
    rules = tree["rules"]
    if not isinstance(rules, dict):
        raise TypeError("no rules")
    bonds = [int(shop["bond"]) for shop in shops]
    seated = tree["committee"] or _by_bond(bonds, int(rules["committee_seats"]))
    if not isinstance(seated, list) or any(type(shop) is not int for shop in seated):
        raise TypeError("the committee is no list of shops")
    if seated != sorted(set(seated)) or not 0 <= seated[0] <= seated[-1] < len(shops):
        raise ValueError("the committee does not list shops, rising")
    return Committee(0, 1, FIRST_PROTOCOL, tuple(seated), tuple(keys[shop] for shop in seated))


def _by_bond(bonds: list[int], most: int) -> list[int]:
    """Who sits in a first committee of ``most`` seats that the file does not list."""
    shops = range(len(bonds))
    if len(bonds) < SIZES[0]:
        return list(shops)
    count = max(size for size in SIZES if size <= min(len(bonds), most))
    return sorted(sorted(shops, key=lambda shop: (-bonds[shop], shop))[:count])
