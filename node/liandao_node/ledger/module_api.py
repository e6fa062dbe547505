"""What a ledger module may see and do (D-11, docs/ledger.md section 15).

A module is a deterministic part of the state machine (L-3.2): the same calls in the same order give
the same records everywhere. It sees the `Context` and its tables, nothing else: no clock, no
randomness, no set or dict order, no float. The built-in modules use this API and no other.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated, ClassVar, Final, TypeVar, cast

import msgspec

from liandao_node.crypto.keys import Verifier
from liandao_node.errors import BugFound, Refused
from liandao_node.ledger import replay
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace
from liandao_node.limits import AMOUNT_MAX
from liandao_node.types import Amount, BlockHash, ChainId, Epoch, Millis, PublicKey, Seq, ShopId
from liandao_node.wire.codec import Canonical, encode
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.transactions import Call

S = TypeVar("S")

NUMBERS_PER_MODULE: Final = 100

# --- field types: a call whose fields are out of bounds is refused before any rule runs ---

AmountField = Annotated[Amount, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
TimeField = Annotated[Millis, msgspec.Meta(ge=0, le=2**53)]
U32Field = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
U63Field = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Bytes16Field = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Bytes16OrEmptyField = Annotated[bytes, msgspec.Meta(max_length=16)]
"""The rule itself refuses lengths between."""
Bytes32Field = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
SignatureField = Annotated[bytes, msgspec.Meta(max_length=64)]


class CallBody(Canonical, frozen=True):
    """Base of what a shop may ask of a module."""

    kind: ClassVar[int]
    """Module number * 100 + n, n from 0 to 99."""
    answer: ClassVar[type[Canonical]]
    """What `Module.apply` returns for it."""


def as_call(body: CallBody) -> Call:
    return Call(kind=body.kind, body=encode(body))


class Done(Canonical, frozen=True):
    """The answer of a call that has nothing to say but yes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where in the chain a block stands: what its header says before it is executed."""

    height: Seq
    parent: BlockHash
    time_ms: Millis
    epoch: Epoch
    proposer: ShopId
    attendance: int
    """Bit i: the proposer has lately counted votes of the seat at position i (P-12.6)."""


class Context:
    """The world of a rule: the block and call at work. A module keeps no reference to it."""

    __slots__ = (
        "_found",
        "_modules",
        "_services",
        "attendance",
        "chain_id",
        "epoch",
        "height",
        "parent",
        "position",
        "proposer",
        "rules",
        "shop",
        "time_ms",
        "utc_offset_minutes",
        "verify",
        "view",
    )

    def __init__(
        self,
        view: View,
        genesis: Genesis,
        chain_id: ChainId,
        *,
        at: Moment,
        verify: Verifier,
        services: Mapping[type, object],
        rules: Rules | None = None,
        modules: "Sequence[Module]" = (),
    ) -> None:
        self.view = view
        self.chain_id = chain_id
        self.rules: Rules = genesis.rules if rules is None else rules
        """In force in this block (L-19.1)."""
        self.utc_offset_minutes = genesis.utc_offset_minutes
        self.height = at.height
        self.parent = at.parent
        """Hash of the block below; 32 zero bytes while block 0 is made."""
        self.time_ms = at.time_ms
        """Ledger time: the block's (L-1.4, D-15)."""
        self.epoch = at.epoch
        self.proposer = at.proposer
        self.attendance = at.attendance
        """The proposer's word, which nobody can check (P-12.6)."""
        self.verify = verify
        self.shop = ShopId(0)
        """Who signed the call."""
        self.position = 0
        """Number of the call: unique in the ledger and rising (L-2.4)."""
        self._services = services
        self._modules = modules
        self._found: dict[type, tuple[object, ...]] = {}

    def bond_in_use(self, shop: ShopId) -> Amount:
        """How much of a shop's own bond must stay for what the modules hold against it (L-4.4)."""
        needs = (module.bond_in_use(self.view, shop, self.rules) for module in self._modules)
        return Amount(max(needs, default=0))

    def begin_nonces(self, shop: ShopId) -> None:
        """For whoever gives a member another node key: its nonces are free again (L-2.3)."""
        replay.windows.delete(self.view, shop)

    def service(self, kind: type[S]) -> S:
        """What another module offers under that class; declare it in `Module.needs`."""
        found = self._services.get(kind)
        if not isinstance(found, kind):
            raise BugFound("SERVICE_MISSING", service=kind.__name__)
        return found

    def offered(self, kind: type[S]) -> S | None:
        """What any module of the street offers that is such a thing, also a later one, and also
        under a class of its own that inherits from it; for what a module can do without."""
        return first_of(kind, self._services)

    def all_offered(self, kind: type[S]) -> tuple[S, ...]:
        """All services of the street that are such things, in the order of the genesis file."""
        found = self._found.get(kind)
        if found is None:
            found = tuple(one for one in self._services.values() if isinstance(one, kind))
            self._found[kind] = found
        return cast("tuple[S, ...]", found)


class Module(ABC):
    """A part of the street's rules. Its objects hold no state: all state is in the tables."""

    name: ClassVar[str]
    number: ClassVar[int]
    """1 to 255, unique; first byte of the module's keys."""
    version: ClassVar[int]
    calls: ClassVar[tuple[type[CallBody], ...]] = ()
    refusals: ClassVar[type[IntEnum] | None] = None
    """Members 1 to 99; the name is the code that people's sentences are made from."""
    tables: ClassVar[tuple[KeySpace, ...]] = ()
    needs: ClassVar[tuple[type, ...]] = ()
    """Classes of other modules' services; their modules stand earlier in the genesis file."""
    daily: ClassVar[bool] = False
    """Whether `on_day` is called."""
    each_block: ClassVar[bool] = False
    """Whether `on_block` is called."""
    may_begin_later: ClassVar[bool] = True
    """Whether a street that began without it may take it in by a vote (L-3.6)."""

    def services(self) -> tuple[object, ...]:
        """Objects that other modules may ask for by their class."""
        return ()

    def genesis(self, ctx: Context, genesis: Genesis) -> None:  # noqa: B027  # most write nothing
        """Writes the records that the street begins with."""

    def begin(self, ctx: Context, street: Genesis, before: int) -> None:
        """The module's first block in a street that voted for it (L-3.6), or for this version.

        ``street`` is the genesis file with the rules of now and without shops; ``before`` the
        version that was in force, 0 for none: then the module begins as a street's first modules
        do. What an earlier version wrote it has to bring into a form of its own, here or later.
        """
        if not before:
            self.genesis(ctx, street)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        """Applies one of ``calls`` or raises Refused; then nothing it wrote stays (L-1.3)."""
        raise NotImplementedError

    def on_day(self, ctx: Context) -> bool:
        """Work of a new ledger day, bounded per block; True when none is left (L-3.3)."""
        raise NotImplementedError

    def on_block(self, ctx: Context) -> None:
        """Work after the transactions of every block (L-3.4). It cannot be refused."""
        raise NotImplementedError

    def bond_in_use(self, view: View, shop: ShopId, rules: Rules) -> Amount:  # noqa: ARG002
        """The least own bond that what this module holds against the shop leaves it (L-4.4)."""
        return Amount(0)

    @abstractmethod
    def invariants(self, view: View) -> list[str]:
        """What does not hold, in words for developers. Reads everything: for checks only."""


class Seating(ABC):
    """Service of the one module that says who is in office (L-3.5)."""

    @abstractmethod
    def epoch(self, view: View) -> Epoch:
        """The epoch of the block above this state."""

    @abstractmethod
    def committee(self, view: View) -> CommitteeRecord:
        """The committee in force for the block above this state."""

    @abstractmethod
    def past_committee(self, view: View, epoch: Epoch) -> CommitteeRecord | None:
        """The committee of that epoch, as long as it is kept."""

    @abstractmethod
    def keys(self, view: View) -> dict[ShopId, PublicKey]:
        """Node key of every member in the epoch of the block above this state."""


class Rulebook(ABC):
    """Service of the one module that changes rules and modules (L-3.6, L-19)."""

    @abstractmethod
    def current(self, view: View) -> Rules:
        """The rules in force above this state."""

    @abstractmethod
    def open_block(self, ctx: Context) -> None:
        """Before all else in a block: what was agreed for this time takes effect."""

    @abstractmethod
    def begun(self, ctx: Context) -> None:
        """The modules that had to begin have begun."""


def first_of(kind: type[S], services: Mapping[type, object]) -> S | None:
    """The first of all services, in the order of the genesis file, that is of a class."""
    return next((service for service in services.values() if isinstance(service, kind)), None)


def refuse(why: IntEnum, **facts: int | str) -> Refused:
    """The refusal to raise; its facts stay with the node that asked, its number is certified."""
    return Refused(why.name, **facts)
