"""A street of replicas in one thread under virtual time; one seed is one history.

The production core runs as it is. The network drops, repeats, delays, reorders and
partitions; disks lose what was not durable; nodes crash, stand still and come back. Liars
are in `support.liars`, what must hold at every step is in `support.cluster_checks`.
"""

import heapq
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from liandao_node.consensus import events
from liandao_node.types import BlockHash, ShopId
from liandao_node.wire.messages import FetchRange, Message

from support.cluster_checks import Checks
from support.cluster_node import Node
from support.consensus_forms import committee_of

__all__ = ["Cluster", "Faults", "Node"]


@dataclass
class Faults:
    """How bad the street is, per seed."""

    drop: float = 0.0
    repeat: float = 0.0
    late: float = 0.0
    """Part of the messages that arrive up to ``late_ms_max`` later, whatever came since."""
    late_ms_max: int = 5_000
    delay_ms_max: int = 3
    persist_ms_max: int = 2
    invalid: frozenset[bytes] = frozenset()
    """Transactions that make a block invalid for honest seats."""


class Cluster:
    """The street, its clock and its network."""

    def __init__(self, size: int, seed: int = 0, faults: Faults | None = None) -> None:
        self.rng = random.Random(seed)
        self.faults = faults or Faults()
        self.now = 1_000_000
        self.committee = committee_of(size)
        self.queue: list[tuple[int, int, Callable[[], object]]] = []
        self.counter = 0
        self.checks = Checks(self)
        self.nodes = [Node(self, str(at), ShopId(at)) for at in range(size)]
        self.cuts: set[tuple[str, str]] = set()
        """Directed links that are cut, by node name."""
        self.delivered_txs: dict[bytes, int] = {}
        self.dropped: Callable[[Node, Node, Message | FetchRange], bool] | None = None
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

    def send(self, source: Node, to: ShopId, message: Message | FetchRange) -> None:
        for target in self.nodes:
            if target.shop == to and (source.name, target.name) not in self.cuts:
                self._post(source, target, message)

    def _post(self, source: Node, target: Node, message: Message | FetchRange) -> None:
        if self.dropped is not None and self.dropped(source, target, message):
            return
        faults, rng = self.faults, self.rng
        for _ in range(2 if faults.repeat and rng.random() < faults.repeat else 1):
            if faults.drop and rng.random() < faults.drop:
                continue
            delay = rng.randint(1, max(1, faults.delay_ms_max))
            if faults.late and rng.random() < faults.late:
                delay += rng.randint(1, faults.late_ms_max)
            self.after(delay, lambda: target.receive(source.shop, message))

    def cut(self, *links: tuple[str, str]) -> None:
        """Cuts directed links: (from, to)."""
        self.cuts.update(links)

    def partition(self, *sides: Iterable[str]) -> None:
        """Cuts every link between nodes of different sides, and no other."""
        groups = [set(side) for side in sides]
        self.cuts = {
            (a, b)
            for at, one in enumerate(groups)
            for other in groups[at + 1 :]
            for a, b in [(x, y) for x in one for y in other] + [(y, x) for x in one for y in other]
        }

    def heal(self) -> None:
        self.cuts.clear()

    def reconnect(self) -> None:
        """Every channel breaks and comes up again, as after a fault of the network."""
        for event in (events.PeerDown, events.PeerUp):
            for node in self.nodes:
                for other in self.nodes:
                    if other.shop != node.shop and other.replica is not None:
                        node.step(event(other.shop))

    # --- disk ---

    def persist(self, node: Node) -> None:
        life = node.life

        def land() -> None:
            if node.life == life and node.replica is not None:
                persist = node.disk.write_one()
                self.checks.on_disk(node)
                node.step(events.Persisted(persist.token))

        # One writer a disk: writes land in the order in which they were asked for.
        node.writes_until = max(
            node.writes_until, self.now + self.rng.randint(0, self.faults.persist_ms_max)
        )
        self.after(node.writes_until - self.now, land)

    # --- whole stories ---

    def start(self) -> None:
        for node in self.nodes:
            node.boot()

    @property
    def alive(self) -> list[Node]:
        """Honest nodes that run."""
        return [n for n in self.nodes if n.replica is not None and n.honest and n.paused is None]

    def submit(self, *txs: bytes) -> None:
        for tx in txs:
            for node in self.alive:
                node.submit(tx)

    def tips(self) -> set[tuple[int, BlockHash]]:
        return {(n.replica.tip.seq, n.replica.tip.hash) for n in self.alive if n.replica}

    def views(self) -> set[int]:
        """Views that alive honest nodes have entered."""
        return {n.replica.views.current for n in self.alive if n.replica}

    def settled(self, *txs: bytes) -> bool:
        """All alive honest nodes delivered ``txs`` and stand at one tip."""
        return all(tx in self.delivered_txs for tx in txs) and len(self.tips()) == 1

    def replace(self, shop: int, node: Node) -> Node:
        """Another node, a liar say, takes the seat."""
        self.nodes[shop] = node
        return node

    def add_twin(self, shop: int, heard_by: set[str], hears_first: set[str]) -> Node:
        """A second replica with ``shop``'s key: ``heard_by`` hear it, the rest the first."""
        assert not heard_by & hears_first
        first = self.nodes[shop]
        first.honest = False
        twin = Node(self, f"{shop}'", ShopId(shop), honest=False)
        self.nodes.append(twin)
        for node in self.nodes:
            if node.shop != shop:
                self.cuts.add(((twin if node.name in hears_first else first).name, node.name))
        return twin
