"""The normal case: propose, prepare, lock, commit (docs/protocol.md section 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from liandao_node.consensus import chains, delivery, evidence, view_change
from liandao_node.consensus.certificates import rank
from liandao_node.consensus.effects import Execute, Note, Reason
from liandao_node.consensus.state import Slot, Wanted
from liandao_node.consensus.votes import Vote
from liandao_node.crypto.digest import DIGEST_BYTES
from liandao_node.limits import FETCH_MS, PIPELINE_DEPTH, WINDOW_SEQS
from liandao_node.types import BlockHash, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block
from liandao_node.wire.messages import Commit, Prepare, PrePrepare, vote_preimage

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def wanted(r: Replica) -> Wanted | None:
    """P-4.1: an active, unfenced leader proposes on its head while the pipeline has room."""
    if not r.active or r.leader != r.me or r.views.promised <= r.views.fence:
        return None
    if r.views.poisoned or not r.views.base_ready or r.final is not None:
        return None
    seq, parent = r.head
    if chains.closes_epoch(r, parent):
        return None  # P-12.3
    if seq + 1 > r.tip.seq + PIPELINE_DEPTH:
        return None
    return Wanted(r.views.current, Seq(seq + 1), parent, _attendance(r))


def _attendance(r: Replica) -> int:
    """P-12.6: a bit for each seat whose COMMIT was heard for a height in the window's reach.

    By heights, not by time: an idle street leaves nobody out.
    """
    since = r.tip.seq - WINDOW_SEQS
    return sum(
        1 << at
        for at, member in enumerate(r.committee.members)
        if member.shop == r.me or r.peers[member.shop].voted >= since
    )


def on_proposed(r: Replica, block: Block) -> None:
    """Enter: the caller answers `wanted`. A proposal for a place now gone is dropped."""
    place = wanted(r)
    header = block.header
    if place is None or (header.seq, header.parent) != (place.seq, place.parent):
        return
    assert header.proposer == r.me
    assert header.epoch == r.committee.epoch
    signature = _sign(r, PREPARE, header.seq, header.hash)
    proposal = PrePrepare(r.committee.epoch, r.views.current, block, signature)
    slot = _open_slot(r, block, proposal)
    slot.executed = True
    r.broadcast(proposal)
    _vote(r, PREPARE, header.seq, r.me, Vote(header.hash, signature, verified=True))
    advance(r)


def on_pre_prepare(r: Replica, peer: ShopId, message: PrePrepare) -> None:
    """Enter: a proposal from the leader of the promised view (P-4.2).

    One that came before its parent, or before the view was entered here, waits its turn.
    """
    header = message.block.header
    if message.epoch != r.committee.epoch or message.view < r.views.promised:
        return
    if peer != r.committee.leader(message.view) or header.proposer != peer:
        r.report(Note.BAD_PROPOSAL, about=peer)
        return
    if not r.tip.seq < header.seq <= r.tip.seq + WINDOW_SEQS:
        return
    if message.view > r.views.promised:
        view_change.ask_for_new_view(r, peer, message.view)
        return
    # Slots and early proposals of an older view say nothing about this one.
    slot = r.slots.get(header.seq) if r.active else None
    early = r.early.get(header.seq)
    if early is not None and early.view != message.view:
        early = None
    earlier = slot.proposal if slot is not None else early
    differs = earlier is not None and earlier.block.header.hash != header.hash
    if earlier is not None and differs and evidence.two_proposals(r, peer, earlier, message):
        view_change.suspect(r, Reason.EQUIVOCATION)
    if slot is None and early is None:
        r.early[header.seq] = message
        accept_early(r)


def accept_early(r: Replica) -> None:
    """Enter: a proposal, a delivery or a view's entry may have made the next one fit.

    P-4.2: it follows the head, from the view's leader, in the active view, and is executed
    before it is voted on.
    """
    while r.active and r.views.base_ready and not r.views.poisoned:
        seq, parent = r.head
        message = r.early.pop(Seq(seq + 1), None)
        if message is None or message.view != r.views.current:
            return
        header = message.block.header
        loose = header.parent != parent or chains.closes_epoch(r, parent)
        if loose or not _well_formed(r, message.block):
            reject(r)
            return
        _open_slot(r, message.block, message)
        vote = Vote(header.hash, message.signature, verified=False)
        _vote(r, PREPARE, header.seq, r.leader, vote)
        execute(r, message.block, fresh=True)


def _well_formed(r: Replica, block: Block) -> bool:
    header = block.header
    return (
        header.version == r.committee.protocol  # P-12.12
        and header.chain_id == r.chain
        and header.epoch == r.committee.epoch
        and header.call_count > 0
        and len(header.next_committee) in (0, DIGEST_BYTES)
        and chains.is_whole(block)
    )


def execute(r: Replica, block: Block, *, fresh: bool) -> None:
    r.pending.executions.setdefault(block.header.hash, []).append(fresh)
    r.effects.append(Execute(block, fresh))


def reject(r: Replica) -> None:
    """P-4.4: the leader's proposal breaks the rules; nothing more of it in this view."""
    r.views.poisoned = True
    r.report(Note.BAD_PROPOSAL, about=r.leader)
    view_change.suspect(r, Reason.BAD_PROPOSAL)


def _open_slot(r: Replica, block: Block, proposal: PrePrepare | None) -> Slot:
    header = block.header
    slot = r.slots[header.seq] = Slot(header.hash, proposal, r.clocks.now)
    r.bodies[header.hash] = block
    r.head = (header.seq, header.hash)
    return slot


def open_base(r: Replica, block: Block) -> None:
    """P-5.8: the base is proposed anew by the NEW-VIEW itself, and nothing below it."""
    _open_slot(r, block, None)


def on_executed(r: Replica, block: BlockHash, *, valid: bool) -> None:
    """Enter: the caller ran a block. P-4.4: only a valid one gets a PREPARE."""
    asked = r.pending.executions.get(block)
    if asked is None:
        return
    fresh = asked.pop(0)
    if not asked:
        del r.pending.executions[block]
    slot = next((slot for slot in r.slots.values() if slot.block == block), None)
    if not valid:
        _refuse(r, block, slot, fresh=fresh)
        return
    if slot is None:
        return
    slot.executed = True
    seq = r.bodies[block].header.seq
    if r.active and r.views.current > r.views.fence and not r.views.poisoned:
        _send_prepare(r, seq, block)
    advance(r)


def _refuse(r: Replica, block: BlockHash, slot: Slot | None, *, fresh: bool) -> None:
    """P-4.4: a proposal is the leader's fault; a base that a quorum prepared is not."""
    if not fresh:
        # The base or its chain: refusing it means that this node computes otherwise.
        if block in r.views.base_chain:
            r.halt("STATE_DIVERGED")
        return
    if slot is None or slot.proposal is None:
        return  # refused as a proposal of a view that is over; as a base it is judged anew
    header = r.bodies[block].header
    for above in [s for s in r.slots if s >= header.seq]:
        del r.slots[above]
    r.head = (Seq(header.seq - 1), header.parent)
    reject(r)


def _send_prepare(r: Replica, seq: Seq, block: BlockHash) -> None:
    if r.votes.of(PREPARE, r.views.current, seq, r.me) is not None:
        return
    signature = _sign(r, PREPARE, seq, block)
    r.broadcast(Prepare(r.committee.epoch, r.views.current, seq, block, signature))
    _vote(r, PREPARE, seq, r.me, Vote(block, signature, verified=True))


def _sign(r: Replica, kind: int, seq: Seq, block: BlockHash) -> Signature:
    """P-5.4: never below the promise. The one place where votes are signed.

    P-4.1: and once for a height of a view. To end is better than to be the liar.
    """
    assert r.active
    assert r.views.current == r.views.promised
    earlier = r.votes.of(kind, r.views.current, seq, r.me)
    assert earlier is None or earlier.block == block
    epoch = r.committee.epoch
    return r.signer.sign(vote_preimage(kind, r.chain, epoch, r.views.current, seq, block))


def _vote(r: Replica, kind: int, seq: Seq, seat: ShopId, vote: Vote) -> None:
    view = r.views.current
    known = r.votes.add(kind, view, seq, seat, vote)
    if known is not None:
        evidence.contradiction(r, kind, view, seq, seat, known, vote)


def on_prepare(r: Replica, peer: ShopId, message: Prepare) -> None:
    """Enter: a PREPARE of the promised view or above, inside the window (P-4.5)."""
    if message.view < r.views.promised or not _counts(r, message):
        return
    vote = Vote(message.block, message.signature, verified=False)
    known = r.votes.add(PREPARE, message.view, message.seq, peer, vote)
    if known is not None:
        evidence.contradiction(r, PREPARE, message.view, message.seq, peer, known, vote)
    if message.view == r.views.current:
        advance(r)


def on_commit(r: Replica, peer: ShopId, message: Commit) -> None:
    """Enter: a COMMIT of any view (P-4.7): a quorum of them is final in every mode."""
    if message.epoch == r.committee.epoch and message.seq <= r.tip.seq + WINDOW_SEQS:
        known = r.peers[peer]
        known.voted = max(known.voted, message.seq)
    if not _counts(r, message):
        return
    vote = Vote(message.block, message.signature, verified=False)
    earlier = r.votes.add(COMMIT, message.view, message.seq, peer, vote)
    if earlier is not None:
        evidence.contradiction(r, COMMIT, message.view, message.seq, peer, earlier, vote)
    evidence.forgetful_commit(r, peer, message.view, message.seq)
    try_commit(r, message.view, message.seq)


def _counts(r: Replica, message: Prepare | Commit) -> bool:
    """P-4.5: this epoch, inside the window, a whole hash.

    The window opens above the base too: after a power cut of the whole street the tips may
    lie more than a window below the highest lock.
    """
    base = r.views.base
    ceiling = max(r.tip.seq, 0 if base is None else base.seq) + WINDOW_SEQS
    return (
        message.epoch == r.committee.epoch
        and message.view >= 0
        and r.tip.seq < message.seq <= ceiling
        and len(message.block) == 32
    )


def advance(r: Replica) -> None:
    """P-4.6: lock executed blocks in order, each once it has Q PREPAREs in this view.

    A lock is made durable with the bodies that it rests on before its COMMIT leaves: the one
    write on the critical path.
    """
    if not r.active:
        return
    view = r.views.current
    for seq in sorted(r.slots):
        slot = r.slots[seq]
        if slot.prepared is not None:
            continue
        if not slot.executed:
            return
        certificate, forgers = r.votes.certificate(PREPARE, view, seq, slot.block)
        _report_forgers(r, forgers)
        if certificate is None or chains.contradicts_lock(r, view, seq, slot.block):
            return
        slot.prepared = certificate
        r.checker.remember(certificate)
        bodies = chains.unstored(r, slot.block)
        # P-6.4: in the view that it came back to, a seat locks again what lies below the
        # lock it holds.
        locked = max(r.durable.locked or certificate, certificate, key=rank)
        token = r.persist(replace(r.durable, locked=locked), bodies)
        r.pending.locks[token] = (view, seq, slot.block)


def on_lock_durable(r: Replica, view: View, seq: Seq, block: BlockHash) -> None:
    """Enter: the lock survives a power cut. P-4.6: COMMIT, unless a higher view is promised."""
    if not r.active or r.views.current != view or seq <= r.tip.seq:
        return
    signature = _sign(r, COMMIT, seq, block)
    r.broadcast(Commit(r.committee.epoch, view, seq, block, signature))
    _vote(r, COMMIT, seq, r.me, Vote(block, signature, verified=True))
    try_commit(r, view, seq)


def try_commit(r: Replica, view: View, seq: Seq) -> None:
    """P-4.7: Q COMMITs of one (view, height, block) make it final."""
    certificate, forgers = r.votes.certificate(COMMIT, view, seq)
    _report_forgers(r, forgers)
    if certificate is not None:
        r.checker.remember(certificate)
        delivery.finalise(r, certificate)


def _report_forgers(r: Replica, forgers: list[ShopId]) -> None:
    for seat in forgers:
        r.report(Note.FORGED_VOTE, about=seat)


def resend(r: Replica, peer: ShopId) -> None:
    """P-4.8: what a seat may have missed of the blocks under way: proposals and own votes.

    Not again within `FETCH_MS`: proposals are large, and whoever asks may be a liar.
    """
    known = r.known(peer)
    if not r.active or not r.slots or r.clocks.now - known.resent_ms < FETCH_MS:
        return
    known.resent_ms = r.clocks.now
    view, epoch = r.views.current, r.committee.epoch
    for seq in sorted(r.slots):
        slot = r.slots[seq]
        if slot.proposal is not None and r.leader == r.me:
            r.send(peer, slot.proposal)
        own = r.votes.of(PREPARE, view, seq, r.me)
        if own is not None:
            r.send(peer, Prepare(epoch, view, seq, own.block, own.signature))
        own = r.votes.of(COMMIT, view, seq, r.me)
        if own is not None:
            r.send(peer, Commit(epoch, view, seq, own.block, own.signature))
