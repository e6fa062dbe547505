"""What must hold on every street at every moment, whatever its faults.

The checks read disks, messages and deliveries of honest seats; they know nothing of how the
replica comes to them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from liandao_node.consensus.effects import NEVER_VOTED, Note, Reason, Report
from liandao_node.limits import VOTE_VIEWS_PER_SEAT_MAX, WINDOW_SEQS
from liandao_node.types import BlockHash, ShopId, View
from liandao_node.wire.blocks import Block
from liandao_node.wire.messages import (
    Commit,
    FetchRange,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    ViewChange,
)

from support.consensus_forms import GENESIS

if TYPE_CHECKING:
    from support.cluster import Cluster
    from support.cluster_node import Node

_ACCUSING = {
    Note.EQUIVOCATION,
    Note.FORGED_VOTE,
    Note.BAD_PROPOSAL,
    Note.BAD_CERTIFICATE,
    Note.CONFLICTING_NEW_VIEW,
    Note.BAD_RANGE,
}
_ACCUSING_REASONS = {Reason.EQUIVOCATION, Reason.BAD_PROPOSAL}


class Checks:
    """Invariants over all lives of all honest seats."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.final: dict[int, Block] = {}
        self.locks: dict[tuple[View, int], BlockHash] = {}
        self.votes: dict[tuple[str, ShopId, View, int], BlockHash] = {}
        self.prepares: dict[tuple[View, int, BlockHash], set[ShopId]] = defaultdict(set)
        self.new_views: dict[View, NewView] = {}
        self.spoken: dict[ShopId, View] = defaultdict(lambda: NEVER_VOTED)
        """The highest view that each seat promised aloud."""
        self.on_disks: dict[str, tuple[View, View, View, int]] = {}

    def _is_honest(self, shop: ShopId) -> bool:
        return all(node.honest for node in self.cluster.nodes if node.shop == shop)

    # --- what is said ---

    def on_send(self, node: Node, message: Message | FetchRange) -> None:
        match message:
            case PrePrepare(view=view, block=block):
                seq, name = block.header.seq, block.header.hash
                self.prepares[view, seq, name].add(node.shop)
                self._vote(node, "PREPARE", view, seq, name)
            case Prepare(view=view, seq=seq, block=name):
                self.prepares[view, seq, name].add(node.shop)
                self._vote(node, "PREPARE", view, seq, name)
            case Commit(view=view, seq=seq, block=name):
                self._vote(node, "COMMIT", view, seq, name)
                self._commit(node, view, seq, name)
            case ViewChange(view=view) if node.honest:
                assert node.disk.durable.promised >= view, "VIEW-CHANGE before its promise"
                self.spoken[node.shop] = max(self.spoken[node.shop], view)
            case NewView(view=view) if node.honest:
                leader = self.cluster.committee.leader(view)
                if self._is_honest(leader):
                    known = self.new_views.setdefault(view, message)
                    assert known == message, f"two NEW-VIEWs for {view}"
            case _:
                pass

    def _vote(self, node: Node, kind: str, view: View, seq: int, block: BlockHash) -> None:
        if not node.honest:
            return
        assert node.replica is not None
        known = self.votes.setdefault((kind, node.shop, view, seq), block)
        assert known == block, f"{node.name} contradicts its {kind} in view {view}, height {seq}"
        assert view >= self.spoken[node.shop], f"{node.name}: {kind} after its promise"
        assert node.disk.durable.view >= view, f"{node.name} votes in a view not entered durably"

    def _commit(self, node: Node, view: View, seq: int, block: BlockHash) -> None:
        if not node.honest:
            return
        disk = node.disk
        assert disk.durable.locked is not None, "COMMIT without a lock"
        held = (disk.durable.locked.view, disk.durable.locked.seq)
        assert held >= (view, seq), "COMMIT before its lock is durable"
        voters = self.prepares[view, seq, block]
        assert len(voters) >= self.cluster.committee.quorum, "COMMIT without Q PREPAREs"
        at = block
        chain = {committed.block.header.hash for committed in disk.chain}
        while at not in chain and at != GENESIS:
            assert at in disk.bodies, f"{node.name}: COMMIT on a block that its disk has not"
            at = disk.bodies[at].header.parent

    # --- what is kept ---

    def on_disk(self, node: Node) -> None:
        """After each write: promise, view and lock never go down."""
        if not node.honest:
            return
        state = node.disk.durable
        lock = state.locked
        if lock is not None:
            known = self.locks.setdefault((lock.view, lock.seq), lock.block)
            assert known == lock.block, "two locks in one (view, height)"
        held = (NEVER_VOTED, 0) if lock is None else (lock.view, lock.seq)
        now = (state.promised, state.view, *held)
        before = self.on_disks.get(node.name, now)
        assert now[0] >= before[0], f"{node.name} took a promise back: {before}, {now}"
        assert now[1] >= before[1], f"{node.name} forgot a view: {before}, {now}"
        assert now[2:] >= before[2:], f"{node.name} lowered its lock: {before}, {now}"
        self.on_disks[node.name] = now

    # --- what is final ---

    def on_deliver(self, node: Node, block: Block) -> None:
        if not node.honest:
            return
        header = block.header
        assert header.seq == len(node.disk.chain), "delivered out of order or twice"
        known = self.final.setdefault(header.seq, block)
        assert known == block, f"fork at {header.seq}: {node.name} disagrees"
        below = self.final.get(header.seq - 1)
        assert header.parent == (GENESIS if below is None else below.header.hash)
        for tx in block.txs:
            at = self.cluster.delivered_txs.setdefault(tx, header.seq)
            assert at == header.seq, f"{tx!r} is in two blocks"

    # --- what is reported and remembered ---

    def on_report(self, node: Node, report: Report) -> None:
        if not node.honest or report.about is None or not self._is_honest(report.about):
            return
        accused = report.note in _ACCUSING or report.reason in _ACCUSING_REASONS
        assert not accused, f"{node.name} accuses an honest seat: {report}"

    def on_step(self, node: Node) -> None:
        replica = node.replica
        if replica is None or not node.honest:
            return
        assert replica.halted is None, f"{node.name} halted: {replica.halted}"
        seats = len(self.cluster.committee.members)
        base = replica.views.base
        heights = WINDOW_SEQS + max(0, 0 if base is None else base.seq - replica.tip.seq)
        assert len(replica.votes) <= heights * 2 * VOTE_VIEWS_PER_SEAT_MAX * seats
        assert len(replica.early) <= WINDOW_SEQS
        assert len(replica.suspects) <= seats + 1
        assert len(replica.view_changes) <= seats + 1
