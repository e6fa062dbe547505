"""A node of the simulated street: the production replica with a disk that forgets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from liandao_node.consensus import events
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
from liandao_node.types import BlockHash, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.messages import FetchRange, Message, Range, Requests

from support.consensus_forms import CHAIN, GENESIS, fake_verify, make_block, signer

if TYPE_CHECKING:
    from support.cluster import Cluster

TICK_MS = 50
RANGE_BLOCKS = 20
BLOCK_TXS = 2


@dataclass
class Disk:
    """What a power cut leaves. Delivered blocks reach it late, as ledger.db's do."""

    durable: Durable = field(default_factory=Durable)
    bodies: dict[BlockHash, Block] = field(default_factory=dict)
    chain: list[CommittedBlock] = field(default_factory=list)
    synced: int = 0
    """How much of ``chain`` a power cut cannot take."""
    queue: deque[Persist] = field(default_factory=deque)
    """Asked for and not written yet."""

    def tip(self) -> Tip:
        for committed in reversed(self.chain):
            if committed.certificate is not None:
                header = committed.block.header
                return Tip(header.seq, header.hash, committed.certificate)
        return Tip(Seq(0), GENESIS, None)

    def write_one(self) -> Persist:
        persist = self.queue.popleft()
        self.durable = persist.state
        self.bodies.update({block.header.hash: block for block in persist.bodies})
        return persist

    def copy(self) -> Disk:
        """A backup: what was asked for and not written is not on it."""
        return Disk(self.durable, dict(self.bodies), list(self.chain), self.synced)


class Node:
    """One replica with its disk, mempool and place on the network."""

    def __init__(self, cluster: Cluster, name: str, shop: ShopId, honest: bool = True) -> None:
        self.cluster = cluster
        self.name = name
        self.shop = shop
        self.honest = honest
        self.disk = Disk()
        self.backup: Disk | None = None
        """A copy from some time ago, for a liar to go back to."""
        self.mempool: dict[bytes, int] = {}
        self.replica: Replica | None = None
        self.life = 0
        self.notes: list[Report] = []
        self.halted: str | None = None
        self.writes_until = 0
        self.clock_ms = 0
        """By how much this computer's clock is off: monotonic, and anything after a boot."""
        self.paused: deque[events.Event] | None = None
        """Events that wait while the process stands still."""

    # --- life ---

    def boot(self) -> None:
        self.life += 1
        if self.life > 1:
            self.clock_ms = self.cluster.rng.choice([0, 500, 10**9])
        tip = self.disk.tip()
        del self.disk.chain[tip.seq :]
        self.replica = Replica(
            committee=self.cluster.committee,
            chain=CHAIN,
            me=self.shop,
            signer=signer(self.shop),
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

    def crash(self, power: bool = False, writes: int = 0) -> None:
        """Dies; of the records on their way to the disk the first ``writes`` arrive.

        With the ``power`` goes what ledger.db had not synced.
        """
        self.replica = None
        self.paused = None
        self.mempool.clear()
        for _ in range(min(writes, len(self.disk.queue))):
            self.disk.write_one()
        self.disk.queue.clear()
        self.cluster.checks.on_disk(self)
        if power:
            del self.disk.chain[self.disk.synced :]
        for other in self.cluster.nodes:
            if other.replica is not None and other.shop != self.shop:
                other.step(events.PeerDown(self.shop))

    def pause(self) -> None:
        """The process stands still; the world goes on."""
        if self.paused is None:
            self.paused = deque()

    def resume(self) -> None:
        waiting, self.paused = self.paused, None
        for event in waiting or ():
            self.step(event)

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
        self.mempool.setdefault(tx, self.now)
        self._tell_waiting()
        self.propose()

    @property
    def now(self) -> int:
        return self.cluster.now + self.clock_ms

    def _tell_waiting(self) -> None:
        oldest = min(self.mempool.values(), default=None)
        self.step(events.Waiting(None if oldest is None else Millis(oldest)))

    def propose(self) -> None:
        while self.replica is not None and self.paused is None:
            place = self.replica.wanted()
            if place is None:
                return
            taken: set[bytes] = set()
            at = self.replica.bodies.get(place.parent)
            while at is not None:
                taken.update(at.txs)
                at = self.replica.bodies.get(at.header.parent)
            fresh = [tx for tx in self.mempool if tx not in taken][:BLOCK_TXS]
            if not fresh:
                return
            self.step(events.Proposed(make_block(place.parent, place.seq, self.shop, fresh)))

    def step(self, event: events.Event) -> None:
        replica = self.replica
        if replica is None:
            return
        if self.paused is not None:
            self.paused.append(event)
            return
        for effect in replica.step(event, Millis(self.now)):
            self.carry_out(effect)
        self.cluster.checks.on_step(self)
        if isinstance(event, events.Persisted | events.Received | events.Executed | events.Tick):
            self.propose()

    def carry_out(self, effect: Effect) -> None:
        cluster = self.cluster
        match effect:
            case Persist():
                self.disk.queue.append(effect)
                cluster.persist(self)
            case Send(to, message):
                self.send(to, message)
            case Broadcast(message):
                for member in cluster.committee.members:
                    if member.shop != self.shop:
                        self.send(member.shop, message)
            case Execute(block, _):
                valid = not cluster.faults.invalid.intersection(block.txs) or not self.honest
                # Answered at once, as the driver does, but never inside the same step.
                cluster.after(0, self._in_this_life(events.Executed(block.header.hash, valid)))
            case Deliver(block, certificate):
                self._deliver(block, certificate)
            case Report():
                self.notes.append(effect)
                cluster.checks.on_report(self, effect)
            case Halt(code):
                self.halted = code

    def send(self, to: ShopId, message: Message | FetchRange) -> None:
        self.cluster.checks.on_send(self, message)
        self.cluster.send(self, to, message)

    def _in_this_life(self, event: events.Event) -> Callable[[], None]:
        life = self.life

        def act() -> None:
            if self.life == life:
                self.step(event)

        return act

    def _deliver(self, block: Block, certificate: Certificate | None) -> None:
        self.disk.chain.append(CommittedBlock(block, certificate))
        self.cluster.checks.on_deliver(self, block)
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
            blocks = self.disk.chain[message.first - 1 : message.first - 1 + RANGE_BLOCKS]
            while blocks and blocks[-1].certificate is None:
                blocks = blocks[:-1]
            self.send(peer, Range(list(blocks)))
        elif not isinstance(message, Requests):
            self.step(events.Received(peer, message))
