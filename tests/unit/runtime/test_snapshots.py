"""Catching up by a snapshot: what is proven, and sources that lie, fall silent or have none."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import trio
from liandao_node.crypto import multiset
from liandao_node.errors import PeerFault, Unavailable
from liandao_node.ledger.state import all_rows
from liandao_node.limits import SNAPSHOT_BEHIND_BLOCKS, SNAPSHOT_PAUSE_MS
from liandao_node.runtime import snapshot_proof, snapshots
from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.snapshot_proof import (
    Proven,
    head_pieces,
    prove_head,
    prove_records,
    read_index,
    records,
)
from liandao_node.runtime.upkeep import INCOMING, SNAPSHOTS, Upkeep
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.snapshots import SnapshotFile, decode_index
from liandao_node.types import Seq, ShopId
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import Handover, decode_handover
from liandao_node.wire.messages import FetchSnapshot, Snapshot
from msgspec.structs import replace
from support.ledgers import CHAIN
from support.snapshots import (
    EPOCH_BLOCKS,
    Behind,
    History,
    Source,
    certify,
    make_small,
    with_a_wrong_state,
)
from trio.testing import MockClock

EPOCHS = 3
HEIGHT = EPOCHS * EPOCH_BLOCKS
ME = ShopId(3)


@pytest.fixture(scope="module")
def history() -> History:
    made = History()
    made.grow(HEIGHT)
    return made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few records, a street of a few blocks, patience of a moment."""
    make_small(monkeypatch)
    monkeypatch.setattr(snapshots, "SNAPSHOT_PIECE_MS_MAX", 100)


def _head(history: History, file: SnapshotFile) -> object:
    index = read_index(file.index_bytes, history.genesis.chain_id, file.seq)
    pieces = [file.piece(at + 1) for at in range(len(head_pieces(index)))]
    return prove_head(history.genesis, index, pieces)


PATIENCE = "liandao_node.runtime.snapshots.SNAPSHOT_PIECE_MS_MAX"
PATIENT_MS = 600_000


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stands still for seconds makes no honest source a silent one."""
    monkeypatch.setattr(PATIENCE, PATIENT_MS)


@pytest.mark.rule("P-7.9")
def test_a_head_is_proven_from_genesis(history: History, tmp_path: Path) -> None:
    head = _head(history, history.snapshot(tmp_path))
    assert head.header == history.blocks[-1].block.header  # type: ignore[attr-defined]


def _forged(handover: bytes) -> bytes:
    """Signed by nobody for this header."""
    real = decode_handover(handover)
    return encode(Handover(replace(real.header, time_ms=1), real.certificate, real.next))


def _usurped(handover: bytes) -> bytes:
    """The header is real, the committee is another one."""
    real = decode_handover(handover)
    seats = real.next.seats[:1]
    return encode(Handover(real.header, real.certificate, replace(real.next, seats=seats)))


@pytest.mark.rule("P-12.13", "T42")
def test_a_state_of_a_newer_protocol_is_not_taken_and_nobody_lied(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = history.snapshot(tmp_path)
    monkeypatch.setattr(snapshot_proof, "PROTOCOL", 0)
    with pytest.raises(Unavailable, match="SNAPSHOT_NEWER"):
        _head(history, file)


@pytest.mark.rule("P-12.12", "P-7.9")
def test_a_block_of_another_protocol_than_its_epochs_is_refused(
    history: History, tmp_path: Path
) -> None:
    """Though a quorum signed it: no honest seat is in that quorum."""
    last = history.blocks[-1].block
    header = replace(last.header, version=2)
    certificate = certify(header, history.keys)
    following = decode_handover(history.handovers[-1]).next
    lies: dict[str, object] = {
        "block": encode(CommittedBlock(replace(last, header=header), certificate)),
        "handovers": [*history.handovers[:-1], encode(Handover(header, certificate, following))],
    }
    with pytest.raises(PeerFault, match="SNAPSHOT_BAD") as fault:
        _head(history, history.snapshot(tmp_path, **lies))
    assert fault.value.facts["why"] == "handover"


@pytest.mark.rule("P-7.9")
def test_a_false_chain_of_committees_is_refused(history: History, tmp_path: Path) -> None:
    real = history.handovers
    short = replace(history.blocks[-1].certificate, signers=0b11)  # type: ignore[type-var]
    lies: dict[str, dict[str, object]] = {
        "none": {"handovers": []},
        "a gap": {"handovers": [real[0], real[2]]},
        "from the middle": {"handovers": real[1:]},
        "forged": {"handovers": [*real[:2], _forged(real[2])]},
        "usurped": {"handovers": [*real[:2], _usurped(real[2])]},
        "too few": {"handovers": real[:2]},
        "an older block": {"block": encode(history.blocks[-3])},
        "no certificate": {"block": encode(replace(history.blocks[-1], certificate=None))},
        "few signatures": {"block": encode(replace(history.blocks[-1], certificate=short))},
        "another block's transactions": {
            "block": encode(
                replace(
                    history.blocks[-1],
                    block=replace(history.blocks[-1].block, txs=history.blocks[0].block.txs),
                )
            )
        },
        "a height that is not its own": {"seq": Seq(HEIGHT + 2)},
        "another street": {"chain_id": CHAIN},
    }
    for at, (name, lie) in enumerate(lies.items()):
        file = history.snapshot(tmp_path / str(at), **lie)
        with pytest.raises(PeerFault, match="SNAPSHOT_BAD"):
            assert _head(history, file) is None, name


class FallsSilent(Source):
    """Gives four pieces and no more. ``at_last`` is called with the fourth: what waits now waits
    for nothing, and need not be waited for in earnest."""

    def __init__(self, file: SnapshotFile, at_last: Callable[[], None]) -> None:
        super().__init__(file)
        self.silent_from = 5
        self._at_last = at_last

    def answer(self, question: FetchSnapshot) -> Snapshot | None:
        if question.piece == 4:
            self._at_last()
        return super().answer(question)


@pytest.mark.rule("P-7.8")
async def test_a_snapshot_comes_over_in_pieces_and_is_the_state(
    history: History, tmp_path: Path
) -> None:
    file = history.snapshot(tmp_path)
    assert len(file.index.pieces) > 5
    behind = Behind(tmp_path, history, {0: Source(file)})
    await behind.run()
    (proven,) = behind.ready
    state = dict(all_rows(history.street.disk, b"", b"\xff" * 64))
    assert dict(records(proven.index, behind.pieces)) == state
    assert multiset.digest(proven.accumulator) == history.blocks[-1].block.header.state_root
    assert behind.faults == []


def _twice(history: History, root: Path) -> Source:
    """A record more, twice, so that a sum that is blind to order and number could be led on."""
    rows = list(all_rows(history.street.disk, b"", b"\xff" * 64))
    return Source(history.snapshot(root, records=[*rows, rows[-1]]))


@pytest.mark.rule("P-7.10")
@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ("a bad piece", "SNAPSHOT_BAD"),
        ("truncated", "SNAPSHOT_BAD"),
        ("a false record", "SNAPSHOT_BAD"),
        ("a record twice", "SNAPSHOT_BAD"),
        ("silent in the middle", "SNAPSHOT_SILENT"),
        ("none", "SNAPSHOT_NONE"),
        ("an older epoch", "SNAPSHOT_OLD"),
    ],
)
async def test_from_a_bad_source_the_next_one_takes_over(
    history: History, tmp_path: Path, lie: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T40."""
    file = history.snapshot(tmp_path / "good")
    bad = Source(file)
    match lie:
        case "a bad piece":
            bad.wrong_piece = 4
        case "truncated":
            bad.truncated = True
        case "a false record":
            bad = with_a_wrong_state(history, tmp_path / "bad")
        case "a record twice":
            bad = _twice(history, tmp_path / "bad")
        case "silent in the middle":
            bad = FallsSilent(file, lambda: monkeypatch.setattr(PATIENCE, 500))
        case "none":
            bad = Source(None)
        case _:
            old = History()
            old.grow(EPOCH_BLOCKS)
            bad = Source(old.snapshot(tmp_path / "old"))
    good = Source(file)
    behind = Behind(tmp_path, history, {0: bad, 1: good})
    behind.after_fault = lambda: monkeypatch.setattr(PATIENCE, PATIENT_MS)
    if lie == "an older epoch":
        behind.tip = Seq(EPOCH_BLOCKS)
    await behind.run()
    assert behind.faults == [(0, code)]
    assert [proven.index.seq for proven in behind.ready] == [HEIGHT]
    if lie == "silent in the middle":
        assert set(range(1, 5)).isdisjoint(good.asked), "what was there already came again"


async def test_when_all_fail_the_round_is_over(history: History, tmp_path: Path) -> None:
    """Bounded: each is asked once, and then the blocks have their turn."""
    sources = {0: Source(None), 1: Source(None)}
    behind = Behind(tmp_path, history, sources)
    await behind.run()
    assert behind.faults == [(0, "SNAPSHOT_NONE"), (1, "SNAPSHOT_NONE")]
    assert behind.ready == []
    assert [len(source.asked) for source in sources.values()] == [1, 1]


@pytest.mark.rule("P-7.7")
def test_one_liar_makes_nobody_far_behind(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_BEHIND_BLOCKS", SNAPSHOT_BEHIND_BLOCKS)
    behind = Behind(tmp_path, history, {})
    fetcher = behind.fetcher
    behind.heights = {ShopId(0): Seq(10**12), ShopId(1): Seq(5), ShopId(2): Seq(4)}
    assert (fetcher.street_height(), fetcher.wanted()) == (5, False)
    behind.heights[ShopId(1)] = Seq(SNAPSHOT_BEHIND_BLOCKS + 1)
    assert fetcher.wanted()
    behind.may = False
    assert not fetcher.wanted(), "not on a full disk"


@pytest.mark.rule("P-7.7")
async def test_blocks_that_nobody_has_any_more_call_for_a_snapshot(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_BEHIND_BLOCKS", 10**6)
    sources = {0: Source(history.snapshot(tmp_path)), 1: Source(None), 2: Source(None)}
    behind = Behind(tmp_path, history, sources)
    assert not behind.fetcher.wanted()
    behind.fetcher.has_no_blocks(ShopId(0))
    assert not behind.fetcher.wanted(), "of the two others one may have them"
    behind.fetcher.has_no_blocks(ShopId(1))
    assert behind.fetcher.wanted(), "the last one may be silent for ever"
    behind.fetcher.has_blocks(ShopId(1))
    assert not behind.fetcher.wanted()
    behind.fetcher.has_no_blocks(ShopId(1))
    behind.tip = Seq(1)
    assert not behind.fetcher.wanted(), "other blocks are missing now"
    behind.tip = Seq(0)
    await behind.run()
    assert len(behind.ready) == 1


@pytest.mark.rule("P-7.7")
@pytest.mark.parametrize("blocks_came", [False, True])
async def test_more_silent_shops_than_seats_may_lie_hold_up_nobody(
    history: History,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    autojump_clock: MockClock,
    blocks_came: bool,
) -> None:
    """Two that lost their seats for lies say no word any more, and f of the others is 1."""
    del autojump_clock
    monkeypatch.setattr(snapshots, "SNAPSHOT_BEHIND_BLOCKS", 10**6)
    behind = Behind(tmp_path, history, {shop: Source(None) for shop in range(4)})
    behind.fetcher.has_no_blocks(ShopId(0))
    patience_s = SNAPSHOT_PAUSE_MS / 1_000
    async with trio.open_nursery() as nursery:
        nursery.start_soon(behind.fetcher.run)
        await trio.sleep(patience_s)
        assert not behind.questions, "the others have their turn first"
        if blocks_came:
            behind.tip = Seq(1)
            behind.fetcher.has_no_blocks(ShopId(0))
        await trio.sleep(1)
        assert bool(behind.questions) is not blocks_came
        await trio.sleep(patience_s)
        assert behind.questions
        nursery.cancel_scope.cancel()


def _proven(history: History, root: Path) -> tuple[Proven, IncomingPieces]:
    """A snapshot of the tip, fetched whole and proven."""
    file = history.snapshot(root)
    (root / SNAPSHOTS).mkdir()
    pieces = IncomingPieces(root / SNAPSHOTS / INCOMING)
    index = decode_index(file.index_bytes)
    pieces.begin(index.pieces)
    for at, piece in enumerate(index.pieces):
        assert pieces.put(piece, file.piece(at + 1))
    head = prove_head(
        history.genesis, index, [file.piece(at + 1) for at in range(len(head_pieces(index)))]
    )
    return prove_records(index, head, pieces), pieces


def test_a_proven_state_takes_the_place_of_the_old_one(history: History, tmp_path: Path) -> None:
    proven, pieces = _proven(history, tmp_path)
    store = LedgerStore.open(tmp_path / "ledger.db", history.genesis.chain_id)
    reader = store.reader()
    assert reader.get(b"") is None
    store.restore(proven.write(), records(proven.index, pieces), proven.handovers())
    tip = store.tip()
    assert tip is not None
    assert (tip.seq, tip.hash) == (HEIGHT, history.blocks[-1].block.header.hash)
    assert dict(all_rows(reader, b"", b"\xff" * 64)) == dict(
        all_rows(history.street.disk, b"", b"\xff" * 64)
    )
    assert store.block(Seq(HEIGHT)) == encode(history.blocks[-1])
    assert list(store.handovers()) == history.handovers
    assert store.safe_seq == HEIGHT
    store.close()


async def test_blocks_that_overtook_a_snapshot_stay(history: History, tmp_path: Path) -> None:
    """Between the proof and the end of the writers they may have come as far as the snapshot."""
    proven, pieces = _proven(history, tmp_path)
    store = LedgerStore.open(tmp_path / "ledger.db", history.genesis.chain_id)
    store.restore(proven.write(), records(proven.index, pieces), proven.handovers())
    faults: Counter[str] = Counter()
    upkeep = Upkeep(
        tmp_path,
        history.genesis,
        NodeSettings(shop=ME),
        store,
        faults=faults,
        call_soon=lambda act: act(),
    )
    upkeep.proven = proven
    assert await upkeep.install()
    assert not faults
    assert [pieces.get(piece) for piece in proven.index.pieces] == [None] * len(proven.index.pieces)
    tip = store.tip()
    assert tip is not None
    assert tip.seq == HEIGHT
    store.close()
