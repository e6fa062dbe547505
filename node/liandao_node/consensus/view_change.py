"""Leaving a leader and following the next one (docs/protocol.md section 5).

No state forbids it: a seat that has committed may still leave its view, because it carries
its lock along.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from liandao_node.consensus import base, delivery, epochs, evidence, normal
from liandao_node.consensus.certificates import base_of, rank
from liandao_node.consensus.effects import NEVER_VOTED, Note, Reason
from liandao_node.consensus.state import LONG_AGO_MS
from liandao_node.limits import STATUS_MS
from liandao_node.types import ShopId, Signature, View
from liandao_node.wire.messages import (
    FetchNewView,
    NewView,
    Suspect,
    ViewChange,
    suspect_preimage,
)

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica

T = TypeVar("T")

SUSPICION_MS = 3 * STATUS_MS
"""A suspicion counts this long; whoever still holds it repeats it every second (P-5.2)."""


def on_started(r: Replica) -> None:
    """Enter: first event of a life."""
    r.clocks.view_since = r.clocks.progress = r.clocks.now
    epochs.begin(r)


def on_seated(r: Replica) -> None:
    """Enter: this seat votes from now on. P-6.3: what an earlier life promised is kept."""
    durable, views, tip = r.durable, r.views, epochs.own_certificate(r)
    views.proof = durable.new_view
    if tip is not None and tip.view > max(views.promised, 0):
        learn_view(r, tip.view)  # the ledger knows of a view that this seat had yet to enter
        return
    if durable.promised == NEVER_VOTED:
        _enter(r, View(0))
        return
    if views.current < views.promised:
        if durable.view_change is not None and durable.view_change.view == views.promised:
            _take_own_view_change(r, durable.view_change)
        return
    base.set_base(r)
    suspect(r, Reason.FENCED)


# --- suspicion ---


def suspect(r: Replica, reason: Reason) -> None:
    """P-5.2: wish to leave the promised view. Binds nobody; votes go on."""
    if r.suspicion is not None:
        return
    r.suspicion = reason
    _keep_one(r.suspects, r.views.promised, r.me, r.clocks.now)
    r.report(Note.SUSPECTED, about=r.leader, reason=reason)
    r.broadcast(own_suspect(r))
    count(r)


def own_suspect(r: Replica) -> Suspect:
    epoch, view = r.committee.epoch, r.views.promised
    assert r.suspicion is not None
    signature = r.signer.sign(suspect_preimage(r.chain, epoch, view))
    return Suspect(epoch, view, int(r.suspicion), signature)


def withdraw(r: Replica) -> None:
    """A delivery or a new view refutes the suspicion: it is not repeated."""
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
    _keep_one(r.suspects, view, peer, r.clocks.now)
    r.peers[peer].promised = max(r.peers[peer].promised, view)
    if view == r.views.promised and peer == r.leader:
        suspect(r, Reason.LEADER_RESIGNED)
    join_higher(r)
    count(r)


def _keep_one(said: dict[View, dict[ShopId, T]], view: View, seat: ShopId, word: T) -> None:
    """P-4.5: a seat's latest word replaces its earlier ones, whatever views it makes up."""
    for other in [v for v, seats in said.items() if v != view and seat in seats]:
        del said[other][seat]
        if not said[other]:
            del said[other]
    said.setdefault(view, {})[seat] = word


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
        tip=epochs.own_certificate(r),
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
    _keep_one(r.view_changes, change.view, r.me, change)
    try_new_view(r)


def on_view_change(r: Replica, peer: ShopId, message: ViewChange) -> None:
    """Enter: a seat's promise with its lock. Only the view's leader needs to check it."""
    view = message.view
    if message.epoch != r.committee.epoch or message.seat != peer or view < r.views.promised:
        return
    r.peers[peer].promised = max(r.peers[peer].promised, view)
    if view == r.views.current:
        on_fetch_new_view(r, peer, view)
        return
    join_higher(r)
    count(r)
    if r.committee.leader(view) != r.me or peer in r.view_changes.get(view, {}):
        return
    if not r.checker.view_change_holds(message):
        r.report(Note.BAD_CERTIFICATE, about=peer)
        return
    _keep_one(r.view_changes, view, peer, message)
    evidence.forgetful_change(r, message)
    _hear_tips(r, [message])
    try_new_view(r)


def _hear_tips(r: Replica, changes: list[ViewChange]) -> None:
    """P-5.11: what is final for one seat of a new view is final for all of them."""
    tips = [change.tip for change in changes if change.tip is not None]
    if tips:
        delivery.finalise(r, max(tips, key=rank))


def try_new_view(r: Replica) -> None:
    """P-5.6: the new leader proves with Q promises that the view may begin."""
    view = r.views.promised
    changes = r.view_changes.get(view, {})
    if r.leader != r.me or r.views.current >= view or r.views.entering:
        return
    if r.me not in changes or len(changes) < r.committee.quorum:
        return
    ordered = base.choose(r, [changes[seat] for seat in sorted(changes)])
    if not ordered:
        return
    unsigned = NewView(r.committee.epoch, view, ordered, Signature(b""))
    signature = r.signer.sign(unsigned.preimage(r.chain))
    _adopt(r, NewView(unsigned.epoch, view, ordered, signature))


def ask_for_new_view(r: Replica, peer: ShopId, view: View) -> None:
    """P-7.4: a peer is in a view that this seat has not entered."""
    if view > r.views.current and not r.views.entering:
        r.send(peer, FetchNewView(view))


def on_fetch_new_view(r: Replica, peer: ShopId, view: View) -> None:
    proof = r.views.proof
    if proof is not None and proof.view >= view:
        r.send(peer, proof)
        # Whoever asks comes late, and what it was sent of this view it could not take yet:
        # its vote would be missing until the next heartbeat, and perhaps the quorum with it.
        known = r.known(peer)
        if known.caught_up_in < r.views.current:
            known.caught_up_in = r.views.current
            known.resent_ms = LONG_AGO_MS
        normal.resend(r, peer)


def on_new_view(r: Replica, peer: ShopId, message: NewView) -> None:
    """Enter: proof that a view may begin, from its leader or handed on by any seat.

    P-5.9: one NEW-VIEW a view. A second, different one is its leader's lie.
    """
    if message.epoch != r.committee.epoch:
        return  # late, and nobody's fault
    own = r.durable.new_view
    if own is not None and own.view == message.view:
        if own.digest != message.digest and r.checker.new_view_holds(message):
            evidence.two_new_views(r, own, message)
        return
    if message.view < r.views.promised or message.view <= r.views.current:
        return
    if not r.checker.new_view_holds(message):
        r.report(Note.BAD_CERTIFICATE, about=peer)
        return
    evidence.own_key_in_new_view(r, message)
    for change in message.view_changes:
        evidence.forgetful_change(r, change)
    _hear_tips(r, message.view_changes)
    if r.closed is None and message.view > r.views.current:
        _adopt(r, message)


def _adopt(r: Replica, message: NewView) -> None:
    """P-5.9, P-6.5: enter unless the base contradicts what is final here."""
    lock = base_of(message.view_changes)
    tip = r.tip
    root = r.committee.first_seq - 1
    seq, block = (root, None) if lock is None else (lock.seq, lock.block)
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
    withdraw(r)
    state = replace(r.durable, promised=view, view=view, new_view=message)
    token = r.persist(state, [])
    r.pending.entries[token] = view


def on_entry_durable(r: Replica, view: View) -> None:
    """Enter: the view may be voted in."""
    views, clocks = r.views, r.clocks
    if views.promised != view or not views.entering:
        return
    views.current, views.entering, views.poisoned = view, False, False
    views.proof = r.durable.new_view
    clocks.view_since = clocks.progress = clocks.now
    r.slots.clear()
    r.early = {seq: early for seq, early in r.early.items() if early.view == view}
    r.suspects = {v: seats for v, seats in r.suspects.items() if v >= view}
    r.view_changes = {v: seats for v, seats in r.view_changes.items() if v > view}
    if views.proof is not None and r.leader == r.me:
        r.broadcast(views.proof)
    r.report(Note.VIEW_ENTERED, about=r.leader)
    base.set_base(r)
    normal.accept_early(r)
