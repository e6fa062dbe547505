"""One seat under the microscope: the test speaks for all others and sees every effect."""

from collections.abc import Iterable
from typing import TypeVar

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import (
    Broadcast,
    Deliver,
    Durable,
    Effect,
    Execute,
    Halt,
    Note,
    Persist,
    Reason,
    Report,
    Send,
    Tip,
)
from liandao_node.consensus.replica import Replica
from liandao_node.types import BlockHash, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.messages import ConsensusMessage, FetchRange, Message
from liandao_node.wire.protocol import PROTOCOL

from support.consensus_forms import (
    CHAIN,
    GENESIS,
    commit,
    committee_of,
    fake_verify,
    make_block,
    new_view,
    prepare,
    proposal,
    signer,
    view_change,
)

M = TypeVar("M")

AT_GENESIS = Tip(Seq(0), GENESIS, None)


class Seat:
    """A replica whose disk and ledger answer at once, unless the test holds them back."""

    def __init__(
        self,
        size: int = 4,
        me: int = 0,
        *,
        durable: Durable | None = None,
        tip: Tip = AT_GENESIS,
        bodies: Iterable[Block] = (),
        start: bool = True,
        committee: Committee | None = None,
        speaks: int = PROTOCOL,
    ) -> None:
        self.size = size
        self.me = me
        self.now = 1_000
        self.disk_waits = False
        """Tokens pile up in ``unwritten`` until `write`."""
        self.ledger_waits = False
        """Blocks pile up in ``unexecuted`` until the test answers."""
        self.invalid: set[BlockHash] = set()
        self.unwritten: list[Persist] = []
        self.unexecuted: list[Execute] = []
        self.executed: list[Execute] = []
        self.sent: list[tuple[int | None, Message | FetchRange]] = []
        """Receiver, None for all, and message; since the last `forget`."""
        self.saved: list[Persist] = []
        self.delivered: list[Deliver] = []
        self.reports: list[Report] = []
        self.halted: str | None = None
        self.log: list[Effect] = []
        """All effects in their order; a record stands where it was written."""
        self.replica = Replica(
            committee=committee or committee_of(size),
            chain=CHAIN,
            me=ShopId(me),
            signer=signer(me),
            verify=fake_verify,
            tip=tip,
            durable=durable or Durable(),
            bodies=tuple(bodies),
            session=1,
            speaks=speaks,
        )
        if start:
            self.give(events.Started())
            for peer in range(size):
                if peer != me:
                    self.give(events.PeerUp(ShopId(peer)))

    # --- events in ---

    def give(self, event: events.Event) -> list[Effect]:
        effects = self.replica.step(event, Millis(self.now))
        for effect in effects:
            self._note(effect)
        while not self.disk_waits and self.unwritten:
            self.write()
        while not self.ledger_waits and self.unexecuted:
            self.answer(self.unexecuted[0])
        return effects

    def hear(self, peer: int, *messages: ConsensusMessage) -> None:
        for message in messages:
            self.give(events.Received(ShopId(peer), message))

    def wait(self, duration_ms: int) -> None:
        """Virtual time goes by in ticks of 50 ms."""
        for _ in range(duration_ms // 50):
            self.now += 50
            self.give(events.Tick())

    def write(self) -> None:
        """The oldest record reaches the disk."""
        persist = self.unwritten.pop(0)
        self.saved.append(persist)
        self.log.append(persist)
        self.give(events.Persisted(persist.token))

    def answer(self, execute: Execute, *, valid: bool | None = None) -> None:
        self.unexecuted.remove(execute)
        name = execute.block.header.hash
        self.give(events.Executed(name, name not in self.invalid if valid is None else valid))

    def propose(self, *txs: bytes) -> Block:
        """The block that this leader is asked for."""
        place = self.replica.wanted()
        assert place is not None, "this seat is not asked for a block"
        block = make_block(place.parent, place.seq, self.me, txs)
        self.give(events.Proposed(block))
        return block

    # --- effects out ---

    def _note(self, effect: Effect) -> None:
        if not isinstance(effect, Persist):
            self.log.append(effect)
        match effect:
            case Send(to, message):
                self.sent.append((to, message))
            case Broadcast(message):
                self.sent.append((None, message))
            case Persist():
                self.unwritten.append(effect)
            case Execute():
                self.unexecuted.append(effect)
                self.executed.append(effect)
            case Deliver():
                self.delivered.append(effect)
            case Report():
                self.reports.append(effect)
            case Halt(code):
                self.halted = code

    @property
    def asked(self) -> list[int]:
        """Who was asked for committed blocks."""
        sent = self.sent
        return [to for to, m in sent if to is not None and isinstance(m, FetchRange)]

    def said(self, kind: type[M]) -> list[M]:
        """Messages of one type that this seat sent since the last `forget`."""
        return [message for _, message in self.sent if isinstance(message, kind)]

    def forget(self) -> None:
        self.sent.clear()
        self.reports.clear()
        self.executed.clear()

    def notes(self, note: Note) -> list[Report]:
        return [report for report in self.reports if report.note is note]

    def reasons(self) -> set[Reason]:
        return {report.reason for report in self.reports if report.reason is not None}

    @property
    def disk(self) -> Durable:
        """What a power cut would leave."""
        return self.saved[-1].state if self.saved else Durable()

    @property
    def heights(self) -> list[int]:
        return [deliver.block.header.seq for deliver in self.delivered]

    # --- what others do, in one line ---

    def others(self) -> list[int]:
        return [seat for seat in range(self.size) if seat != self.me]

    def follow(self, view: int) -> None:
        """The leader of ``view`` opens it with promises of all others, without locks."""
        leader = view % self.size
        seats = self.others()
        self.hear(
            leader if leader != self.me else seats[0],
            new_view(leader, view, [view_change(seat, view) for seat in seats]),
        )

    def prepared_by(self, view: int, block: Block, *seats: int) -> None:
        for seat in seats:
            self.hear(seat, prepare(seat, view, block))

    def committed_by(self, view: int, block: Block, *seats: int) -> None:
        for seat in seats:
            self.hear(seat, commit(seat, view, block))

    def offered(self, view: int, *blocks: Block) -> None:
        """The leader of ``view`` proposes."""
        leader = view % self.size
        for block in blocks:
            self.hear(leader, proposal(leader, view, block))
