"""A street of eight shops in one process: every block is executed, certified by its seats and
written as a node writes it, only that nobody sends it anywhere.

Cards, shops and treasurers sign what they would sign. What is played on this street is none of
its business.
"""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

import msgspec

from liandao_node.cli.verifying.replay import Replay
from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import BugFound, OperatorFault
from liandao_node.ledger.beginning import genesis_changes, genesis_header, genesis_tip
from liandao_node.ledger.calendar import DAY_MS, day_of, day_start_ms, period_of
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.machine import OK
from liandao_node.ledger.module_api import CallBody, as_call
from liandao_node.ledger.modules import BUILTIN_VERSIONS
from liandao_node.ledger.modules.stake_calls import TreasurerSignature
from liandao_node.ledger.state import View
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.limits import BLOCK_CALLS_MAX, BLOCK_TXS_MAX
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.types import Amount, Millis, Seq, ShopId
from liandao_node.types import View as ViewNumber
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock
from liandao_node.wire.codec import Canonical, Decoder, encode
from liandao_node.wire.committee import CommitteeRecord, Handover
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules
from liandao_node.wire.messages import vote_preimage
from liandao_node.wire.transactions import decode_entry

SHOPS: Final = 8
TREASURERS: Final = 3
QUORUM: Final = 2
LEDGER: Final = "ledger.db"
GENESIS: Final = "genesis.json"
BONDS: Final = (*(2_000_000,) * 6, 150_000, 2_000_000)
"""Shop 6 has little, so that it comes to its issue limit."""
FIRST_VIEW: Final = ViewNumber(0)
_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


class Asked(NamedTuple):
    """Calls that a shop signs together, as one transaction."""

    shop: int
    calls: tuple[CallBody, ...]


class Answer(NamedTuple):
    """What the ledger said to one call."""

    code: str
    """``OK`` or the refusal."""
    result: Canonical | None

    @property
    def is_ok(self) -> bool:
        return self.result is not None


def ask(shop: int, *calls: CallBody) -> Asked:
    return Asked(shop, calls)


def seed_of(*parts: str | int) -> bytes:
    """32 bytes that depend on the parts alone: keys and whatever else would be chance."""
    return tagged(b"liandao/replay/1", encode(parts))


def draw(below: int, *parts: str | int) -> int:
    """A number from 0 up that depends on the parts alone."""
    return int.from_bytes(seed_of(*parts)[:8], "big") % below


class Street:
    """Eight shops, three treasurers, one ledger.db."""

    def __init__(
        self, root: Path, currency: str, first_ms: Millis, utc_offset_minutes: int, rules: Rules
    ) -> None:
        """It begins with the day of ``first_ms``. ``root`` becomes a data directory that
        ``liandao verify books`` and ``verify range`` read.

        Raises OperatorFault ``STREET_EXISTS`` if it is one."""
        if (root / GENESIS).exists():
            raise OperatorFault("STREET_EXISTS", path=str(root))
        day = day_of(first_ms, utc_offset_minutes)
        begin_ms = day_start_ms(day, utc_offset_minutes)
        self._keys = [SigningKey(seed_of("node", shop)) for shop in range(SHOPS)]
        self._treasurers = [SigningKey(seed_of("treasurer", k)) for k in range(TREASURERS)]
        self.genesis = self._genesis(currency, begin_ms, utc_offset_minutes, rules)
        (root / GENESIS).write_bytes(msgspec.json.encode(self.genesis))
        self.chain_id = self.genesis.chain_id
        self.store = LedgerStore.open(root / LEDGER, self.chain_id)
        changes, accumulator = genesis_changes(self.genesis)
        header = genesis_header(self.genesis)
        at = (header.seq, header.hash)
        self.store.initialise(
            CommitWrite(*at, b"", encode([]), changes, accumulator, header.time_ms, 0)
        )
        tip = genesis_tip(self.genesis)
        self.ledger = Ledger(self.genesis, self.store.reader(), tip)
        self.first_period = period_of(begin_ms, utc_offset_minutes)
        """Of clearing."""
        self._nonces = [0] * SHOPS
        self.state_root = header.state_root
        self.txs = 0
        self.ledger_ns = 0
        """Spent in executing and writing blocks, without signing and certifying."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def _genesis(
        self, currency: str, begin_ms: Millis, utc_offset_minutes: int, rules: Rules
    ) -> Genesis:
        owners = [SigningKey(seed_of("owner", shop)) for shop in range(SHOPS)]
        return Genesis(
            street="Replayed purchases",
            currency=currency,
            exponent=2,
            utc_offset_minutes=utc_offset_minutes,
            created_ms=begin_ms,
            modules=BUILTIN_VERSIONS,
            rules=rules,
            shops=[
                GenesisShop(
                    shop=ShopId(shop),
                    name=f"Shop {shop}",
                    node_key=self._keys[shop].public_key.hex(),
                    owner_key=owners[shop].public_key.hex(),
                    bond=Amount(BONDS[shop]),
                )
                for shop in range(SHOPS)
            ],
            treasurers=[key.public_key.hex() for key in self._treasurers],
            treasurer_quorum=QUORUM,
        )

    # --- time ---

    @property
    def now_ms(self) -> Millis:
        return self.ledger.tip.time_ms

    @property
    def today(self) -> int:
        return self.day_of(self.now_ms)

    def day_of(self, time_ms: Millis) -> int:
        return day_of(time_ms, self.genesis.utc_offset_minutes)

    def at(self, day: int, hour: int) -> Millis:
        start_ms = day_start_ms(day, self.genesis.utc_offset_minutes)
        return Millis(start_ms + hour * DAY_MS // 24)

    # --- asking ---

    @property
    def view(self) -> View:
        return self.ledger.view()

    def treasurers_word(self, preimage: bytes) -> list[TreasurerSignature]:
        signers = enumerate(self._treasurers[:QUORUM])
        return [TreasurerSignature(at, key.sign(preimage)) for at, key in signers]

    def one(self, time_ms: Millis, shop: int, call: CallBody) -> Answer:
        return self.all(time_ms, [ask(shop, call)])[0][0]

    def all(self, time_ms: Millis, asked: Sequence[Asked]) -> list[list[Answer]]:
        """What the ledger answers to each call, in one block at ``time_ms`` or in as many as it
        takes; a moment that is over is the next one."""
        answers: list[list[Answer]] = []
        for batch in _batches(asked):
            txs = [self._tx(one) for one in batch]
            execution = self._block(Millis(max(time_ms, self.now_ms + 1)), txs)
            entries = iter(execution.entries)
            answers += [[self._answer(next(entries)) for _ in one.calls] for one in batch]
        return answers

    def _tx(self, asked: Asked) -> SignedTx:
        self._nonces[asked.shop] += 1
        calls = [as_call(call) for call in asked.calls]
        nonce = self._nonces[asked.shop]
        return sign_tx(self.chain_id, ShopId(asked.shop), nonce, calls, self._keys[asked.shop])

    def _answer(self, raw: bytes) -> Answer:
        entry, machine = decode_entry(raw), self.ledger.machine
        if entry.code != OK:
            return Answer(machine.code_name(entry.code), None)
        return Answer("OK", machine.decode_answer(entry.kind, entry.result))

    # --- blocks ---

    def _block(self, time_ms: Millis, txs: Sequence[SignedTx]) -> Execution:
        ledger = self.ledger
        committee = ledger.committee()
        seq = Seq(ledger.tip.seq + 1)
        began = time.perf_counter_ns()
        execution = ledger.execute(
            parent=ledger.tip.hash,
            epoch=committee.epoch,
            seq=seq,
            time_ms=time_ms,
            proposer=committee.seats[seq % len(committee.seats)].shop,
            attendance=(1 << len(committee.seats)) - 1,
            txs=txs,
        )
        executed = time.perf_counter_ns()
        certificate = self._certificate(execution, committee)
        certified = time.perf_counter_ns()
        ledger.commit(execution.hash)
        self.store.write([_write(execution, txs, certificate, ledger)])
        ledger.flushed(seq)
        self.state_root = execution.header.state_root
        self.txs += len(txs)
        self.ledger_ns += time.perf_counter_ns() - certified + executed - began
        return execution

    def _certificate(self, execution: Execution, committee: CommitteeRecord) -> Certificate:
        """A quorum's COMMITs."""
        header, seats = execution.header, committee.seats
        place = header.epoch, FIRST_VIEW, header.seq
        signed = vote_preimage(COMMIT, self.chain_id, *place, execution.hash)
        quorum = (len(seats) + (len(seats) - 1) // 3) // 2 + 1
        signatures = [self._keys[seat.shop].sign(signed) for seat in seats[:quorum]]
        return Certificate(COMMIT, *place, execution.hash, (1 << quorum) - 1, signatures)


def _batches(asked: Iterable[Asked]) -> Iterable[list[Asked]]:
    """As many at a time as a block takes."""
    batch: list[Asked] = []
    calls = 0
    for one in asked:
        if len(batch) == BLOCK_TXS_MAX or calls + len(one.calls) > BLOCK_CALLS_MAX:
            yield batch
            batch, calls = [], 0
        batch.append(one)
        calls += len(one.calls)
    if batch:
        yield batch


def _write(
    execution: Execution, txs: Sequence[SignedTx], certificate: Certificate, ledger: Ledger
) -> CommitWrite:
    header = execution.header
    handover = b""
    if execution.ends_epoch:
        handover = encode(Handover(header, certificate, ledger.committee()))
    return CommitWrite(
        seq=header.seq,
        hash=execution.hash,
        block=encode(CommittedBlock(Block(header, [tx.raw for tx in txs]), certificate)),
        entries=encode(execution.entries),
        changes=execution.changes,
        accumulator=execution.accumulator,
        time_ms=header.time_ms,
        calls=execution.tip.calls,
        handover=handover,
    )


def granted(answer: Answer) -> Canonical:
    """The result of a call that has to be applied. Raises BugFound ``REPLAY_REFUSED``."""
    if answer.result is None:
        raise BugFound("REPLAY_REFUSED", found=answer.code)
    return answer.result


def execute_again(street: Street) -> str:
    """State root of the stored blocks on another ledger, their signatures checked anew.

    Raises InputFault ``DATA_RESULT`` for the first block whose header or answers are others.
    """
    replay = Replay.from_genesis(street.genesis)
    root = genesis_header(street.genesis).state_root
    for height in range(1, street.ledger.tip.seq + 1):
        raw = street.store.block(Seq(height))
        assert raw is not None
        block = _decode_committed(raw).block
        replay.take(block, street.store.entries(Seq(height)))
        root = block.header.state_root
    replay.compare(street.store.records())
    return root.hex()
