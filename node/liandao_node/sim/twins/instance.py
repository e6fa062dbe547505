"""One instance of the production replica with its final blocks, as the census drives it.

Its disk and its ledger answer at once. It looks at itself: whatever an honest seat must not do
or suffer is kept in ``broken``.
"""

from dataclasses import dataclass, field
from typing import Final

from liandao_node.consensus import events
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import (
    Accuse,
    Broadcast,
    Deliver,
    Durable,
    Effect,
    Execute,
    Halt,
    Note,
    Persist,
    Report,
    Send,
    Tip,
)
from liandao_node.consensus.replica import Replica
from liandao_node.consensus.state import Wanted
from liandao_node.sim.books import served
from liandao_node.sim.mutants.forms import CHAIN, GENESIS, make_block, record, signer
from liandao_node.sim.signatures import CHEAP
from liandao_node.types import Millis, Seq, ShopId
from liandao_node.wire.blocks import Block, Certificate, CommittedBlock
from liandao_node.wire.evidence import accused, proves
from liandao_node.wire.messages import FetchRange, Message, Range, Status

SHOPS: Final = 4
ALL: Final = -1
"""Receiver of what is said to everybody."""
BLOCKS: Final = 2
"""Blocks that a leader proposes in a view, one upon the other."""

ROUND_MS: Final = 10_000
"""Longer than any patience, so that whoever is not content at its end wants the next view."""

_ACCUSING: Final = frozenset(
    (
        Note.EQUIVOCATION,
        Note.FORGED_VOTE,
        Note.BAD_PROPOSAL,
        Note.BAD_CERTIFICATE,
        Note.CONFLICTING_NEW_VIEW,
        Note.BAD_RANGE,
    )
)


@dataclass
class Instance:
    """A replica with its final blocks; its disk and ledger answer at once."""

    name: str
    replica: Replica
    twin: ShopId
    """The seat that has two computers: whoever accuses another one is wrong."""
    chain: list[CommittedBlock] = field(default_factory=list)
    broken: str = ""
    """What must not happen and did, if this is no twin."""
    proposed: int = 0
    """Blocks proposed in this round."""
    said: list[tuple[int, Message | FetchRange]] = field(default_factory=list)
    """Receiving shop or ALL, and what it hears."""

    def step(self, event: events.Event, pause_ms: int = 0) -> None:
        """Takes an event, so long after the last one."""
        now = Millis(self.replica.clocks.now + pause_ms)
        effects = self.replica.step(event, now)
        for effect in effects:
            self._note(effect)
        for effect in effects:
            match effect:
                case Persist(token):
                    self.step(events.Persisted(token))
                case Execute(block):
                    self.step(events.Executed(block.header.hash, valid=True))
                case _:
                    pass

    def _note(self, effect: Effect) -> None:
        match effect:
            case Send(to, message) if not isinstance(message, Status):
                self.said.append((to, message))
            case Broadcast(message) if not isinstance(message, Status):
                self.said.append((ALL, message))
            case Deliver(block, certificate):
                self._deliver(block, certificate)
            case Accuse(evidence):
                key = signer(accused(evidence)).public_key
                if not proves(evidence, CHAIN, key, CHEAP.verify):
                    self._break("evidence proves nothing")
                self._blame(accused(evidence), "accused by evidence")
            case Report(note, _, about) if note in _ACCUSING and about is not None:
                self._blame(about, f"reported for {note.name}")
            case Halt(code):
                self._break(f"halted: {code}")
            case _:
                pass

    def _blame(self, seat: ShopId, how: str) -> None:
        if seat != self.twin:
            self._break(f"honest seat {seat} {how}")

    def _break(self, what: str) -> None:
        if self.replica.me != self.twin and not self.broken:
            self.broken = f"{self.name}: {what}"

    def _deliver(self, block: Block, certificate: Certificate | None) -> None:
        above = self.chain[-1].block.header.hash if self.chain else GENESIS
        header = block.header
        if header.parent != above or header.seq != len(self.chain) + 1:
            self._break(f"block {header.seq} stands beside its chain")
        self.chain.append(CommittedBlock(block, certificate))

    def receive(self, peer: ShopId, message: Message | FetchRange) -> None:
        if isinstance(message, FetchRange):
            self.said.append((peer, Range(served(self.chain, message.first))))
        else:
            self.step(events.Received(peer, message))  # type: ignore[arg-type]

    def propose(self, number: int) -> None:
        """Its blocks of this view, if it leads one."""
        while self.proposed < BLOCKS and (place := self.replica.wanted()) is not None:
            self.proposed += 1
            block = _block(
                self.replica, place, b"%s %d %d" % (self.name.encode(), number, place.seq)
            )
            self.step(events.Proposed(block))

    def lose_patience(self) -> None:
        """The round is over."""
        self.proposed = 0
        self.step(events.Tick(), ROUND_MS)


Letter = tuple[int, int, Message | FetchRange]
"""Sending instance, receiving instance, message."""


def _block(replica: Replica, place: Wanted, name: bytes) -> Block:
    parent = replica.bodies.get(place.parent) or replica.recent.get(place.parent)
    return make_block(parent, replica.me, name)


def born(name: str, shop: int, twin: int) -> Instance:
    replica = Replica(
        committee=Committee.from_record(record(0, 1, range(SHOPS))),
        chain=CHAIN,
        me=ShopId(shop),
        signer=signer(shop),
        verify=CHEAP.verify,
        tip=Tip(Seq(0), GENESIS, None),
        durable=Durable(),
    )
    instance = Instance(name, replica, ShopId(twin))
    instance.step(events.Started(), ROUND_MS)
    for other in range(SHOPS):
        if other != shop:
            instance.step(events.PeerUp(ShopId(other)))
    instance.step(events.Waiting(instance.replica.clocks.now))
    assert not instance.said
    return instance
