"""Each lie is told: what a liar says is not what its replica meant."""

from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from liandao_node.crypto.keys import Verifier
from liandao_node.limits import SNAPSHOT_PIECE_MS_MAX, STATUS_MS
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.liars import Liar, Lie
from liandao_node.sim.node import Node
from liandao_node.sim.plan import LiarPlan, draw
from liandao_node.sim.snapshots import HeldSnapshots
from liandao_node.sim.story import Life
from liandao_node.store.snapshots import decode_index
from liandao_node.types import Millis, Seq, ShopId, View
from liandao_node.wire.blocks import PREPARE, Block, CommittedBlock
from liandao_node.wire.messages import (
    Body,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Snapshot,
    Status,
    Suspect,
    ViewChange,
    vote_preimage,
)
from msgspec.structs import replace
from support.cluster import Cluster
from support.consensus_forms import (
    CHAIN,
    commit,
    fake_verify,
    final,
    lock,
    make_chain,
    new_view,
    prepare,
    proposal,
    signer,
    status,
    view_change,
)

(BLOCK,) = make_chain(1, "sale")
TRIES = 40


def _said(lie: Lie, message: Message) -> dict[int, list[Message]]:
    """By hearer: what a liar in seat 1 makes of a message that it sends again and again."""
    cluster = Cluster(4, write_ms_max=0)
    liar = cluster.liar(1, lie)
    cluster.start()
    cluster.timeline.run(50)
    liar.first_lock = lock(0, BLOCK)
    for seat in (0, 2, 3):
        liar.heard[View(1)][ShopId(seat)] = view_change(seat, 1)
    heard: dict[int, list[Message]] = {0: [], 2: [], 3: []}

    def listen(source: Node, target: Node, said: Message) -> bool:
        if source is liar:
            heard[target.place].append(said)
        return source is liar

    cluster.network.filter = listen
    for _ in range(TRIES):
        liar.broadcast(message)
        cluster.timeline.run(1)
    cluster.timeline.run(STATUS_MS)
    return {
        at: [m for m in said if type(m) is not Status or isinstance(message, Status)]
        for at, said in heard.items()
    }


def _all(said: dict[int, list[Message]]) -> list[Message]:
    return [message for heard in said.values() for message in heard]


PROPOSAL = proposal(1, 1, BLOCK)
PROMISE = view_change(1, 1, lock(0, BLOCK), final(0, BLOCK))
BEGINNING = new_view(1, 1, [view_change(seat, 1) for seat in (1, 2, 3)])


def test_who_does_not_lie_says_what_it_means() -> None:
    said = _all(_said(Lie.SILENT_SOURCE, prepare(1, 0, BLOCK)))
    assert said == [prepare(1, 0, BLOCK)] * (3 * TRIES)


def test_withheld_words_are_missing_here_and_there() -> None:
    said = _said(Lie.WITHHOLD, prepare(1, 0, BLOCK))
    assert all(0 < len(heard) < TRIES for heard in said.values())


def test_some_are_shunned() -> None:
    assert min(len(h) for h in _said(Lie.SELECTIVE, prepare(1, 0, BLOCK)).values()) == 0


@pytest.mark.parametrize("lie", [Lie.TWO_BLOCKS, Lie.BAD_BLOCK])
def test_two_proposals_for_one_place(lie: Lie) -> None:
    said = [m.block.header.hash for m in _all(_said(lie, PROPOSAL)) if isinstance(m, PrePrepare)]
    assert len(set(said)) == 2


def test_rash_commits() -> None:
    assert commit(1, 1, BLOCK) in _all(_said(Lie.RASH, PROPOSAL))


def test_promises_without_the_lock_or_with_an_old_one() -> None:
    for lie, shown in ((Lie.NO_LOCK, None), (Lie.OLD_LOCK, lock(0, BLOCK))):
        wanted = view_change(1, 1, lock(0, BLOCK) if lie is Lie.NO_LOCK else None)
        said = [m for m in _all(_said(lie, wanted)) if isinstance(m, ViewChange)]
        assert shown in [change.prepared for change in said]
        assert all(_signed_by(change, fake_verify) for change in said)


def _signed_by(change: ViewChange, verify: Verifier) -> bool:
    return verify(signer(change.seat).public_key, change.preimage(CHAIN), change.signature)


def test_two_beginnings_of_a_view_both_by_a_quorum() -> None:
    said = [m for m in _all(_said(Lie.TWO_VIEWS, BEGINNING)) if isinstance(m, NewView)]
    assert len({message.digest for message in said}) == 2
    assert all(len(message.view_changes) >= 3 for message in said)


def test_false_blocks_under_right_headers() -> None:
    served = Range([CommittedBlock(BLOCK, final(0, BLOCK))])
    for message in (Body(BLOCK), served):
        for said in _all(_said(Lie.FALSE_BLOCKS, message)):
            block: Block = said.block if isinstance(said, Body) else said.blocks[0].block  # type: ignore[union-attr]
            assert block.header == BLOCK.header
            assert block.txs != BLOCK.txs


def test_a_silent_source() -> None:
    assert _all(_said(Lie.SILENT_SOURCE, Body(BLOCK))) == []


def test_a_source_that_gives_nothing_and_says_again_that_there_is_more() -> None:
    served = Range([CommittedBlock(BLOCK, final(0, BLOCK))])
    assert set(map(len, _blocks(Lie.PESTERS, served))) == {0}
    said = [m for m in _all(_said(Lie.PESTERS, status(0))) if isinstance(m, Status)]
    assert {message.epoch for message in said} == {0, 1}


def test_a_source_that_gives_one_block_at_a_time() -> None:
    served = Range([CommittedBlock(BLOCK, final(0, BLOCK))] * 3)
    assert set(map(len, _blocks(Lie.DRIPS, served))) == {1}


def _blocks(lie: Lie, message: Range) -> list[list[CommittedBlock]]:
    return [said.blocks for said in _all(_said(lie, message)) if isinstance(said, Range)]


def test_signatures_that_do_not_hold() -> None:
    said = [m for m in _all(_said(Lie.FORGERY, prepare(1, 0, BLOCK))) if isinstance(m, Prepare)]
    assert {m.signature for m in said} > {prepare(1, 0, BLOCK).signature}


def test_certificates_of_nobody() -> None:
    said = [m for m in _all(_said(Lie.FALSE_CERTIFICATE, status(0))) if isinstance(m, Status)]
    false = [m.certificate for m in said if m.certificate is not None]
    assert false
    assert all(len(set(certificate.signatures)) == 1 for certificate in false)


def test_votes_for_other_epochs_are_well_signed() -> None:
    said = [m for m in _all(_said(Lie.OTHER_EPOCH, prepare(1, 0, BLOCK))) if isinstance(m, Prepare)]
    other = [m for m in said if m.epoch == 1]
    assert other
    for m in other:
        preimage = vote_preimage(PREPARE, CHAIN, m.epoch, m.view, Seq(m.seq), m.block)
        assert fake_verify(signer(1).public_key, preimage, m.signature)


def test_stale_words() -> None:
    cluster = Cluster(4)
    liar = cluster.liar(1, Lie.STALE)
    cluster.start()
    for at in range(20):
        cluster.submit(b"%d" % at)
        cluster.timeline.run(500)
    assert liar.kept


def test_slow_words_come_all_and_late() -> None:
    cluster = Cluster(4)
    liar = cluster.liar(1, Lie.SLOW)
    cluster.start()
    arrived: list[int] = []

    def listen(source: Node, _: Node, __: Message) -> bool:
        if source is liar:
            arrived.append(cluster.timeline.now)
        return False

    cluster.network.filter = listen
    began = cluster.timeline.now
    liar.send(ShopId(0), commit(1, 0, BLOCK))
    cluster.timeline.run(300)
    assert arrived
    assert arrived[0] - began >= 20


def test_hurry_suspects_and_claims() -> None:
    said = _all(_said(Lie.HURRY, status(0)))
    assert any(isinstance(m, Suspect) for m in said)
    assert any(isinstance(m, Status) and m.promised > 2**60 for m in said)


def test_false_clocks_differ() -> None:
    said = _all(_said(Lie.FALSE_CLOCK, status(0)))
    clocks: set[Millis] = {m.clock_ms for m in said if isinstance(m, Status)}
    assert len(clocks) > 2


def _life(lie: Lie) -> tuple[Liar, HeldSnapshots]:
    """A liar with two snapshots to give."""
    plan = replace(draw(0), shops=4, seated=4, liars=[LiarPlan(1, [lie])], twin=[], keep_epochs=2)
    life = Life(replace(plan, wall_ms=[0] * 4, happenings=[]))
    liar = life.street.nodes[1]
    assert isinstance(liar, Liar)
    assert isinstance(liar.books, LedgerBooks)
    folder = liar.books.snapshots
    for seq in (3, 6):
        folder.write(
            chain_id=CHAIN,
            seq=Seq(seq),
            calls=0,
            block=b"block",
            handovers=[b"one", b"two", b"three"],
            records=[(b"a", b"1" * seq), (b"b", b"2")],
        )
    return liar, folder


def _pieces(lie: Lie) -> tuple[list[Snapshot], list[bytes]]:
    """What a liar gives of its newest snapshot, and what it should give."""
    liar, folder = _life(lie)
    right = folder.pieces(Seq(6))
    told = [
        said
        for _ in range(TRIES)
        for number, data in enumerate(right)
        for said in liar._altered(ShopId(0), Snapshot(Seq(6), number, data))
        if isinstance(said, Snapshot)
    ]
    return told, right


@pytest.mark.parametrize("lie", [Lie.FALSE_STATE, Lie.SKIPPED_EPOCH])
def test_false_snapshots_are_named_by_their_index(lie: Lie) -> None:
    told, right = _pieces(lie)
    data = [said.data for said in told[: len(right)]]
    assert data != right
    named = [piece.digest for piece in decode_index(data[0]).pieces]
    assert named == [sha256(piece).digest() for piece in data[1:]]


def test_bad_pieces_come_now_and_then_and_the_index_is_right() -> None:
    told, right = _pieces(Lie.BAD_PIECE)
    wrong = [said for said in told if said.data != right[said.piece]]
    assert 0 < len(wrong) < len(told) / 2
    assert all(said.piece for said in wrong)


def test_an_old_snapshot_stands_for_the_newest() -> None:
    told, _ = _pieces(Lie.OLD_SNAPSHOT)
    assert {said.seq for said in told if not said.piece} == {3}


def test_a_stalling_source_gives_the_index_alone() -> None:
    told, right = _pieces(Lie.STALLS)
    assert {(said.piece, said.data) for said in told} == {(0, right[0])}


def test_pieces_that_come_one_by_one_just_before_patience_ends() -> None:
    cluster = Cluster(4)
    liar = cluster.liar(1, Lie.TRICKLES)
    cluster.start()
    heard = [cluster.timeline.now]

    def listen(source: Node, _: Node, said: Message) -> bool:
        if isinstance(said, Snapshot) and source is liar:
            heard.append(cluster.timeline.now)
        return source is liar

    cluster.network.filter = listen
    for number in range(3):
        liar.send(ShopId(0), Snapshot(Seq(6), number, b""))
    cluster.timeline.run(3 * SNAPSHOT_PIECE_MS_MAX)
    steps = [later - earlier for earlier, later in pairwise(heard)]
    assert len(steps) == 3
    assert all(SNAPSHOT_PIECE_MS_MAX / 2 < step < SNAPSHOT_PIECE_MS_MAX for step in steps)


def test_every_lie_has_its_test() -> None:
    """A new one is added above, too."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f"Lie.{lie.name}" in text for lie in Lie)
