"""Seats that lie: the production replica with another tongue.

A liar follows the protocol inside, so that the others take it for one of them, and changes
what it says on the way out. It signs with its own key alone.
"""

from __future__ import annotations

import random
from collections import defaultdict, deque
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from liandao_node.limits import SNAPSHOT_PIECE_MS_MAX, STATUS_MS
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.false_snapshots import with_another_state, without_an_epoch
from liandao_node.sim.node import Node
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block, Certificate, CommittedBlock
from liandao_node.wire.messages import (
    Body,
    Commit,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Snapshot,
    Status,
    Suspect,
    ViewChange,
    suspect_preimage,
    vote_preimage,
)

FAR_VIEW = View(2**61)
NO_SIGNATURE = Signature(b"x" * 64)
REMEMBERED = 64


class Lie(StrEnum):
    """A habit of a liar."""

    WITHHOLD = "withhold"
    """Part of what it has to say is not heard by this seat or that."""
    SELECTIVE = "selective"
    """Some seats never hear its votes and proposals."""
    TWO_BLOCKS = "two-blocks"
    """Two proposals for one height, both valid, and votes for both."""
    BAD_BLOCK = "bad-block"
    """Proposals that lead elsewhere than they state."""
    RASH = "rash"
    """COMMITs for every proposal, prepared or not."""
    NO_LOCK = "no-lock"
    """Promises without the lock it holds."""
    OLD_LOCK = "old-lock"
    """Promises with the first lock it ever had."""
    TWO_VIEWS = "two-views"
    """Different NEW-VIEWs for different seats."""
    FALSE_BLOCKS = "false-blocks"
    """Right headers over wrong transactions, for whoever catches up."""
    SILENT_SOURCE = "silent-source"
    """No answer to whoever catches up."""
    PESTERS = "pesters"
    """Nothing for whoever catches up, and at once the word again that there is more."""
    DRIPS = "drips"
    """One block for whoever catches up, just before its patience ends."""
    FORGERY = "forgery"
    """Signatures that do not hold, now and then."""
    FALSE_CERTIFICATE = "false-certificate"
    """Certificates for what nobody agreed on."""
    OTHER_EPOCH = "other-epoch"
    """Its votes again, signed for the epoch before and the one after."""
    STALE = "stale"
    """Words of long ago, its own and others'."""
    SLOW = "slow"
    """Everything just before patience ends."""
    HURRY = "hurry"
    """Suspects every view, and says that it is far ahead."""
    FALSE_CLOCK = "false-clock"
    """Another time for everybody."""
    FALSE_STATE = "false-state"
    """Snapshots without a record that the street has, and an index to match."""
    SKIPPED_EPOCH = "skipped-epoch"
    """Snapshots whose hand-overs leave one out, and an index to match."""
    BAD_PIECE = "bad-piece"
    """Pieces of a snapshot that are not what its index names."""
    OLD_SNAPSHOT = "old-snapshot"
    """The oldest snapshot in the place of the newest."""
    TRICKLES = "trickles"
    """Each piece of a snapshot just before patience ends."""
    STALLS = "stalls"
    """The index of a snapshot, and then no piece of it."""


SNAPSHOT_LIES: Final = (
    Lie.FALSE_STATE,
    Lie.SKIPPED_EPOCH,
    Lie.BAD_PIECE,
    Lie.OLD_SNAPSHOT,
    Lie.TRICKLES,
    Lie.STALLS,
)
LIES: Final = tuple(lie for lie in Lie if lie not in SNAPSHOT_LIES)
"""Habits of a liar on any street."""


class Liar(Node):
    """Takes a seat, with some of the lies."""

    lies: frozenset[Lie] = frozenset()

    def arm(self, lies: frozenset[Lie], seed: str) -> None:
        self.honest = False
        self.lies = lies
        self.chance = random.Random(seed)  # noqa: S311
        self.first_lock: Certificate | None = None
        self.heard: dict[View, dict[ShopId, ViewChange]] = defaultdict(dict)
        self.kept: deque[Message] = deque(maxlen=REMEMBERED)
        self.rivals: dict[BlockHash, Block | None] = {}
        self.heartbeat: Status | None = None
        """What it last said of itself."""
        self.gives_at = 0
        """When the last piece of a snapshot that it was asked for leaves."""
        shops = sorted(self.street.places_of)
        self.shunned = frozenset(self.chance.sample(shops, len(shops) // 3))

    def receive(self, peer: ShopId, message: Message) -> None:
        if isinstance(message, ViewChange):
            self.heard[message.view][peer] = message
        if Lie.STALE in self.lies and self.chance.random() < 0.05:
            self.kept.append(message)
        super().receive(peer, message)

    def broadcast(self, message: Message) -> None:
        for shop in self.street.places_of:
            if shop != self.shop:
                self.send(shop, message)

    def send(self, to: ShopId, message: Message) -> None:
        if self.replica is not None and self.first_lock is None:
            self.first_lock = self.replica.durable.locked
        if Lie.SELECTIVE in self.lies and to in self.shunned and not isinstance(message, Status):
            return
        for said in self._say(to, message):
            if Lie.WITHHOLD in self.lies and self.chance.random() < 0.3:
                continue
            if Lie.DRIPS in self.lies and isinstance(said, Range):
                self.street.timeline.after(STATUS_MS - 100, self._utter, to, said)
            elif Lie.TRICKLES in self.lies and isinstance(said, Snapshot):
                now = self.street.timeline.now
                self.gives_at = max(now, self.gives_at) + SNAPSHOT_PIECE_MS_MAX - 200
                self.street.timeline.after(self.gives_at - now, self._utter, to, said)
            elif Lie.SLOW in self.lies:
                self.street.timeline.after(self.chance.randint(20, 240), self._utter, to, said)
            else:
                self._utter(to, said)

    def _utter(self, to: ShopId, message: Message) -> None:
        if self.up:
            super().send(to, message)

    def _whim(self, lie: Lie, share: float = 0.3) -> bool:
        return lie in self.lies and self.chance.random() < share

    def _say(self, to: ShopId, message: Message) -> list[Message]:
        """What ``to`` hears in place of ``message``."""
        said = self._altered(to, message)
        if self.kept and self._whim(Lie.STALE, 0.1):
            said.append(self.chance.choice(self.kept))
        return said

    def _altered(self, to: ShopId, message: Message) -> list[Message]:
        match message:
            case PrePrepare():
                return self._proposal(to, message)
            case Prepare() | Commit():
                return self._vote(message)
            case ViewChange():
                return [self._promise(message)]
            case NewView():
                return [self._open(to, message)]
            case Body() | Range() | Snapshot() if Lie.SILENT_SOURCE in self.lies:
                return []
            case Range() if Lie.PESTERS in self.lies:
                return self._bait()
            case Range(blocks) if Lie.DRIPS in self.lies and blocks:
                least = next(at for at, one in enumerate(blocks, 1) if one.certificate)
                return [Range(blocks[:least])]
            case Body(block) if Lie.FALSE_BLOCKS in self.lies:
                return [Body(_emptied(block))]
            case Range(blocks) if Lie.FALSE_BLOCKS in self.lies:
                return [Range([CommittedBlock(_emptied(b.block), b.certificate) for b in blocks])]
            case Snapshot(data=data) if data:
                return self._piece(message)
            case Status():
                return self._status(message)
            case _:
                return [message]

    # --- snapshots ---

    def _piece(self, message: Snapshot) -> list[Message]:
        """A piece of a snapshot that this node has."""
        assert isinstance(self.books, LedgerBooks)
        snapshots = self.books.snapshots
        seq, piece, data = message.seq, message.piece, message.data
        if Lie.STALLS in self.lies and piece:
            return []
        if Lie.OLD_SNAPSHOT in self.lies and not piece:
            seq = snapshots.heights()[0]
            data = snapshots.pieces(seq)[0]
        if self.lies & {Lie.FALSE_STATE, Lie.SKIPPED_EPOCH}:
            pieces = self._falsified(snapshots.pieces(seq))
            data = pieces[piece] if piece < len(pieces) else b""
        if piece and self._whim(Lie.BAD_PIECE):
            data = data[:-1] + bytes([data[-1] ^ 1])
        return [Snapshot(seq, piece, data)]

    def _falsified(self, pieces: list[bytes]) -> list[bytes]:
        if Lie.FALSE_STATE in self.lies:
            pieces = with_another_state(pieces)
        if Lie.SKIPPED_EPOCH in self.lies:
            pieces = without_an_epoch(pieces)
        return pieces

    # --- votes and proposals ---

    def _signed(self, kind: int, epoch: int, view: View, seq: Seq, block: BlockHash) -> Signature:
        preimage = vote_preimage(kind, self.street.chain, Epoch(epoch), view, seq, block)
        return self.street.signer(self.shop).sign(preimage)

    def _prepare(self, message: PrePrepare, block: Block) -> Prepare:
        seq, name = block.header.seq, block.header.hash
        signature = self._signed(PREPARE, message.epoch, message.view, seq, name)
        return Prepare(message.epoch, message.view, seq, name, signature)

    def _proposal(self, to: ShopId, message: PrePrepare) -> list[Message]:
        block = message.block
        if Lie.BAD_BLOCK in self.lies and to % 2:
            block = Block(replace(block.header, state_root=b"\0" * 32), block.txs)
        elif Lie.TWO_BLOCKS in self.lies and to % 2:
            block = self._rival(block)
        own = self._prepare(message, block)
        said: list[Message] = [
            PrePrepare(message.epoch, message.view, block, own.signature),
        ]
        if Lie.TWO_BLOCKS in self.lies:
            said.append(self._prepare(message, message.block))
        if Lie.RASH in self.lies:
            said.append(self._commit(own))
        return said

    def _rival(self, block: Block) -> Block:
        name = block.header.hash
        if name not in self.rivals:
            self.rivals[name] = self.books.rival(block)
        return self.rivals[name] or block

    def _commit(self, vote: Prepare) -> Commit:
        signature = self._signed(COMMIT, vote.epoch, vote.view, vote.seq, vote.block)
        return Commit(vote.epoch, vote.view, vote.seq, vote.block, signature)

    def _vote(self, message: Prepare | Commit) -> list[Message]:
        said: list[Message] = [message]
        if self._whim(Lie.FORGERY):
            said.insert(0, replace(message, signature=NO_SIGNATURE))
        if Lie.RASH in self.lies and isinstance(message, Prepare):
            said.append(self._commit(message))
        if self._whim(Lie.OTHER_EPOCH):
            kind = PREPARE if isinstance(message, Prepare) else COMMIT
            for epoch in {max(0, message.epoch - 1), message.epoch + 1}:
                signature = self._signed(kind, epoch, message.view, message.seq, message.block)
                said.append(replace(message, epoch=epoch, signature=signature))
        return said

    # --- view changes and heartbeats ---

    def _resigned(self, change: ViewChange) -> ViewChange:
        preimage = change.preimage(self.street.chain)
        return replace(change, signature=self.street.signer(self.shop).sign(preimage))

    def _promise(self, message: ViewChange) -> ViewChange:
        if message.seat != self.shop:
            return message
        if self._whim(Lie.NO_LOCK):
            return self._resigned(replace(message, prepared=None, tip=None))
        if self._whim(Lie.OLD_LOCK):
            return self._resigned(replace(message, prepared=self.first_lock))
        if self._whim(Lie.FALSE_CERTIFICATE):
            return self._resigned(replace(message, prepared=self._invented(message, PREPARE)))
        return message

    def _invented(self, message: ViewChange | Status, kind: int) -> Certificate:
        """A certificate of the right form, by signatures of this seat alone."""
        assert self.replica is not None
        committee = self.street.committees[message.epoch]
        seq = Seq(self.replica.tip.seq + 3)
        block, view = BlockHash(b"\7" * 32), View(max(0, message.view - 1))
        signature = self._signed(kind, message.epoch, view, seq, block)
        signers = (1 << committee.quorum) - 1
        signatures = [signature] * committee.quorum
        return Certificate(kind, message.epoch, view, seq, block, signers, signatures)

    def _open(self, to: ShopId, message: NewView) -> NewView:
        """For some seats another quorum, its own promise without a lock."""
        committee = self.street.committees[message.epoch]
        if Lie.TWO_VIEWS not in self.lies or to % 2 or committee.leader(message.view) != self.shop:
            return message
        others = [
            change
            for seat, change in self.heard[message.view].items()
            if seat != self.shop and change.epoch == message.epoch
        ]
        empty = ViewChange(message.epoch, message.view, self.shop, None, None, NO_SIGNATURE)
        changes = [self._resigned(empty), *others][: committee.quorum]
        if len(changes) < committee.quorum:
            return message
        other = replace(message, view_changes=changes)
        preimage = other.preimage(self.street.chain)
        return replace(other, signature=self.street.signer(self.shop).sign(preimage))

    def _bait(self) -> list[Message]:
        """An answer without blocks, and what makes a seat that is behind ask again: more than once,
        for the last of it must come after the answer."""
        empty = Range([])
        if self.heartbeat is None:
            return [empty]
        later = Epoch(self.heartbeat.epoch + 1)
        return [empty, *[replace(self.heartbeat, epoch=later, certificate=None)] * 4]

    def _status(self, message: Status) -> list[Message]:
        self.heartbeat = message
        said: list[Message] = [message]
        if self._whim(Lie.FALSE_CLOCK):
            shift = self.chance.choice((-86_400_000, 9_000, 3_600_000))
            said = [replace(message, clock_ms=Millis(max(0, message.clock_ms + shift)))]
        if self._whim(Lie.FALSE_CERTIFICATE):
            false = self._invented(message, COMMIT)
            said.append(replace(message, tip_seq=false.seq, tip=false.block, certificate=false))
        if Lie.HURRY in self.lies:
            views = (View(max(0, message.promised)), FAR_VIEW)
            said += [self._suspect(message, view) for view in views]
            said.append(replace(message, promised=FAR_VIEW))
        if Lie.PESTERS in self.lies:
            said += self._bait()
        return said

    def _suspect(self, message: Status, view: View) -> Suspect:
        signer = self.street.signer(self.shop)
        signature = signer.sign(suspect_preimage(self.street.chain, message.epoch, view))
        return Suspect(message.epoch, view, 1, signature)


def _emptied(block: Block) -> Block:
    return Block(block.header, [b"not what was agreed"])
