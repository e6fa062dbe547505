"""Leaving a leader and following the next one (docs/protocol.md section 5).

No state forbids it: a seat that has committed may still leave its view, because it carries
its lock along.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from liandao_node.consensus import delivery, normal
from liandao_node.consensus.certificates import base_of
from liandao_node.consensus.effects import NEVER_VOTED, Execute, Note, Reason
from liandao_node.limits import STATUS_MS
from liandao_node.types import ShopId, Signature, View
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.messages import (
    FetchNewView,
    NewView,
    Suspect,
    ViewChange,
    suspect_preimage,
)

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica

SUSPICION_MS = 3 * STATUS_MS
"""A suspicion counts this long; whoever still holds it repeats it every second (P-5.2)."""


def on_started(r: Replica) -> None:
    """Enter: first event of a life. P-6.3: what an earlier life promised is kept."""
    durable, views = r.durable, r.views
    views.proof = durable.new_view
    r.clocks.view_since = r.clocks.progress = r.clocks.now
    if durable.promised == NEVER_VOTED:
        _enter(r, View(0))
        return
    if views.current < views.promised:
        if durable.view_change is not None and durable.view_change.view == views.promised:
            _take_own_view_change(r, durable.view_change)
        return
    _set_base(r)
    suspect(r, Reason.FENCED)


# --- suspicion ---


def suspect(r: Replica, reason: Reason) -> None:
    """P-5.2: wish to leave the promised view. Binds nobody; votes go on."""
    view = r.views.promised
    seats = r.suspects.setdefault(view, {})
    if r.suspicion is not None and r.me in seats:
        return
    r.suspicion = reason
    seats[r.me] = r.clocks.now
    r.report(Note.SUSPECTED, about=r.leader, reason=reason)
    r.broadcast(own_suspect(r))
    count(r)


def own_suspect(r: Replica) -> Suspect:
    epoch, view = r.committee.epoch, r.views.promised
    assert r.suspicion is not None
    signature = r.signer.sign(suspect_preimage(r.chain, epoch, view))
    return Suspect(epoch, view, int(r.suspicion), signature)


def withdraw(r: Replica) -> None:
    """The leader delivered after all: the suspicion is not repeated."""
    r.suspects.get(r.views.promised, {}).pop(r.me, None)
    r.suspicion = None


def on_suspect(r: Replica, peer: ShopId, message: Suspect) -> None:
    """Enter: a seat wishes to leave a view that this one has not left."""
    view = message.view
    if message.epoch != r.committee.epoch or view < r.views.promised:
        return
    preimage = suspect_preimage(r.chain, message.epoch, view)
    if not r.verify(r.committee.key(peer), preimage, message.signature):
        r.report(Note.FORGED_VOTE, about=peer)
        return
    for other in [v for v, seats in r.suspects.items() if v != view and peer in seats]:
        del r.suspects[other][peer]  # one suspicion a seat: its latest
    r.suspects.setdefault(view, {})[peer] = r.clocks.now
    r.peers[peer].promised = max(r.peers[peer].promised, view)
    if view == r.views.promised and peer == r.leader:
        suspect(r, Reason.LEADER_RESIGNED)
    join_higher(r)
    count(r)


def count(r: Replica) -> None:
    """P-5.3: f+1 suspicions are joined, Q of them are acted on.

    A seat that promised a higher view has left this one for good, which says no less than a
    suspicion. Without it, a seat that a liar helped over the line and the others that the
    liar then left alone would wait for each other for ever.
    """
    view = r.views.promised
    said = r.suspects.get(view, {})
    for stale in [s for s, at in said.items() if s != r.me and r.clocks.now - at > SUSPICION_MS]:
        del said[stale]
    seats = set(said) | {shop for shop, peer in r.peers.items() if peer.promised > view}
    if len(seats) > r.committee.faults and r.me not in seats:
        suspect(r, Reason.JOINED)
    elif len(seats) >= r.committee.quorum:
        start(r, View(view + 1))


def join_higher(r: Replica) -> None:
    """P-5.5: f+1 seats above this one's promise hold an honest one: follow to what they share."""
    claims = sorted((peer.promised for peer in r.peers.values()), reverse=True)
    if len(claims) > r.committee.faults and claims[r.committee.faults] > r.views.promised:
        start(r, claims[r.committee.faults])


def learn_view(r: Replica, view: View) -> None:
    """P-4.7: a certificate shows that a higher view is at work: vote in no lower one."""
    _promise(r, view)
    r.broadcast(FetchNewView(view))


def _promise(r: Replica, view: View) -> None:
    r.views.promised = view
    r.views.entering = False
    r.views.spoken = None
    r.suspicion = None
    r.clocks.view_since = r.clocks.now


# --- the change ---


def start(r: Replica, view: View) -> None:
    """P-5.4: promise ``view`` durably, then say so with the lock held."""
    assert view > r.views.promised
    _promise(r, view)
    r.clocks.failed_views += 1
    r.report(Note.VIEW_CHANGE_STARTED, about=r.leader)
    unsigned = ViewChange(
        epoch=r.committee.epoch,
        view=view,
        seat=r.me,
        prepared=r.durable.locked,
        tip=r.tip.certificate,
        signature=Signature(b""),
    )
    signature = r.signer.sign(unsigned.preimage(r.chain))
    change = ViewChange(unsigned.epoch, view, r.me, unsigned.prepared, unsigned.tip, signature)
    token = r.persist(replace(r.durable, promised=view, view_change=change), [])
    r.pending.promises[token] = view


def on_promise_durable(r: Replica, view: View) -> None:
    """Enter: the promise survives a power cut."""
    change = r.durable.view_change
    if r.views.promised == view and change is not None and r.views.current < view:
        _take_own_view_change(r, change)


def _take_own_view_change(r: Replica, change: ViewChange) -> None:
    r.views.spoken = change
    r.broadcast(change)
    r.view_changes.setdefault(change.view, {})[r.me] = change
    _try_new_view(r)


def on_view_change(r: Replica, peer: ShopId, message: ViewChange) -> None:
    """Enter: a seat's promise with its lock. Only the view's leader needs to check it."""
    view = message.view
    if message.epoch != r.committee.epoch or message.seat != peer or view < r.views.promised:
        return
    r.peers[peer].promised = max(r.peers[peer].promised, view)
    if view == r.views.current:
        on_fetch_new_view(r, peer)
        return
    join_higher(r)
    count(r)
    if r.committee.leader(view) != r.me or peer in r.view_changes.get(view, {}):
        return
    if not r.checker.view_change_holds(message):
        r.report(Note.BAD_CERTIFICATE, about=peer)
        return
    for other in [v for v, seats in r.view_changes.items() if peer in seats]:
        del r.view_changes[other][peer]  # one promise a seat: its highest
    r.view_changes.setdefault(view, {})[peer] = message
    _try_new_view(r)


def _try_new_view(r: Replica) -> None:
    """P-5.6: the new leader proves with Q promises that the view may begin."""
    view = r.views.promised
    changes = r.view_changes.get(view, {})
    if r.leader != r.me or r.views.current >= view or r.views.entering:
        return
    if r.me not in changes or len(changes) < r.committee.quorum:
        return
    ordered = [changes[seat] for seat in sorted(changes)]
    unsigned = NewView(r.committee.epoch, view, ordered, Signature(b""))
    signature = r.signer.sign(unsigned.preimage(r.chain))
    _adopt(r, NewView(unsigned.epoch, view, ordered, signature))


def ask_for_new_view(r: Replica, peer: ShopId, view: View) -> None:
    """P-7.4: a peer is in a view that this seat has not entered."""
    if view > r.views.current and not r.views.entering:
        r.send(peer, FetchNewView(view))


def on_fetch_new_view(r: Replica, peer: ShopId) -> None:
    if r.views.proof is not None:
        r.send(peer, r.views.proof)


def on_new_view(r: Replica, peer: ShopId, message: NewView) -> None:
    """Enter: proof that a view may begin, from its leader or handed on by any seat.

    P-5.9: one NEW-VIEW a view. A second, different one is its leader's lie.
    """
    own = r.durable.new_view
    if own is not None and own.view == message.view:
        if own != message and r.checker.new_view_holds(message):
            r.report(Note.CONFLICTING_NEW_VIEW, about=r.committee.leader(message.view))
        return
    if message.view < r.views.promised or message.view <= r.views.current:
        return
    if not r.checker.new_view_holds(message):
        r.report(Note.BAD_CERTIFICATE, about=peer)
        return
    _adopt(r, message)


def _adopt(r: Replica, message: NewView) -> None:
    """P-5.9, P-6.5: enter unless the base contradicts what is final here."""
    base = base_of(message.view_changes)
    tip = r.tip
    seq, block = (0, None) if base is None else (base.seq, base.block)
    if seq < tip.seq or (seq == tip.seq and block not in (None, tip.hash)):
        assert tip.certificate is not None
        if tip.certificate.view < message.view:
            r.halt("NEW_VIEW_CONTRADICTS_FINAL_BLOCK")
            return
        if seq == tip.seq:
            r.report(Note.CONFLICTING_NEW_VIEW, about=r.committee.leader(message.view))
            return
    _enter(r, message.view, message)


def _enter(r: Replica, view: View, message: NewView | None = None) -> None:
    """P-5.9: which NEW-VIEW was followed is durable before the first vote of the view."""
    r.views.promised = view
    r.views.entering = True
    r.suspicion = None
    state = replace(r.durable, promised=view, view=view, new_view=message)
    token = r.persist(state, [])
    r.pending.entries[token] = view


def on_entry_durable(r: Replica, view: View) -> None:
    """Enter: the view may be voted in."""
    views, clocks = r.views, r.clocks
    if views.promised != view or not views.entering:
        return
    views.current, views.entering, views.poisoned = view, False, False
    r.suspicion = None
    views.proof = r.durable.new_view
    clocks.view_since = clocks.progress = clocks.now
    r.slots.clear()
    r.early = {seq: early for seq, early in r.early.items() if early.view == view}
    r.suspects = {v: seats for v, seats in r.suspects.items() if v >= view}
    r.view_changes = {v: seats for v, seats in r.view_changes.items() if v > view}
    if views.proof is not None and r.leader == r.me:
        r.broadcast(views.proof)
    r.report(Note.VIEW_ENTERED, about=r.leader)
    _set_base(r)
    normal.accept_early(r)


# --- the base ---


def _set_base(r: Replica) -> None:
    """P-5.7: the highest lock of the quorum is where the view begins."""
    message = r.views.proof
    base = None if message is None else base_of(message.view_changes)
    r.head = (r.tip.seq, r.tip.hash)
    r.views.base = base
    r.views.base_ready = base is None or base.seq <= r.tip.seq
    r.views.base_chain = set()
    _drop_loose_bodies(r)
    if not r.views.base_ready:
        try_base(r)


def _drop_loose_bodies(r: Replica) -> None:
    """Keeps the bodies that a lock, the base or a waiting certificate rests on."""
    kept: dict[bytes, Block] = {}
    anchors: list[Certificate | None] = [r.durable.locked, r.views.base, r.final]
    for anchor in anchors:
        at = None if anchor is None else r.bodies.get(anchor.block)
        while at is not None and at.header.hash not in kept:
            kept[at.header.hash] = at
            at = r.bodies.get(at.header.parent)
    for loose in [block for block in r.bodies if block not in kept]:
        del r.bodies[loose]
        r.stored.discard(loose)


def try_base(r: Replica) -> None:
    """P-5.8: execute the base's chain, then vote for the base alone.

    Never for a block below it: a fresh lock (this view, low height) would outrank an older
    lock on a higher block and drop what may be final. The base's certificate speaks for them.
    """
    base = r.views.base
    if base is None or base.seq <= r.tip.seq:
        r.views.base_ready = True
        return
    chain = delivery.chain_to_tip(r, base.block)
    if chain is None:
        return
    r.views.base_ready = True
    r.views.base_chain = {block.header.hash for block in chain}
    for block in chain[:-1]:
        r.effects.append(Execute(block, fresh=False))
    normal.open_base(r, chain[-1])
    r.effects.append(Execute(chain[-1], fresh=False))
    normal.accept_early(r)
