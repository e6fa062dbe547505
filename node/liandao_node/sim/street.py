"""A simulated street: its time, its network, its nodes, and what is noted about them."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from struct import Struct as Layout
from typing import Protocol, get_args

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import Effect, Tip
from liandao_node.consensus.replica import Replica
from liandao_node.crypto.keys import Signer, Verifier
from liandao_node.sim.books import Books
from liandao_node.sim.checks import Checks
from liandao_node.sim.network import Network
from liandao_node.sim.node import Node
from liandao_node.sim.timeline import Timeline
from liandao_node.types import BlockHash, ChainId, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.evidence import Evidence

_layout = Layout(">IBBH")
_step, _step_bytes = _layout.pack, _layout.size
_NUMBERS = {kind: number for number, kind in enumerate(get_args(events.Event))}


class Watcher(Protocol):
    """Whoever wants to read along: a table, say."""

    def stepped(self, node: Node, event: events.Event, effects: Sequence[Effect]) -> None: ...

    def tells(self, node: Node | None, what: str, more: str) -> None: ...


class Street:
    """Nodes that share a timeline, a network and one chain."""

    def __init__(
        self,
        *,
        committee: CommitteeRecord,
        chain: ChainId,
        genesis: BlockHash,
        begin_ms: int,
        signer: Callable[[ShopId], Signer],
        verify: Verifier,
        seed: str = "0",
        wire: bool = False,
    ) -> None:
        self.committees: dict[int, Committee] = {}
        """By epoch: who was elected, as soon as any node knows."""
        self.elected(committee)
        self.begin_ms = begin_ms
        """What a right wall clock shows at the timeline's zero."""
        self.chain = chain
        self.genesis = genesis
        self.signer = signer
        self.verify = verify
        self.timeline = Timeline()
        self.network = Network(self.timeline, f"network {seed}", wire=wire)
        self.random = random.Random(f"street {seed}")  # noqa: S311
        self.write_ms_max = 2
        """A record of voter.db takes up to this long."""
        self.ledger_ms_max = 50
        """ledger.db lags up to this long."""
        self.sync_share = 0.2
        """Part of the writes of ledger.db that end with a sync."""
        self.nodes: list[Node] = []
        self.places_of: dict[ShopId, list[Node]] = {}
        self.checks = Checks(self)
        self.counts: Counter[str] = Counter()
        """Faults that came about, by kind."""
        self.accused: Callable[[Node, Evidence], object] = lambda *_: None
        """Hears of every proof of a lie."""
        self.became_final: Callable[[Node, Block], object] = lambda *_: None
        """Hears of every block, from the first node that delivers it."""
        self.began_anew: Callable[[Node], object] = lambda _: None
        """Hears of a node that went on from a snapshot."""
        self.keys_may_differ: Callable[[Node], object] = lambda _: None
        """Hears when a node begins a life or an epoch: other keys may be in force for it."""
        self.watcher: Watcher | None = None
        self._trace = bytearray()
        """Every step in eight bytes."""

    # --- members ---

    def elected(self, record: CommitteeRecord) -> None:
        """A node's ledger names a committee; all of them must name the same."""
        committee = Committee.from_record(record)
        if record.epoch not in self.committees:
            self._works_by(committee)
        known = self.committees.setdefault(record.epoch, committee)
        assert known == committee, f"two committees of epoch {record.epoch}"

    def _works_by(self, committee: Committee) -> None:
        """A protocol never falls, and rises to what the programs of all seats speak (P-12.12)."""
        before = self.committees.get(committee.epoch - 1, committee)
        assert committee.protocol >= before.protocol, "the protocol fell"
        if committee.protocol > before.protocol:
            nodes = [node for member in committee.members for node in self.places_of[member.shop]]
            behind = [node for node in nodes if node.honest and node.speaks < committee.protocol]
            assert not behind, f"{behind[0].name} cannot follow protocol {committee.protocol}"
            self.counts["protocols raised"] += 1

    @property
    def committee(self) -> Committee:
        """The newest."""
        return self.committees[max(self.committees)]

    def add(self, shop: ShopId, books: Books, kind: Callable[..., Node] = Node) -> Node:
        """Another node; a second one for a shop is its twin."""
        node = kind(self, len(self.nodes), shop, books)
        self.nodes.append(node)
        self.places_of.setdefault(shop, []).append(node)
        return node

    def replica_of(self, node: Node, tip: Tip) -> Replica:
        """A replica as a node's start makes it from its disks."""
        bodies = (body for body in node.voter.bodies.values() if body.header.seq > tip.seq)
        return Replica(
            committee=Committee.from_record(node.books.committee()),
            chain=self.chain,
            me=node.shop,
            signer=node.signer,
            verify=self.verify,
            tip=tip,
            durable=node.voter.durable,
            bodies=tuple(bodies),
            session=node.life,
            speaks=node.speaks,
        )

    def start(self) -> None:
        for node in self.nodes:
            node.boot()

    def admits(self, node: Node, other: Node) -> bool:
        """Whether these two have a channel: of other shops, with keys that both know."""
        link = (node.place, other.place)
        return node.shop != other.shop and link not in self.network.strangers

    def is_honest(self, shop: ShopId) -> bool:
        return all(node.honest for node in self.places_of[shop])

    @property
    def awake(self) -> list[Node]:
        """Honest nodes that run."""
        return [node for node in self.nodes if node.up and node.honest and not node.paused]

    def tips(self) -> set[BlockHash]:
        return {node.replica.tip.hash for node in self.awake if node.replica}

    def views(self) -> set[int]:
        """Views that running honest nodes have entered."""
        return {node.replica.views.current for node in self.awake if node.replica}

    def reconnect(self) -> None:
        """Every channel breaks and comes up again, as after a fault of the network."""
        for up in (False, True):
            for node in self.nodes:
                for other in self.nodes:
                    if node.up and other.up and self.admits(node, other):
                        node.link(other.shop, up=up)

    # --- chance ---

    def write_ms(self) -> int:
        return int(self.random.random() * (self.write_ms_max + 1))

    def ledger_ms(self) -> int:
        return int(self.random.random() * (self.ledger_ms_max + 1))

    def syncs(self) -> bool:
        return self.random.random() < self.sync_share

    # --- what is noted ---

    def stepped(self, node: Node, event: events.Event, effects: Sequence[Effect]) -> None:
        self._trace += _step(self.timeline.now, node.place, _NUMBERS[type(event)], len(effects))
        if type(event) is events.Tick:
            self.checks.on_tick(node)
        if self.watcher is not None:
            self.watcher.stepped(node, event, effects)

    @property
    def steps(self) -> int:
        return len(self._trace) // _step_bytes

    def tells(self, node: Node | None, what: str, more: str = "") -> None:
        """Something happens to a node, or to the street."""
        if self.watcher is not None:
            self.watcher.tells(node, what, more)

    def trace_hash(self) -> str:
        """Names this history: every step, and every final block."""
        digest = sha256(self._trace)
        for seq in sorted(self.checks.final):
            digest.update(self.checks.final[seq].header.hash)
        return digest.hexdigest()[:16]
