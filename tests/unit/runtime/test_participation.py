"""Who took part in the last blocks: certificate, own ears, the proposer's word, in that order."""

import pytest
from liandao_node.consensus.committee import Committee
from liandao_node.limits import IDLE_SEAT_BLOCKS, PARTICIPATION_BLOCKS_MAX, WINDOW_SEQS
from liandao_node.runtime.participation import Mark, Participation, last_blocks
from liandao_node.types import (
    BlockHash,
    ChainId,
    Epoch,
    Millis,
    PublicKey,
    Seq,
    ShopId,
    Signature,
    View,
)
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock, Header

SEATS = (1, 2, 5, 7)
"""Their positions in the committee are not their numbers."""
COMMITTEE = Committee.of([(ShopId(shop), PublicKey(bytes([shop]) * 32)) for shop in SEATS])


def header(seq: int, counted: tuple[int, ...] = (), epoch: int = 0) -> Header:
    empty = bytes(32)
    bits = sum(1 << SEATS.index(shop) for shop in counted)
    return Header(
        version=1,
        chain_id=ChainId(empty),
        epoch=Epoch(epoch),
        seq=Seq(seq),
        parent=BlockHash(empty),
        tx_root=empty,
        result_root=empty,
        state_root=empty,
        call_count=1,
        time_ms=Millis(1_000 * seq),
        proposer=ShopId(5),
        attendance=bits,
        next_committee=b"",
    )


def certificate(seq: int, signers: tuple[int, ...], view: int = 3) -> Certificate:
    bits = sum(1 << SEATS.index(shop) for shop in signers)
    signatures = [Signature(bytes(64))] * len(signers)
    return Certificate(COMMIT, Epoch(0), View(view), Seq(seq), BlockHash(b""), bits, signatures)


def deliver(
    grid: Participation, seq: int, *, signed: tuple[int, ...] = (), counted: tuple[int, ...] = ()
) -> None:
    proof = certificate(seq, signed) if signed else None
    grid.delivered(header(seq, counted), proof, COMMITTEE)


def row(grid: Participation, shop: int) -> str:
    return "".join(grid.marks(ShopId(shop)))


def test_the_strongest_word_is_shown() -> None:
    grid = Participation()
    grid.voted(ShopId(2), Seq(1))
    deliver(grid, 1, signed=(1, 5), counted=(1, 2, 7))
    assert [row(grid, shop) for shop in (1, 2, 5, 7, 3)] == ["#", "+", "#", "~", " "]
    assert (Mark.COUNTED.voted, Mark.HEARD.voted, Mark.SIGNED.voted) == (False, True, True)
    column = grid.columns[-1]
    assert (column.view, column.proposer, column.time_ms) == (3, 5, 1_000)


def test_a_block_for_which_a_later_certificate_speaks_names_no_view_and_no_signers() -> None:
    grid = Participation()
    deliver(grid, 1, counted=(1,))
    assert grid.columns[-1].view == -1
    assert [row(grid, shop) for shop in SEATS] == ["~", ".", ".", "."]


def test_a_vote_that_comes_late_is_a_vote_and_counted_as_late() -> None:
    grid = Participation()
    deliver(grid, 1, signed=(1, 2, 5))
    deliver(grid, 2, signed=(1, 2, 5))
    grid.voted(ShopId(7), Seq(1))
    assert row(grid, 7) == "+."
    assert grid.late_votes == {7: 1}
    grid.voted(ShopId(7), Seq(-100))
    assert row(grid, 7) == "+."


def test_votes_far_ahead_take_no_memory() -> None:
    grid = Participation()
    for seq in range(1, 10_000):
        grid.voted(ShopId(7), Seq(seq))
    assert len(grid._ahead) == WINDOW_SEQS
    for seq in range(1, 4 * WINDOW_SEQS):
        deliver(grid, seq, signed=(1,))
        grid.voted(ShopId(7), Seq(seq + WINDOW_SEQS))
    assert len(grid._ahead) <= 2 * WINDOW_SEQS


def test_the_grid_keeps_the_last_blocks_and_starts_anew_after_a_gap() -> None:
    grid = Participation()
    for seq in range(1, PARTICIPATION_BLOCKS_MAX + 10):
        deliver(grid, seq, signed=(1,))
    assert len(grid.columns) == PARTICIPATION_BLOCKS_MAX
    deliver(grid, 5_000, signed=(1,))
    assert [column.seq for column in grid.columns] == [5_000]
    grid.voted(ShopId(2), Seq(4_999))
    assert row(grid, 2) == "."


def test_a_seat_is_idle_by_the_blocks_since_it_came_and_the_newest_is_not_held_against_it() -> None:
    grid = Participation()
    for seq in range(1, 21):
        deliver(grid, seq, signed=(1, 2, 5))
    assert grid.idle_blocks(ShopId(7)) == 19 >= IDLE_SEAT_BLOCKS
    assert grid.idle_blocks(ShopId(1)) == 0
    grid.came(ShopId(7))
    assert grid.idle_blocks(ShopId(7)) == 0
    for seq in range(21, 25):
        deliver(grid, seq, signed=(1, 2, 5))
    assert grid.idle_blocks(ShopId(7)) == 3
    deliver(grid, 25, signed=(1, 7, 5))
    deliver(grid, 26, signed=(1, 2, 5))
    assert grid.idle_blocks(ShopId(7)) == 0


def test_a_seat_that_the_proposer_counts_is_not_idle() -> None:
    """Slower than a quorum each time, it votes all the same."""
    grid = Participation()
    for seq in range(1, 21):
        deliver(grid, seq, signed=(1, 2, 5), counted=(7,))
    assert grid.idle_blocks(ShopId(7)) == 0


@pytest.mark.parametrize("stored_from", [1, 8])
def test_after_a_start_the_stored_blocks_of_this_epoch_are_there(stored_from: int) -> None:
    blocks = {
        seq: CommittedBlock(Block(header(seq, epoch=int(seq < 5)), []), certificate(seq, (1, 2, 5)))
        for seq in range(stored_from, 11)
    }
    grid = Participation()
    grid.recall(last_blocks(lambda seq: blocks.get(seq), Seq(10)), COMMITTEE)
    first = max(stored_from, 5)
    assert [column.seq for column in grid.columns] == list(range(first, 11))
    assert row(grid, 7) == "." * (11 - first)
    grid.voted(ShopId(7), Seq(11))
    deliver(grid, 11, signed=(1, 2, 5))
    assert row(grid, 7).endswith(".+")


def test_a_new_street_has_no_blocks() -> None:
    assert last_blocks(lambda _: None, Seq(0)) == []
