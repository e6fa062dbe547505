"""The vote book: one slot for each (kind, view, height, seat), bounded (P-4.5).

Signatures are checked lazily: only when a quorum might stand, and only until it does. The
channel has already proved who sent a vote, so a forged one costs its sender the connection
and nobody else a thing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from liandao_node.consensus.committee import Committee
from liandao_node.crypto.keys import Verifier
from liandao_node.limits import VOTE_VIEWS_PER_SEAT_MAX
from liandao_node.types import BlockHash, ChainId, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.messages import vote_preimage


@dataclass(slots=True)
class Vote:
    block: BlockHash
    signature: Signature
    verified: bool


class VoteBook:
    """Votes above the tip of one epoch's committee."""

    def __init__(self, committee: Committee, chain: ChainId, verify: Verifier) -> None:
        self._committee = committee
        self._chain = chain
        self._verify = verify
        self._slots: dict[Seq, dict[tuple[int, View], dict[ShopId, Vote]]] = {}

    def add(
        self,
        kind: int,
        view: View,
        seq: Seq,
        seat: ShopId,
        vote: Vote,
    ) -> Vote | None:
        """Takes a vote unless the seat voted in this slot before (P-4.5).

        Returns the earlier vote if this one contradicts it: the same slot, another block.
        """
        slots = self._slots.setdefault(seq, {})
        seats = slots.get((kind, view))
        if seats is None:
            seats = slots[kind, view] = {}
        known = seats.get(seat)
        if known is not None:
            return known if known.block != vote.block else None
        seats[seat] = vote
        self._bound(slots, kind, seat)
        return None

    def replace(self, kind: int, view: View, seq: Seq, seat: ShopId, vote: Vote) -> None:
        """Puts a vote in the place of one whose signature turned out forged."""
        self._slots[seq][kind, view][seat] = vote

    @staticmethod
    def _bound(slots: dict[tuple[int, View], dict[ShopId, Vote]], kind: int, seat: ShopId) -> None:
        """Keeps the votes of the highest views only: a flood of views costs its sender alone."""
        if len(slots) <= VOTE_VIEWS_PER_SEAT_MAX:
            return
        views = sorted(view for (k, view), seats in slots.items() if k == kind and seat in seats)
        for view in views[:-VOTE_VIEWS_PER_SEAT_MAX]:
            del slots[kind, view][seat]
            if not slots[kind, view]:
                del slots[kind, view]

    def certificate(
        self, kind: int, view: View, seq: Seq, block: BlockHash | None = None
    ) -> tuple[Certificate | None, list[ShopId]]:
        """A certificate if a quorum voted for one block (``block``, or any when None).

        Also returns the seats whose signatures turned out forged; their votes are gone.
        """
        seats = self._slots.get(seq, {}).get((kind, view))
        if seats is None or len(seats) < self._committee.quorum:
            return None, []
        forgers: list[ShopId] = []
        voted = sorted({vote.block for vote in seats.values()})
        for candidate in voted if block is None else [block]:
            good = self._verified(seats, kind, view, seq, candidate, forgers)
            if good is not None:
                return self._assemble(kind, view, seq, candidate, good), forgers
        return None, forgers

    def _verified(
        self,
        seats: dict[ShopId, Vote],
        kind: int,
        view: View,
        seq: Seq,
        block: BlockHash,
        forgers: list[ShopId],
    ) -> dict[ShopId, Vote] | None:
        """Q seats whose signatures on ``block`` hold, checked ones first; None if too few."""
        wanted = self._committee.quorum
        voters = [(seat, vote) for seat, vote in seats.items() if vote.block == block]
        if len(voters) < wanted:
            return None
        preimage = vote_preimage(kind, self._chain, self._committee.epoch, view, seq, block)
        good: dict[ShopId, Vote] = {}
        for seat, vote in sorted(voters, key=lambda item: not item[1].verified):
            if not vote.verified:
                if not self._verify(self._committee.key(seat), preimage, vote.signature):
                    forgers.append(seat)
                    del seats[seat]
                    continue
                vote.verified = True
            good[seat] = vote
            if len(good) == wanted:
                return good
        return None

    def _assemble(
        self, kind: int, view: View, seq: Seq, block: BlockHash, good: dict[ShopId, Vote]
    ) -> Certificate:
        order = sorted(good, key=self._committee.position)
        return Certificate(
            kind=kind,
            epoch=self._committee.epoch,
            view=view,
            seq=seq,
            block=block,
            signers=sum(1 << self._committee.position(seat) for seat in order),
            signatures=[good[seat].signature for seat in order],
        )

    def views(self, kind: int, seq: Seq) -> Iterator[View]:
        """Views in which somebody voted on ``seq``."""
        return iter([view for k, view in self._slots.get(seq, {}) if k == kind])

    def of(self, kind: int, view: View, seq: Seq, seat: ShopId) -> Vote | None:
        return self._slots.get(seq, {}).get((kind, view), {}).get(seat)

    def all_of(self, kind: int, seat: ShopId) -> Iterator[tuple[View, Seq, Vote]]:
        """Every vote of a kind that is kept of one seat."""
        for seq, slots in self._slots.items():
            for (k, view), seats in slots.items():
                if k == kind and seat in seats:
                    yield view, seq, seats[seat]

    def prune(self, through: Seq) -> None:
        """Forgets heights up to ``through``."""
        for seq in [seq for seq in self._slots if seq <= through]:
            del self._slots[seq]

    def __len__(self) -> int:
        return sum(len(seats) for slots in self._slots.values() for seats in slots.values())
