"""Lies that prove themselves, and signs that this seat's own key is used elsewhere.

A contradiction becomes evidence only when both signatures hold (P-12.8 to P-12.10); one
accusation of a seat in an epoch is enough, so a flood of lies makes no flood of evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus.effects import Accuse, Note
from liandao_node.consensus.votes import Vote
from liandao_node.types import Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Certificate
from liandao_node.wire.evidence import Amnesia, Evidence, TwoNewViews, TwoVotes, accused
from liandao_node.wire.messages import NewView, PrePrepare, ViewChange, vote_preimage

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def _accuse(r: Replica, evidence: Evidence) -> None:
    seat = accused(evidence)
    if seat not in r.accused:
        r.accused.add(seat)
        r.effects.append(Accuse(evidence))


def _signed(r: Replica, kind: int, view: View, seq: Seq, seat: ShopId, vote: Vote) -> bool:
    """Whether the seat really signed this vote; a forged one is told of."""
    if not vote.verified:
        epoch = r.committee.epoch
        preimage = vote_preimage(kind, r.chain, epoch, view, seq, vote.block)
        vote.verified = r.verify(r.committee.key(seat), preimage, vote.signature)
        if not vote.verified:
            r.report(Note.FORGED_VOTE, about=seat)
    return vote.verified


def contradiction(
    r: Replica, kind: int, view: View, seq: Seq, seat: ShopId, known: Vote, vote: Vote
) -> None:
    """Enter: a seat's second vote in one slot, for another block (P-4.5, P-12.8)."""
    if not _signed(r, kind, view, seq, seat, vote):
        return
    if not _signed(r, kind, view, seq, seat, known):
        r.votes.replace(kind, view, seq, seat, vote)
        return
    _two_votes(r, kind, view, seq, seat, known, vote)


def two_proposals(r: Replica, leader: ShopId, one: PrePrepare, other: PrePrepare) -> bool:
    """Enter: two proposals of one leader for one place. Whether it really signed both.

    Their signatures are its PREPAREs (P-4.1).
    """
    view, seq = one.view, one.block.header.seq
    votes = [
        Vote(message.block.header.hash, message.signature, verified=False)
        for message in (one, other)
    ]
    if not all(_signed(r, PREPARE, view, seq, leader, vote) for vote in votes):
        return False
    _two_votes(r, PREPARE, view, seq, leader, *votes)
    return True


def _two_votes(
    r: Replica, kind: int, view: View, seq: Seq, seat: ShopId, one: Vote, other: Vote
) -> None:
    r.report(Note.EQUIVOCATION, about=seat)
    first, second = sorted((one, other), key=lambda vote: vote.block)
    evidence = TwoVotes(
        kind=kind,
        epoch=r.committee.epoch,
        view=view,
        seq=seq,
        seat=seat,
        first=first.block,
        first_signature=first.signature,
        second=second.block,
        second_signature=second.signature,
    )
    _accuse(r, evidence)


def two_new_views(r: Replica, own: NewView, other: NewView) -> None:
    """Enter: two beginnings of one view that both hold (P-5.9, P-12.9)."""
    leader = r.committee.leader(own.view)
    r.report(Note.CONFLICTING_NEW_VIEW, about=leader)
    first, second = sorted((own, other), key=lambda message: message.digest)
    evidence = TwoNewViews(
        epoch=r.committee.epoch,
        view=own.view,
        seat=leader,
        first=first.digest,
        first_signature=first.signature,
        second=second.digest,
        second_signature=second.signature,
    )
    _accuse(r, evidence)


def forgetful_change(r: Replica, change: ViewChange) -> None:
    """Enter: a VIEW-CHANGE that holds. P-12.10: it must show what its seat's COMMITs rest on."""
    if change.seat in r.accused or change.seat == r.me:
        return
    for view, seq, vote in r.votes.all_of(COMMIT, change.seat):
        _compare(r, change, view, seq, vote)


def forgetful_commit(r: Replica, seat: ShopId, view: View, seq: Seq) -> None:
    """Enter: a COMMIT that was kept, when its seat may have promised a higher view before."""
    vote = r.votes.of(COMMIT, view, seq, seat)
    if vote is None or seat in r.accused:
        return
    for changes in r.view_changes.values():
        if seat in changes:
            _compare(r, changes[seat], view, seq, vote)


def _compare(r: Replica, change: ViewChange, view: View, seq: Seq, vote: Vote) -> None:
    lock = change.prepared
    shown = lock is not None and (lock.view, lock.seq) >= (view, seq)
    if shown or view >= change.view or change.seat in r.accused:
        return
    if _signed(r, COMMIT, view, seq, change.seat, vote):
        r.report(Note.EQUIVOCATION, about=change.seat)
        _accuse(r, Amnesia(seq, view, vote.block, vote.signature, change))


# --- this seat's own key ---


def own_key_in_certificate(r: Replica, certificate: Certificate) -> None:
    """Enter: a COMMIT certificate that holds. P-6.7: no COMMIT is this seat's without its lock."""
    if not r.voting or not certificate.signers >> r.committee.position(r.me) & 1:
        return
    lock = r.durable.locked
    if lock is None or (lock.view, lock.seq) < (certificate.view, certificate.seq):
        r.halt("KEY_IN_USE_ELSEWHERE")


def own_key_in_new_view(r: Replica, message: NewView) -> None:
    """Enter: a NEW-VIEW that holds. P-6.7: its promises and beginnings are on this disk."""
    if not r.voting:
        return
    durable = r.durable
    led = r.committee.leader(message.view) == r.me and message.view > durable.view
    own = next((change for change in message.view_changes if change.seat == r.me), None)
    promised = own is not None and (
        own.view > durable.promised
        or (
            durable.view_change is not None
            and durable.view_change.view == own.view
            and durable.view_change != own
        )
    )
    if led or promised:
        r.halt("KEY_IN_USE_ELSEWHERE")
