"""Two signed statements of one seat that no honest seat makes both (P-12.8 to P-12.11).

Anybody can check them with the seat's key alone. What an honest seat may do, also after a
crash at any moment, is no evidence: least of all a vote in a view that it had promised to
leave, for nobody can say which of the two came first.
"""

from typing import Final, TypeAlias

from liandao_node.crypto.keys import Verifier
from liandao_node.types import BlockHash, ChainId, PublicKey, ShopId, Signature
from liandao_node.wire.blocks import COMMIT, PREPARE
from liandao_node.wire.codec import Canonical, Decoder
from liandao_node.wire.messages import ViewChange, new_view_preimage, vote_preimage
from liandao_node.wire.numbers import WireCount, WireEpoch, WireSeq, WireView

DIGEST_BYTES: Final = 32


class TwoVotes(Canonical, frozen=True, tag=1):
    """Votes of one kind for two blocks at one height in one view."""

    kind: WireCount
    epoch: WireEpoch
    view: WireView
    seq: WireSeq
    seat: ShopId
    first: BlockHash
    """The lesser of the two hashes, so that one lie has one form."""
    first_signature: Signature
    second: BlockHash
    second_signature: Signature


class TwoNewViews(Canonical, frozen=True, tag=2):
    """Two beginnings of one view, by their digests."""

    epoch: WireEpoch
    view: WireView
    seat: ShopId
    first: bytes
    first_signature: Signature
    second: bytes
    second_signature: Signature


class Amnesia(Canonical, frozen=True, tag=3):
    """A COMMIT, and a later VIEW-CHANGE with a lower lock than that COMMIT rests on."""

    seq: WireSeq
    view: WireView
    """View of the COMMIT, below the promised one."""
    block: BlockHash
    commit_signature: Signature
    change: ViewChange


Evidence: TypeAlias = TwoVotes | TwoNewViews | Amnesia

decode_evidence: Decoder[Evidence] = Decoder(Evidence)


def epoch_of(evidence: Evidence) -> int:
    """Epoch whose committee the accused sat in."""
    return evidence.change.epoch if isinstance(evidence, Amnesia) else evidence.epoch


def accused(evidence: Evidence) -> ShopId:
    return evidence.change.seat if isinstance(evidence, Amnesia) else evidence.seat


def proves(evidence: Evidence, chain: ChainId, key: PublicKey, verify: Verifier) -> bool:
    """Whether the holder of ``key``, the accused seat's in that epoch, said both."""
    match evidence:
        case TwoVotes():
            return _two_votes(evidence, chain, key, verify)
        case TwoNewViews():
            return _two_new_views(evidence, chain, key, verify)
        case Amnesia():
            return _amnesia(evidence, chain, key, verify)


def _two_votes(e: TwoVotes, chain: ChainId, key: PublicKey, verify: Verifier) -> bool:
    if e.kind not in (PREPARE, COMMIT) or not e.first < e.second:
        return False
    if len(e.first) != DIGEST_BYTES or len(e.second) != DIGEST_BYTES:
        return False
    return all(
        verify(key, vote_preimage(e.kind, chain, e.epoch, e.view, e.seq, block), signature)
        for block, signature in ((e.first, e.first_signature), (e.second, e.second_signature))
    )


def _two_new_views(e: TwoNewViews, chain: ChainId, key: PublicKey, verify: Verifier) -> bool:
    if len(e.first) != DIGEST_BYTES or len(e.second) != DIGEST_BYTES or not e.first < e.second:
        return False
    return all(
        verify(key, new_view_preimage(chain, e.epoch, e.view, digest), signature)
        for digest, signature in ((e.first, e.first_signature), (e.second, e.second_signature))
    )


def _amnesia(e: Amnesia, chain: ChainId, key: PublicKey, verify: Verifier) -> bool:
    change, lock = e.change, e.change.prepared
    if not 0 <= e.view < change.view or len(e.block) != DIGEST_BYTES:
        return False
    if lock is not None and (lock.view, lock.seq) >= (e.view, e.seq):
        return False
    commit = vote_preimage(COMMIT, chain, change.epoch, e.view, e.seq, e.block)
    return verify(key, commit, e.commit_signature) and verify(
        key, change.preimage(chain), change.signature
    )
