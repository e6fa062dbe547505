"""Seats that lie: the production replica with another tongue.

A liar follows the protocol inside, so that the others take it for one of them, and changes
what it says on the way out. It signs with its own key alone.
"""

from __future__ import annotations

import random
from collections import defaultdict
from enum import Enum, auto
from typing import TYPE_CHECKING

from liandao_node.types import ShopId, Signature, View
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchRange,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Status,
    ViewChange,
)

from support.cluster_node import Node
from support.consensus_forms import (
    EPOCH,
    commit,
    make_block,
    new_view,
    prepare,
    proposal,
    suspect,
    view_change,
)

if TYPE_CHECKING:
    from support.cluster import Cluster

FAR_VIEW = View(2**62)
NO_SIGNATURE = Signature(b"x" * 64)

Sayable = Message | FetchRange


class Lie(Enum):
    """A habit of a liar."""

    WITHHOLD = auto()
    """Half of what it has to say is not heard by this seat or that."""
    TWO_BLOCKS = auto()
    """Two proposals for one height, and votes for both."""
    RASH = auto()
    """COMMITs for every proposal, prepared or not."""
    NO_LOCK = auto()
    """Promises without the lock it holds."""
    OLD_LOCK = auto()
    """Promises with the first lock it ever had."""
    TWO_VIEWS = auto()
    """Different NEW-VIEWs for different seats."""
    FALSE_BLOCKS = auto()
    """Right headers over wrong transactions, for whoever catches up."""
    FORGERY = auto()
    """Signatures that do not hold, now and then."""
    HURRY = auto()
    """Suspects every view, and says that it is far ahead."""


class Liar(Node):
    """Takes a seat, with some of the lies."""

    def __init__(self, cluster: Cluster, shop: ShopId, lies: frozenset[Lie], seed: int) -> None:
        super().__init__(cluster, str(shop), shop, honest=False)
        self.lies = lies
        self.random = random.Random(seed)
        self.first_lock: Certificate | None = None
        self.heard: dict[View, dict[ShopId, ViewChange]] = defaultdict(dict)

    def receive(self, peer: ShopId, message: Message) -> None:
        if isinstance(message, ViewChange):
            self.heard[message.view][peer] = message
        super().receive(peer, message)

    def send(self, to: ShopId, message: Sayable) -> None:
        if self.replica is not None and self.first_lock is None:
            self.first_lock = self.replica.durable.locked
        for said in self._say(to, message):
            if Lie.WITHHOLD in self.lies and self.random.random() < 0.3:
                continue
            super().send(to, said)

    def _say(self, to: ShopId, message: Sayable) -> list[Sayable]:
        """What ``to`` hears in place of ``message``."""
        match message:
            case PrePrepare():
                return self._propose(to, message)
            case Prepare() | Commit() if self._whim(Lie.FORGERY):
                return [self._forged(message), message]
            case ViewChange(view=view):
                return [self._promise(view, message)]
            case NewView():
                return [self._open(to, message)]
            case Body(block) if Lie.FALSE_BLOCKS in self.lies:
                return [Body(_emptied(block))]
            case Range(blocks) if Lie.FALSE_BLOCKS in self.lies:
                return [Range([CommittedBlock(_emptied(b.block), b.certificate) for b in blocks])]
            case Status() if Lie.HURRY in self.lies:
                return [message, suspect(self.shop, message.promised), suspect(self.shop, FAR_VIEW)]
            case _:
                return [message]

    def _whim(self, lie: Lie) -> bool:
        return lie in self.lies and self.random.random() < 0.3

    def _propose(self, to: ShopId, message: PrePrepare) -> list[Sayable]:
        header = message.block.header
        block = message.block
        if Lie.TWO_BLOCKS in self.lies and to % 2:
            block = make_block(header.parent, header.seq, self.shop, [b"other %d" % header.seq])
        said: list[Sayable] = [proposal(self.shop, message.view, block)]
        if Lie.TWO_BLOCKS in self.lies:
            said.append(prepare(self.shop, message.view, message.block))
        if Lie.RASH in self.lies:
            said.append(commit(self.shop, message.view, block))
        return said

    def _forged(self, message: Prepare | Commit) -> Prepare | Commit:
        kind = type(message)
        return kind(EPOCH, message.view, message.seq, message.block, NO_SIGNATURE)

    def _promise(self, view: View, message: ViewChange) -> ViewChange:
        if self._whim(Lie.NO_LOCK):
            return view_change(self.shop, view)
        if self._whim(Lie.OLD_LOCK):
            return view_change(self.shop, view, self.first_lock)
        return message

    def _open(self, to: ShopId, message: NewView) -> NewView:
        """For some seats another quorum, its own promise without a lock."""
        if Lie.TWO_VIEWS not in self.lies or to % 2:
            return message
        if self.cluster.committee.leader(message.view) != self.shop:
            return message
        others = [c for seat, c in self.heard[message.view].items() if seat != self.shop]
        changes = [view_change(self.shop, message.view), *others]
        if len(changes) < self.cluster.committee.quorum:
            return message
        return new_view(self.shop, message.view, changes[: self.cluster.committee.quorum])


def _emptied(block: Block) -> Block:
    return Block(block.header, [b"not what was agreed"])
