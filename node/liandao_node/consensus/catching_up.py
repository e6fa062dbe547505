"""How a seat that was away hears where the street stands, and takes in its blocks (section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import chains, delivery, evidence, normal, runs, timers, view_change
from liandao_node.consensus.effects import Note
from liandao_node.consensus.state import Peer
from liandao_node.limits import (
    CERTIFY_BLOCKS,
    FETCH_MS,
    SOURCE_TURN_MS,
    STATUS_MS,
    WINDOW_SEQS,
)
from liandao_node.types import BlockHash, ShopId, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate
from liandao_node.wire.messages import FetchRange, Range, Status

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


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
            _take_up_offer(r, peer)
        else:
            delivery.finalise(r, certificate)
        return
    if r.voting and peer in r.peers:
        _hear_views(r, peer, message)
    if certificate is not None and certificate.seq > r.tip.seq:
        if certificate.seq != message.tip_seq or not r.checker.holds(certificate, COMMIT):
            r.report(Note.BAD_CERTIFICATE, about=peer)
            return
        known.tip = certificate.seq
        if certificate.seq <= r.tip.seq + WINDOW_SEQS:
            delivery.finalise(r, certificate)
        else:
            _take_up_offer(r, peer)
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


def _ahead(r: Replica) -> list[ShopId]:
    """Shops that have blocks that are missing here, as far as they say; with a seat or without,
    for who sits now may be known to whoever was away as a follower only."""
    known = r.peers | r.followers
    waits = r.final is not None  # anybody may have the block that this certificate speaks for
    return sorted(shop for shop, peer in known.items() if peer.up and (waits or is_ahead(r, peer)))


def is_ahead(r: Replica, peer: Peer) -> bool:
    """Whether a shop has blocks that are missing here, as far as it says."""
    return peer.tip > r.tip.seq or peer.epoch > r.committee.epoch


def catch_up_at_once(r: Replica) -> None:
    """Enter: an epoch began here. Whoever is epochs behind asks on without a pause, and there
    where it got the blocks of the last: a silent source would cost a second in every epoch."""
    if r.closed is None and _ahead(r):
        _ask_on(r)


def check_behind(r: Replica) -> None:
    """P-7.3: behind a peer for longer than a moment, fetch the committed blocks."""
    ahead = _ahead(r)
    clocks = r.clocks
    if not ahead:
        clocks.behind_since = None
        return
    if clocks.behind_since is None:
        clocks.behind_since = clocks.now
    if clocks.now - max(clocks.behind_since, clocks.fetch_sent) >= FETCH_MS and not _waits(r):
        _ask_next(r, ahead)


def _ask_next(r: Replica, ahead: list[ShopId]) -> None:
    """Another one for each request: a silent or lying source holds nobody up. To count the looks
    between them would ask a silent one again for ever where so many shops are ahead."""
    clocks = r.clocks
    clocks.fetches += 1
    clocks.source = None
    fetch_range(r, ahead[clocks.fetches % len(ahead)])


def _ask_on(r: Replica) -> None:
    """P-7.3: there where the last question went, until its turn is over: a source that gives a
    block a second could hold a seat up for as long as it likes."""
    ahead, source = _ahead(r), r.clocks.source
    turn_over = r.clocks.now - r.clocks.turn_since >= SOURCE_TURN_MS
    if source is None or source not in ahead or turn_over:
        _ask_next(r, ahead)
    else:
        fetch_range(r, source)


def _take_up_offer(r: Replica, peer: ShopId) -> None:
    """P-7.3: a shop says that it is ahead. Asked for these blocks before, it has its turn: one
    that answers without blocks and says so again would leave no moment for another."""
    if r.known(peer).asked_from != runs.wanted(r):
        fetch_range(r, peer)


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
    if peer != clocks.source:
        clocks.source, clocks.turn_since = peer, clocks.now
    first = r.known(peer).asked_from = runs.wanted(r)
    r.report(Note.FETCHING, about=peer)
    r.send(peer, FetchRange(first))


def _deliver_fetched(r: Replica, chain: list[Block], certificate: Certificate) -> None:
    evidence.own_key_in_certificate(r, certificate)
    if r.voting and certificate.view > r.views.promised:
        view_change.learn_view(r, View(certificate.view))
    delivery.deliver(r, chain, certificate)


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
    """Enter: committed blocks."""
    asked = peer == r.clocks.fetch_from
    if asked:
        r.clocks.fetch_from = None  # nobody else's answer ends the question
    if not message.blocks:
        # Nothing to give: what it said of its height was a lie, or is not stored yet.
        known = r.known(peer)
        known.tip = min(known.tip, r.tip.seq)
    if _take_in(r, peer, message) and asked and is_ahead(r, r.known(peer)):
        # Only after something new: what a later epoch's seat says of its height is not proven,
        # and a liar must not make this seat ask for the same blocks without end.
        _ask_on(r)


def _take_in(r: Replica, peer: ShopId, message: Range) -> bool:
    """P-7.3: linked to the tip, under certificates that hold. Whether something was new, nothing
    wrong, and the epoch goes on."""
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
            return False  # the answer to an older request: nobody's fault
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
            return False
        chain.append(committed.block)
        if certificate is None:
            continue
        _deliver_fetched(r, chain, certificate)
        if r.closed is not None or (r.tip.seq, r.tip.hash) != (seq, parent):
            # What follows is of the next epoch; or a waiting certificate went beyond this range.
            return False
        chain, run = [], runs.held(r)
    if chain and began and not runs.keep(r, chain, message.proof):
        r.report(Note.BAD_RANGE, about=peer)
        return False
    return began
