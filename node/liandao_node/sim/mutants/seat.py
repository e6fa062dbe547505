"""One seat that a story speaks to: its disk and its ledger answer at once, unless held back."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import (
    Accuse,
    Broadcast,
    Deliver,
    Durable,
    Execute,
    Halt,
    Persist,
    Send,
    Tip,
)
from liandao_node.consensus.replica import Replica
from liandao_node.limits import TICK_MS
from liandao_node.sim.mutants.forms import (
    CHAIN,
    GENESIS,
    commit,
    committee_of,
    new_view,
    prepare,
    proposal,
    signer,
    view_change,
)
from liandao_node.sim.signatures import CHEAP
from liandao_node.types import BlockHash, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.evidence import Evidence
from liandao_node.wire.messages import ConsensusMessage, FetchRange, Message

M = TypeVar("M")

AT_GENESIS = Tip(Seq(0), GENESIS, None)


class LoneSeat:
    """A replica; the story speaks for everybody else."""

    def __init__(
        self,
        me: int,
        *,
        committee: Committee | None = None,
        durable: Durable | None = None,
        tip: Tip = AT_GENESIS,
        bodies: Iterable[Block] = (),
        disk_waits: bool = False,
    ) -> None:
        self.me = me
        self.now = 1_000
        self.disk_waits = disk_waits
        """Records pile up in ``unwritten`` until `write`."""
        self.invalid: set[BlockHash] = set()
        """Blocks that this seat's ledger refuses."""
        self.unwritten: list[Persist] = []
        self.disk = durable or Durable()
        """What a power cut would leave."""
        self.sent: list[Message | FetchRange] = []
        self.asked: list[int] = []
        """Who was asked for committed blocks."""
        self.delivered: list[Block] = []
        self.accusations: list[Evidence] = []
        self.executed: list[Block] = []
        self.halted: str | None = None
        self.replica = Replica(
            committee=committee or committee_of(4),
            chain=CHAIN,
            me=ShopId(me),
            signer=signer(me),
            verify=CHEAP.verify,
            tip=tip,
            durable=self.disk,
            bodies=tuple(bodies),
            session=1,
        )
        self.give(events.Started())
        for peer in self.others():
            self.give(events.PeerUp(ShopId(peer)))

    def others(self) -> Sequence[int]:
        members = self.replica.committee.members
        return [member.shop for member in members if member.shop != self.me]

    # --- events in ---

    def give(self, event: events.Event) -> None:
        executions: list[Block] = []
        for effect in self.replica.step(event, Millis(self.now)):
            match effect:
                case Send(to, FetchRange() as message):
                    self.asked.append(to)
                    self.sent.append(message)
                case Send(_, message) | Broadcast(message):
                    self.sent.append(message)
                case Persist():
                    self.unwritten.append(effect)
                case Execute(block):
                    executions.append(block)
                case Deliver(block):
                    self.delivered.append(block)
                case Accuse(evidence):
                    self.accusations.append(evidence)
                case Halt(code):
                    self.halted = code
                case _:
                    pass
        while not self.disk_waits and self.unwritten:
            self.write()
        for block in executions:
            self.executed.append(block)
            name = block.header.hash
            self.give(events.Executed(name, name not in self.invalid))

    def hear(self, peer: int, *messages: ConsensusMessage) -> None:
        for message in messages:
            self.give(events.Received(ShopId(peer), message))

    def write(self) -> None:
        """The oldest record reaches the disk."""
        persist = self.unwritten.pop(0)
        self.disk = persist.state
        self.give(events.Persisted(persist.token))

    def wait(self, duration_ms: int) -> None:
        for _ in range(duration_ms // TICK_MS):
            self.now += TICK_MS
            self.give(events.Tick())

    def restart(self, *, tip: Tip = AT_GENESIS, bodies: Iterable[Block] = ()) -> "LoneSeat":
        """Another life from what is durable."""
        return LoneSeat(self.me, durable=self.disk, tip=tip, bodies=bodies)

    # --- what was said ---

    def said(self, kind: type[M]) -> list[M]:
        return [message for message in self.sent if isinstance(message, kind)]

    def forget(self) -> None:
        self.sent.clear()

    # --- what others do, in one line ---

    def offered(self, view: int, *blocks: Block) -> None:
        """The leader of ``view`` proposes."""
        leader = view % len(self.replica.committee.members)
        for block in blocks:
            self.hear(leader, proposal(leader, view, block))

    def prepared_by(self, view: int, block: Block, *shops: int) -> None:
        for shop in shops:
            self.hear(shop, prepare(shop, view, block))

    def committed_by(self, view: int, block: Block, *shops: int) -> None:
        for shop in shops:
            self.hear(shop, commit(shop, view, block))

    def follow(self, view: int) -> None:
        """The leader of ``view`` opens it with promises of all others, without locks."""
        leader = view % len(self.replica.committee.members)
        changes = [view_change(shop, view) for shop in self.others()]
        self.hear(leader, new_view(leader, view, changes))
