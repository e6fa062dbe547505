"""What must hold on every street at every moment, whatever its faults.

The checks read disks, messages and deliveries of honest seats; they know nothing of how the
replica comes to them. A breach is an AssertionError that says who and what.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from liandao_node.consensus.effects import NEVER_VOTED, Note, Reason, Report
from liandao_node.limits import AHEAD_MESSAGES_MAX, VOTE_VIEWS_PER_SEAT_MAX, WINDOW_SEQS
from liandao_node.types import BlockHash, ShopId, View
from liandao_node.wire.blocks import Block, Certificate, Header
from liandao_node.wire.evidence import Evidence, accused, epoch_of, proves
from liandao_node.wire.messages import (
    Commit,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Suspect,
    ViewChange,
    vote_preimage,
)

if TYPE_CHECKING:
    from liandao_node.sim.node import Node
    from liandao_node.sim.street import Street

_ACCUSING = {
    Note.EQUIVOCATION,
    Note.FORGED_VOTE,
    Note.BAD_PROPOSAL,
    Note.BAD_CERTIFICATE,
    Note.CONFLICTING_NEW_VIEW,
    Note.BAD_RANGE,
}
_ACCUSING_REASONS = {Reason.EQUIVOCATION, Reason.BAD_PROPOSAL}
_JUDGED_FOR_TIME = {Note.BAD_PROPOSAL, Note.SUSPECTED}

_VOTES = (PrePrepare, Prepare, Commit, Suspect, ViewChange, NewView)

Place = tuple[int, View, int]
"""Epoch, view, height."""


class Checks:
    """Invariants over all lives of all honest seats."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.final: dict[int, Block] = {}
        self.delivered_txs: dict[bytes, int] = {}
        """Height of each transaction that became final."""
        self.locks: dict[Place, BlockHash] = {}
        self.votes: dict[tuple[type, int, Place], BlockHash] = {}
        self.prepares: dict[Place, dict[BlockHash, set[ShopId]]] = defaultdict(dict)
        self.new_views: dict[tuple[int, View], NewView] = {}
        self.spoken: dict[tuple[int, int], View] = {}
        """The highest view that each node promised aloud, by epoch."""
        self.on_disks: dict[int, tuple[int, View, View, View, int]] = {}
        self.renewed: set[int] = set()
        """Places with another key, which has not voted yet."""
        self.accusations = 0
        self.view_changes: set[tuple[int, View]] = set()
        """Views above 0 that an honest seat entered, by epoch."""

    # --- what is said ---

    def on_send(self, node: Node, message: Message) -> None:
        if node.mute:
            assert not isinstance(message, _VOTES), f"{node.name} votes and may not"
        match message:
            case Prepare(epoch=epoch, view=view, seq=seq, block=name):
                self._prepare(node, (epoch, view, seq), name)
            case Commit(epoch=epoch, view=view, seq=seq, block=name):
                if node.honest:
                    if node.place in self.renewed:
                        self.renewed.remove(node.place)
                        self.street.counts["new keys that voted"] += 1
                    self._vote(node, Commit, (epoch, view, seq), name)
                    self._commit(node, (epoch, view, seq), name)
            case PrePrepare(epoch=epoch, view=view, block=block):
                header = block.header
                self._prepare(node, (epoch, view, header.seq), header.hash)
            case ViewChange(epoch=epoch, view=view) if node.honest:
                held = node.voter.durable
                assert (held.epoch, held.promised) >= (epoch, view), (
                    "VIEW-CHANGE before its promise"
                )
                spoken = self.spoken.get((node.place, epoch), NEVER_VOTED)
                self.spoken[node.place, epoch] = max(spoken, view)
            case NewView(epoch=epoch, view=view) if node.honest:
                if self._led_honestly(epoch, view):
                    known = self.new_views.setdefault((epoch, view), message)
                    assert known == message, f"two NEW-VIEWs for view {view}"
            case _:
                pass

    def _led_honestly(self, epoch: int, view: View) -> bool:
        return self.street.is_honest(self.street.committees[epoch].leader(view))

    def _prepare(self, node: Node, place: Place, block: BlockHash) -> None:
        blocks = self.prepares[place]
        if node.shop in blocks.setdefault(block, set()):
            return
        blocks[block].add(node.shop)
        committee = self.street.committees.get(place[0])
        if len(blocks) > 1 and committee is not None:  # liars speak of epochs yet to come
            quorum = committee.quorum
            certified = [name for name, seats in blocks.items() if len(seats) >= quorum]
            assert len(certified) < 2, f"two prepare certificates at {place}"
        if node.honest:
            self._vote(node, Prepare, place, block)

    def _vote(self, node: Node, kind: type, place: Place, block: BlockHash) -> None:
        epoch, view, seq = place
        name = kind.__name__.upper()
        known = self.votes.setdefault((kind, node.place, place), block)
        assert known == block, f"{node.name} contradicts its {name} in view {view}, height {seq}"
        spoken = self.spoken.get((node.place, epoch), NEVER_VOTED)
        assert view >= spoken, f"{node.name}: {name} after its promise"
        durable = node.voter.durable
        seated = self.street.committees[epoch].key(node.shop) == node.signer.public_key
        assert seated, f"{node.name} votes in epoch {epoch} with a key that has no seat"
        entered = (durable.epoch, durable.view) >= (epoch, view)
        assert entered, f"{node.name} votes in a view not entered durably"

    def _commit(self, node: Node, place: Place, block: BlockHash) -> None:
        epoch = place[0]
        lock = node.voter.durable.locked
        assert lock is not None, f"{node.name}: COMMIT without a lock"
        held = (lock.epoch, lock.view, lock.seq)
        assert held >= place, f"{node.name}: COMMIT before its lock"
        voters = self.prepares[place].get(block, ())
        assert len(voters) >= self.street.committees[epoch].quorum, "COMMIT without Q PREPAREs"
        assert self._is_kept(node, block), f"{node.name}: COMMIT on a block that its disk has not"

    def _is_kept(self, node: Node, block: BlockHash) -> bool:
        """Whether the block and all of its ancestors outlive a power cut here, or are final."""
        at, bodies, chain = block, node.voter.bodies, node.books.chain
        while at in bodies:
            header = bodies[at].header
            at = header.parent
            if chain and header.seq <= chain[-1].block.header.seq:
                break
        if at == self.street.genesis:
            return True
        return at in bodies or any(at == c.block.header.hash for c in reversed(chain))

    # --- what is kept ---

    def on_disk(self, node: Node) -> None:
        """After each write: promise, view and lock never go down."""
        if not node.honest:
            return
        state = node.voter.durable
        lock = state.locked
        if lock is not None:
            known = self.locks.setdefault((lock.epoch, lock.view, lock.seq), lock.block)
            assert known == lock.block, "two locks in one (view, height)"
        held = (NEVER_VOTED, 0) if lock is None else (lock.view, lock.seq)
        now = (state.epoch, state.promised, state.view, *held)
        before = self.on_disks.get(node.place, now)
        self.on_disks[node.place] = now
        assert now[0] >= before[0], f"{node.name} went back an epoch: {before}, {now}"
        if now[0] > before[0]:
            return
        assert now[1] >= before[1], f"{node.name} took a promise back: {before}, {now}"
        assert now[2] >= before[2], f"{node.name} forgot a view: {before}, {now}"
        assert now[3:] >= before[3:], f"{node.name} lowered its lock: {before}, {now}"

    def on_new_voter(self, node: Node) -> None:
        """Another key on an empty disk: it promised nothing, and may take no old one's place."""
        self.on_disks.pop(node.place, None)
        self.renewed.add(node.place)

    # --- what is final ---

    def on_deliver(self, node: Node, block: Block) -> None:
        if not node.honest and not node.mute:
            return
        header, chain = block.header, node.books.chain
        assert header.version <= node.speaks, f"{node.name} takes blocks that it cannot judge"
        first = chain[0].block.header.seq if len(chain) > 1 else 1
        assert header.seq == first + len(chain) - 1, "delivered out of order or twice"
        known = self.final.get(header.seq)
        if known is None:
            self._first(block)
            self._signed_by_seats(chain[-1].certificate)
            self.street.became_final(node, block)
        else:
            assert known.header == header, f"fork at {header.seq}: {node.name} disagrees"

    def _first(self, block: Block) -> None:
        header = block.header
        below = self.final.get(header.seq - 1)
        parent = self.street.genesis if below is None else below.header.hash
        assert header.parent == parent, f"block {header.seq} stands beside the chain"
        due = self.street.committees[header.epoch].protocol
        assert header.version == due, f"block {header.seq} follows another protocol than its epoch"
        self.final[header.seq] = block
        for tx in block.txs:
            self.delivered_txs.setdefault(tx, header.seq)

    def _signed_by_seats(self, certificate: Certificate | None) -> None:
        """Whatever made a block final was signed with the keys that its epoch seated."""
        if certificate is None:
            return
        c, committee = certificate, self.street.committees[certificate.epoch]
        preimage = vote_preimage(c.kind, self.street.chain, c.epoch, c.view, c.seq, c.block)
        seats = [member for at, member in enumerate(committee.members) if c.signers >> at & 1]
        assert len(seats) >= committee.quorum, f"height {c.seq} is final without a quorum"
        for seat, signature in zip(seats, c.signatures, strict=True):
            good = self.street.verify(seat.key, preimage, signature)
            assert good, f"height {c.seq} is final by a vote that {seat.shop} has not signed"

    # --- what is taken over ---

    def on_snapshot(self, node: Node, header: Header) -> None:
        """A node begins on a snapshot: at a block that is final, on the state of that block."""
        known = self.final.get(header.seq)
        assert known is not None, f"{node.name} goes on from a block that nobody delivered"
        assert known.header == header, f"fork at {header.seq}: a snapshot disagrees"
        self.street.began_anew(node)

    def on_bad_source(self, node: Node, peer: ShopId, code: str) -> None:
        """No honest source of a snapshot is called a liar."""
        lie = code == "SNAPSHOT_BAD" and node.honest and self.street.is_honest(peer)
        assert not lie, f"{node.name} takes the snapshot of honest {peer} for a lie"

    # --- what is reported and remembered ---

    def on_report(self, node: Node, report: Report, *, excused: bool) -> None:
        if report.note is Note.VIEW_ENTERED and node.honest and report.view > 0:
            assert node.replica is not None
            self.view_changes.add((node.replica.committee.epoch, report.view))
        if not node.honest or report.about is None or not self.street.is_honest(report.about):
            return
        if excused and report.note in _JUDGED_FOR_TIME:
            return
        accused = report.note in _ACCUSING or report.reason in _ACCUSING_REASONS
        assert not accused, f"{node.name} accuses an honest seat: {report}"

    def on_accuse(self, node: Node, evidence: Evidence) -> None:
        """No honest seat is framed, and what accuses proves (P-12.8)."""
        seat = accused(evidence)
        key = self.street.committees[epoch_of(evidence)].key(seat)
        assert proves(evidence, self.street.chain, key, self.street.verify), "evidence of nothing"
        assert not self.street.is_honest(seat), f"{node.name} accuses honest {seat}: {evidence}"
        self.accusations += 1

    def on_halt(self, node: Node, code: str) -> None:
        assert not node.honest, f"{node.name} halted: {code}"

    def on_tick(self, node: Node) -> None:
        """What a replica keeps is bounded (P-4.5)."""
        replica = node.replica
        if replica is None or not node.honest:
            return
        seats = len(replica.committee.members)
        base = replica.views.base
        heights = WINDOW_SEQS + max(0, 0 if base is None else base.seq - replica.tip.seq)
        ahead = max(map(len, replica.ahead.values()), default=0)
        bounded = (
            len(replica.votes) <= heights * 2 * VOTE_VIEWS_PER_SEAT_MAX * seats
            and len(replica.early) <= WINDOW_SEQS
            and len(replica.suspects) <= seats + 1
            and len(replica.view_changes) <= seats + 1
            and ahead <= AHEAD_MESSAGES_MAX
        )
        assert bounded, (
            f"{node.name} keeps too much: {len(replica.votes)} votes, {len(replica.early)} early,"
            f" {len(replica.suspects)} suspects, {len(replica.view_changes)} view changes,"
            f" {ahead} ahead"
        )
