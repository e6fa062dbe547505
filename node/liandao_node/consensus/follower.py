"""Following without a vote: shops outside the committee, and seats that may not vote now.

A follower takes certificates, counts COMMITs, delivers and fetches like any seat. It has no
view, promises nothing and signs nothing (P-12.7, P-6.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import catching_up, chains, delivery, normal, timers
from liandao_node.limits import WINDOW_SEQS
from liandao_node.types import ShopId
from liandao_node.wire.messages import Commit, ConsensusMessage, PrePrepare

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def on_message(r: Replica, peer: ShopId, message: ConsensusMessage) -> None:
    """Enter: a seat's proposal or vote reaches a replica that does not vote."""
    match message:
        case PrePrepare():
            _keep_proposal(r, peer, message)
        case Commit():
            normal.on_commit(r, peer, message)
        case _:
            pass  # what seats say of views is for seats


def _keep_proposal(r: Replica, peer: ShopId, message: PrePrepare) -> None:
    """The block will be wanted in a moment: kept, so that it need not be fetched.

    One for each leader and height, so that nobody fills this memory. What is durable stays: a
    seat that only pauses may be locked on it, and others may ask for it.
    """
    header = message.block.header
    if message.epoch != r.committee.epoch or peer != r.committee.leader(message.view):
        return
    if not r.tip.seq < header.seq <= r.tip.seq + WINDOW_SEQS or header.proposer != peer:
        return
    if not chains.is_whole(message.block):
        return
    for known, block in list(r.bodies.items()):
        same = (block.header.seq, block.header.proposer) == (header.seq, peer)
        if same and known not in r.awaited and known not in r.stored:
            del r.bodies[known]
    r.bodies[header.hash] = message.block
    delivery.retry_missing(r)


def on_tick(r: Replica) -> None:
    if not r.outdated:
        catching_up.check_behind(r)
        delivery.retry_missing(r)
    timers.tell_status(r)
