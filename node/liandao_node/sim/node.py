"""A node of the simulated street: the production replica and ledger in a fragile computer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace as altered

from liandao_node.consensus import events
from liandao_node.consensus.effects import (
    Accuse,
    Broadcast,
    Deliver,
    Effect,
    Execute,
    Halt,
    Persist,
    Report,
    Send,
)
from liandao_node.consensus.replica import Replica
from liandao_node.limits import TICK_MS
from liandao_node.runtime.clock import StreetClock
from liandao_node.sim.books import Books, Verdict, served
from liandao_node.sim.disks import End, VoterDisk
from liandao_node.types import BlockHash, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.messages import (
    Body,
    Commit,
    ConsensusMessage,
    FetchBody,
    FetchNewView,
    FetchRange,
    FetchSnapshot,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Requests,
    Snapshot,
    Status,
    Suspect,
    ViewChange,
)
from liandao_node.wire.protocol import PROTOCOL

if TYPE_CHECKING:
    from liandao_node.sim.catching_up import CatchingUp
    from liandao_node.sim.street import Street

_TICK = events.Tick()
_FOR_THE_REPLICA = frozenset(
    (PrePrepare, Prepare, Commit, Suspect, ViewChange, NewView, FetchBody, Body, FetchNewView)
)
"""Messages that nothing else of a node has a use for."""


class Node:
    """One replica with its disks, pool and place on the network."""

    def __init__(self, street: Street, place: int, shop: ShopId, books: Books) -> None:
        self.street = street
        self.place = place
        """Its index among the street's nodes; twins share a shop, never a place."""
        self.shop = shop
        self.name = str(shop)
        self.honest = True
        self.mute = False
        """It lost what it had promised: it may follow, and never vote."""
        self.voter = VoterDisk()
        self.signer = street.signer(shop)
        """Its key; another one stands for the shop when its owner says so."""
        self.speaks = PROTOCOL
        """The highest protocol that its program knows."""
        self.books = books
        self.catching_up: CatchingUp | None = None
        """What takes snapshots, on a street where old blocks are dropped."""
        self.away_until = 0
        """Before that nobody is there to start it."""
        self.replica: Replica | None = None
        self.life = 0
        self.halted: str | None = None
        self.mono_ms = 0
        """By how much this computer's monotonic clock is off: anything after a boot."""
        self.wall_ms = 0
        """By how much its wall clock is off."""
        self.clock = self._clock()
        self.away: set[ShopId] = set()
        """Peers whose channel to here is broken."""
        self._writes_until = 0
        self._held: deque[tuple[Callable[..., object], tuple[object, ...]]] | None = None
        """What waits while the process stands still."""
        self._inbox: deque[events.Event] = deque()
        self._running = False
        self._off_time: set[BlockHash] = set()
        """Blocks refused for their time alone, of which the replica is yet to hear."""
        self._clocks_apart = False
        """It hears of such a block now, which accuses nobody."""

    # --- life ---

    @property
    def up(self) -> bool:
        return self.replica is not None

    @property
    def paused(self) -> bool:
        return self._held is not None

    @property
    def now(self) -> Millis:
        """This computer's monotonic clock."""
        return Millis(self.street.timeline.now + self.mono_ms)

    def _clock(self) -> StreetClock:
        return StreetClock(self._wall, lambda: self.now)

    def _wall(self) -> Millis:
        return Millis(self.street.begin_ms + self.street.timeline.now + self.wall_ms)

    def boot(self) -> None:
        """Begins a life, unless the voter's disk is damaged: such a seat stays out."""
        if self.replica is not None or self.voter.damaged:
            return
        if self.street.timeline.now < self.away_until:
            return
        self.life += 1
        self.away = set()
        self.clock = self._clock()
        tip = self.books.open()
        self.street.keys_may_differ(self)
        self.replica = self.street.replica_of(self, tip)
        self.street.tells(self, "boots", f"life {self.life}")
        if self.mute or self.voter.full:
            self.feed(events.Voting(allowed=False))
        self.feed(events.Started())
        for other in self.street.nodes:
            if other.replica is not None and self.street.admits(self, other):
                self.link(other.shop, up=True)
                other.link(self.shop, up=True)
        self._tell_waiting()
        if self.catching_up is not None:
            self.catching_up.begin()
        self.street.timeline.after(TICK_MS, self._tick, self.life)

    def crash(self, how: End = End.KILLED, writes: int = 0) -> None:
        """Dies; of the records on their way to the voter's disk the first ``writes`` arrive."""
        if self.replica is None:
            return
        self.replica, self._held = None, None
        if self.catching_up is not None:
            self.catching_up.end()
        self.street.tells(self, "dies", how.name.lower())
        self._inbox.clear()
        self.voter.end(writes)
        self.street.checks.on_disk(self)
        self.books.end(how)
        for other in self.street.nodes:
            if other.replica is not None and other.shop != self.shop:
                other.link(self.shop, up=False)

    def pause(self) -> None:
        """The process stands still; the world goes on."""
        if self._held is None and self.replica is not None:
            self._held = deque()

    def resume(self) -> None:
        held, self._held = self._held, None
        for action, arguments in held or ():
            action(*arguments)

    def link(self, peer: ShopId, *, up: bool) -> None:
        """The channel to a peer comes up or breaks."""
        if up:
            self.away.discard(peer)
            self.enter(self.feed, events.PeerUp(peer))
        else:
            self.away.add(peer)
            self.clock.forget(peer)
            self.enter(self.feed, events.PeerDown(peer))

    def _tick(self, life: int) -> None:
        if self.life == life and self.replica is not None:
            self.street.timeline.after(TICK_MS, self._tick, life)
            if self._held is None:
                self.feed(_TICK)

    def enter(self, action: Callable[..., object], *arguments: object) -> None:
        """Does it now, or when the process runs again."""
        if self._held is not None:
            self._held.append((action, arguments))
        else:
            action(*arguments)

    # --- events in ---

    def receive(self, peer: ShopId, message: Message) -> None:
        if self.replica is None:
            return
        if self._held is None and type(message) in _FOR_THE_REPLICA:
            self.feed(events.Received(peer, cast("ConsensusMessage", message)))
        elif self._held is not None:
            if not isinstance(message, FetchSnapshot):  # no channel outlives a standstill
                self._held.append((self.receive, (peer, message)))
        elif isinstance(message, Requests):
            self.take(message.txs)
        elif isinstance(message, FetchRange):
            self.send(peer, Range(served(self.books.chain, message.first)))
        elif isinstance(message, FetchSnapshot | Snapshot):
            self._about_snapshots(peer, message)
        elif not (isinstance(message, Range | Status) and self._is_kept_back(peer, message)):
            self.feed(events.Received(peer, message))

    def _about_snapshots(self, peer: ShopId, message: FetchSnapshot | Snapshot) -> None:
        if self.catching_up is None:
            return
        if isinstance(message, FetchSnapshot):
            self.catching_up.asked(peer, message)
        else:
            self.catching_up.heard(peer, message)

    def _is_kept_back(self, peer: ShopId, message: Range | Status) -> bool:
        """Whether that is not for the replica now; the rest of the node has heard it then."""
        if isinstance(message, Status):
            self.clock.heard(peer, message.clock_ms)
        if self.catching_up is None:
            return False
        self.catching_up.heard(peer, message)
        return isinstance(message, Range) and self.catching_up.busy

    def take(self, txs: list[bytes]) -> None:
        """Requests, this shop's own or another's."""
        if self.replica is not None:
            self.books.take(txs, self.now)
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        assert self.replica is not None
        oldest = self.books.oldest_ms()
        if oldest != self.replica.clocks.waiting_since:
            self.feed(events.Waiting(oldest))
        elif not self._running:
            self._propose()

    def feed(self, event: events.Event) -> None:
        """Takes an event now, or after the one under way, as the driver does."""
        if self._running or self.replica is None:
            self._inbox.append(event)
            return
        self._running = True
        inbox = self._inbox
        try:
            self._step(event)
            while self.replica is not None:
                if not inbox:
                    self._propose()
                    if not inbox:
                        break
                self._step(inbox.popleft())
        finally:
            self._running = False

    def _step(self, event: events.Event) -> None:
        replica = self.replica
        assert replica is not None
        self._clocks_apart = bool(self._off_time) and self._is_off_time(event)
        effects = replica.step(event, self.now)
        self.street.stepped(self, event, effects)
        for effect in effects:
            self._carry_out(effect)

    def _is_off_time(self, event: events.Event) -> bool:
        if not isinstance(event, events.Executed) or event.block not in self._off_time:
            return False
        self._off_time.remove(event.block)
        return True

    def _propose(self) -> None:
        """Builds blocks while the replica wants them and the books have a batch."""
        replica = self.replica
        # Asked after every event of every node: the cheap question first.
        if replica is None or replica.leader != self.shop or self.books.oldest_ms() is None:
            return
        while replica is not None and (place := replica.wanted()) is not None:
            block = self.books.propose(replica, place, self.clock.street_ms())
            if block is None:
                return
            self._step(events.Proposed(block))

    # --- effects out ---

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Broadcast(message):
                self.broadcast(self._stamped(message))
            case Send(to, message):
                self.send(to, self._stamped(message))
            case Persist():
                self.voter.queue.append((effect, self.books.safe_seq))
                self._write_later()
            case Execute(block, fresh):
                verdict = self.books.check(block, self.clock.street_ms(), fresh=fresh)
                if verdict is Verdict.OFF_TIME:
                    self._off_time.add(block.header.hash)
                self._inbox.append(events.Executed(block.header.hash, verdict is Verdict.VALID))
            case Deliver(block, certificate):
                self._deliver(block, certificate)
            case Report():
                self.street.checks.on_report(self, effect, excused=self._clocks_apart)
            case Accuse(evidence):
                self.street.checks.on_accuse(self, evidence)
                self.street.timeline.after(0, self.street.accused, self, evidence)
            case Halt(code):
                self.halted = code
                self.street.tells(self, "HALTS", code)
                self.street.checks.on_halt(self, code)

    def _stamped(self, message: Message) -> Message:
        if isinstance(message, Status):
            return altered(message, clock_ms=self.clock.own_ms())
        return message

    def broadcast(self, message: Message) -> None:
        """To every other node."""
        self.street.checks.on_send(self, message)
        network = self.street.network
        for target in self.street.nodes:
            if target.shop != self.shop:
                network.post(self, target, message)

    def send(self, to: ShopId, message: Message) -> None:
        self.street.checks.on_send(self, message)
        for target in self.street.places_of[to]:
            self.street.network.post(self, target, message)

    # --- disks ---

    def _write_later(self) -> None:
        # One writer a disk: writes land in the order in which they were asked for.
        timeline = self.street.timeline
        took_ms = self.street.write_ms()
        self._writes_until = max(self._writes_until, timeline.now + took_ms)
        timeline.after(self._writes_until - timeline.now, self._land, self.life)

    def _land(self, life: int) -> None:
        if self.life != life or self.replica is None or self.voter.full:
            return
        if not self.voter.queue:
            return
        persist = self.voter.write_one()
        self.street.checks.on_disk(self)
        self.enter(self.feed, events.Persisted(persist.token))

    def disk_full(self, *, full: bool, noticed: bool = True) -> None:
        """Without room nothing is written; with room, what waited is.

        Mostly the node is told before the room is gone, and stops voting by itself (P-6.6).
        """
        self.voter.full = full
        if self.replica is None:
            return
        if noticed and not self.mute:
            self.enter(self.feed, events.Voting(allowed=not full))
        for _ in range(0 if full else len(self.voter.queue)):
            self._land(self.life)

    def _deliver(self, block: Block, certificate: Certificate | None) -> None:
        self.books.deliver(block, certificate)
        self.street.checks.on_deliver(self, block)
        if certificate is not None:
            self.street.timeline.after(self.street.ledger_ms(), self._write_ledger, self.life)
        if block.header.next_committee:
            record = self.books.committee()
            self.street.elected(record)
            self._inbox.append(events.Elected(record, safe_seq=Seq(self.books.safe_seq)))
            self.street.timeline.after(0, self.street.keys_may_differ, self)
        oldest = self.books.oldest_ms()
        assert self.replica is not None
        if oldest != self.replica.clocks.waiting_since:
            self._inbox.append(events.Waiting(oldest))

    def _write_ledger(self, life: int) -> None:
        if self.life == life and self.replica is not None and self._held is None:
            self.books.write(sync=self.street.syncs())
