"""Final blocks, in order and once, and their missing bodies (sections 4 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import base, chains, evidence, normal, view_change
from liandao_node.consensus.chains import Foot
from liandao_node.consensus.effects import Deliver, Note, Reason, Tip
from liandao_node.limits import FETCH_MS, WINDOW_SEQS
from liandao_node.types import BlockHash, Millis, ShopId
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.messages import Body, FetchBody

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica

_PASSING = (Reason.NO_PROGRESS, Reason.LEADER_DOWN, Reason.CENSORSHIP, Reason.JOINED)
"""Reasons that a delivery refutes."""


def finalise(r: Replica, certificate: Certificate) -> None:
    """Enter: a commit certificate that holds. P-4.7: valid in every mode and view.

    It speaks for its block and for all undelivered ancestors (P-4.9). Missing bodies are
    fetched; the certificate waits for them.
    """
    if certificate.seq <= r.tip.seq:
        return
    evidence.own_key_in_certificate(r, certificate)
    if r.voting and certificate.view > r.views.promised:
        view_change.learn_view(r, certificate.view)
    chain = chains.above_tip(r, certificate.block)
    if any(block.header.next_committee for block in chain.blocks[:-1]):
        r.halt("CHAIN_FORKED")  # P-12.3: a quorum went on above the last block of its epoch
    elif chain.foot is Foot.TIP:
        deliver(r, chain.blocks, certificate)
    elif chain.foot is Foot.ELSEWHERE:
        r.halt("CHAIN_FORKED")  # P-6.5: two certificates contradict each other
    else:
        ask_for_body(r, chain.rests_on)
        if r.final is None or certificate.seq > r.final.seq:
            r.final = certificate


def deliver(r: Replica, chain: list[Block], certificate: Certificate) -> None:
    for block in chain:
        last = block.header.hash == certificate.block
        r.effects.append(Deliver(block, certificate if last else None))
        r.bodies.pop(block.header.hash, None)
        r.stored.discard(block.header.hash)
        r.recent[block.header.hash] = block
        if len(r.recent) > WINDOW_SEQS:
            del r.recent[next(iter(r.recent))]
    r.tip = Tip(certificate.seq, certificate.block, certificate)
    r.closed = chain[-1].header.next_committee or None
    clocks = r.clocks
    opened = r.slots.get(r.tip.seq)
    if opened is not None:
        took_ms = clocks.now - opened.opened_ms
        clocks.commit_ms = Millis(max(took_ms, clocks.commit_ms * 7 // 8))
    clocks.progress = clocks.now
    clocks.behind_since = None
    clocks.failed_views = 0
    if r.suspicion in _PASSING:
        view_change.withdraw(r)
    _forget_below_tip(r)
    if r.closed is not None:
        return  # P-12.4: nothing of this epoch is left to do
    if r.final is not None:
        waiting, r.final = r.final, None
        finalise(r, waiting)
    if not r.views.base_ready:
        base.try_base(r)
    normal.accept_early(r)
    normal.advance(r)


def _forget_below_tip(r: Replica) -> None:
    """Drops what the new tip decides, and a proposed chain that it contradicts."""
    seq = r.tip.seq
    for below in [s for s in r.slots if s <= seq]:
        del r.slots[below]
    for below in [s for s in r.early if s <= seq]:
        del r.early[below]
    for stale in [h for h, block in r.bodies.items() if block.header.seq <= seq]:
        del r.bodies[stale]
        r.stored.discard(stale)
    r.votes.prune(seq)
    r.awaited.clear()
    if r.head[0] <= seq:
        r.head = (seq, r.tip.hash)
    elif chains.above_tip(r, r.head[1]).foot is not Foot.TIP:
        r.slots.clear()
        r.head = (seq, r.tip.hash)
        # P-5.9; a seat that only follows for now would come back to a view whose votes it lost.
        r.views.poisoned = True
        if r.active:
            base.distrust(r)


def ask_for_body(r: Replica, block_hash: BlockHash) -> None:
    """P-7.1: a block whose hash is certified is asked of every seat that is up."""
    if block_hash in r.awaited and r.clocks.now - r.clocks.body_sent < FETCH_MS:
        return
    r.awaited.add(block_hash)
    r.clocks.body_sent = r.clocks.now
    for shop, peer in r.peers.items():
        if peer.up:
            r.send(shop, FetchBody(block_hash))


def on_fetch_body(r: Replica, peer: ShopId, block_hash: BlockHash) -> None:
    block = r.bodies.get(block_hash) or r.recent.get(block_hash)
    if block is not None:
        r.send(peer, Body(block))


def on_body(r: Replica, peer: ShopId, block: Block) -> None:
    """Enter: an answer to FETCH-BODY. Only blocks that were asked for are kept (P-7.1)."""
    block_hash = block.header.hash
    if block_hash not in r.awaited:
        return
    if not chains.is_whole(block):
        r.report(Note.BAD_RANGE, about=peer)
        return
    r.awaited.discard(block_hash)
    r.bodies[block_hash] = block
    retry_missing(r)


def retry_missing(r: Replica) -> None:
    """Takes up again what waited for a body."""
    if r.final is not None:
        waiting, r.final = r.final, None
        finalise(r, waiting)
    if not r.voting:
        return
    if not r.views.base_ready:
        base.try_base(r)
    view_change.try_new_view(r)
