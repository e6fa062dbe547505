"""From one committee to the next (docs/protocol.md section 12).

The core does not know how a committee is elected. It knows which block is the last of an
epoch, for its header says so, and stands still behind it until the caller names the
committee whose digest stands there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from liandao_node.consensus import catching_up, chains, delivery, view_change
from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import NEVER_VOTED, Durable, Note, Reason
from liandao_node.consensus.events import NOTHING_SAFE
from liandao_node.consensus.state import Peer, Pending, ViewState
from liandao_node.consensus.votes import VoteBook
from liandao_node.limits import AHEAD_MESSAGES_MAX
from liandao_node.types import Seq, ShopId
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.messages import (
    Commit,
    ConsensusMessage,
    NewView,
    Prepare,
    PrePrepare,
    Suspect,
    ViewChange,
)

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica

_OF_AN_EPOCH = (PrePrepare, Prepare, Commit, Suspect, ViewChange, NewView)


def is_due(r: Replica) -> bool:
    """Whether the tip is the last block of its epoch and its successor is not known yet."""
    return r.closed is not None


def on_elected(
    r: Replica, record: CommitteeRecord, *, lacking: bool = False, safe_seq: Seq = NOTHING_SAFE
) -> None:
    """Enter: the caller names the committee after the last block (P-12.4).

    What was voted in the epoch before can make nothing final any more: it is forgotten. The
    way to epochs that begin at ``safe_seq`` or below needs no showing any more (P-12.5).
    """
    assert record.hash == r.closed, "the ledger names another committee than the header"
    assert record.first_seq == r.tip.seq + 1
    r.closed, r.lacking = None, lacking
    committee = r.committee = Committee.from_record(record)
    r.votes = VoteBook(committee, r.chain, r.verify)
    r.checker = CertificateChecker(committee, r.chain, r.verify)
    r.pending = Pending(token=r.pending.token)
    r.views = ViewState()
    for kept in (r.slots, r.early, r.suspects, r.view_changes):
        kept.clear()
    for forgotten in (r.awaited, r.accused):
        forgotten.clear()
    r.final, r.suspicion = None, None
    unsafe = tuple(one for one in r.durable.handovers if one.seq > safe_seq)
    r.durable = replace(r.durable, handovers=unsafe)
    # A ledger that came back behind its seat's record needs the blocks of this epoch.
    chains.drop_loose(r)
    r.head = (r.tip.seq, r.tip.hash)
    _split_peers(r)
    clocks = r.clocks
    clocks.progress = clocks.view_since = clocks.now
    clocks.busy_since, clocks.fetch_from, clocks.failed_views = None, None, 0
    r.report(Note.EPOCH_BEGAN)
    begin(r)
    _take_ahead(r)
    if not r.outdated:
        catching_up.catch_up_at_once(r)


def _split_peers(r: Replica) -> None:
    """Who sits and who follows may have changed; who is connected has not."""
    known = r.peers | r.followers
    seats = [member.shop for member in r.committee.members if member.shop != r.me]
    r.peers = {shop: _anew(known.pop(shop, None)) for shop in seats}
    known.pop(r.me, None)
    r.followers = {shop: _anew(peer) for shop, peer in known.items()}


def _anew(peer: Peer | None) -> Peer:
    """What stays true of a peer in another epoch. Also how high it voted: P-12.6 counts heights,
    or the first blocks of every epoch would call all seats absent."""
    if peer is None:
        return Peer()
    return Peer(
        up=peer.up,
        tip=peer.tip,
        epoch=peer.epoch,
        changed_ms=peer.changed_ms,
        voted=peer.voted,
    )


def begin(r: Replica) -> None:
    """Enter: a committee took office here, or a life begins under one.

    P-12.5: the first record of an epoch holds the hand-overs since the height that the ledger
    cannot fall below, so whoever has voted in it can come back to it, whatever the ledger lost.
    A seat whose record is of a later epoch than its ledger votes for nothing until it is there.
    """
    durable, committee = r.durable, r.committee
    if r.outdated:
        # P-12.13: not even a record is begun, or a newer program would find one of no vote.
        r.seated = False
        r.report(Note.OUTDATED)
        return
    r.seated = durable.epoch <= committee.epoch and committee.holds(r.me, r.signer.public_key)
    if durable.epoch > committee.epoch:
        for handover in durable.handovers:
            if handover.epoch == committee.epoch:
                delivery.finalise(r, handover)
        return
    if durable.epoch < committee.epoch:
        tip = r.tip.certificate
        newest = (tip,) if tip is not None and r.tip.seq == committee.first_seq - 1 else ()
        older = tuple(one for one in durable.handovers if one.seq < r.tip.seq)
        r.durable = Durable(epoch=committee.epoch, handovers=(*older, *newest))
    r.views = ViewState(current=r.durable.view, promised=r.durable.promised, fence=r.durable.view)
    if r.voting:
        view_change.on_seated(r)


def on_voting(r: Replica, *, allowed: bool) -> None:
    """P-6.6: a seat whose disk cannot take votes steps back to following, and returns.

    A leader hands over first: that costs nobody a timer, and no record. A seat that returns
    looks up to the view in which the street made its tip meanwhile, and votes in no lower one.
    """
    if allowed == r.allowed:
        return
    if not allowed and r.active and r.leader == r.me:
        view_change.suspect(r, Reason.PAUSED)
    r.allowed = allowed
    if not r.voting:
        return
    made = r.tip.certificate
    if r.views.promised == NEVER_VOTED:
        view_change.on_seated(r)
    elif made is not None and made.epoch == r.committee.epoch and made.view > r.views.promised:
        view_change.learn_view(r, made.view)


# --- messages of an epoch that has not begun here ---


def keep_ahead(r: Replica, peer: ShopId, message: ConsensusMessage) -> bool:
    """Keeps a message of the next epoch until that begins here; whether it was of one.

    The new leader proposes as soon as it has the last block's certificate, which a slower
    seat may lack by a millisecond. Bounded for each peer; more than that is sent again.
    """
    if not isinstance(message, _OF_AN_EPOCH) or message.epoch <= r.committee.epoch:
        return False
    kept = r.ahead.setdefault(peer, [])
    proposals = sum(isinstance(other, PrePrepare) for other in kept)
    room = len(kept) < AHEAD_MESSAGES_MAX and not (isinstance(message, PrePrepare) and proposals)
    if message.epoch == r.committee.epoch + 1 and room:
        kept.append(message)
    return True


def _take_ahead(r: Replica) -> None:
    waiting, r.ahead = r.ahead, {}
    for peer, messages in waiting.items():
        for message in messages:
            if r.closed is None and r.halted is None:
                r.receive(peer, message)


def own_certificate(r: Replica) -> Certificate | None:
    """The tip's certificate if it is of this epoch: only those rank in its view changes."""
    certificate = r.tip.certificate
    if certificate is None or certificate.epoch != r.committee.epoch:
        return None
    return certificate


__all__ = ["begin", "is_due", "keep_ahead", "on_elected", "on_voting", "own_certificate"]
