"""The replica: state, the one entry `step`, and who handles what.

The rules live beside it: `normal` (proposing, preparing, committing), `delivery` (final
blocks), `catching_up` (the blocks of a time away), `view_change` (leaving a leader), `epochs`
(from one committee to the next), `follower` (no vote), `outdated` (too old a program),
`evidence` (lies), `timers`. They are functions over this state, each headed by the condition
under which it is entered.
"""

from liandao_node.consensus import (
    catching_up,
    delivery,
    epochs,
    follower,
    normal,
    outdated,
    timers,
    view_change,
)
from liandao_node.consensus.certificates import CertificateChecker
from liandao_node.consensus.committee import Committee
from liandao_node.consensus.effects import (
    Broadcast,
    Durable,
    Effect,
    Halt,
    Note,
    Persist,
    Reason,
    Report,
    Send,
    Tip,
)
from liandao_node.consensus.events import (
    Elected,
    Event,
    Executed,
    PeerDown,
    PeerUp,
    Persisted,
    Proposed,
    Received,
    Started,
    Tick,
    Voting,
    Waiting,
)
from liandao_node.consensus.runs import Run
from liandao_node.consensus.state import Clocks, Peer, Pending, Slot, ViewState, Wanted
from liandao_node.consensus.votes import VoteBook
from liandao_node.crypto.keys import Signer, Verifier
from liandao_node.types import BlockHash, ChainId, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import Block, Certificate
from liandao_node.wire.messages import (
    Body,
    Commit,
    ConsensusMessage,
    FetchBody,
    FetchNewView,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Status,
    Suspect,
    ViewChange,
)
from liandao_node.wire.protocol import PROTOCOL

_FIRST_VIEW = View(0)


class Replica:
    """One seat's consensus state machine."""

    def __init__(
        self,
        *,
        committee: Committee,
        chain: ChainId,
        me: ShopId,
        signer: Signer,
        verify: Verifier,
        tip: Tip,
        durable: Durable,
        bodies: tuple[Block, ...] = (),
        session: int = 0,
        speaks: int = PROTOCOL,
        lacking: bool = False,
    ) -> None:
        """``speaks``: the highest protocol whose rules the caller knows; ``lacking``: P-12.14."""
        self.committee, self.chain, self.me = committee, chain, me
        self.signer, self.verify, self.session = signer, verify, session
        self.tip, self.durable, self.speaks, self.lacking = tip, durable, speaks, lacking
        self.views = ViewState()
        self.seated = False
        """Whether this key has a seat in this epoch, and its record is of no later one."""
        self.allowed = True
        """Whether the disk takes votes (P-6.6)."""
        self.closed: bytes | None = None
        """Digest of the committee that takes office after the tip, until it is named."""
        self.head: tuple[Seq, BlockHash] = (tip.seq, tip.hash)
        """Last block of the active view's chain."""
        self.slots: dict[Seq, Slot] = {}
        self.early: dict[Seq, PrePrepare] = {}
        """Proposals of the promised view that came before their parent or the view's entry."""
        self.bodies: dict[BlockHash, Block] = {block.header.hash: block for block in bodies}
        self.recent: dict[BlockHash, Block] = {}
        """The last delivered blocks, for seats that miss one of them."""
        self.stored: set[BlockHash] = set(self.bodies)
        """Bodies that are durable or on their way to be."""
        self.awaited: set[BlockHash] = set()
        """Blocks asked for by hash."""
        self.final: Certificate | None = None
        """A commit certificate above the tip whose chain is not complete yet."""
        self.run: Run | None = None
        """Proven blocks above the tip that wait for the last of theirs (P-7.6)."""
        self.votes = VoteBook(committee, chain, verify)
        self.checker = CertificateChecker(committee, chain, verify)
        self.suspicion: Reason | None = None
        """Why this seat wants to leave the promised view."""
        self.suspects: dict[View, dict[ShopId, Millis]] = {}
        """By view: which seats want to leave it, and when they last said so."""
        self.view_changes: dict[View, dict[ShopId, ViewChange]] = {}
        self.peers = {m.shop: Peer() for m in committee.members if m.shop != me}
        """The other seats."""
        self.followers: dict[ShopId, Peer] = {}
        """Shops without a seat that were heard of."""
        self.accused: set[ShopId] = set()
        """Seats that evidence was given against in this epoch."""
        self.ahead: dict[ShopId, list[ConsensusMessage]] = {}
        """Messages of the next epoch, by sender, until it begins here."""
        self.clocks, self.pending = Clocks(), Pending()
        self.halted: str | None = None
        self.effects: list[Effect] = []

    # --- what the caller uses ---

    def step(self, event: Event, now_ms: Millis) -> list[Effect]:
        """Takes one event at monotonic time ``now_ms``; returns effects in order."""
        if self.halted is not None:
            return []
        self.clocks.now = max(self.clocks.now, now_ms)
        self._dispatch(event)
        effects, self.effects = self.effects, []
        return effects if self.halted is None else _through_halt(effects)

    def wanted(self) -> Wanted | None:
        """The proposal that is this replica's to make now, if any (P-4.1)."""
        return normal.wanted(self)

    @property
    def active(self) -> bool:
        """Whether the promised view has been entered and votes flow."""
        views = self.views
        entered = views.current == views.promised >= 0 and not views.entering
        return entered and self.voting

    @property
    def voting(self) -> bool:
        """Whether this key has a seat, is where its record says, and its disk takes votes.

        Never after an alarm: nothing is wanted of a seat that takes nothing in any more.
        """
        able = self.seated and self.allowed and self.closed is None
        return able and self.halted is None

    @property
    def outdated(self) -> bool:
        """P-12.13, P-12.14: whether what is in force is beyond this program."""
        return self.lacking or self.committee.protocol > self.speaks

    @property
    def leader(self) -> ShopId:
        """Leader of the promised view."""
        promised = self.views.promised
        return self.committee.leader(promised if promised > 0 else _FIRST_VIEW)

    # --- dispatch ---

    def _dispatch(self, event: Event) -> None:
        match event:
            case Received(peer, message):
                self.receive(peer, message)
            case Persisted(token):
                self._persisted(token)
            case Executed(block, valid):
                normal.on_executed(self, block, valid=valid)
            case Proposed(block):
                normal.on_proposed(self, block)
            case Tick():
                (timers if self.voting else follower).on_tick(self)
            case Waiting(since_ms):
                timers.on_waiting(self, since_ms)
            case PeerUp(peer):
                timers.on_peer_up(self, peer)
            case PeerDown(peer):
                timers.on_peer_down(self, peer)
            case Elected(record, lacking, safe_seq):
                epochs.on_elected(self, record, lacking=lacking, safe_seq=safe_seq)
            case Voting(allowed):
                epochs.on_voting(self, allowed=allowed)
            case Started():
                view_change.on_started(self)

    def receive(self, peer: ShopId, message: ConsensusMessage) -> None:
        """A message whose sender the channel has proven; of a shop without a seat no vote."""
        if peer == self.me or epochs.is_due(self):
            return
        if self.outdated:
            outdated.on_message(self, peer, message)
            return
        if epochs.keep_ahead(self, peer, message):
            return
        match message:
            case Status():
                catching_up.on_status(self, peer, message)
            case FetchBody() | Body() | FetchNewView() | Range():
                self._receive_catching_up(peer, message)
            case _ if peer not in self.peers:
                return
            case _ if not self.voting:
                follower.on_message(self, peer, message)
            case _:
                self._receive_from_seat(peer, message)

    def _receive_from_seat(
        self, peer: ShopId, message: PrePrepare | Prepare | Commit | Suspect | ViewChange | NewView
    ) -> None:
        match message:
            case PrePrepare():
                normal.on_pre_prepare(self, peer, message)
            case Prepare():
                normal.on_prepare(self, peer, message)
            case Commit():
                normal.on_commit(self, peer, message)
            case Suspect():
                view_change.on_suspect(self, peer, message)
            case ViewChange():
                view_change.on_view_change(self, peer, message)
            case NewView():
                view_change.on_new_view(self, peer, message)

    def _receive_catching_up(
        self, peer: ShopId, message: FetchBody | Body | FetchNewView | Range
    ) -> None:
        match message:
            case FetchBody(block):
                delivery.on_fetch_body(self, peer, block)
            case Body(block):
                delivery.on_body(self, peer, block)
            case FetchNewView(view):
                view_change.on_fetch_new_view(self, peer, view)
            case Range():
                catching_up.on_range(self, peer, message)

    def _persisted(self, token: int) -> None:
        """P-6.2: what waited for durability goes on, oldest first."""
        pending = self.pending
        for at in sorted(t for t in pending.locks if t <= token):
            normal.on_lock_durable(self, *pending.locks.pop(at))
        for at in sorted(t for t in pending.promises if t <= token):
            view_change.on_promise_durable(self, pending.promises.pop(at))
        for at in sorted(t for t in pending.entries if t <= token):
            view_change.on_entry_durable(self, pending.entries.pop(at))

    # --- what the rules share ---

    def persist(self, state: Durable, bodies: list[Block]) -> int:
        """Asks for durability; returns the token to wait for."""
        self.durable = state
        self.stored.update(block.header.hash for block in bodies)
        self.pending.token += 1
        self.effects.append(Persist(self.pending.token, state, tuple(bodies)))
        return self.pending.token

    def known(self, shop: ShopId) -> Peer:
        """What is known of a shop, seated or not."""
        seated = self.peers.get(shop)
        return seated if seated is not None else self.followers.setdefault(shop, Peer())

    def send(self, to: ShopId, message: Message) -> None:
        self.effects.append(Send(to, message))

    def broadcast(self, message: Message) -> None:
        self.effects.append(Broadcast(message))

    def report(
        self, note: Note, *, about: ShopId | None = None, reason: Reason | None = None
    ) -> None:
        self.effects.append(Report(note, self.views.promised, about, reason))

    def halt(self, code: str) -> None:
        """P-6.5: an alarm that only people can clear; nothing leaves after it."""
        self.halted = code
        self.effects.append(Halt(code))


def _through_halt(effects: list[Effect]) -> list[Effect]:
    """Effects up to the first alarm: what a step asked for after it is not done."""
    for at, effect in enumerate(effects):
        if isinstance(effect, Halt):
            return effects[: at + 1]
    return effects
