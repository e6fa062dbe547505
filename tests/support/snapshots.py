"""A street whose epochs are two blocks long, its snapshot, and sources that lie about it."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trio
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.beginning import Tip as LedgerTip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.state import all_rows
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.runtime import snapshots
from liandao_node.runtime.commits import Committer
from liandao_node.runtime.retention import EpochKeeper
from liandao_node.runtime.snapshot_proof import Proven
from liandao_node.runtime.snapshots import SnapshotFetcher, Surroundings
from liandao_node.runtime.stores import open_stores
from liandao_node.runtime.upkeep import SNAPSHOTS
from liandao_node.store.incoming import IncomingPieces
from liandao_node.store.pruning import Retention
from liandao_node.store.snapshots import (
    SnapshotFile,
    SnapshotFolder,
)
from liandao_node.types import Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock, Header
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import Handover
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import FetchSnapshot, Snapshot, vote_preimage

from support.ledger_street import Street, make_genesis, sale, shop_key
from support.runtime_node import until

SHOPS = 4
SIGNERS = (0, 1, 2)
EPOCH_BLOCKS = 2


def certify(header: Header, keys: Sequence[SigningKey]) -> Certificate:
    place = (header.epoch, View(0), header.seq, header.hash)
    preimage = vote_preimage(COMMIT, header.chain_id, *place)
    signers = sum(1 << at for at in SIGNERS)
    signatures = [keys[at].sign(preimage) for at in SIGNERS]
    return Certificate(COMMIT, *place, signers, signatures)


@dataclass
class History:
    """Blocks of a street, with their certificates and hand-overs."""

    genesis: Genesis = field(
        default_factory=lambda: make_genesis(SHOPS, rules=Rules(epoch_blocks=EPOCH_BLOCKS))
    )
    blocks: list[CommittedBlock] = field(default_factory=list)
    handovers: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.street = Street(self.genesis)
        self.keys = [shop_key(shop) for shop in range(SHOPS)]

    def grow(self, blocks: int) -> None:
        for _ in range(blocks):
            number = len(self.blocks)
            tx = self.street.tx(number % SHOPS, sale(number, 1_000))
            self.street.wait(1_000)
            execution = self._execute(tx)
            self.street.commit(execution)
            certificate = certify(execution.header, self.keys)
            self.blocks.append(CommittedBlock(Block(execution.header, [tx.raw]), certificate))
            if execution.ends_epoch:
                following = self.street.ledger.committee()
                handover = Handover(execution.header, certificate, following)
                self.handovers.append(encode(handover))

    def _execute(self, tx: SignedTx) -> Execution:
        ledger = self.street.ledger
        return ledger.execute(
            parent=ledger.tip.hash,
            epoch=ledger.committee().epoch,
            seq=Seq(ledger.tip.seq + 1),
            time_ms=self.street.time_ms,
            proposer=ShopId(0),
            attendance=2**SHOPS - 1,
            txs=[tx],
        )

    def snapshot(self, folder: Path, **lies: object) -> SnapshotFile:
        """Of the state at the tip, which must end an epoch. ``lies`` replace parts of it."""
        ledger = self.street.ledger
        last = self.blocks[-1]
        rows = list(all_rows(self.street.disk, b"", b"\xff" * 64))
        told: dict[str, object] = {
            "chain_id": self.genesis.chain_id,
            "seq": last.block.header.seq,
            "calls": ledger.tip.calls,
            "block": encode(last),
            "handovers": self.handovers,
            "records": rows,
        }
        path = SnapshotFolder(folder).write(**(told | lies))  # type: ignore[arg-type]
        return SnapshotFile(path)


def make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few records, and a street of a few blocks."""
    monkeypatch.setattr("liandao_node.store.snapshots.SNAPSHOT_PIECE_BYTES", 400)
    monkeypatch.setattr(snapshots, "SNAPSHOT_BEHIND_BLOCKS", 3)
    monkeypatch.setattr(snapshots, "SNAPSHOT_GAIN_BLOCKS", 1)


class Source:
    """A peer that gives pieces of a snapshot, as told."""

    def __init__(self, file: SnapshotFile | None) -> None:
        self.file = file
        self.asked: list[int] = []
        self.silent_from: int | None = None
        self.truncated = False
        self.wrong_piece: int | None = None
        self.pause_s = 0.0
        """Before each answer."""

    def answer(self, question: FetchSnapshot) -> Snapshot | None:
        self.asked.append(question.piece)
        if self.silent_from is not None and question.piece >= self.silent_from:
            return None
        if self.file is None:
            return Snapshot(question.seq, question.piece, b"")
        data = self.file.piece(question.piece)
        if self.truncated and question.piece:
            data = data[:-1]
        if question.piece == self.wrong_piece:
            data = bytes([data[0] ^ 1]) + data[1:]
        return Snapshot(self.file.seq, question.piece, data)


def with_a_wrong_state(history: History, root: Path) -> Source:
    """All is right but one record, and the index is made for it."""
    rows = list(all_rows(history.street.disk, b"", b"\xff" * 64))
    key, value = rows[len(rows) // 2]
    rows[len(rows) // 2] = (key, value[:-1] + bytes([value[-1] ^ 1]))
    return Source(history.snapshot(root, records=rows))


def grow_ledger(data_dir: Path, genesis: Genesis, keys: Sequence[SigningKey], blocks: int) -> None:
    """Fills the ledger of a shop that is not running, one sale in a block."""
    with open_stores(data_dir, genesis) as stores:
        tip = stores.ledger.tip()
        assert tip is not None
        at = LedgerTip(tip.seq, tip.hash, tip.time_ms, tip.accumulator, tip.calls)
        ledger = Ledger(genesis, stores.ledger.reader(), at)
        folder = SnapshotFolder(data_dir / SNAPSHOTS)
        keeper = EpochKeeper(
            stores.ledger, folder, genesis.chain_id, Retention(), on_fault=pytest.fail
        )
        done: deque[Callable[[], None]] = deque()
        committer = Committer(
            ledger,
            stores.ledger,
            stores.voter.shop,
            call_soon=done.append,
            on_failure=lambda error: pytest.fail(str(error)),
            keeper=keeper,
        )
        for number in range(blocks):
            _one_block(ledger, committer, genesis, keys, number)
        committer.stop()
        while done:
            done.popleft()()


def _one_block(
    ledger: Ledger, committer: Committer, genesis: Genesis, keys: Sequence[SigningKey], number: int
) -> None:
    shop, tip = number % len(SIGNERS), ledger.tip
    calls = [as_call(sale(number, 1_000))]
    tx = sign_tx(genesis.chain_id, ShopId(shop), 2**40 + number, calls, keys[shop])
    execution = ledger.execute(
        parent=tip.hash,
        epoch=ledger.committee().epoch,
        seq=Seq(tip.seq + 1),
        time_ms=Millis(tip.time_ms + 1),
        proposer=ShopId(0),
        attendance=2**SHOPS - 1,
        txs=[tx],
    )
    committer.commit(Block(execution.header, [tx.raw]), certify(execution.header, keys), [tx])


class Behind:
    """A node that is behind, with its peers."""

    def __init__(self, root: Path, history: History, sources: Mapping[int, Source]) -> None:
        self.sources = {ShopId(shop): source for shop, source in sources.items()}
        self.heights = {shop: Seq(len(history.blocks)) for shop in self.sources}
        self.tip = Seq(0)
        self.may = True
        self.faults: list[tuple[int, str]] = []
        self.ready: list[Proven] = []
        self.after_fault: Callable[[], None] = lambda: None
        self.pieces = IncomingPieces(root / "incoming")
        self.questions: deque[tuple[ShopId, FetchSnapshot]] = deque()
        self.fetcher = SnapshotFetcher(
            history.genesis,
            self.pieces,
            Surroundings(
                tip=lambda: self.tip,
                heights=lambda: self.heights,
                liars=lambda: 1,
                may=lambda: self.may,
            ),
            send=lambda peer, question: self.questions.append((peer, question)),
            on_fault=self._fault,
            on_ready=self.ready.append,
        )

    def _fault(self, peer: ShopId, code: str) -> None:
        self.faults.append((peer, code))
        self.after_fault()

    async def run(self) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.fetcher.run)
            nursery.start_soon(self.answer)
            await until(lambda: bool(self.ready) or len(self.faults) >= len(self.sources))
            nursery.cancel_scope.cancel()

    async def answer(self) -> None:
        async with trio.open_nursery() as nursery:
            for peer, source in self.sources.items():
                nursery.start_soon(self._answer_as, peer, source)

    async def _answer_as(self, peer: ShopId, source: Source) -> None:
        while True:
            await trio.sleep(source.pause_s or 0.001)
            asked = next((one for one in self.questions if one[0] == peer), None)
            if asked is None:
                continue
            self.questions.remove(asked)
            answer = source.answer(asked[1])
            if answer is not None:
                self.fetcher.heard(peer, answer)
