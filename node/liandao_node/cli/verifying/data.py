"""Checks a whole data directory, or a range of its blocks, and names the first thing wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liandao_node.cli.verifying.chain import ChainCheck, Standing, read_handovers
from liandao_node.cli.verifying.replay import Replay, check_state_hash
from liandao_node.cli.verifying.snapshot import replay_from_snapshot
from liandao_node.errors import InputFault, OperatorFault, StorageFault
from liandao_node.ledger.beginning import genesis_header
from liandao_node.ledger.modules.points_calls import Sale
from liandao_node.proofs.street import Street, read_street
from liandao_node.runtime.commits import decode_sale
from liandao_node.runtime.ledger_modules import modules_of
from liandao_node.runtime.voting import restore
from liandao_node.store.archive import LedgerArchive, open_ledger_archive, read_voter
from liandao_node.store.ledger_schema import Tip
from liandao_node.types import Seq
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis, load_genesis
from liandao_node.wire.transactions import decode_entry

LEDGER: Final = "ledger.db"
VOTER: Final = "voter.db"
Progress = Callable[[int, int], None]
"""Told how many of how many blocks are done."""

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


@dataclass(frozen=True, slots=True)
class RangeReport:
    first: Seq
    last: Seq
    certificates: int
    epoch: int
    """Of the last block."""


@dataclass(frozen=True, slots=True)
class DataReport:
    street: str
    blocks: RangeReport | None
    """None on a street in which nothing has happened yet."""
    executed_from: Seq
    """The first block that was executed again; above the tip when none was."""
    records: int
    boots: int
    """How often this seat's voting record was opened."""


def verify_range(
    ledger: Path, genesis_file: Path, first: Seq, last: Seq | None, progress: Progress
) -> RangeReport:
    """Checks the blocks of a ledger.db, and the hand-overs that lead to their committees.

    Raises what is wrong as InputFault ``DATA_...`` or ``RECEIPT_...``, and what
    `open_ledger_archive` raises.
    """
    genesis, street = _street(genesis_file)
    with open_ledger_archive(ledger) as archive:
        _check_street(archive, genesis, ledger)
        tip = _tip(archive)
        end = tip.seq if last is None else last
        if not 1 <= first <= end <= tip.seq:
            raise OperatorFault("RANGE_EMPTY", first=first, last=end, tip=tip.seq)
        check = _chain(archive, genesis, street, first)
        seq = first
        # What lies above the range may have to speak for it.
        while seq <= end or (check.proven < end and seq <= tip.seq):
            committed = check.take(seq, archive.reads.block(seq))
            check.take_entries(committed.block.header, archive.reads.entries)
            progress(seq - first + 1, end - first + 1)
            seq = Seq(seq + 1)
        check.end()
        assert check.below is not None
        return RangeReport(first, end, check.certificates, check.below.epoch)


def verify_data(data_dir: Path, progress: Progress) -> DataReport:
    """Checks everything that ledger.db and voter.db of a stopped node hold.

    Raises the first thing that is wrong.
    """
    genesis, street = _street(data_dir / "genesis.json")
    boots = _check_voter(data_dir, genesis)
    path = data_dir / LEDGER
    with open_ledger_archive(path) as archive:
        if damage := archive.damage():
            raise StorageFault("DATABASE_DAMAGED", file=LEDGER, detail=damage)
        _check_street(archive, genesis, path)
        tip = _tip(archive)
        first = archive.reads.lowest()
        if first <= 1:
            replay: Replay | None = Replay.from_genesis(genesis)
        else:
            replay = replay_from_snapshot(data_dir, genesis, first, tip.seq)
        executed = Seq((replay.tip.seq if replay else tip.seq) + 1)
        report = None
        if tip.seq:
            check = _chain(archive, genesis, street, Seq(max(first, 1)))
            report = _check_blocks(archive, check, tip, replay, progress)
        elif tip.hash != genesis_header(genesis, modules_of(genesis)).hash:
            raise InputFault("DATA_TIP", height=0)
        records = _check_state(archive, genesis, tip, replay)
        _check_orders(archive, first)
        return DataReport(street.name, report, executed, records, boots)


def _street(genesis_file: Path) -> tuple[Genesis, Street]:
    try:
        document = genesis_file.read_bytes()
    except OSError as error:
        raise OperatorFault("STREET_MISSING", path=str(genesis_file)) from error
    return load_genesis(document), read_street(document.decode())


def _check_street(archive: LedgerArchive, genesis: Genesis, path: Path) -> None:
    if table := archive.wrong_types():
        raise StorageFault("DATABASE_DAMAGED", file=LEDGER, detail=f"table {table}")
    if archive.chain_id() != genesis.chain_id:
        raise OperatorFault("LEDGER_OTHER_STREET", path=str(path))


def _tip(archive: LedgerArchive) -> Tip:
    tip = archive.tip()
    if tip is None:
        raise InputFault("DATA_TIP", height=0)
    return tip


def _chain(archive: LedgerArchive, genesis: Genesis, street: Street, first: Seq) -> ChainCheck:
    """A check that begins at height ``first``."""
    below = None
    if first == 1:
        below = Standing.on(genesis_header(genesis, modules_of(genesis)))
    elif raw := archive.reads.block(Seq(first - 1)):
        below = Standing.on(_decode_committed(raw).block.header)
    return ChainCheck(street, read_handovers(archive.reads.handovers()), below)


def _check_blocks(
    archive: LedgerArchive, check: ChainCheck, tip: Tip, replay: Replay | None, progress: Progress
) -> RangeReport:
    first = Seq(max(archive.reads.lowest(), 1))
    for height in range(first, tip.seq + 1):
        seq = Seq(height)
        block = check.take(seq, archive.reads.block(seq)).block
        if seq == first > 1 and not archive.reads.entries(seq):
            entries = []  # this node began with a snapshot at it
        else:
            entries = check.take_entries(block.header, archive.reads.entries)
        if replay and seq > replay.tip.seq:
            replay.take(block, entries)
        elif replay and seq == replay.tip.seq and block.header.hash != replay.tip.hash:
            raise InputFault("DATA_SNAPSHOT_OTHER", height=seq)
        progress(seq - first + 1, tip.seq - first + 1)
    check.end()
    assert check.below is not None
    last = check.below
    if (last.hash, last.time_ms) != (tip.hash, tip.time_ms):
        raise InputFault("DATA_TIP", height=tip.seq)
    if replay and replay.tip.calls != tip.calls:
        raise InputFault("DATA_TIP", height=tip.seq)
    _check_handovers(check, tip)
    return RangeReport(first, tip.seq, check.certificates, last.epoch)


def _check_handovers(check: ChainCheck, tip: Tip) -> None:
    """None of a block above the tip, none missing below."""
    for epoch, term in check.terms.items():
        if term.last is not None and term.last.seq > tip.seq:
            raise InputFault("DATA_HANDOVER_OTHER", epoch=epoch, height=tip.seq)


def _check_state(archive: LedgerArchive, genesis: Genesis, tip: Tip, replay: Replay | None) -> int:
    """How many records the state has, all as the last block certifies them."""
    if replay:
        replay.compare(archive.records())
        replay.invariants()
    raw = archive.reads.block(tip.seq) if tip.seq else None
    header = (
        _decode_committed(raw).block.header if raw else genesis_header(genesis, modules_of(genesis))
    )
    if check_state_hash(archive.records(), header) != tip.accumulator:
        raise InputFault("DATA_TIP", height=tip.seq)
    return sum(1 for _ in archive.records())


def _check_orders(archive: LedgerArchive, lowest: Seq) -> None:
    """Each order of this shop stands where its receipt is looked for.

    Raises InputFault ``DATA_ORDER``.
    """
    known: tuple[Seq, list[bytes]] = (Seq(0), [])
    for register, number, seq, position in archive.orders():
        if seq < lowest:
            continue  # kept by itself, under a path of its own
        if known[0] != seq:
            known = seq, archive.reads.entries(seq)
        if not known[1]:
            continue  # the block of a snapshot that this node began with
        told = {"register": register, "number": number}
        if position >= len(known[1]):
            raise InputFault("DATA_ORDER", **told)
        entry = decode_entry(known[1][position])
        if entry.kind != Sale.kind or entry.code:
            raise InputFault("DATA_ORDER", **told)
        sale = decode_sale(entry.body)
        if (sale.register, sale.number) != (register, number):
            raise InputFault("DATA_ORDER", **told)


def _check_voter(data_dir: Path, genesis: Genesis) -> int:
    """How often the voting record was opened. It is whole and can be read.

    Raises StorageFault ``VOTER_DAMAGED`` and what `read_voter` raises.
    """
    saved = read_voter(data_dir / VOTER, genesis.chain_id)
    restore(saved.state)
    return saved.root.boot
