"""The state machine of a block: modules put together, calls applied in order (L-2.3 to L-2.7).

It knows what a call is and what a module offers, not what any rule means. Which modules a block
goes by, and which rules they are told, stands in the state below it (L-3.6). A call is applied
on a savepoint: refused, it leaves its entry and nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from liandao_node.crypto.keys import Verifier
from liandao_node.errors import BugFound, InputFault, OperatorFault, Refused
from liandao_node.ledger import replay, rulebook
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import (
    NUMBERS_PER_MODULE,
    Context,
    Module,
    Moment,
    Seating,
)
from liandao_node.ledger.module_set import Finder, MachineRefusal, ModuleSet, among, bad
from liandao_node.ledger.offices import FoundersForEver
from liandao_node.ledger.rulebook import Book
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.ledger.transactions import SignedTx
from liandao_node.types import BlockHash, ChainId, Epoch, Seq, ShopId
from liandao_node.wire.codec import Canonical, encode
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.transactions import Call, Entry

OK: Final = 0
POSITIONS_PER_BLOCK: Final = 2**16


class Turn(Canonical, frozen=True):
    """The ledger day of the last block and the modules whose daily work is not done."""

    day: int
    waiting: list[int]


_turns: Final = Table(replay.OWN_NUMBER, 2, (), Turn)
TABLES: Final[tuple[KeySpace, ...]] = (replay.windows, _turns)


class Machine:
    """The modules of one street, in the order of its genesis file and of its rulebook."""

    def __init__(
        self,
        genesis: Genesis,
        modules: Sequence[Module],
        verify: Verifier,
        find: Finder | None = None,
    ) -> None:
        """``find`` is asked for modules that are not among ``modules``."""
        self._genesis = genesis
        self._verify = verify
        self.chain_id: Final[ChainId] = genesis.chain_id
        self._find = among(modules, find)
        self._founding = rulebook.founding_book(genesis)
        self._voted = any(name == rulebook.NAME for name, _ in genesis.modules)
        self._sets: dict[tuple[tuple[str, int], ...], ModuleSet] = {}
        self._names: dict[int, str] = {OK: "OK"}
        self._answers: dict[int, type[Canonical]] = {}

    # --- what a block goes by ---

    def book(self, view: View) -> Book:
        """The rulebook of the block above a state: one record is read (L-19.1)."""
        found = rulebook.book_of(view) if self._voted else None
        return self._founding if found is None else found

    def rules(self, view: View) -> Rules:
        """The rules of the block above a state, as far as its time does not change them."""
        return self.book(view).rules

    def set_in(self, view: View) -> ModuleSet:
        """The modules of the block above a state (L-3.6).

        Raises OperatorFault ``MODULE_UNKNOWN`` for one that this node has not got, and
        ``MODULE_BAD`` where they do not fit together.
        """
        book = self.book(view)
        joined = self.join(book.modules)
        if book.begins:
            self._check_beginners(joined, book)
        return joined

    def join(self, versions: tuple[tuple[str, int], ...]) -> ModuleSet:
        """These modules put together; raises as `set_in` does."""
        joined = self._sets.get(versions)
        if joined is None:
            joined = self._joined(versions)
            self._learn(joined.modules)
            self._sets[versions] = joined
        return joined

    def seating(self, view: View) -> Seating:
        """Who says who is in office above a state, also where modules are missing: a node that
        cannot execute the next block still knows whose certificates to believe (L-3.8)."""
        book = self.book(view)
        try:
            return self.join(book.modules).seating
        except OperatorFault:
            partial = self._what_is_here(book)
            if book.number == 1 or isinstance(partial.seating, FoundersForEver):
                raise
            return partial.seating

    def recall(self, view: View) -> None:
        """Learns the names of refusals, and the answers, of modules that the street had before,
        as far as they are here: entries of old blocks are still read (L-3.7)."""
        for version in rulebook.past_modules(view) if self._voted else ():
            module = self._find(*version)
            if module is not None:
                self._learn([module])

    def code_name(self, code: int) -> str:
        """Text code of an entry's number: ``OK`` or the name of a refusal.

        Raises KeyError for a number of no module that this street has or had.
        """
        return self._names[code]

    def decode_answer(self, kind: int, result: bytes) -> Canonical:
        """The answer of an applied entry."""
        return msgspec.msgpack.decode(result, type=self._answers[kind])

    # --- blocks ---

    def run_genesis(self, view: View) -> None:
        """Writes what the street begins with. Raises as `set_in` does."""
        modules = self.join(self._founding.modules)
        nowhere = BlockHash(bytes(32))
        created_ms = self._genesis.created_ms
        at = Moment(Seq(0), nowhere, created_ms, Epoch(0), ShopId(0), 0)
        ctx = self._context(view, at, modules)
        day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
        _turns.put(view, value=Turn(day=day, waiting=[]))
        for module in modules.modules:
            module.genesis(ctx, self._genesis)

    def run_block(self, view: View, at: Moment, txs: Sequence[SignedTx]) -> list[bytes]:
        """Applies a block's transactions; the encoded entries, one per call (L-3.4)."""
        modules = self.set_in(view)
        ctx = self._context(view, at, modules)
        if modules.rulebook is not None:
            self._open_rulebook(ctx, modules)
        self._turn_day(ctx, modules)
        entries: list[bytes] = []
        for tx in txs:
            self._run_tx(ctx, modules, tx, entries)
        for module in modules.each_block:
            module.on_block(ctx)
        return entries

    def _open_rulebook(self, ctx: Context, modules: ModuleSet) -> None:
        """Rules whose time has come take effect, and new modules begin, before all else."""
        assert modules.rulebook is not None
        modules.rulebook.open_block(ctx)
        ctx.rules = self.rules(ctx.view)
        begins = dict(self.book(ctx.view).begins)
        if not begins:
            return
        street = replace(self._genesis, rules=ctx.rules, shops=[], committee=[])
        for module in modules.modules:
            if module.name in begins:
                module.begin(ctx, street, begins[module.name])
        modules.rulebook.begun(ctx)

    def invariants(self, view: View) -> list[str]:
        """What does not hold in this state, of all modules that have begun. Reads everything."""
        begins = dict(self.book(view).begins)
        return [
            f"{module.name}: {broken}"
            for module in self.set_in(view).modules
            if module.name not in begins
            for broken in module.invariants(view)
        ]

    def _context(self, view: View, at: Moment, modules: ModuleSet) -> Context:
        return Context(
            view,
            self._genesis,
            self.chain_id,
            at=at,
            verify=self._verify,
            services=modules.services,
            rules=self.rules(view),
            modules=modules.modules,
        )

    def _run_tx(
        self, ctx: Context, modules: ModuleSet, signed: SignedTx, entries: list[bytes]
    ) -> None:
        """Applies a transaction's calls in order, or refuses all of them (L-2.4, L-2.5)."""
        tx = signed.tx
        refused = self._take_nonce(ctx, tx.shop, tx.nonce)
        ctx.shop = tx.shop
        first = ctx.height * POSITIONS_PER_BLOCK
        for index, call in enumerate(tx.calls):
            ctx.position = first + len(entries)
            code, result = (refused, b"") if refused else self._run_call(ctx, modules, call)
            entry = Entry(tx.shop, tx.nonce, index, call.kind, call.body, code, result)
            entries.append(encode(entry))

    def _take_nonce(self, ctx: Context, shop: ShopId, nonce: int) -> int:
        """Takes a transaction's nonce; the number of the refusal that stands against it."""
        try:
            window = replay.take(replay.windows.get(ctx.view, shop), nonce)
        except Refused as refused:
            return MachineRefusal[refused.code].value
        replay.windows.put(ctx.view, shop, value=window)
        return OK

    def _run_call(self, ctx: Context, modules: ModuleSet, call: Call) -> tuple[int, bytes]:
        """Code and result of a call (L-2.6, L-2.7)."""
        known = modules.kinds.get(call.kind)
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
            number = modules.numbers.get(refused.code)
            if number is None:
                raise BugFound("REFUSAL_UNDECLARED", refusal=refused.code) from refused
            return number, b""
        assert type(answer) is known.body.answer
        return OK, encode(answer)

    def _turn_day(self, ctx: Context, modules: ModuleSet) -> None:
        """Starts or goes on with the daily work, a bounded piece per block (L-3.3)."""
        day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
        turn = _turns.get(ctx.view)
        assert turn is not None
        if turn.day == day and not turn.waiting:
            return
        daily = modules.daily
        # What a module that is gone had left to do is left undone.
        waiting = [n for n in turn.waiting if n in daily] if turn.day == day else list(daily)
        left = [number for number in waiting if not daily[number].on_day(ctx)]
        _turns.put(ctx.view, value=Turn(day=day, waiting=left))

    def _joined(self, versions: tuple[tuple[str, int], ...]) -> ModuleSet:
        found: list[Module] = []
        for name, version in versions:
            module = self._find(name, version)
            if module is None:
                raise OperatorFault("MODULE_UNKNOWN", module=name, version=version)
            found.append(module)
        return ModuleSet(self._genesis, found)

    def _what_is_here(self, book: Book) -> ModuleSet:
        """The set without what is missing. In the place of a module that has yet to begin stands
        the version before: it alone has written the records."""
        before = dict(book.begins)
        found: list[Module] = []
        for name, version in book.modules:
            module = self._find(name, before.get(name, version))
            found += [module] if module is not None else []
        return ModuleSet(self._genesis, found, partial=True)

    def _check_beginners(self, joined: ModuleSet, book: Book) -> None:
        begins = dict(book.begins)
        for module in joined.modules:
            if begins.get(module.name) == rulebook.NEW and not module.may_begin_later:
                raise bad(module, "a street has it from its beginning or not at all")

    def _learn(self, modules: Iterable[Module]) -> None:
        """What was a number's name stays its name, and what a call answers its answer (L-3.7)."""
        self._names.update({refusal.value: refusal.name for refusal in MachineRefusal})
        for module in modules:
            for refusal in module.refusals or ():
                number = module.number * NUMBERS_PER_MODULE + refusal.value
                if self._names.setdefault(number, refusal.name) != refusal.name:
                    raise bad(module, f"number {number} was another refusal before")
            for body in module.calls:
                before = self._answers.setdefault(body.kind, body.answer)
                if before.__struct_fields__ != body.answer.__struct_fields__:
                    raise bad(module, f"kind {body.kind} answered otherwise before")
