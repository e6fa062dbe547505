"""Final blocks, in order and once; and how a seat that was away catches up (sections 4, 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import base, chains, evidence, normal, runs, timers, view_change
from liandao_node.consensus.chains import Foot
from liandao_node.consensus.effects import Deliver, Note, Reason, Tip
from liandao_node.consensus.state import Peer
from liandao_node.limits import CERTIFY_BLOCKS, FETCH_MS, STATUS_MS, WINDOW_SEQS
from liandao_node.types import BlockHash, Millis, ShopId, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate
from liandao_node.wire.messages import Body, FetchBody, FetchRange, Range, Status

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
        _deliver(r, chain.blocks, certificate)
    elif chain.foot is Foot.ELSEWHERE:
        r.halt("CHAIN_FORKED")  # P-6.5: two certificates contradict each other
    else:
        ask_for_body(r, chain.rests_on)
        if r.final is None or certificate.seq > r.final.seq:
            r.final = certificate


def _deliver(r: Replica, chain: list[Block], certificate: Certificate) -> None:
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


def on_status(r: Replica, peer: ShopId, message: Status) -> None:
    """Enter: a heartbeat. P-7.2: its certificate may make blocks final at once."""
    known = r.known(peer)
    known.epoch = message.epoch
    if message.epoch < r.committee.epoch:
        tell_of_epoch(r, peer)
        return
    certificate = message.certificate
    if message.epoch > r.committee.epoch:
        # P-12.4: its epoch's certificates mean nothing here yet; the last one of this does.
        known.tip = message.tip_seq
        last = certificate is not None and certificate.epoch == r.committee.epoch
        if certificate is None or not last or not r.checker.holds(certificate, COMMIT):
            fetch_range(r, peer)
        else:
            finalise(r, certificate)
        return
    if r.voting and peer in r.peers:
        _hear_views(r, peer, message)
    if certificate is not None and certificate.seq > r.tip.seq:
        if certificate.seq != message.tip_seq or not r.checker.holds(certificate, COMMIT):
            r.report(Note.BAD_CERTIFICATE, about=peer)
            return
        known.tip = certificate.seq
        if certificate.seq <= r.tip.seq + WINDOW_SEQS:
            finalise(r, certificate)
        else:
            fetch_range(r, peer)
    elif message.view == r.views.current and r.clocks.now - r.clocks.progress > FETCH_MS:
        normal.resend(r, peer)


def _hear_views(r: Replica, peer: ShopId, message: Status) -> None:
    known = r.peers[peer]
    known.promised = max(known.promised, message.promised)
    if message.view > r.views.current:
        view_change.ask_for_new_view(r, peer, message.view)
    view_change.join_higher(r)
    view_change.count(r)


def tell_of_epoch(r: Replica, peer: ShopId) -> None:
    """A seat that stands in an epoch that is over hears so at once, not with the heartbeat."""
    known = r.known(peer)
    if r.clocks.now - known.resent_ms >= FETCH_MS:
        known.resent_ms = r.clocks.now
        r.send(peer, timers.status(r))


def is_ahead(r: Replica, peer: Peer) -> bool:
    """Whether a shop has blocks that are missing here, as far as it says."""
    return peer.tip > r.tip.seq or peer.epoch > r.committee.epoch


def catch_up_at_once(r: Replica) -> None:
    """Enter: an epoch began here. Whoever is epochs behind asks on without a pause."""
    source = next((s for s, p in r.peers.items() if p.up and is_ahead(r, p)), None)
    if source is not None and r.closed is None:
        fetch_range(r, source)


def check_behind(r: Replica) -> None:
    """P-7.3: behind a peer for longer than a moment, fetch the committed blocks."""
    waits = r.final is not None
    ahead = sorted(s for s, p in r.peers.items() if p.up and (waits or is_ahead(r, p)))
    clocks = r.clocks
    if not ahead:
        clocks.behind_since = None
        return
    if clocks.behind_since is None:
        clocks.behind_since = clocks.now
    if clocks.now - max(clocks.behind_since, clocks.fetch_sent) >= FETCH_MS and not _waits(r):
        # Another one for each request: a silent or lying source holds nobody up. To count the looks
        # between them would ask a silent one again for ever where so many shops are ahead.
        clocks.fetches += 1
        fetch_range(r, ahead[clocks.fetches % len(ahead)])


def _waits(r: Replica) -> bool:
    """Whether a source that was asked may still answer."""
    return r.clocks.fetch_from is not None and r.clocks.now - r.clocks.fetch_sent < STATUS_MS


def fetch_range(r: Replica, peer: ShopId) -> None:
    """One request at a time, asked again elsewhere after a second."""
    if _waits(r):
        return
    clocks = r.clocks
    clocks.fetch_sent = clocks.now
    clocks.fetch_from = peer
    r.report(Note.FETCHING, about=peer)
    r.send(peer, FetchRange(runs.wanted(r)))


def _deliver_fetched(r: Replica, chain: list[Block], certificate: Certificate) -> None:
    evidence.own_key_in_certificate(r, certificate)
    if r.voting and certificate.view > r.views.promised:
        view_change.learn_view(r, View(certificate.view))
    _deliver(r, chain, certificate)


def _holds(
    r: Replica, block: Block, block_hash: BlockHash, certificate: Certificate | None
) -> bool:
    """Whether a block is of this epoch and whole, and its certificate, if it has one, its own."""
    if block.header.epoch != r.committee.epoch or not chains.is_whole(block):
        return False
    if certificate is None:
        return True
    own = (certificate.seq, certificate.block) == (block.header.seq, block_hash)
    return own and r.checker.holds(certificate, COMMIT)


def on_range(r: Replica, peer: ShopId, message: Range) -> None:
    """Enter: committed blocks. P-7.3: linked to the tip, under certificates that hold."""
    r.clocks.fetch_from = None
    if not message.blocks:
        # Nothing to give: what it said of its height was a lie, or is not stored yet.
        known = r.known(peer)
        known.tip = min(known.tip, r.tip.seq)
    run = runs.held(r)
    chain: list[Block] = [] if run is None else list(run.blocks)
    parent, seq = (
        (chain[-1].header.hash, chain[-1].header.seq) if chain else (r.tip.hash, r.tip.seq)
    )
    began = False
    certified = [c for c in message.blocks if c.certificate is not None]
    for committed in message.blocks:
        header = committed.block.header
        if header.seq <= seq:
            continue
        if header.seq > seq + 1 and not began:
            return  # the answer to an older request: nobody's fault
        linked = header.seq == seq + 1 and header.parent == parent
        parent, seq, began = header.hash, header.seq, True
        certificate = committed.certificate
        if certified and committed is not certified[-1] and len(chain) + 1 < CERTIFY_BLOCKS:
            certificate = None  # one further up speaks for it, and costs the same
        if run is not None:
            linked = linked and run.names(header, parent)
            certificate = run.certificate if seq == run.certificate.seq else None
        if not linked or not _holds(r, committed.block, parent, certificate):
            r.report(Note.BAD_RANGE, about=peer)
            return
        chain.append(committed.block)
        if certificate is None:
            continue
        _deliver_fetched(r, chain, certificate)
        if r.closed is not None or (r.tip.seq, r.tip.hash) != (seq, parent):
            # What follows is of the next epoch; or a waiting certificate went beyond this range.
            return
        chain, run = [], runs.held(r)
    if chain and began and not runs.keep(r, chain, message.proof):
        r.report(Note.BAD_RANGE, about=peer)
    elif began and is_ahead(r, r.known(peer)):
        # Only after something new: what a later epoch's seat says of its height is not proven,
        # and a liar must not make this seat ask for the same blocks without end.
        fetch_range(r, peer)
