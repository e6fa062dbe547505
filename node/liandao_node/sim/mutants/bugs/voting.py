"""Bugs of the normal case: proposals, votes, locks, and how votes are counted."""

from collections.abc import Callable
from struct import pack
from typing import Any, Final

from liandao_node.consensus import chains, committee, epochs, normal
from liandao_node.consensus.certificates import rank
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.replica import Replica
from liandao_node.consensus.votes import Vote, VoteBook
from liandao_node.sim.mutants.planting import Patches
from liandao_node.types import BlockHash, PublicKey, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block
from liandao_node.wire.messages import ConsensusMessage, Prepare, vote_preimage

MANY: Final = 1_000_000


def commit_before_its_lock_is_durable(patch: Patches) -> None:
    """COMMIT leaves while the lock is still on its way to the disk."""
    advance = normal.advance

    def hasty(r: Replica) -> None:
        advance(r)
        for token in sorted(r.pending.locks):
            normal.on_lock_durable(r, *r.pending.locks.pop(token))

    patch.put(normal, "advance", hasty)


def commit_without_a_lock(patch: Patches) -> None:
    """COMMIT follows a seat's own PREPARE, without waiting for others'."""
    send_prepare = normal._send_prepare

    def rash(r: Replica, seq: Seq, block: BlockHash) -> None:
        send_prepare(r, seq, block)
        normal.on_lock_durable(r, r.views.current, seq, block)

    patch.put(normal, "_send_prepare", rash)


def own_vote_is_lost(patch: Patches) -> None:
    """A seat tells its votes to all others and does not count them itself."""
    vote = normal._vote

    def others_only(r: Replica, kind: int, seq: Seq, seat: ShopId, said: Vote) -> None:
        if seat != r.me:
            vote(r, kind, seq, seat, said)

    patch.put(normal, "_vote", others_only)


def one_seat_counts_twice(patch: Patches) -> None:
    """A vote that comes a second time is another vote."""
    add, at, key = VoteBook.add, Committee.position, Committee.key

    def every_copy(
        book: VoteBook, kind: int, view: View, seq: Seq, seat: ShopId, vote: Vote
    ) -> Vote | None:
        copy = seat
        while (known := book.of(kind, view, seq, copy)) and known.block == vote.block:
            copy = ShopId(copy + MANY)
        return add(book, kind, view, seq, copy, vote)

    def position(seats: Committee, shop: ShopId) -> int:
        return at(seats, ShopId(shop % MANY))

    def key_of(seats: Committee, shop: ShopId) -> PublicKey:
        return key(seats, ShopId(shop % MANY))

    patch.put(VoteBook, "add", every_copy)
    patch.put(Committee, "position", position)
    patch.put(Committee, "key", key_of)


def strangers_have_a_vote(patch: Patches) -> None:
    """COMMITs of shops outside the committee count towards the quorum."""
    receive, key = Replica.receive, Committee.key

    def from_anybody(r: Replica, peer: ShopId, message: ConsensusMessage) -> None:
        if peer not in r.peers and peer != r.me:
            r.peers[peer] = r.known(peer)
        receive(r, peer, message)

    def position(seats: Committee, shop: ShopId) -> int:
        shops = [member.shop for member in seats.members]
        return shops.index(shop) if shop in shops else len(shops)

    def key_of(seats: Committee, shop: ShopId) -> PublicKey:
        return key(seats, shop) if shop in seats else PublicKey(b"")

    certified = VoteBook._verified

    def verified(
        book: VoteBook,
        seats: dict[ShopId, Vote],
        kind: int,
        view: View,
        seq: Seq,
        block: BlockHash,
        forgers: list[ShopId],
    ) -> dict[ShopId, Vote] | None:
        for seat, vote in seats.items():
            vote.verified = vote.verified or seat not in book._committee
        return certified(book, seats, kind, view, seq, block, forgers)

    patch.put(Replica, "receive", from_anybody)
    patch.put(Committee, "position", position)
    patch.put(Committee, "key", key_of)
    patch.put(VoteBook, "_verified", verified)


def quorums_of_2f_plus_1(patch: Patches) -> None:
    """Two quorums of five or six seats may have nothing but a liar in common."""
    patch.put(committee, "quorum_size", lambda seats: 2 * ((seats - 1) // 3) + 1)


def parents_are_not_looked_at(patch: Patches) -> None:
    """A proposal is voted for whatever it stands on."""

    def trusting(r: Replica) -> None:
        while r.active and r.views.base_ready:
            message = r.early.pop(Seq(r.head[0] + 1), None)
            if message is None or message.view != r.views.current:
                return
            normal._open_slot(r, message.block, message)
            vote = Vote(message.block.header.hash, message.signature, verified=False)
            normal._vote(r, PREPARE, message.block.header.seq, r.leader, vote)
            normal.execute(r, message.block, fresh=True)

    patch.put(normal, "accept_early", trusting)


def votes_do_not_say_their_type(patch: Patches) -> None:
    """PREPARE and COMMIT sign the same bytes, so that one serves as the other."""

    def untyped(kind: int, chain: bytes, epoch: int, view: View, seq: Seq, block: bytes) -> bytes:
        assert kind in (PREPARE, COMMIT)
        return chain + pack(">QQQ", epoch, view, seq) + block

    patch.everywhere(vote_preimage, untyped)


def votes_of_any_number_of_views_are_kept(patch: Patches) -> None:
    """A member fills the memory of others with votes for views that nobody is in."""
    patch.put(VoteBook, "_bound", staticmethod(lambda *_: None))


def proposals_of_any_height_are_kept(patch: Patches) -> None:
    """A leader fills the memory of others with proposals far above their tips."""
    patch.put(normal, "WINDOW_SEQS", MANY)


def votes_after_a_promise(patch: Patches) -> None:
    """A seat that has promised a higher view goes on voting in the one that it left."""

    def deaf(r: Replica, peer: ShopId, message: Prepare) -> None:
        vote = Vote(message.block, message.signature, verified=False)
        r.votes.add(PREPARE, message.view, message.seq, peer, vote)
        normal.advance(r)

    def sign(r: Replica, kind: int, seq: Seq, block: BlockHash) -> Signature:
        epoch, view = r.committee.epoch, r.views.current
        return r.signer.sign(vote_preimage(kind, r.chain, epoch, view, seq, block))

    patch.put(Replica, "active", property(lambda r: r.voting and r.views.current >= 0))
    patch.put(normal, "on_prepare", deaf)
    patch.put(normal, "_sign", sign)


def locks_go_down(patch: Patches) -> None:
    """The lock last taken replaces the one on the disk, though that is higher."""

    def newest(*values: Any, key: Callable[[Any], Any] | None = None) -> Any:
        return values[-1] if key is rank else max(*values, key=key)

    patch.put_new(normal, "max", newest)


def two_locks_in_one_view(patch: Patches) -> None:
    """After a restart a seat locks a second block of the view that it came back to."""
    patch.put(chains, "contradicts_lock", lambda *_: False)


def transactions_are_not_looked_at(patch: Patches) -> None:
    """A block is kept under a certified hash whatever its transactions are."""

    def always(_: Block) -> bool:
        return True

    patch.put(chains, "is_whole", always)


def blocks_that_compute_otherwise_get_a_vote(patch: Patches) -> None:
    """A seat votes for a block although its own execution leads to other roots."""
    executed = normal.on_executed

    def credulous(r: Replica, block: BlockHash, *, valid: bool) -> None:
        executed(r, block, valid=valid or block in r.bodies)

    patch.put(normal, "on_executed", credulous)


def proposals_go_on_above_a_last_block(patch: Patches) -> None:
    """The old committee votes above the block that ends its epoch."""
    patch.put(chains, "closes_epoch", lambda *_: False)


def messages_of_the_next_epoch_without_bound(patch: Patches) -> None:
    """A member fills the memory of others with words of an epoch that has not begun."""
    patch.put(epochs, "AHEAD_MESSAGES_MAX", MANY)
