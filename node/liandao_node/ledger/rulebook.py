"""The rules and the modules in force, as the machine reads them at every block (L-19.1).

This record's form stays for ever: by it a node finds out what it needs to read all others. Who
writes it and when is the business of the module of rules. A street without that module keeps the
rules and modules of its genesis file.
"""

from functools import lru_cache
from typing import Final

import msgspec

from liandao_node.errors import StorageFault
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import Table
from liandao_node.types import Millis, Seq
from liandao_node.wire.codec import Canonical
from liandao_node.wire.genesis import Genesis, Rules

NUMBER: Final = 6
"""Of the module of rules."""
NAME: Final = "rules"
NEVER: Final = 2**32 - 1
"""In place of a clearing period: nothing waits."""
NEW: Final = 0
"""In place of the version before: the module was not in the street."""
FIELDS: Final = Rules.__struct_fields__


class RuleValue(Canonical, frozen=True):
    """A rule by the name of its field in the genesis file, and its value."""

    name: str
    value: int


class ModuleVersion(Canonical, frozen=True):
    name: str
    version: int


class Edition(Canonical, frozen=True):
    """A state of the rulebook; each change makes another."""

    number: int
    """1 for that of the genesis file."""
    rules: list[RuleValue]
    """All of them, in the order of the genesis file's fields."""
    modules: list[ModuleVersion]
    since_seq: Seq
    """Height of the first block that goes by it; 0 for the first one."""
    since_ms: Millis
    """Ledger time of the block in which it was made."""


class InForce(Canonical, frozen=True):
    """What the block above this state goes by, and what it has to begin with."""

    edition: Edition
    begins: list[ModuleVersion]
    """Modules that begin with that block, by the version before, `NEW` for none."""
    rules_from: int
    """The clearing period with which accepted values take effect, or `NEVER`."""
    modules_from: int
    """The same of accepted modules."""


in_force: Final = Table(NUMBER, 1, (), InForce)
editions: Final = Table(NUMBER, 2, ("u32",), Edition)
"""All of them, by number: what blocks of the past went by."""

_KEY: Final = in_force.key()


class Book:
    """The rulebook in force, read once and kept; nothing in it changes."""

    __slots__ = ("begins", "modules", "modules_from", "number", "rules", "rules_from")

    def __init__(self, kept: InForce) -> None:
        self.number: Final = kept.edition.number
        self.rules: Final = rules_of(kept.edition)
        self.modules: Final = tuple((one.name, one.version) for one in kept.edition.modules)
        self.begins: Final = tuple((one.name, one.version) for one in kept.begins)
        self.rules_from: Final = kept.rules_from
        self.modules_from: Final = kept.modules_from


def book_of(view: View) -> Book | None:
    """The rulebook of the block above a state; None in a street without the module of rules.

    One record is read; while it stays as it is, it is not read anew.
    """
    raw = view.get(_KEY)
    return None if raw is None else _book(raw)


def founding_book(genesis: Genesis) -> Book:
    """What a genesis file says."""
    return Book(first_in_force(genesis))


def first_in_force(genesis: Genesis) -> InForce:
    """The record with which a street begins."""
    modules = [ModuleVersion(name, version) for name, version in genesis.modules]
    edition = Edition(1, values_of(genesis.rules), modules, Seq(0), genesis.created_ms)
    return InForce(edition, [], NEVER, NEVER)


def values_of(rules: Rules) -> list[RuleValue]:
    return [RuleValue(name, getattr(rules, name)) for name in FIELDS]


def rules_of(edition: Edition) -> Rules:
    """A rule that the edition does not name, because programs knew none of that name when it was
    made, has its usual value."""
    return Rules(**{one.name: one.value for one in edition.rules})  # type: ignore[arg-type]


def put_in_force(view: View, kept: InForce) -> None:
    """Writes what is in force, and keeps the edition for those that ask for the past."""
    in_force.put(view, value=kept)
    if not editions.has(view, kept.edition.number):
        editions.put(view, kept.edition.number, value=kept.edition)


def past_modules(view: View) -> list[tuple[str, int]]:
    """Every module in every version that the street ever had, the oldest first."""
    found = {(one.name, one.version): None for _, e in editions.rows(view) for one in e.modules}
    return list(found)


@lru_cache(maxsize=8)
def _book(raw: bytes) -> Book:
    try:
        return Book(msgspec.msgpack.decode(raw, type=InForce))
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        # What the ledger put is what it reads: the disk holds something else now.
        detail = f"rulebook: {error}"[:200]
        raise StorageFault("DATABASE_DAMAGED", file="ledger.db", detail=detail) from error
