"""Bugs of what happens over months: keys that are replaced, snapshots, blocks that are gone."""

from collections.abc import Iterable
from dataclasses import replace as changed

from msgspec.structs import replace

from liandao_node.consensus import catching_up
from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.committee import Committee, Member
from liandao_node.consensus.replica import Replica
from liandao_node.crypto import multiset
from liandao_node.errors import PeerFault
from liandao_node.ledger.modules.election import protocol_after
from liandao_node.runtime import snapshot_proof
from liandao_node.runtime.snapshot_proof import Head, Proven, records
from liandao_node.runtime.snapshots import SnapshotFetcher
from liandao_node.sim.mutants.planting import Patches
from liandao_node.sim.signatures import CHEAP
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.snapshots import SnapshotIndex
from liandao_node.types import PublicKey, Seq, ShopId
from liandao_node.wire.blocks import COMMIT
from liandao_node.wire.committee import CommitteeRecord, Handover
from liandao_node.wire.genesis import Genesis, first_committee
from liandao_node.wire.messages import Range


def replaced_keys_go_on_voting(patch: Patches) -> None:
    """A shop's votes are checked against the first key that it ever had."""
    first: dict[ShopId, PublicKey] = {}
    made = Committee.from_record

    def remembering(record: CommitteeRecord) -> Committee:
        members = tuple(
            Member(member.shop, first.setdefault(member.shop, member.key))
            for member in made(record).members
        )
        return changed(made(record), members=members)

    patch.put(Committee, "from_record", staticmethod(remembering))


def any_key_of_a_seated_shop_votes(patch: Patches) -> None:
    """A node votes for its shop with a key that is not in force yet."""
    patch.put(Committee, "holds", lambda committee, shop, _: shop in committee)


def states_are_not_held_against_their_block(patch: Patches) -> None:
    """A snapshot's records are taken without a look at the certified state root."""

    def unproven(index: SnapshotIndex, head: Head, pieces: IncomingPieces) -> Proven:
        elements = [multiset.element(key, value) for key, value in records(index, pieces)]
        return Proven(index, head, sum(elements) & multiset.MASK)

    patch.everywhere(snapshot_proof.prove_records, unproven)


def handovers_may_leave_an_epoch_out(patch: Patches) -> None:
    """Whoever a committee named may sign for any later epoch."""

    def lax(genesis: Genesis, handovers: list[Handover], seq: Seq) -> CertificateChecker:
        record = first_committee(genesis)
        for handover in handovers:
            then = replace(record, epoch=handover.header.epoch)
            committee = Committee.from_record(then)
            checker = CertificateChecker(committee, genesis.chain_id, CHEAP.verify)
            if not checker.holds(handover.certificate, COMMIT):
                raise PeerFault("SNAPSHOT_BAD", why="handover", seq=seq)
            record = handover.next
        return checker

    patch.put(snapshot_proof, "_follow", lax)


def whoever_says_it_is_ahead_is_asked(patch: Patches) -> None:
    """Each word that there are more blocks brings a question, and anybody's answer ends it."""
    on_range = catching_up.on_range

    def trusting(r: Replica, peer: ShopId, message: Range) -> None:
        r.clocks.fetch_from = None
        on_range(r, peer, message)

    patch.put(catching_up, "on_range", trusting)
    patch.put(catching_up, "_take_up_offer", catching_up.fetch_range)


def a_source_keeps_its_turn(patch: Patches) -> None:
    """Whoever gives blocks is asked on, however few they are."""
    patch.put(catching_up, "SOURCE_TURN_MS", 10**12)


def one_silent_source_holds_up_a_snapshot(patch: Patches) -> None:
    """Blocks count as gone when every shop that is ahead said so, however long that takes."""
    wanted = SnapshotFetcher.wanted

    def credulous(fetcher: SnapshotFetcher) -> bool:
        all_said_so = fetcher._ahead() == fetcher._ahead_without_blocks()
        return wanted(fetcher) and all_said_so

    patch.put(SnapshotFetcher, "wanted", credulous)
    patch.put(SnapshotFetcher, "_is_stuck", lambda _: False)


def most_seats_raise_the_protocol(patch: Patches) -> None:
    """All but f are enough: the others find themselves without a program for the new epoch."""

    def hasty(current: int, spoken: Iterable[int]) -> int:
        told = sorted(spoken)
        return max(current, told[(len(told) - 1) // 3] if told else current)

    patch.everywhere(protocol_after, hasty)


def protocols_fall_with_their_seats(patch: Patches) -> None:
    """A shop that puts an older program back takes the whole street back."""
    patch.everywhere(protocol_after, lambda current, spoken: min(spoken, default=current))


def outdated_programs_go_on(patch: Patches) -> None:
    """Blocks of a protocol that this program does not know are taken like any others."""
    patch.put(Replica, "outdated", property(lambda _: False))
