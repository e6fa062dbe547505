"""A street on a table: every message lies there until a command moves it.

Disks and ledgers answer at once, a block holds one transaction, and nothing is random, so
that the trace of a command is short enough to be read. Heartbeats are sent and not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

from liandao_node.consensus import events
from liandao_node.consensus.effects import (
    NEVER_VOTED,
    Broadcast,
    Deliver,
    Durable,
    Effect,
    Halt,
    Note,
    Persist,
    Report,
    Send,
    Tip,
)
from liandao_node.types import BlockHash, Millis, ShopId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    FetchNewView,
    FetchRange,
    FetchSnapshot,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Requests,
    Snapshot,
    Status,
    Suspect,
    ViewChange,
)

from support.consensus_forms import GENESIS, make_block
from support.seat import AT_GENESIS, Seat

KINDS: dict[str, type] = {
    "pre-prepare": PrePrepare,
    "prepare": Prepare,
    "commit": Commit,
    "suspect": Suspect,
    "view-change": ViewChange,
    "new-view": NewView,
    "status": Status,
    "fetch-body": FetchBody,
    "body": Body,
    "fetch-range": FetchRange,
    "range": Range,
    "fetch-new-view": FetchNewView,
}
QUIET = (Status, FetchNewView)
ROUNDS_MAX = 10_000


@dataclass(frozen=True)
class Flying:
    source: int
    target: int
    message: Message | FetchRange


@dataclass
class Shop:
    """What of a node outlives its process, and the process while it lives."""

    seat: Seat | None
    durable: Durable
    bodies: dict[BlockHash, Block]
    chain: list[CommittedBlock]
    pool: list[bytes]


class Table:
    """Commands are methods that begin with ``do_``; each gives the lines of its output."""

    def __init__(self) -> None:
        self.now = 1_000
        self.shops: list[Shop] = []
        self.flying: list[Flying] = []
        self.cuts: set[tuple[int, int]] = set()
        self.names: dict[BlockHash, str] = {GENESIS: "genesis"}
        self.trace: list[str] = []

    def run(self, line: str) -> list[str]:
        """One command line; returns what it led to."""
        name, *words = line.split()
        command: Callable[..., None] | None = getattr(self, f"do_{name}", None)
        assert command is not None, f"no such command: {name}"
        self.trace = []
        command(*words)
        return self.trace or ["ok"]

    # --- commands ---

    def do_cluster(self, size: str) -> None:
        self.shops = [Shop(None, Durable(), {}, [], []) for _ in range(int(size))]
        for shop in range(int(size)):
            self._boot(shop)
        self._move(lambda _: True)
        self.trace = []

    def do_submit(self, tx: str, *to: str) -> None:
        """To the pool of these shops, of all when none is named."""
        for shop in [int(word) for word in to] or range(len(self.shops)):
            if self.shops[shop].seat is not None:
                self.shops[shop].pool.append(tx.encode())
                self._tell_waiting(shop)
        self._propose()

    def do_deliver(self, *words: str) -> None:
        """Moves messages until none that matches is left."""
        self._move(_filter(words))

    def do_drop(self, *words: str) -> None:
        """Loses messages that fly now."""
        matches = _filter(words)
        lost: dict[str, list[str]] = {}
        for flying in [f for f in self.flying if matches(f)]:
            self.flying.remove(flying)
            if not isinstance(flying.message, QUIET):
                said = f"{flying.source}: {self._message(flying.message)}"
                lost.setdefault(said, []).append(str(flying.target))
        self.trace += [f"{said} -> {' '.join(to)} is lost" for said, to in lost.items()]

    def do_cut(self, *links: str) -> None:
        self.cuts.update(_link(link) for link in links)

    def do_heal(self) -> None:
        self.cuts.clear()

    def do_tick(self, duration: str) -> None:
        """Time goes by, and every message stays where it is."""
        for _ in range(int(duration.removesuffix("ms")) // 50):
            self.now += 50
            for shop in self._alive():
                self._give(shop, events.Tick())

    def do_wait(self, duration: str) -> None:
        """Time goes by, and every message arrives."""
        for _ in range(int(duration.removesuffix("ms")) // 50):
            self.do_tick("50ms")
            self._move(lambda _: True)

    def do_crash(self, shop: str) -> None:
        """The process dies; the others see its channels break."""
        self.shops[int(shop)].seat = None
        self.shops[int(shop)].pool.clear()
        self.flying = [f for f in self.flying if f.target != int(shop)]
        for other in self._alive():
            self._give(other, events.PeerDown(ShopId(int(shop))))

    def do_restart(self, shop: str) -> None:
        self._boot(int(shop))

    def do_hang(self, shop: str) -> None:
        """The process stands still, its channels stay: nothing comes from it or to it."""
        for other in range(len(self.shops)):
            self.cuts |= {(int(shop), other), (other, int(shop))}

    def do_state(self) -> None:
        for at, shop in enumerate(self.shops):
            self.trace.append(f"{at}: {self._state(shop)}")

    def do_flying(self) -> None:
        self.trace += [
            f"{f.source} -> {f.target} {self._message(f.message)}"
            for f in self.flying
            if not isinstance(f.message, QUIET)
        ]

    def do_expect(self, what: str, *words: str) -> None:
        """delivered TX [SHOP...] | missing TX | agreement | view N [SHOP...]"""
        said = f"expect {what} {' '.join(words)}"
        chains = [[c.block.header.hash for c in shop.chain] for shop in self.shops]
        if what == "agreement":
            longest = max(chains, key=len)
            assert all(chain == longest[: len(chain)] for chain in chains), said
        elif what == "view":
            for at in [int(word) for word in words[1:]] or self._alive():
                seat = self.shops[at].seat
                assert seat is not None, said
                assert seat.replica.views.current == int(words[0]), said
        else:
            holders = [
                at
                for at, shop in enumerate(self.shops)
                for committed in shop.chain
                if committed.block.txs == [words[0].encode()]
            ]
            wanted = [int(word) for word in words[1:]] or self._alive()
            assert holders == ([] if what == "missing" else wanted), f"{said}: {holders}"

    # --- what moves ---

    def _alive(self) -> list[int]:
        return [at for at, shop in enumerate(self.shops) if shop.seat is not None]

    def _boot(self, at: int) -> None:
        shop = self.shops[at]
        tip = AT_GENESIS
        if shop.chain:
            last = shop.chain[-1]
            tip = Tip(last.block.header.seq, last.block.header.hash, last.certificate)
        bodies = [body for body in shop.bodies.values() if body.header.seq > tip.seq]
        shop.seat = Seat(
            len(self.shops), at, durable=shop.durable, tip=tip, bodies=bodies, start=False
        )
        self._give(at, events.Started())
        for other in self._alive():
            if other != at:
                self._give(at, events.PeerUp(ShopId(other)))
                self._give(other, events.PeerUp(ShopId(at)))

    def _give(self, at: int, event: events.Event) -> None:
        shop = self.shops[at]
        if shop.seat is None:
            return
        shop.seat.now = self.now
        shop.seat.give(event)
        log, shop.seat.log = shop.seat.log, []
        for effect in log:
            self._carry_out(at, shop, effect)
        if any(isinstance(effect, Deliver) for effect in log):
            self._tell_waiting(at)
        self._propose()

    def _carry_out(self, at: int, shop: Shop, effect: Effect) -> None:
        text = ""
        match effect:
            case Broadcast(message):
                self._post(at, [o for o in range(len(self.shops)) if o != at], message)
                text = self._message(message)
            case Send(to, message):
                self._post(at, [to], message)
                text = f"{self._message(message)} -> {to}"
            case Persist(_, state, bodies):
                shop.bodies |= {block.header.hash: block for block in bodies}
                text = f"writes {self._record(shop.durable, state)}"
                shop.durable = state
            case Deliver(block, certificate):
                shop.chain.append(CommittedBlock(block, certificate))
                shop.pool = [tx for tx in shop.pool if tx not in block.txs]
                text = f"delivers {self._block(block.header.hash)}"
            case Report(note, view, about, reason):
                if note is Note.SUSPECTED:
                    text = f"suspects view {view}: {reason.name if reason else ''}"
                elif note not in (Note.VIEW_CHANGE_STARTED, Note.FETCHING):
                    text = f"{note.name} view {view}, about {about}"
            case Halt(code):
                text = f"HALTS: {code}"
        if text and not _is_quiet(effect):
            self.trace.append(f"{at}: {text}")

    def _post(self, source: int, targets: list[int], message: Message | FetchRange) -> None:
        for target in targets:
            if (source, target) not in self.cuts and self.shops[target].seat is not None:
                self.flying.append(Flying(source, target, message))

    def _move(self, matches: Callable[[Flying], bool]) -> None:
        for _ in range(ROUNDS_MAX):
            flying = next((f for f in self.flying if matches(f)), None)
            if flying is None:
                return
            self.flying.remove(flying)
            self._receive(flying)
        raise AssertionError("the street does not come to rest")

    def _receive(self, flying: Flying) -> None:
        source, target, message = flying.source, flying.target, flying.message
        if isinstance(message, FetchRange):
            blocks = self.shops[target].chain[message.first - 1 :]
            self.trace.append(f"{target}: RANGE of {len(blocks)} -> {source}")
            self._post(target, [source], Range(blocks))
        elif not isinstance(message, Requests | FetchSnapshot | Snapshot):
            self._give(target, events.Received(ShopId(source), message))

    def _tell_waiting(self, at: int) -> None:
        shop = self.shops[at]
        if shop.seat is not None:
            self._give(at, events.Waiting(Millis(self.now) if shop.pool else None))

    def _propose(self) -> None:
        for at in self._alive():
            shop = self.shops[at]
            assert shop.seat is not None
            replica = shop.seat.replica
            place = replica.wanted()
            if place is None:
                continue
            taken = {tx for block in replica.bodies.values() for tx in block.txs}
            fresh = [tx for tx in shop.pool if tx not in taken]
            if fresh:
                block = make_block(place.parent, place.seq, at, fresh[:1])
                self.names[block.header.hash] = fresh[0].decode()
                self._give(at, events.Proposed(block))

    # --- how it reads ---

    def _block(self, name: BlockHash) -> str:
        return f"[{self.names.get(name, name.hex()[:8])}]"

    def _certificate(self, certificate: Certificate | None) -> str:
        if certificate is None:
            return "none"
        return f"v{certificate.view} h{certificate.seq} {self._block(certificate.block)}"

    def _message(self, message: Message | FetchRange) -> str:
        name = next(name for name, kind in KINDS.items() if isinstance(message, kind)).upper()
        match message:
            case PrePrepare(view=view, block=block):
                return f"{name} v{view} h{block.header.seq} {self._block(block.header.hash)}"
            case Prepare(view=view, seq=seq, block=hash_) | Commit(view=view, seq=seq, block=hash_):
                return f"{name} v{view} h{seq} {self._block(hash_)}"
            case Suspect(view=view) | FetchNewView(view=view):
                return f"{name} v{view}"
            case ViewChange(view=view, prepared=prepared):
                return f"{name} v{view}, lock {self._certificate(prepared)}"
            case NewView(view=view, view_changes=changes):
                seats = " ".join(str(change.seat) for change in changes)
                return f"{name} v{view} by {seats}"
            case FetchBody(block=hash_):
                return f"{name} {self._block(hash_)}"
            case Body(block=block):
                return f"{name} {self._block(block.header.hash)}"
            case FetchRange(first=first):
                return f"{name} from h{first}"
            case _:
                return name

    def _record(self, old: Durable, new: Durable) -> str:
        parts = []
        if new.view != old.view:
            parts.append(f"entry into view {new.view}")
        elif new.promised != old.promised:
            parts.append(f"promise of view {new.promised}")
        if new.locked != old.locked:
            parts.append(f"lock {self._certificate(new.locked)}")
        return ", ".join(parts) or "again what it held"

    def _state(self, shop: Shop) -> str:
        if shop.seat is None:
            return "down"
        replica = shop.seat.replica
        views = replica.views
        where = f"view {views.current}"
        if views.promised != views.current:
            where += f", promised {views.promised}"
        if views.fence > NEVER_VOTED and views.fence >= views.promised:
            where += ", fenced"
        tip = f"h{replica.tip.seq} {self._block(replica.tip.hash)}"
        return f"{where}; tip {tip}; lock {self._certificate(replica.durable.locked)}"


def _is_quiet(effect: Effect) -> bool:
    return isinstance(effect, Broadcast | Send) and isinstance(effect.message, QUIET)


def _link(word: str) -> tuple[int, int]:
    source, _, target = word.partition("->")
    return int(source), int(target)


def _filter(words: tuple[str, ...]) -> Callable[[Flying], bool]:
    """All words must fit: ``0->1`` names a link, ``->1`` a receiver, ``0->`` a sender, ``h1``
    a height, and a message's name its kind."""

    def fits(flying: Flying) -> bool:
        return all(_fits(word, flying) for word in words)

    return fits


def _fits(word: str, flying: Flying) -> bool:
    source, arrow, target = word.partition("->")
    if not arrow and word.removeprefix("h").isdigit():
        return getattr(flying.message, "seq", None) == int(word[1:])
    if not arrow:
        return isinstance(flying.message, KINDS[word])
    return source in ("", str(flying.source)) and target in ("", str(flying.target))
