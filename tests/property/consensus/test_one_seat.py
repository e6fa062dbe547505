"""One seat among three that may say anything: it never breaks, and never contradicts itself."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from liandao_node.consensus import events
from liandao_node.consensus.effects import Durable, Tip
from liandao_node.limits import VOTE_VIEWS_PER_SEAT_MAX, WINDOW_SEQS
from liandao_node.types import Epoch, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.codec import NUMBER_MAX
from liandao_node.wire.messages import (
    Body,
    Commit,
    ConsensusMessage,
    FetchBody,
    FetchNewView,
    Prepare,
    PrePrepare,
    Range,
    ViewChange,
)
from msgspec.structs import replace
from support.consensus_forms import (
    commit,
    final,
    lock,
    make_block,
    make_chain,
    new_view,
    prepare,
    proposal,
    status,
    suspect,
    view_change,
)
from support.seat import Seat

ME = 3
STEM = make_chain(0, "a", "b", "c")
BRANCH = make_chain(1, "x", "y")
BLOCKS = [*STEM, *BRANCH, *make_chain(2, "z", parent=STEM[0])]

peers = st.integers(0, 2)
views = st.one_of(st.integers(0, 4), st.sampled_from([2**31, NUMBER_MAX - 2, NUMBER_MAX]))
blocks = st.sampled_from(BLOCKS)
quorums = st.sampled_from([(0, 1, 2), (0, 1), (0, 2, 3)])
locks = st.one_of(st.none(), st.builds(lock, st.integers(0, 3), blocks, quorums))
tips = st.one_of(st.none(), st.builds(final, st.integers(0, 3), blocks, quorums))


@st.composite
def _messages(draw: st.DrawFn) -> tuple[int, ConsensusMessage]:
    """A peer and what it says: well-formed, and true or not."""
    peer, view, block = draw(peers), draw(views), draw(blocks)
    changes = [view_change(shop, view, draw(locks)) for shop in range(3)]
    made: list[Callable[[], ConsensusMessage]] = [
        lambda: proposal(peer, view, block),
        lambda: proposal(peer, view, Block(block.header, [b"lie"])),
        lambda: prepare(peer, view, block),
        lambda: replace(prepare(peer, view, block), seq=Seq(draw(st.integers(0, 20)))),
        lambda: replace(commit(peer, view, block), epoch=Epoch(draw(st.integers(0, 1)))),
        lambda: commit(peer, view, block),
        lambda: replace(commit(peer, view, block), signature=Signature(b"")),
        lambda: suspect(peer, view),
        lambda: view_change(peer, view, draw(locks), draw(tips)),
        lambda: new_view(view % 4, view, changes[: draw(st.integers(2, 3))]),
        lambda: status(view, draw(views), draw(tips)),
        lambda: Body(draw(st.sampled_from([block, Block(block.header, [])]))),
        lambda: Range([CommittedBlock(b, final(0, b)) for b in STEM]),
        lambda: FetchBody(block.header.hash),
        lambda: FetchNewView(View(view)),
    ]
    return peer, draw(st.sampled_from(made))()


@dataclass(frozen=True)
class Deed:
    """Something that fits where the seat stands, so that stories get somewhere."""

    name: str
    variant: int


Happening = Deed | tuple[int, ConsensusMessage] | int

DEEDS = ["propose", "prepare", "commit", "suspect", "open"]
MISHAPS = ["hold", "hold", "release", "write", "crash", "up", "down"]
deeds = st.builds(Deed, st.sampled_from(DEEDS), st.integers(0, 1))
mishaps = st.builds(Deed, st.sampled_from(MISHAPS), st.just(0))


@st.composite
def _happenings(draw: st.DrawFn) -> Happening:
    """Mostly what fits, so that something is at stake when other things happen."""
    roll = draw(st.integers(0, 9))
    if roll < 6:
        return draw(deeds)
    if roll < 8:
        return draw(mishaps)
    return draw(_messages()) if roll < 9 else draw(st.integers(50, 3_000))


class _Story:
    """The seat through its lives, and all that it ever said."""

    def __init__(self) -> None:
        self.seat = Seat(me=ME)
        self.votes: dict[tuple[type, View, int], bytes] = {}
        self.promised = View(-1)
        self.finals: dict[int, bytes] = {}

    def act(self, happening: Happening) -> None:
        match happening:
            case Deed():
                self._do(happening)
            case int():
                self.seat.wait(happening)
            case _:
                self.seat.hear(*happening)
        self.check()

    def _do(self, deed: Deed) -> None:
        seat, replica = self.seat, self.seat.replica
        view = replica.views.promised
        leader = view % 4
        voted = [slot for slot in replica.slots.values() if slot.prepared is None]
        match deed.name:
            case "propose" if leader != ME:
                seq, parent = replica.head
                txs = [b"%d of view %d" % (deed.variant, view)]
                seat.hear(leader, proposal(leader, view, make_block(parent, seq + 1, leader, txs)))
            case "prepare" if voted:
                for peer in range(3):
                    seat.hear(peer, prepare(peer, view, replica.bodies[voted[0].block]))
            case "commit" if replica.slots:
                block = replica.bodies[next(iter(replica.slots.values())).block]
                for peer in range(3):
                    seat.hear(peer, commit(peer, view, block))
            case "suspect":
                for peer in range(2):
                    seat.hear(peer, suspect(peer, view))
            case "open" if leader != ME:
                held = replica.durable.locked if deed.variant else None
                if held is not None and held.view >= view:
                    return
                tip = replica.tip.certificate
                changes = [view_change(shop, view, held, tip) for shop in range(3)]
                seat.hear(leader, new_view(leader, view, changes))
            case _:
                self._have_happen(deed.name)

    def _have_happen(self, name: str) -> None:
        seat = self.seat
        match name:
            case "hold":
                seat.disk_waits = True
            case "release":
                seat.disk_waits = False
                seat.give(events.Tick())
            case "write" if seat.unwritten:
                seat.write()
            case "up":
                seat.give(events.PeerUp(ShopId(1)))
            case "down":
                seat.give(events.PeerDown(ShopId(1)))
            case "crash" if seat.halted is None:
                self._next_life()
            case _:
                pass

    def _next_life(self) -> None:
        self.check()
        old = self.seat
        bodies = [body for record in old.saved for body in record.bodies]
        tip = old.replica.tip if old.delivered else Tip(Seq(0), STEM[0].header.parent, None)
        kept = {b.header.hash: b for b in bodies if b.header.seq > tip.seq}
        saved = old.saved
        self.seat = Seat(me=ME, durable=old.disk or Durable(), tip=tip, bodies=kept.values())
        self.seat.saved = [*saved, *self.seat.saved]
        self.seat.delivered = old.delivered

    def check(self) -> None:
        seat = self.seat
        for _, message in seat.sent:
            self._check_said(message)
        seat.sent.clear()
        for height, deliver in enumerate(seat.delivered, 1):
            assert deliver.block.header.seq == height
        replica = seat.replica
        base = replica.views.base
        heights = WINDOW_SEQS + (0 if base is None else base.seq)
        assert len(replica.votes) <= heights * 2 * VOTE_VIEWS_PER_SEAT_MAX * 4
        assert len(replica.early) <= WINDOW_SEQS
        assert len(replica.suspects) <= 5
        assert len(replica.view_changes) <= 5
        assert len(replica.bodies) <= 5 * len(BLOCKS)

    def _check_said(self, message: object) -> None:
        """P-6.2 and no contradiction, over all lives."""
        disk = self.seat.disk
        match message:
            case PrePrepare(view=view, block=block):
                self._vote(Prepare, view, block.header.seq, block.header.hash)
            case Prepare(view=view, seq=seq, block=name):
                self._vote(Prepare, view, seq, name)
            case Commit(view=view, seq=seq, block=name):
                self._vote(Commit, view, seq, name)
                assert disk.locked is not None
                assert (disk.locked.view, disk.locked.seq) >= (view, seq)
            case ViewChange(view=view):
                assert disk.promised >= view
                self.promised = max(self.promised, view)
            case _:
                pass

    def _vote(self, kind: type, view: View, seq: int, name: bytes) -> None:
        assert self.votes.setdefault((kind, view, seq), name) == name
        assert view >= self.promised


@settings(max_examples=200)
@given(st.lists(_happenings(), min_size=10, max_size=50))
def test_whatever_is_said_the_seat_keeps_its_word(story: list[Happening]) -> None:
    life = _Story()
    for happening in story:
        life.act(happening)
