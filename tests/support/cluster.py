"""A simulated street whose blocks hold any bytes: for tests of agreement alone.

Network, disks, clocks, liars and checks are the simulator's (`liandao_node.sim`); the ledger is
left out, so that a test can hand a seat whatever block it needs.
"""

from collections.abc import Callable

from liandao_node.consensus.effects import Tip
from liandao_node.consensus.replica import Replica
from liandao_node.consensus.state import Wanted
from liandao_node.sim.books import Verdict
from liandao_node.sim.disks import End
from liandao_node.sim.liars import Liar, Lie
from liandao_node.sim.network import CALM, Weather
from liandao_node.sim.node import Node
from liandao_node.sim.street import Street
from liandao_node.types import Epoch, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.committee import CommitteeRecord, Seat
from liandao_node.wire.protocol import FIRST_PROTOCOL

from support.consensus_forms import CHAIN, GENESIS, fake_verify, make_block, signer

BLOCK_TXS = 2


class OpaqueBooks:
    """Books in which every block is valid and no transaction means anything."""

    def __init__(self, record: CommitteeRecord) -> None:
        self.chain: list[CommittedBlock] = []
        self.written = 0
        self.synced = 0
        self.pool: dict[bytes, Millis] = {}
        self._record = record

    def open(self) -> Tip:
        self.pool.clear()
        if not self.chain:
            return Tip(Seq(0), GENESIS, None)
        last = self.chain[-1]
        return Tip(last.block.header.seq, last.block.header.hash, last.certificate)

    def committee(self) -> CommitteeRecord:
        return self._record

    def end(self, how: End) -> None:
        del self.chain[self.synced if how is End.POWER else self.written :]
        self.written = len(self.chain)

    def lose(self) -> None:
        self.chain.clear()
        self.written = self.synced = 0

    @property
    def safe_seq(self) -> int:
        return self.synced

    def write(self, *, sync: bool) -> None:
        last = len(self.chain)
        while last > self.written and self.chain[last - 1].certificate is None:
            last -= 1
        self.written = last
        if sync:
            self.synced = last

    def check(self, block: Block, street_ms: Millis, *, fresh: bool) -> Verdict:  # noqa: ARG002
        return Verdict.VALID

    def propose(
        self,
        replica: Replica,
        place: Wanted,
        street_ms: Millis,  # noqa: ARG002
    ) -> Block | None:
        taken: set[bytes] = set()
        at = replica.bodies.get(place.parent)
        while at is not None:
            taken.update(at.txs)
            at = replica.bodies.get(at.header.parent)
        txs = [tx for tx in self.pool if tx not in taken][:BLOCK_TXS]
        return make_block(place.parent, place.seq, replica.me, txs) if txs else None

    def deliver(self, block: Block, certificate: Certificate | None) -> None:
        self.chain.append(CommittedBlock(block, certificate))
        for tx in block.txs:
            self.pool.pop(tx, None)

    def take(self, raws: list[bytes], now_ms: Millis) -> None:
        final = {tx for committed in self.chain for tx in committed.block.txs}
        for raw in raws:
            if raw not in final:
                self.pool.setdefault(raw, now_ms)

    def oldest_ms(self) -> Millis | None:
        return min(self.pool.values(), default=None)

    def rival(self, block: Block) -> Block | None:
        header = block.header
        return make_block(header.parent, header.seq, header.proposer, [b"other %d" % header.seq])


class Cluster(Street):
    """A street of opaque blocks that a test drives."""

    def __init__(
        self, size: int, seed: int = 0, weather: Weather = CALM, write_ms_max: int = 2
    ) -> None:
        seats = [Seat(ShopId(at), signer(at).public_key) for at in range(size)]
        self._record = CommitteeRecord(Epoch(0), Seq(1), FIRST_PROTOCOL, seats)
        super().__init__(
            committee=self._record,
            chain=CHAIN,
            genesis=GENESIS,
            begin_ms=0,
            signer=signer,
            verify=fake_verify,
            seed=str(seed),
        )
        self.network.weather = weather
        self.write_ms_max = write_ms_max
        for shop in range(size):
            self.add(ShopId(shop), OpaqueBooks(self._record))

    @property
    def now(self) -> int:
        return self.timeline.now

    def run(self, duration_ms: int, until: Callable[[], bool] | None = None) -> bool:
        return self.timeline.run(duration_ms, until)

    def submit(self, *txs: bytes) -> None:
        """To every honest node that runs."""
        for node in self.awake:
            self.submit_to(node, *txs)

    def submit_to(self, node: Node, *txs: bytes) -> None:
        fresh = [tx for tx in txs if tx not in self.checks.delivered_txs]
        node.take(fresh)

    def settled(self, *txs: bytes) -> bool:
        """All running honest nodes delivered ``txs`` and stand at one tip."""
        return all(tx in self.checks.delivered_txs for tx in txs) and len(self.tips()) == 1

    def heights(self) -> set[int]:
        return {node.replica.tip.seq for node in self.awake if node.replica}

    def liar(self, shop: int, *lies: Lie) -> Liar:
        """A liar takes the seat."""
        liar = Liar(self, shop, ShopId(shop), OpaqueBooks(self._record))
        self.nodes[shop] = liar
        self.places_of[liar.shop] = [liar]
        liar.arm(frozenset(lies), f"liar {shop}")
        return liar

    def add_twin(self, shop: int, heard_by: set[int], hears_first: set[int]) -> Node:
        """A second computer with ``shop``'s key: ``heard_by`` hear it, the rest the first."""
        assert not heard_by & hears_first
        first = self.nodes[shop]
        twin = self.add(ShopId(shop), OpaqueBooks(self._record))
        first.honest = twin.honest = False
        twin.name = f"{shop}'"
        for node in self.nodes:
            if node.shop != shop:
                silent = first if node.place in heard_by else twin
                self.network.cut([(silent.place, node.place)])
        return twin
