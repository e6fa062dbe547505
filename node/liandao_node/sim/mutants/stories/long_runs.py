"""Stories of keys that are replaced, of snapshots, and of blocks that are gone."""

from collections.abc import Callable, Iterable
from functools import cache

from msgspec.structs import replace

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.errors import PeerFault
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.membership import Speaks
from liandao_node.limits import FETCH_MS, STATUS_MS, TICK_MS
from liandao_node.runtime import snapshot_proof, snapshots
from liandao_node.runtime.snapshot_proof import Proven, head_pieces, read_index
from liandao_node.runtime.snapshots import SnapshotFetcher, Surroundings
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.catching_up import BEHIND_BLOCKS
from liandao_node.sim.false_snapshots import with_another_state, without_an_epoch
from liandao_node.sim.happenings import NEWER
from liandao_node.sim.mutants.forms import (
    CHAIN,
    GENESIS,
    commit,
    final,
    make_block,
    make_chain,
    prepare,
    proposal,
    record,
)
from liandao_node.sim.mutants.seat import LoneSeat
from liandao_node.sim.network import CALM
from liandao_node.sim.plan import Happening, Kind, draw
from liandao_node.sim.signatures import CHEAP
from liandao_node.sim.snapshots import HeldPieces
from liandao_node.sim.story import Life
from liandao_node.sim.virtual_trio import VirtualTrio, swapped
from liandao_node.types import Epoch, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block, CommittedBlock
from liandao_node.wire.committee import CommitteeRecord, Seat
from liandao_node.wire.messages import Commit, Prepare, PrePrepare, Range, Status, vote_preimage
from liandao_node.wire.protocol import PROTOCOL

NEW_KEY = CHEAP.make(b"shop 3 key 1")


EPOCHS_AHEAD = Status(Epoch(9), View(0), View(0), Seq(10**6), GENESIS, None, Millis(0), 1)
"""What nothing proves to a seat in epoch 0."""


# --- blocks of a time away ---


def a_source_without_blocks() -> None:
    """P-7.3: it answers each question with nothing, and says at once that it is far ahead."""
    seat = LoneSeat(3)
    seat.hear(0, EPOCHS_AHEAD)
    seat.hear(1, EPOCHS_AHEAD)
    for _ in range(2 * (STATUS_MS + FETCH_MS) // TICK_MS):
        seat.hear(0, Range([]), EPOCHS_AHEAD)
        seat.wait(TICK_MS)
    assert 1 in seat.asked, "one that gives nothing holds up whoever was away"


def a_source_that_drips() -> None:
    """P-7.3: a block a second is an answer, and less than what a street makes."""
    seat = LoneSeat(3)
    seat.hear(0, EPOCHS_AHEAD)
    seat.hear(1, EPOCHS_AHEAD)
    for block in make_chain(0, *(b"%d" % at for at in range(10))):
        seat.wait(STATUS_MS - TICK_MS)
        seat.hear(0, Range([CommittedBlock(block, final(0, block))]))
    assert 1 in seat.asked, "one that gives a block a second holds up whoever was away"


# --- keys ---


def _with_a_new_key(committee: CommitteeRecord) -> CommitteeRecord:
    return replace(committee, seats=[*committee.seats[:3], Seat(ShopId(3), NEW_KEY.public_key)])


def _resigned(vote: Prepare | Commit, kind: int) -> Prepare | Commit:
    """The vote of shop 3 by its new key."""
    preimage = vote_preimage(kind, CHAIN, vote.epoch, vote.view, vote.seq, vote.block)
    return replace(vote, signature=NEW_KEY.sign(preimage))


def _second_epoch(me: int) -> tuple[LoneSeat, Block]:
    """A seat in epoch 1, in which shop 3 has another key, and the last block before."""
    following = _with_a_new_key(record(1, 2, range(4)))
    end = make_block(None, 0, b"end", next_committee=following.hash)
    seat = LoneSeat(me)
    seat.offered(0, end)
    seat.prepared_by(0, end, 1, 2)
    seat.committed_by(0, end, 1, 2, 3)
    seat.give(events.Elected(following))
    return seat, end


def a_key_that_was_replaced() -> None:
    """L-4.10, P-12.1: whoever holds the old key of shop 3 votes on in the next epoch."""
    seat, end = _second_epoch(2)
    above = make_block(end, 1, b"above", epoch=1)
    seat.hear(1, proposal(1, 0, above))
    seat.hear(3, prepare(3, 0, above), commit(3, 0, above))
    seat.hear(1, commit(1, 0, above))
    assert not seat.said(Commit)[1:], "locked by a vote of the old key"
    assert seat.delivered == [end], "final by a vote of the old key"
    seat.hear(3, _resigned(prepare(3, 0, above), PREPARE), _resigned(commit(3, 0, above), COMMIT))
    assert seat.delivered == [end, above], "the votes of the new key do not count"


def a_key_that_is_not_in_force_yet() -> None:
    """P-12.7: the node of shop 3 has its new key, and the epoch still the old one."""
    committee = Committee.from_record(_with_a_new_key(record(0, 1, range(4))))
    seat = LoneSeat(3, committee=committee)
    sale = make_block(None, 0, b"sale")
    seat.offered(0, sale)
    seat.prepared_by(0, sale, 1, 2)
    seat.wait(3_000)
    said = seat.said(Prepare) + seat.said(Commit) + seat.said(PrePrepare)
    assert not said, "a vote by a key that has no seat"


# --- snapshots ---


@cache
def _grown() -> tuple[Life, LedgerBooks]:
    """A street of four some epochs later, and what its first node keeps."""
    plan = replace(
        draw(0),
        shops=4,
        seated=4,
        epoch_blocks=3,
        keep_epochs=2,
        weather=CALM,
        wall_ms=[0] * 4,
        liars=[],
        twin=[],
        real_keys=False,
        wire=False,
        happenings=[],
        ledger_ms_max=5,
    )
    life = Life(plan)
    life.street.start()
    for number in range(16):
        life.trade.ask(number)
        life.street.timeline.run(400)
    books = life.street.nodes[0].books
    assert isinstance(books, LedgerBooks)
    return life, books


def _take(pieces: list[bytes]) -> Proven:
    """What a node that was away makes of a snapshot. Raises PeerFault."""
    life, books = _grown()
    genesis, held = life.charter.genesis, HeldPieces()
    with swapped(snapshot_proof, verify=CHEAP.verify):
        index = read_index(pieces[0], genesis.chain_id, books.snapshots.heights()[-1])
        held.begin(index.pieces)
        for piece, data in zip(index.pieces, pieces[1:], strict=True):
            assert held.put(piece, data)
        head = snapshot_proof.prove_head(genesis, index, pieces[1 : 1 + len(head_pieces(index))])
        return snapshot_proof.prove_records(index, head, held)


def _refused(lie: Callable[[list[bytes]], list[bytes]]) -> bool:
    _, books = _grown()
    pieces = books.snapshots.pieces(books.snapshots.heights()[-1])
    assert _take(pieces).index.seq > 6, "a true snapshot is refused, or there is none"
    try:
        _take(lie(pieces))
    except PeerFault:
        return True
    return False


def a_snapshot_of_another_state() -> None:
    """P-7.9: all pieces are what the index says, and one record is left out."""
    assert _refused(with_another_state), "a state that nobody certified is taken"


def a_chain_of_handovers_with_a_gap() -> None:
    """P-7.9, P-12.2: every certificate holds, and one committee is nowhere named."""
    assert _refused(without_an_epoch), "a chain of hand-overs with a gap is taken"


def a_source_that_never_answers() -> None:
    """P-7.7: three are ahead; two no longer have the blocks, and one liar says nothing."""
    heights = {ShopId(shop): Seq(9) for shop in range(3)}
    life, _ = _grown()
    with swapped(snapshots, trio=VirtualTrio, SNAPSHOT_BEHIND_BLOCKS=BEHIND_BLOCKS):
        fetcher = SnapshotFetcher(
            life.charter.genesis,
            HeldPieces(),
            Surroundings(
                tip=lambda: Seq(1), heights=lambda: heights, liars=lambda: 1, may=lambda: True
            ),
            send=lambda *_: None,
            on_fault=lambda *_: None,
            on_ready=lambda _: None,
        )
        assert not fetcher.wanted(), "nobody was asked"
        fetcher.has_no_blocks(ShopId(0))
        fetcher.has_no_blocks(ShopId(1))
        assert fetcher.wanted(), "one silent source holds up the snapshot for ever"


# --- programs ---


def _brought_up_to_date(shops: int, updated: Iterable[int]) -> Life:
    """A calm street with four seats, some epochs after ``updated`` got the newer program."""
    calm = _grown()[0].plan
    life = Life(replace(calm, shops=shops, seated=4, wall_ms=[0] * shops, keep_epochs=0))
    life.street.start()
    for place in updated:
        life.fate.strike(Happening(0, Kind.UPDATE, [place]))
    _trade(life)
    return life


def _trade(life: Life) -> None:
    for number in range(life.trade.asked, life.trade.asked + 12):
        life.trade.ask(number)
        life.street.timeline.run(400)


def one_shop_is_not_updated() -> None:
    """L-13.13: it holds the street at the protocol that it speaks, and goes on voting."""
    life = _brought_up_to_date(4, range(3))
    assert life.street.committee.epoch > 1
    assert life.street.committee.protocol == PROTOCOL, "a seat has no program for its epoch"
    life.fate.strike(Happening(0, Kind.UPDATE, [3]))
    _trade(life)
    assert life.street.committee.protocol == NEWER, "all speak more, and nothing came of it"


def an_older_program_is_put_back() -> None:
    """L-13.13: what the street has agreed to stays; the shop is out until its next update."""
    life = _brought_up_to_date(4, range(4))
    assert life.street.committee.protocol == NEWER
    life.trade.order(ShopId(3), [as_call(Speaks(PROTOCOL))])
    _trade(life)
    assert life.street.committee.protocol == NEWER, "one shop takes all of them back"


def a_follower_is_not_updated() -> None:
    """P-12.13: the seats change over without it; it stops there, and goes on after its update."""
    life = _brought_up_to_date(5, range(1, 5))
    assert ShopId(0) not in life.street.committee, "the fifth shop takes its seat, by its number"
    late = life.street.nodes[0]
    assert late.replica is not None
    assert late.replica.outdated, "it takes blocks that it cannot judge"
    assert (
        late.replica.tip.seq + 1 == life.street.committees[late.replica.committee.epoch].first_seq
    )
    life.fate.strike(Happening(0, Kind.UPDATE, [0]))
    _trade(life)
    assert len(life.street.tips()) == 1, "it does not go on after its update"
