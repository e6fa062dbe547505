"""Bugs of evidence, of followers, of elections and of what the ledger holds against a block."""

from collections.abc import Sequence

from liandao_node.consensus import delivery, evidence, follower
from liandao_node.consensus.replica import Replica
from liandao_node.consensus.votes import Vote
from liandao_node.errors import PeerFault
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.modules import attendance, election
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.election import Contender, Election, elect
from liandao_node.ledger.state import View
from liandao_node.ledger.transactions import SignedTx
from liandao_node.sim.mutants.planting import Patches
from liandao_node.types import Amount, Seq, ShopId
from liandao_node.types import View as ViewNumber
from liandao_node.wire.blocks import Block
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.evidence import Amnesia
from liandao_node.wire.messages import PrePrepare, ViewChange


def locks_are_not_compared(patch: Patches) -> None:
    """Whoever sent COMMIT and then leaves the view is accused of having forgotten its lock."""

    def hasty(r: Replica, change: ViewChange, view: ViewNumber, seq: Seq, vote: Vote) -> None:
        if view < change.view:
            proof = Amnesia(seq, view, vote.block, vote.signature, change)
            evidence._accuse(r, proof)

    patch.put(evidence, "_compare", hasty)


def forged_votes_accuse(patch: Patches) -> None:
    """Signatures of contradicting votes are not checked before somebody is accused of them."""
    patch.put(evidence, "_signed", lambda *_: True)


def a_key_in_use_elsewhere_goes_unseen(patch: Patches) -> None:
    """A seat goes on beside a copy of itself, and so becomes a liar."""
    patch.put(evidence, "own_key_in_certificate", lambda *_: None)
    patch.put(evidence, "own_key_in_new_view", lambda *_: None)


def followers_vote(patch: Patches) -> None:
    """A shop without a seat signs votes."""
    patch.put(Replica, "voting", property(lambda r: r.closed is None))


def full_disks_vote(patch: Patches) -> None:
    """A seat whose disk takes no records goes on voting."""

    def voting(r: Replica) -> bool:
        return r.closed is None and r.me in r.committee and r.durable.epoch == r.committee.epoch

    patch.put(Replica, "voting", property(voting))


def followers_deliver_on_one_word(patch: Patches) -> None:
    """A follower takes a proposal for a final block."""
    keep = follower._keep_proposal

    def hasty(r: Replica, peer: ShopId, message: PrePrepare) -> None:
        keep(r, peer, message)
        block = message.block
        if block.header.hash in r.bodies and block.header.parent == r.tip.hash:
            certificate = r.tip.certificate
            assert certificate is not None
            delivery.deliver(r, [block], certificate)

    patch.put(follower, "_keep_proposal", hasty)


def roots_are_not_compared(patch: Patches) -> None:
    """A block is taken whatever roots its header states, so nobody sees a wrong computer."""
    check = Ledger.check

    def credulous(ledger: Ledger, block: Block, txs: Sequence[SignedTx]) -> Execution:
        header = block.header
        try:
            return check(ledger, block, txs)
        except PeerFault as fault:
            if fault.code != "BLOCK_ROOT_MISMATCH":
                raise
        return ledger.execute(
            parent=header.parent,
            epoch=header.epoch,
            seq=header.seq,
            time_ms=header.time_ms,
            proposer=header.proposer,
            attendance=header.attendance,
            txs=txs,
        )

    patch.put(Ledger, "check", credulous)


def more_than_f_are_jailed(patch: Patches) -> None:
    """Whoever is called absent is jailed, though the street then lacks a quorum."""

    def ruthless(view: View, committee: CommitteeRecord, _: Sequence[Contender]) -> list[ShopId]:
        faults = election.faults_borne(len(committee.seats))
        shops = [seat.shop for seat in committee.seats]
        return [shop for shop in shops if attendance._absences(view, shop) > faults]

    patch.put(attendance, "_to_jail", ruthless)


def one_word_jails(patch: Patches) -> None:
    """One proposer's word is enough to jail a seat."""

    def gullible(view: View, committee: CommitteeRecord, _: Sequence[Contender]) -> list[ShopId]:
        shops = [seat.shop for seat in committee.seats]
        words = {shop: [word for _, word in books.words.under(view, shop)] for shop in shops}
        return [shop for shop in shops if any(word.absent for word in words[shop])][:1]

    patch.put(attendance, "_to_jail", gullible)


def elections_by_order_of_records(patch: Patches) -> None:
    """Shops of equal stake are seated in the order in which a dict happens to hold them."""

    exact = elect

    def by_dict(
        members: Sequence[Contender], old: Sequence[ShopId], *, cap_multiple: int, seats_max: int
    ) -> Election:
        shuffled = {contender.shop: place for place, contender in enumerate(members)}
        ties = [
            Contender(m.shop, Amount(m.stake * len(members) + shuffled[m.shop]), m.bar)
            for m in members
        ]
        return exact(ties, old, cap_multiple=cap_multiple, seats_max=seats_max)

    patch.everywhere(elect, by_dict)


def elections_in_floats(patch: Patches) -> None:
    """Stakes are compared as floating-point numbers, in which great ones are equal."""
    counted_stakes = election.counted_stakes

    def rounded(candidates: Sequence[Contender], cap_multiple: int) -> dict[ShopId, Amount]:
        exact = counted_stakes(candidates, cap_multiple)
        return {shop: Amount(int(float(stake))) for shop, stake in exact.items()}

    patch.put(election, "counted_stakes", rounded)


def more_than_f_seats_change(patch: Patches) -> None:
    """A whole committee is replaced at once by shops that never voted."""

    def all_of_them(
        sitting: int, goers: int, newcomers: Sequence[ShopId], size: int
    ) -> tuple[int, Sequence[ShopId]]:
        return goers, newcomers[: size - sitting + goers]

    patch.put(election, "_bounded", all_of_them)
