"""Ranges: served without being decoded, taken in small pieces, the next one asked for early."""

import pytest
import trio
import trio.testing
from liandao_node.limits import STATUS_MS
from liandao_node.runtime import ranges
from liandao_node.runtime.progress import MEMORY_MS, Progress
from liandao_node.runtime.ranges import STEP_BLOCKS, RangeIntake, pieces, range_frame
from liandao_node.store.ledger import StoredRange
from liandao_node.types import Millis, Seq, ShopId
from liandao_node.wire.api import CatchingUp
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.messages import Range, RangeProof, decode_message
from support.ledgers import certificate_of, committed, header_of

ONE, TWO = ShopId(1), ShopId(2)
_decode: Decoder[CommittedBlock] = Decoder(CommittedBlock)


def _blocks(first: int, last: int, every: int = 1) -> list[CommittedBlock]:
    return [_decode(committed(s, certified=s % every == 0)) for s in range(first, last + 1)]


def _seqs(message: Range) -> list[int]:
    return [c.block.header.seq for c in message.blocks]


class Shelf:
    """Blocks as a store has them."""

    def __init__(self, stored: StoredRange) -> None:
        self.stored = stored

    def range(self, first: Seq, bytes_max: int, count_max: int) -> StoredRange:  # noqa: ARG002
        return self.stored


@pytest.mark.rule("P-7.6")
def test_what_is_served_is_canonical_though_it_was_never_decoded() -> None:
    raws = [committed(seq, certified=False) for seq in (1, 2)]
    headers = [encode(header_of(3)), encode(header_of(4))]
    frame = range_frame(Shelf(StoredRange(raws, headers, encode(certificate_of(4)))), Seq(1))
    proof = RangeProof([header_of(3), header_of(4)], certificate_of(4))
    assert decode_message(frame) == Range([_decode(raw) for raw in raws], proof)
    assert decode_message(range_frame(Shelf(StoredRange([], [], b"")), Seq(1))) == Range([])


def test_pieces_end_with_certificates_and_the_last_has_the_proof() -> None:
    proof = RangeProof([header_of(41)], certificate_of(41))
    cut = list(pieces(Range(_blocks(1, 40, every=3), proof)))
    assert [seq for piece in cut for seq in _seqs(piece)] == list(range(1, 41))
    assert all(piece.blocks[-1].certificate for piece in cut[:-1])
    assert all(len(piece.blocks) < STEP_BLOCKS + 3 for piece in cut)
    assert [piece.proof for piece in cut] == [None] * (len(cut) - 1) + [proof]
    assert list(pieces(Range([]))) == [Range([])]


class Taker:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fed: list[tuple[ShopId, list[int]]] = []
        self.asked: list[tuple[ShopId, int]] = []
        self.is_behind = False
        self.now = 10_000
        monkeypatch.setattr(ranges, "monotonic_ms", lambda: Millis(self.now))
        self.intake = RangeIntake(
            feed=lambda peer, message: self.fed.append((peer, _seqs(message))),
            ask=lambda peer, first: self.asked.append((peer, first)),
            behind=lambda: self.is_behind,
        )

    @property
    def heights(self) -> list[int]:
        return [seq for _, seqs in self.fed for seq in seqs]


@pytest.fixture
def taker(monkeypatch: pytest.MonkeyPatch) -> Taker:
    return Taker(monkeypatch)


async def test_the_next_range_is_asked_for_before_this_one_is_executed(
    taker: Taker, nursery: trio.Nursery
) -> None:
    intake = taker.intake
    assert intake.asking(ONE, Seq(1))
    intake.take(ONE, Range(_blocks(1, 40)))
    assert (taker.asked, taker.fed) == ([(ONE, 41)], [])
    assert not intake.asking(ONE, Seq(9)), "it is on hand"
    assert not intake.asking(ONE, Seq(41)), "it is on its way"
    assert intake.asking(TWO, Seq(41))
    nursery.start_soon(intake.run)
    await trio.testing.wait_all_tasks_blocked()
    assert taker.heights == list(range(1, 41))
    assert len(taker.fed) == 40 // STEP_BLOCKS


async def test_who_has_its_turn_while_blocks_wait_is_asked_for_those_above_them(
    taker: Taker,
) -> None:
    """P-7.3: another shop's turn would go by without a question."""
    intake = taker.intake
    intake.take(ONE, Range(_blocks(1, 40)))
    assert taker.asked == [], "nobody was asked for it"
    assert not intake.asking(TWO, Seq(9))
    assert taker.asked == [(TWO, 41)]
    assert not intake.asking(ONE, Seq(9))
    assert taker.asked == [(TWO, 41)], "it is on its way"
    intake.take(TWO, Range(_blocks(41, 80)))
    assert not intake.asking(ONE, Seq(9))
    assert taker.asked == [(TWO, 41)], "enough waits"


async def test_nobody_makes_this_node_ask_or_hoard(taker: Taker) -> None:
    """T39: what was not asked for brings no question, and no more than two ranges wait."""
    for _ in range(5):
        taker.intake.take(ONE, Range(_blocks(1, 40)))
    assert taker.asked == []
    assert len(taker.intake._waiting) == 1


async def test_what_nobody_asked_for_drives_out_no_answer(taker: Taker) -> None:
    """T39, T40: else a flood of old blocks would keep a node from catching up."""
    intake = taker.intake
    assert intake.asking(ONE, Seq(1))
    for _ in range(3):
        intake.take(TWO, Range(_blocks(1, 40)))
    intake.take(ONE, Range(_blocks(1, 40)))
    assert [peer for peer, _ in intake._waiting] == [TWO, ONE]


async def test_a_late_answer_to_an_older_question_is_not_that_to_the_last(taker: Taker) -> None:
    intake = taker.intake
    assert intake.asking(ONE, Seq(1))
    assert intake.asking(ONE, Seq(41))
    intake.take(ONE, Range(_blocks(1, 40)))
    assert not intake.asking(ONE, Seq(41)), "it is on its way"
    intake.take(ONE, Range(_blocks(41, 80)))
    assert [_seqs(held)[0] for _, held in intake._waiting] == [1, 41]
    assert taker.asked == [], "and was asked once"


async def test_an_answer_that_never_comes_is_asked_for_again(taker: Taker) -> None:
    assert taker.intake.asking(ONE, Seq(1))
    assert not taker.intake.asking(ONE, Seq(1))
    taker.now += STATUS_MS
    assert taker.intake.asking(ONE, Seq(1))
    taker.intake.forget(ONE)
    assert taker.intake.asking(ONE, Seq(1)), "another channel knows nothing of it"


async def test_a_small_range_is_taken_at_once_unless_the_disk_is_behind(
    taker: Taker, nursery: trio.Nursery
) -> None:
    taker.intake.take(ONE, Range(_blocks(1, 2)))
    assert taker.heights == [1, 2]
    taker.is_behind = True
    taker.intake.take(ONE, Range(_blocks(3, 4)))
    nursery.start_soon(taker.intake.run)
    await trio.sleep(0.03)
    assert taker.heights == [1, 2]
    taker.is_behind = False
    await trio.sleep(0.03)
    await trio.testing.wait_all_tasks_blocked()
    assert taker.heights == [1, 2, 3, 4]


def test_progress_tells_rate_and_time_left() -> None:
    progress = Progress()
    assert progress.view() is None
    progress.note(Millis(0), Seq(0), Seq(5_000), 3)
    assert progress.view() == CatchingUp(0, 5_000, 0, -1, 3)
    progress.note(Millis(2_000), Seq(1_000), Seq(5_000), 0)
    assert progress.view() == CatchingUp(1_000, 5_000, 500, 9, 0)
    progress.note(Millis(2_000 + MEMORY_MS), Seq(1_000), Seq(5_000), 0)
    assert progress.view() == CatchingUp(1_000, 5_000, 0, -1, 0), "it stands still"
    progress.note(Millis(13_000), Seq(4_995), Seq(5_000), 0)
    assert progress.view() is None, "that is no way behind"
