"""A plan, lived: safety at every step, then a healed street that must deliver everything."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from liandao_node.ledger.issue_audit import over_limits
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.membership import Speaks
from liandao_node.ledger.modules.stake_calls import Accuse
from liandao_node.ledger.state import flattened, recompute
from liandao_node.limits import VIEW_CHANGE_MS_MAX
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.catching_up import CatchingUp
from liandao_node.sim.charter import BEGIN_MS, Charter
from liandao_node.sim.happenings import Fate
from liandao_node.sim.liars import Liar
from liandao_node.sim.network import CALM
from liandao_node.sim.node import Node
from liandao_node.sim.owners import Owners
from liandao_node.sim.plan import Kind, Plan
from liandao_node.sim.signatures import CHEAP, REAL
from liandao_node.sim.street import Street, Watcher
from liandao_node.sim.timeline import START_MS
from liandao_node.sim.trade import Trade
from liandao_node.types import Millis, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import Evidence
from liandao_node.wire.genesis import Rules
from liandao_node.wire.transactions import decode_entry

COMMITS_MIN = 64
"""Blocks of a life: what the troubled part leaves open, the healed street makes."""
KEY_EPOCHS = 2
"""In which a new key that the ledger knows is in force, while the street trades."""
AFTER_MS = 400
"""From the last happening to the healing."""


def patience_ms(plan: Plan) -> int:
    """In which a healed street comes to rest: twice the capped timers of all views that
    liars can lead in a row, and the catching up."""
    return 20_000 + 4 * (plan.faults + 2) * VIEW_CHANGE_MS_MAX


@dataclass(frozen=True)
class Outcome:
    """How a life went."""

    seed: int
    failure: str
    """Empty: nothing was broken."""
    commits: int
    view_changes: int
    epochs: int
    steps: int
    virtual_ms: int
    faults: Counter[str]
    trace: str
    seconds: float = field(compare=False, default=0.0)


class Life:
    """The street of a plan."""

    def __init__(self, plan: Plan, watcher: Watcher | None = None) -> None:
        self.plan = plan
        rules = Rules(
            epoch_blocks=plan.epoch_blocks, attendance_blocks_min=plan.attendance_blocks_min
        )
        begin_ms = BEGIN_MS + 16 * 3_600_000 - 8 * 3_600_000 - START_MS - plan.before_midnight_ms
        self.charter = Charter(
            plan.shops,
            rules=rules,
            keyring=REAL if plan.real_keys else CHEAP,
            shared=plan.shared,
            seats=[ShopId(at) for at in range(plan.seated)],
            begin_ms=Millis(begin_ms),
        )
        self.street = self._street(watcher)
        self.fate = Fate(self.street)
        self.trade = Trade(self.charter, self.street, str(plan.seed))
        self.owners = Owners(self.charter, self.street, self.trade)
        self.fate.owners = self.owners
        self.fate.updated = self._tell_update
        self.street.accused = self._accuse
        self.street.became_final = self._became_final
        self.street.began_anew = self._look
        self.street.keys_may_differ = self.owners.look
        self._applied: set[tuple[int, int]] = set()
        """Shop and nonce of every transaction that was applied."""
        self._people()

    def _street(self, watcher: Watcher | None) -> Street:
        plan, charter = self.plan, self.charter
        street = Street(
            committee=self._books().committee(),
            chain=charter.chain,
            genesis=charter.tip.hash,
            begin_ms=charter.begin_ms,
            signer=charter.signer,
            verify=charter.keyring.verify,
            seed=str(plan.seed),
            wire=plan.wire,
        )
        street.watcher = watcher
        street.network.weather = plan.weather
        street.write_ms_max = plan.write_ms_max
        street.ledger_ms_max = plan.ledger_ms_max
        return street

    def _books(self) -> LedgerBooks:
        plan = self.plan
        return LedgerBooks(
            self.charter,
            eager_blocks=plan.eager_blocks,
            block_txs_max=plan.block_txs_max,
            keep_epochs=plan.keep_epochs,
        )

    def _people(self) -> None:
        plan, street = self.plan, self.street
        lying = {liar.place: liar for liar in plan.liars}
        for place in range(plan.shops):
            kind = Liar if place in lying else Node
            node = self._member(ShopId(place), kind)
            node.wall_ms = plan.wall_ms[place]
        for place, liar in lying.items():
            node = street.nodes[place]
            assert isinstance(node, Liar)
            node.arm(frozenset(liar.lies), f"liar {plan.seed} {place}")
        if plan.twin:
            self._twin(plan.twin[0], set(plan.twin[1:]))

    def _member(self, shop: ShopId, kind: Callable[..., Node] = Node) -> Node:
        books = self._books()
        node = self.street.add(shop, books, kind)
        if self.plan.keep_epochs:
            node.catching_up = CatchingUp(node, books)
        return node

    def _twin(self, place: int, hearers: set[int]) -> None:
        first = self.street.nodes[place]
        twin = self._member(first.shop)
        twin.name = f"{place}'"
        first.honest = twin.honest = False
        for node in self.street.nodes[: self.plan.shops]:
            if node is not first:
                silent = first if node.place in hearers else twin
                self.fate.twin_cuts.add((silent.place, node.place))
        self.street.network.cut(self.fate.twin_cuts)

    def _accuse(self, node: Node, evidence: Evidence) -> None:
        """As the node does: what proves a lie is an order to the ledger (P-12.8)."""
        self.trade.order(node.shop, [as_call(Accuse(evidence=encode(evidence)))])

    def _tell_update(self, node: Node) -> None:
        """As the node does after a start with a newer program (L-4.11)."""
        self.trade.order(node.shop, [as_call(Speaks(node.speaks))])

    # --- living ---

    def live(self) -> None:
        """The whole life. Whatever must not happen is an AssertionError."""
        plan, street = self.plan, self.street
        timeline = street.timeline
        street.start()
        self.trade.repeat()
        for happening in plan.happenings:
            timeline.after(happening.at_ms, self.fate.strike, happening)
        for number, at_ms in enumerate(plan.trades):
            timeline.after(at_ms, self.trade.ask, number)
        last = max([0, *plan.trades, *(happening.at_ms for happening in plan.happenings)])
        timeline.run(last + AFTER_MS)
        self._rest()

    def _rest(self) -> None:
        """The street is healed; liars go on lying, lost seats stay lost."""
        street = self.street
        street.tells(None, "healed")
        street.network.weather = CALM
        street.write_ms_max = min(street.write_ms_max, 5)
        for node in street.nodes:
            if node.voter.full:
                node.disk_full(full=False)
            if node.paused:
                node.resume()
            node.away_until = 0
            if len(street.places_of[node.shop]) > 1:
                node.crash()  # twins: what half of the street hears is no member to count on
            else:
                node.boot()
        if any(happening.kind is Kind.UPDATE for happening in self.plan.happenings):
            self.fate.update_all()
        self.fate.heal()
        self._must_settle()
        self._trade_on()
        self._look_at_all()

    def _trade_on(self) -> None:
        """Until the life is long enough, and the keys that owners named are in force."""
        plan, final = self.plan, self.street.checks.final
        noted = self.street.timeline.run(patience_ms(plan), lambda: self.owners.noted)
        assert noted, "nobody brings the statements of new keys to the ledger"
        enough = len(final) + COMMITS_MIN + KEY_EPOCHS * plan.epoch_blocks
        number = len(plan.trades)
        while len(final) < COMMITS_MIN or self.owners.waiting:
            assert len(final) < enough, "new keys are not in force when their epoch begins"
            self.trade.ask(number)
            number += 1
            self._must_settle()
        self._must_settle()  # the last key may have come into force just now

    def _must_settle(self) -> None:
        settled = self.street.timeline.run(patience_ms(self.plan), self.settled)
        assert settled, f"the healed street stands still: {self._where()}"

    def settled(self) -> bool:
        """Everybody who can has everything."""
        followers = [node for node in self.street.nodes if node.mute and node.up]
        turned_away = self.owners.waiting
        nodes = [n for n in self.street.awake + followers if n not in turned_away]
        tips = {node.replica.tip.hash for node in nodes if node.replica is not None}
        if len(tips) != 1:
            return False
        return not any(self.trade.left(node.shop) for node in nodes if not node.mute)

    def _where(self) -> str:
        return ", ".join(
            f"{node.name}: epoch {r.committee.epoch} view {r.views.current}/{r.views.promised}"
            f" height {r.tip.seq}"
            for node in self.street.awake
            if (r := node.replica) is not None
        )

    # --- what the ledger promises ---

    def _became_final(self, node: Node, block: Block) -> None:
        books = node.books
        assert isinstance(books, LedgerBooks)
        self._applied_once(books)
        self.owners.became_final(node, block)
        self._look(node)

    def _applied_once(self, books: LedgerBooks) -> None:
        """I9: a transaction that is in two blocks is refused in the second one."""
        code_name = books.ledger.machine.code_name
        last: tuple[int, int] | None = None
        for raw in books.disk.executions[-1].entries:
            entry = decode_entry(raw)
            name = (entry.shop, entry.nonce)
            replayed = entry.code != 0 and code_name(entry.code) in ("TX_REPLAYED", "TX_NONCE_OLD")
            again = name in self._applied and not (name == last and entry.index)
            assert again == replayed, f"{name} applied twice, or not at all"
            if not again:
                self._applied.add(name)
                last = name

    def _look(self, node: Node) -> None:
        """The modules' own promises, and the root of what is really there."""
        books = node.books
        assert isinstance(books, LedgerBooks)
        view = flattened(books.ledger.view())
        machine = books.ledger.machine
        broken = machine.invariants(view) + over_limits(view, machine.rules(view))
        assert not broken, f"{node.name}: {broken[0]}"
        assert recompute(view) == books.ledger.tip.accumulator, f"{node.name}: another state"

    def _look_at_all(self) -> None:
        """At the end every honest node stands at one block with one state."""
        roots = set()
        for node in self.street.awake:
            books = node.books
            assert isinstance(books, LedgerBooks)
            if node in self.owners.waiting:
                continue
            self._look(node)
            roots.add(books.root)
        assert len(roots) == 1, "honest nodes end in different states"

    def outcome(self, failure: str, seconds: float) -> Outcome:
        street = self.street
        network, faults = street.network, Counter(street.counts)
        for name in ("lost", "repeated", "late", "stopped"):
            faults[f"messages {name}"] = getattr(network, name)
        faults["liars"] = len(self.plan.liars) + len(self.plan.twin[:1])
        faults["accusations"] = street.checks.accusations
        return Outcome(
            seed=self.plan.seed,
            failure=failure,
            commits=len(street.checks.final),
            view_changes=len(street.checks.view_changes),
            epochs=max(street.committees),
            steps=street.steps,
            virtual_ms=street.timeline.now - START_MS,
            faults=faults,
            trace=street.trace_hash(),
            seconds=seconds,
        )


def live(plan: Plan, watcher: Watcher | None = None) -> Outcome:
    """Lives a plan; what was broken is told, not raised."""
    began = time.process_time()
    life = Life(plan, watcher)
    failure = ""
    try:
        life.live()
    except Exception as error:  # noqa: BLE001  # whatever a core does on bad input is a failure
        failure = f"{type(error).__name__}: {error}"
    return life.outcome(failure, time.process_time() - began)
