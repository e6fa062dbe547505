"""A street of replicas in one thread under virtual time; one seed is one history.

The production core runs as it is. The network drops, repeats, delays and partitions; disks
lose what was not durable; nodes crash and come back; a liar is a twin: two replicas with one
key, each heard by a part of the street. What must hold is checked at every step.
"""

import heapq
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import (
    Broadcast,
    Deliver,
    Durable,
    Effect,
    Execute,
    Halt,
    Persist,
    Report,
    Send,
    Tip,
)
from liandao_node.consensus.replica import Replica
from liandao_node.types import BlockHash, ChainId, Epoch, Millis, PublicKey, Seq, ShopId, Signature
from liandao_node.wire.blocks import (
    HEADER_VERSION,
    Block,
    Certificate,
    CommittedBlock,
    Header,
)
from liandao_node.wire.messages import (
    Commit,
    FetchRange,
    Message,
    PrePrepare,
    Prepare,
    Range,
    Requests,
    ViewChange,
)

CHAIN = ChainId(b"c" * 32)
GENESIS = BlockHash(b"g" * 32)
TICK_MS = 50


def fake_verify(key: PublicKey, preimage: bytes, signature: Signature) -> bool:
    return signature == sha256(key + preimage).digest() * 2


class FakeSigner:
    """A signature that costs a microsecond and that only the simulator's liars can forge."""

    def __init__(self, shop: int) -> None:
        self.public_key = PublicKey(sha256(b"shop %d" % shop).digest())

    def sign(self, preimage: bytes) -> Signature:
        return Signature(sha256(self.public_key + preimage).digest() * 2)


def make_block(parent: BlockHash, seq: int, proposer: int, txs: list[bytes]) -> Block:
    header = Header(
        version=HEADER_VERSION,
        chain_id=CHAIN,
        epoch=Epoch(0),
        seq=Seq(seq),
        parent=parent,
        tx_root=sha256(b"".join(txs)).digest(),
        result_root=b"r" * 32,
        state_root=b"s" * 32,
        call_count=len(txs),
        time_ms=Millis(seq),
        proposer=ShopId(proposer),
        next_committee=b"",
    )
    return Block(header, txs)


@dataclass
class Disk:
    """What a power cut leaves. Delivered blocks reach it late, as ledger.db's do."""

    durable: Durable = field(default_factory=Durable)
    bodies: dict[BlockHash, Block] = field(default_factory=dict)
    chain: list[CommittedBlock] = field(default_factory=list)
    synced: int = 0
    """How much of ``chain`` a power cut cannot take."""

    def tip(self) -> Tip:
        if not self.chain:
            return Tip(Seq(0), GENESIS, None)
        for at in range(len(self.chain), 0, -1):
            last = self.chain[at - 1]
            if last.certificate is not None:
                header = last.block.header
                return Tip(header.seq, header.hash, last.certificate)
        return Tip(Seq(0), GENESIS, None)


@dataclass
class Faults:
    """How bad the street is, per seed."""

    drop: float = 0.0
    repeat: float = 0.0
    delay_ms_max: int = 3
    persist_ms_max: int = 2
    invalid: frozenset[bytes] = frozenset()
    """Transactions that make a block invalid for honest seats."""


class Node:
    """One replica with its disk, mempool and place on the network."""

    def __init__(self, cluster: "Cluster", name: str, shop: ShopId, honest: bool = True) -> None:
        self.cluster = cluster
        self.name = name
        self.shop = shop
        self.honest = honest
        self.disk = Disk()
        self.mempool: dict[bytes, int] = {}
        self.replica: Replica | None = None
        self.life = 0
        self.notes: list[Report] = []
        self.halted: str | None = None
        self.writes_until = 0

    # --- life ---

    def boot(self) -> None:
        self.life += 1
        tip = self.disk.tip()
        del self.disk.chain[tip.seq :]
        self.replica = Replica(
            committee=self.cluster.committee,
            chain=CHAIN,
            me=self.shop,
            signer=FakeSigner(self.shop),
            verify=fake_verify,
            tip=tip,
            durable=self.disk.durable,
            bodies=tuple(b for b in self.disk.bodies.values() if b.header.seq > tip.seq),
            session=self.life,
        )
        self.step(events.Started())
        for other in self.cluster.nodes:
            if other.replica is not None and other.shop != self.shop:
                self.step(events.PeerUp(other.shop))
                other.step(events.PeerUp(self.shop))
        self.cluster.after(TICK_MS, self._tick(self.life))

    def crash(self, power: bool = False) -> None:
        self.replica = None
        self.mempool.clear()
        if power:
            del self.disk.chain[self.disk.synced :]
        for other in self.cluster.nodes:
            if other.replica is not None and other.shop != self.shop:
                other.step(events.PeerDown(self.shop))

    def _tick(self, life: int) -> Callable[[], None]:
        def tick() -> None:
            if self.replica is not None and self.life == life:
                self.step(events.Tick())
                self.cluster.after(TICK_MS, self._tick(life))

        return tick

    # --- work ---

    def submit(self, tx: bytes) -> None:
        if self.replica is None or tx in self.cluster.delivered_txs:
            return
        self.mempool.setdefault(tx, self.cluster.now)
        self._tell_waiting()
        self.propose()

    def _tell_waiting(self) -> None:
        oldest = min(self.mempool.values(), default=None)
        self.step(events.Waiting(None if oldest is None else Millis(oldest)))

    def propose(self) -> None:
        while self.replica is not None:
            place = self.replica.wanted()
            if place is None:
                return
            taken: set[bytes] = set()
            at = self.replica.bodies.get(place.parent)
            while at is not None:
                taken.update(at.txs)
                at = self.replica.bodies.get(at.header.parent)
            fresh = [tx for tx in self.mempool if tx not in taken][:2]
            if not fresh:
                return
            block = make_block(place.parent, place.seq, self.shop, fresh)
            self.step(events.Proposed(block))

    def step(self, event: events.Event) -> None:
        replica = self.replica
        if replica is None:
            return
        for effect in replica.step(event, Millis(self.cluster.now)):
            self._carry_out(effect)
        self.cluster.check(self)
        if isinstance(event, events.Persisted | events.Received | events.Executed | events.Tick):
            self.propose()

    def _carry_out(self, effect: Effect) -> None:
        cluster = self.cluster
        match effect:
            case Persist(token, state, bodies):
                cluster.persist(self, token, state, bodies)
            case Send(to, message):
                if isinstance(message, FetchRange | Requests):
                    cluster.send(self, to, message)
                else:
                    cluster.check_sent(self, message)
                    cluster.send(self, to, message)
            case Broadcast(message):
                cluster.check_sent(self, message)
                for member in cluster.committee.members:
                    if member.shop != self.shop:
                        cluster.send(self, member.shop, message)
            case Execute(block, _):
                valid = not cluster.faults.invalid.intersection(block.txs) or not self.honest
                # Answered at once, as the driver does, but never inside the same step.
                cluster.after(0, self._in_this_life(events.Executed(block.header.hash, valid)))
            case Deliver(block, certificate):
                self._deliver(block, certificate)
            case Report():
                self.notes.append(effect)
            case Halt(code):
                self.halted = code

    def _in_this_life(self, event: events.Event) -> Callable[[], None]:
        life = self.life

        def act() -> None:
            if self.life == life:
                self.step(event)

        return act

    def _deliver(self, block: Block, certificate: Certificate | None) -> None:
        self.disk.chain.append(CommittedBlock(block, certificate))
        self.cluster.delivered(self, block)
        for tx in block.txs:
            self.mempool.pop(tx, None)
        self.cluster.after(0, self._tell_waiting)
        if self.cluster.rng.random() < 0.2:
            self.disk.synced = self.disk.tip().seq
            self.disk.bodies = {
                h: b for h, b in self.disk.bodies.items() if b.header.seq > self.disk.synced
            }

    def receive(self, peer: ShopId, message: Message) -> None:
        if isinstance(message, FetchRange):
            blocks = self.disk.chain[message.first - 1 : message.first + 19]
            while blocks and blocks[-1].certificate is None:
                blocks = blocks[:-1]
            self.cluster.send(self, peer, Range(list(blocks)))
        elif not isinstance(message, Requests):
            self.step(events.Received(peer, message))


class Cluster:
    """The street, its clock and its network."""

    def __init__(self, size: int, seed: int = 0, faults: Faults | None = None) -> None:
        self.rng = random.Random(seed)
        self.faults = faults or Faults()
        self.now = 1_000
        self.committee = Committee.of(
            [(ShopId(at), FakeSigner(at).public_key) for at in range(size)]
        )
        self.queue: list[tuple[int, int, Callable[[], object]]] = []
        self.counter = 0
        self.nodes = [Node(self, str(at), ShopId(at)) for at in range(size)]
        self.cuts: set[tuple[str, str]] = set()
        """Directed links that are cut, by node name."""
        self.final: dict[int, BlockHash] = {}
        self.delivered_txs: dict[bytes, int] = {}
        self.locks: dict[tuple[int, int], BlockHash] = {}
        self.dropped: Callable[[Node, Node, Message], bool] | None = None
        """A test's own filter: True loses the message."""

    # --- time ---

    def after(self, delay_ms: int, action: Callable[[], object]) -> None:
        self.counter += 1
        heapq.heappush(self.queue, (self.now + delay_ms, self.counter, action))

    def run(self, duration_ms: int, until: Callable[[], bool] | None = None) -> bool:
        """Runs for ``duration_ms`` of virtual time; True once ``until`` holds."""
        end = self.now + duration_ms
        while self.queue and self.queue[0][0] <= end:
            self.now, _, action = heapq.heappop(self.queue)
            action()
            if until is not None and until():
                return True
        self.now = end
        return until is not None and until()

    # --- network ---

    def send(self, source: Node, to: ShopId, message: Message) -> None:
        for target in self.nodes:
            if target.shop == to and (source.name, target.name) not in self.cuts:
                self._post(source, target, message)

    def _post(self, source: Node, target: Node, message: Message) -> None:
        if self.dropped is not None and self.dropped(source, target, message):
            return
        faults, rng = self.faults, self.rng
        for _ in range(2 if rng.random() < faults.repeat else 1):
            if rng.random() < faults.drop:
                continue
            delay = rng.randint(1, max(1, faults.delay_ms_max))
            self.after(delay, lambda: target.receive(source.shop, message))

    def partition(self, *sides: Iterable[str]) -> None:
        """Cuts every link between nodes of different sides."""
        groups = [set(side) for side in sides]
        self.cuts = {
            (a, b)
            for at, one in enumerate(groups)
            for other in groups[at + 1 :]
            for a, b in [(x, y) for x in one for y in other] + [(y, x) for x in one for y in other]
        }

    def heal(self) -> None:
        self.cuts.clear()

    # --- disk ---

    def persist(self, node: Node, token: int, state: Durable, bodies: tuple[Block, ...]) -> None:
        life = node.life

        def land() -> None:
            # A crash in between: the write may still have reached the disk, or not.
            if node.life != life or node.replica is None:
                return
            node.disk.durable = state
            node.disk.bodies.update({block.header.hash: block for block in bodies})
            node.step(events.Persisted(token))

        # One writer a disk: writes land in the order in which they were asked for.
        node.writes_until = max(
            node.writes_until, self.now + self.rng.randint(0, self.faults.persist_ms_max)
        )
        self.after(node.writes_until - self.now, land)

    # --- what must hold ---

    def check_sent(self, node: Node, message: Message) -> None:
        """Persisted before sent (P-6.2)."""
        disk = node.disk.durable
        match message:
            case PrePrepare(view=view) | Prepare(view=view):
                assert disk.view >= view, f"{node.name} votes in a view it did not enter durably"
                if node.replica is not None:
                    assert view > node.replica.views.fence
            case Commit(view=view, seq=seq):
                assert disk.locked is not None
                assert (disk.locked.view, disk.locked.seq) >= (view, seq), "COMMIT before its lock"
            case ViewChange(view=view):
                assert disk.promised >= view, "VIEW-CHANGE before its promise"
            case _:
                pass

    def check(self, node: Node) -> None:
        replica = node.replica
        if replica is None or not node.honest:
            return
        assert replica.halted is None, f"{node.name} halted: {replica.halted}"
        lock = replica.durable.locked
        if lock is not None:
            known = self.locks.setdefault((lock.view, lock.seq), lock.block)
            assert known == lock.block, "two locks in one (view, height)"
        assert len(replica.votes) <= 4 * 2 * 8 * len(self.committee.members)

    def delivered(self, node: Node, block: Block) -> None:
        if not node.honest:
            return
        header = block.header
        assert header.seq == len(node.disk.chain), "delivered out of order or twice"
        known = self.final.setdefault(header.seq, header.hash)
        assert known == header.hash, f"fork at {header.seq}: {node.name} disagrees"
        for tx in block.txs:
            at = self.delivered_txs.setdefault(tx, header.seq)
            assert at == header.seq

    # --- whole stories ---

    def start(self) -> None:
        for node in self.nodes:
            node.boot()

    @property
    def alive(self) -> list[Node]:
        return [node for node in self.nodes if node.replica is not None and node.honest]

    def submit(self, *txs: bytes) -> None:
        for tx in txs:
            for node in self.alive:
                node.submit(tx)

    def tips(self) -> set[tuple[int, BlockHash]]:
        return {(n.replica.tip.seq, n.replica.tip.hash) for n in self.alive if n.replica}

    def settled(self, *txs: bytes) -> bool:
        """All alive honest nodes delivered ``txs`` and stand at one tip."""
        return all(tx in self.delivered_txs for tx in txs) and len(self.tips()) == 1

    def add_twin(self, shop: int, heard_by: set[str], hears_first: set[str]) -> Node:
        """A second replica with ``shop``'s key: ``heard_by`` hear it, the rest the first."""
        first = self.nodes[shop]
        first.honest = False
        twin = Node(self, f"{shop}'", ShopId(shop), honest=False)
        self.nodes.append(twin)
        for node in self.nodes:
            if node.shop != shop:
                self.cuts.add(((twin if node.name in hears_first else first).name, node.name))
        assert not heard_by & hears_first
        return twin
