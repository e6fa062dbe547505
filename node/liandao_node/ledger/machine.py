"""The state machine of a block: modules put together, calls applied in order (L-2.3 to L-2.7).

It knows what a call is and what a module offers, not what any rule means. A call is applied
on a savepoint: refused, it leaves its entry and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeVar

import msgspec

from liandao_node.crypto.keys import Verifier
from liandao_node.errors import BugFound, InputFault, OperatorFault, Refused
from liandao_node.ledger import replay
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import (
    NUMBERS_PER_MODULE,
    CallBody,
    Context,
    Module,
    Moment,
    Seating,
    first_of,
)
from liandao_node.ledger.offices import FoundersForEver
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.ledger.transactions import SignedTx
from liandao_node.types import BlockHash, ChainId, Epoch, Seq, ShopId
from liandao_node.wire.codec import Canonical, Decoder, encode
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.transactions import Call, Entry

S = TypeVar("S")

OK: Final = 0
POSITIONS_PER_BLOCK: Final = 2**16


class MachineRefusal(IntEnum):
    CALL_UNKNOWN = 1
    CALL_MALFORMED = 2
    TX_REPLAYED = 3
    TX_NONCE_OLD = 4


class Turn(Canonical, frozen=True):
    """The ledger day of the last block and the modules whose daily work is not done."""

    day: int
    waiting: list[int]


_turns: Final = Table(replay.OWN_NUMBER, 2, (), Turn)
TABLES: Final[tuple[KeySpace, ...]] = (replay.windows, _turns)


@dataclass(frozen=True, slots=True)
class _Known:
    """A kind of call and who takes it."""

    module: Module
    body: type[CallBody]
    decode: Decoder[CallBody]


class Machine:
    """The modules of one street, in the order of its genesis file."""

    def __init__(self, genesis: Genesis, modules: Sequence[Module], verify: Verifier) -> None:
        """Raises OperatorFault ``MODULE_UNKNOWN`` or ``MODULE_BAD``."""
        self._genesis = genesis
        self._verify = verify
        self.chain_id: Final[ChainId] = genesis.chain_id
        self.modules: Final = _chosen(genesis, modules)
        self._services: dict[type, object] = {}
        self._kinds: dict[int, _Known] = {}
        self._numbers = {refusal.name: refusal.value for refusal in MachineRefusal}
        for module in self.modules:
            self._add(module)
        self._names = {number: name for name, number in self._numbers.items()} | {OK: "OK"}
        self._daily = {module.number: module for module in self.modules if module.daily}
        self._each_block = tuple(module for module in self.modules if module.each_block)
        self.seating: Final = _seating(genesis, self.modules)

    def code_name(self, code: int) -> str:
        """Text code of an entry's number: ``OK`` or the name of a refusal.

        Raises KeyError for a number of no module of this street.
        """
        return self._names[code]

    def offered(self, kind: type[S]) -> S | None:
        """A service of the street's modules, for questions to a state."""
        return first_of(kind, self._services)

    def decode_answer(self, kind: int, result: bytes) -> Canonical:
        """The answer of an applied entry."""
        return msgspec.msgpack.decode(result, type=self._kinds[kind].body.answer)

    def run_genesis(self, view: View) -> None:
        """Writes what the street begins with."""
        nowhere = BlockHash(bytes(32))
        created_ms = self._genesis.created_ms
        ctx = self._context(view, Moment(Seq(0), nowhere, created_ms, Epoch(0), ShopId(0), 0))
        day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
        _turns.put(view, value=Turn(day=day, waiting=[]))
        for module in self.modules:
            module.genesis(ctx, self._genesis)

    def run_block(self, view: View, at: Moment, txs: Sequence[SignedTx]) -> list[bytes]:
        """Applies a block's transactions; the encoded entries, one per call (L-3.4)."""
        ctx = self._context(view, at)
        self._turn_day(ctx)
        entries: list[bytes] = []
        for tx in txs:
            self._run_tx(ctx, tx, entries)
        for module in self._each_block:
            module.on_block(ctx)
        return entries

    def invariants(self, view: View) -> list[str]:
        """What does not hold in this state, of all modules. Reads everything."""
        return [
            f"{module.name}: {broken}"
            for module in self.modules
            for broken in module.invariants(view)
        ]

    def _context(self, view: View, at: Moment) -> Context:
        return Context(
            view,
            self._genesis,
            self.chain_id,
            at=at,
            verify=self._verify,
            services=self._services,
            modules=self.modules,
        )

    def _run_tx(self, ctx: Context, signed: SignedTx, entries: list[bytes]) -> None:
        """Applies a transaction's calls in order, or refuses all of them (L-2.4, L-2.5)."""
        tx = signed.tx
        refused = self._take_nonce(ctx, tx.shop, tx.nonce)
        ctx.shop = tx.shop
        first = ctx.height * POSITIONS_PER_BLOCK
        for index, call in enumerate(tx.calls):
            ctx.position = first + len(entries)
            code, result = (refused, b"") if refused else self._run_call(ctx, call)
            entry = Entry(tx.shop, tx.nonce, index, call.kind, call.body, code, result)
            entries.append(encode(entry))

    def _take_nonce(self, ctx: Context, shop: ShopId, nonce: int) -> int:
        """Takes a transaction's nonce; the number of the refusal that stands against it."""
        try:
            window = replay.take(replay.windows.get(ctx.view, shop), nonce)
        except Refused as refused:
            return self._numbers[refused.code]
        replay.windows.put(ctx.view, shop, value=window)
        return OK

    def _run_call(self, ctx: Context, call: Call) -> tuple[int, bytes]:
        """Code and result of a call (L-2.6, L-2.7)."""
        known = self._kinds.get(call.kind)
        if known is None:
            return MachineRefusal.CALL_UNKNOWN, b""
        try:
            body = known.decode(call.body)
        except InputFault:
            return MachineRefusal.CALL_MALFORMED, b""
        savepoint = ctx.view.mark()
        try:
            answer = known.module.apply(ctx, body)
        except Refused as refused:
            ctx.view.rollback(savepoint)
            number = self._numbers.get(refused.code)
            if number is None:
                raise BugFound("REFUSAL_UNDECLARED", refusal=refused.code) from refused
            return number, b""
        assert type(answer) is known.body.answer
        return OK, encode(answer)

    def _turn_day(self, ctx: Context) -> None:
        """Starts or goes on with the daily work, a bounded piece per block (L-3.3)."""
        day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
        turn = _turns.get(ctx.view)
        assert turn is not None
        if turn.day == day and not turn.waiting:
            return
        waiting = turn.waiting if turn.day == day else list(self._daily)
        left = [number for number in waiting if not self._daily[number].on_day(ctx)]
        _turns.put(ctx.view, value=Turn(day=day, waiting=left))

    def _add(self, module: Module) -> None:
        """Takes a module in, or says what it does wrong (L-3.1)."""
        for need in module.needs:
            if need not in self._services:
                raise _bad(module, f"nobody before it offers {need.__name__}")
        self._services |= {type(service): service for service in module.services()}
        if any(table.module != module.number for table in module.tables):
            raise _bad(module, "a table bears another module's number")
        if len({table.number for table in module.tables}) != len(module.tables):
            raise _bad(module, "two tables share a number")
        base = module.number * NUMBERS_PER_MODULE
        for body in module.calls:
            if not base <= body.kind < base + NUMBERS_PER_MODULE or body.kind in self._kinds:
                raise _bad(module, f"kind {body.kind} is not its own")
            self._kinds[body.kind] = _Known(module, body, Decoder(body))
        for refusal in module.refusals or ():
            if not 0 < refusal.value < NUMBERS_PER_MODULE or refusal.name in self._numbers:
                raise _bad(module, f"refusal {refusal.name} is not its own")
            self._numbers[refusal.name] = base + refusal.value


def _chosen(genesis: Genesis, modules: Sequence[Module]) -> tuple[Module, ...]:
    by_name = {(module.name, module.version): module for module in modules}
    for name, version in genesis.modules:
        if (name, version) not in by_name:
            raise OperatorFault("MODULE_UNKNOWN", module=name, version=version)
    chosen = tuple(by_name[name, version] for name, version in genesis.modules)
    numbers = [module.number for module in chosen]
    if len(set(numbers)) != len(numbers) or not all(0 < number < 256 for number in numbers):
        raise OperatorFault("MODULE_BAD", module=chosen[-1].name, why="numbers clash")
    return chosen


def _seating(genesis: Genesis, modules: Sequence[Module]) -> Seating:
    """Who says who is in office: one module at most, else the founders for ever (L-3.5)."""
    found = [
        (module, service)
        for module in modules
        for service in module.services()
        if isinstance(service, Seating)
    ]
    if len(found) > 1:
        raise _bad(found[1][0], f"module {found[0][0].name} seats the committee")
    return found[0][1] if found else FoundersForEver(genesis)


def _bad(module: Module, why: str) -> OperatorFault:
    return OperatorFault("MODULE_BAD", module=module.name, why=why)
