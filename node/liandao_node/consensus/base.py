"""The base: the block that a view begins with (docs/protocol.md section 5).

A NEW-VIEW proposes one block anew, the highest that any seat of its quorum is locked on. The
blocks below it are voted on no more: the base's certificate will speak for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import chains, delivery, normal, view_change
from liandao_node.consensus.certificates import base_of, rank
from liandao_node.consensus.chains import Foot
from liandao_node.consensus.effects import Note, Reason
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.messages import ViewChange

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def choose(r: Replica, changes: list[ViewChange]) -> list[ViewChange]:
    """P-5.10: the promises to begin a view with, such that others can be given its base.

    A liar may show a lock on a block that nobody else has, view after view. Any quorum of
    promises leads to a safe base, so the new leader leaves out a lock whose chain it lacks
    as soon as a quorum remains without it. Empty when none does; the blocks are asked for.
    """
    while len(changes) >= r.committee.quorum:
        base = base_of(changes)
        if base is None or base.seq <= r.tip.seq:
            return changes
        chain = chains.above_tip(r, base.block)
        if chain.foot is not Foot.MISSING:
            return changes
        delivery.ask_for_body(r, chain.rests_on)
        changes = [c for c in changes if _shows_less(c, base)]
    return []


def _shows_less(change: ViewChange, base: Certificate) -> bool:
    lock = base_of([change])
    return lock is None or rank(lock) < rank(base)


def set_base(r: Replica) -> None:
    """P-5.7: the highest lock of the quorum is where the view begins."""
    message = r.views.proof
    base = None if message is None else base_of(message.view_changes)
    r.head = (r.tip.seq, r.tip.hash)
    r.views.base = base
    r.views.base_ready = base is None or base.seq <= r.tip.seq
    r.views.base_chain = set()
    chains.drop_loose(r)
    if not r.views.base_ready:
        try_base(r)


def try_base(r: Replica) -> None:
    """P-5.8: execute the base's chain, then vote for the base alone.

    Never for a block below it: a fresh lock (this view, low height) would outrank an older
    lock on a higher block and drop what may be final. The base's certificate speaks for them.
    """
    base = r.views.base
    if base is None or base.seq <= r.tip.seq:
        r.views.base_ready = True
        return
    chain = chains.above_tip(r, base.block)
    if chain.foot is Foot.MISSING:
        delivery.ask_for_body(r, chain.rests_on)
        return
    r.views.base_ready = True
    if chain.foot is Foot.ELSEWHERE:
        _contradicted(r)
        return
    r.views.base_chain = {block.header.hash for block in chain.blocks}
    for block in chain.blocks[:-1]:
        normal.execute(r, block, fresh=False)
    normal.open_base(r, chain.blocks[-1])
    normal.execute(r, chain.blocks[-1], fresh=False)
    normal.accept_early(r)


def _contradicted(r: Replica) -> None:
    """P-6.5: the base does not descend from what is final here."""
    assert r.tip.certificate is not None
    if r.tip.certificate.view < r.views.current:
        r.halt("NEW_VIEW_CONTRADICTS_FINAL_BLOCK")
    else:
        distrust(r)


def distrust(r: Replica) -> None:
    """P-5.9: blocks of this very view are final, and not above the base that was shown here.

    Its leader signed two NEW-VIEWs, or two proposals for one height. What is final stays
    final; nothing more of this leader is voted on.
    """
    r.views.poisoned = True
    r.report(Note.CONFLICTING_NEW_VIEW, about=r.leader)
    view_change.suspect(r, Reason.EQUIVOCATION)
