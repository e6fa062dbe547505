"""The driver of a real node among seats that the test plays (D-3, D-14, P-4.1 to P-4.4)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trio.testing
from liandao_node.errors import PeerFault
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.transactions import sign_tx
from liandao_node.limits import CLOCK_SKEW_MS_MAX
from liandao_node.runtime.driver import EAGER_BLOCKS, FULL_BATCH_CALLS
from liandao_node.runtime.mempool import Mempool
from liandao_node.store.ledger import StoredRange
from liandao_node.types import Seq, ShopId, Signature
from liandao_node.wire.blocks import Block
from liandao_node.wire.codec import NUMBER_MAX, encode
from liandao_node.wire.messages import (
    FetchRange,
    Prepare,
    PrePrepare,
    Range,
    Requests,
    Suspect,
)
from liandao_node.wire.transactions import Call, decode_entry
from msgspec.structs import replace as changed
from support.runtime_node import HeardLinks, OneNode, found, heard, key_of, running_node, until
from support.runtime_peers import Peer, order

WRONG_CLOCK_MS = CLOCK_SKEW_MS_MAX + 1_000


@pytest.fixture(autouse=True)
def two_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stories need two small blocks in flight; the product waits with the second."""
    monkeypatch.setattr("liandao_node.runtime.driver.EAGER_BLOCKS", 2)


@asynccontextmanager
async def one_of_four(root: Path, shop: int) -> AsyncIterator[tuple[OneNode, list[Peer]]]:
    """The node of ``shop``, and all four seats with their keys; the others have come."""
    genesis, dirs = found(root, 4)
    keys = [key_of(genesis, data_dir) for data_dir in dirs]
    async with running_node(dirs[shop], genesis, alone=True) as one:
        peers = [Peer(one, at, key) for at, key in enumerate(keys)]
        for peer in peers:
            if peer.shop != shop:
                peer.come()
        await until(lambda: one.node.driver.replica.active)
        yield one, peers


@asynccontextmanager
async def one_of_one(root: Path) -> AsyncIterator[tuple[OneNode, Peer]]:
    """A lone node, and a voice that brings it transactions under its own key."""
    genesis, dirs = found(root, 1)
    key = key_of(genesis, dirs[0])
    async with running_node(dirs[0], genesis, alone=True) as one:
        yield one, Peer(one, 0, key)


def proposals(links: HeardLinks) -> list[PrePrepare]:
    """Without those that were said again."""
    return list({p.block.header.seq: p for p in links.of(PrePrepare)}.values())


async def agree(one: OneNode, peers: list[Peer], proposal: PrePrepare) -> None:
    """Two others vote, and the block becomes final at the node."""
    seq = proposal.block.header.seq
    for peer in peers:
        peer.prepare(proposal)
        peer.commit(proposal)
    await until(lambda: one.node.ledger.tip.seq >= seq)


# --- proposing ---


@pytest.mark.rule("P-4.1")
async def test_a_lone_transaction_is_proposed_at_once_and_more_gather(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 0) as (one, peers):
        links = heard(one)
        for at in range(2):
            peers[1].say(Requests([peers[1].tx(order(f"lone {at}")).raw]))
            assert [len(p.block.txs) for p in proposals(links)] == [1] * (at + 1)
        gathered = [peers[1].tx(order(f"more {at}")).raw for at in range(5)]
        for raw in gathered:
            peers[1].say(Requests([raw]))
        assert len(proposals(links)) == 2, "the pipeline is full enough: they gather"
        await agree(one, peers[1:3], proposals(links)[0])
        assert [len(p.block.txs) for p in proposals(links)] == [1, 1, 5]
        assert proposals(links)[2].block.txs == gathered


async def test_a_large_batch_is_worth_a_block_while_others_are_in_flight(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 0) as (one, peers):
        links = heard(one)
        for at in range(2):
            peers[1].say(Requests([peers[1].tx(order(f"lone {at}")).raw]))
        many = [peers[1].tx(order(f"many {at}")).raw for at in range(FULL_BATCH_CALLS)]
        peers[1].say(Requests(many[:-1]))
        assert len(proposals(links)) == 2
        peers[1].say(Requests(many[-1:]))
        assert [len(p.block.txs) for p in proposals(links)] == [1, 1, FULL_BATCH_CALLS]


# --- what no honest node sends ---


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"", "MALFORMED"),
        (b"\xc1 nonsense", "MALFORMED"),
        (encode([99, 1]), "MALFORMED"),
        (encode((10, -1))[:-1], "MALFORMED"),
        (b"\x92\x0a\xcd\x00\x05", "NOT_CANONICAL"),
    ],
)
@pytest.mark.rule("P-2.1")
async def test_a_frame_that_is_no_message_is_its_senders_fault(
    tmp_path: Path, frame: bytes, why: str
) -> None:
    async with one_of_one(tmp_path) as (_, peer):
        with pytest.raises(PeerFault) as caught:
            peer.raw(frame)
        assert (caught.value.code, caught.value.facts) == ("MESSAGE_BAD", {"why": why})


async def test_a_transaction_that_is_not_right_enters_no_pool(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 1) as (one, peers):
        good = peers[2].tx(order("good"))
        forged = peers[2].tx(order("forged"), shop=3)
        unknown = peers[2].tx(order("unknown"), shop=9)
        torn = good.raw[:-1]
        pool = one.node.driver.mempool
        for bad, code in [
            (forged.raw, "TX_BAD_SIGNATURE"),
            (unknown.raw, "TX_UNKNOWN_SHOP"),
            (torn, "TX_MALFORMED"),
            (b"", "TX_MALFORMED"),
            (bytes(70_000), "TX_TOO_LARGE"),
        ]:
            with pytest.raises(PeerFault, match=code):
                peers[2].say(Requests([bad]))
        assert len(pool) == 0
        with pytest.raises(PeerFault, match="TX_BAD_SIGNATURE"):
            peers[2].say(Requests([good.raw, forged.raw]))
        assert len(pool) == 1
        assert one.node.driver.replica.clocks.waiting_since is not None, "the good one waits"


@pytest.mark.rule("L-2.4")
async def test_a_replayed_transaction_has_one_effect(tmp_path: Path) -> None:
    async with one_of_one(tmp_path) as (one, peer):
        card = (await one.card()).card.card
        tx = peer.tx(order("once", 10_000, card))
        height = one.node.ledger.tip.seq
        for _ in range(3):
            peer.say(Requests([tx.raw, tx.raw]))
        await until(lambda: one.node.ledger.tip.seq == height + 1)
        peer.say(Requests([tx.raw]))
        assert one.node.ledger.tip.seq == height + 1, "a known one is not ordered again"
        # A node that was started anew does not remember; the ledger does.
        one.node.driver.mempool = Mempool()
        peer.say(Requests([tx.raw]))
        await until(lambda: one.node.ledger.tip.seq == height + 2)
        summary = one.node.service.summary()
        assert (summary.points_issued, summary.calls) == (200, 3)


@pytest.mark.rule("L-2.6")
async def test_text_that_is_none_is_refused_and_stops_nobody(tmp_path: Path) -> None:
    """Every node executes what one member signs: a crash here would be one of the street."""
    async with one_of_one(tmp_path) as (one, peer):
        good = as_call(order("a"))
        call = Call(good.kind, good.body.replace(b"test", b"\xff\xfe\xfd\xfc"))
        assert call.body != good.body
        tx = sign_tx(one.node.genesis.chain_id, peer.shop, 99 << 32, [call], peer.key)
        peer.say(Requests([tx.raw]))
        await until(lambda: one.node.ledger.tip.seq == 1)
        await until(lambda: one.stores.ledger.tip().seq == 1)  # type: ignore[union-attr]
        entry = decode_entry(one.stores.ledger.entries(Seq(1))[0])
        assert one.node.ledger.machine.code_name(entry.code) == "CALL_MALFORMED"


async def test_a_forged_vote_is_its_senders_fault(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 0) as (one, peers):
        peers[1].say(Requests([peers[1].tx(order("a")).raw]))
        (proposal,) = proposals(heard(one))
        honest = peers[3].vote(1, proposal)
        peers[1].prepare(proposal)
        with pytest.raises(PeerFault) as caught:
            peers[3].say(changed(honest, signature=Signature(bytes(64))))
        assert (caught.value.code, caught.value.facts) == ("VOTE_FORGED", {"shop": 3})
        await agree(one, peers[1:3], proposal)
        assert "VOTE_FORGED" not in one.node.faults, "the network counts what it is told"


async def test_nobody_is_cut_off_for_another_seats_forgery(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 0) as (one, peers):
        peers[1].say(Requests([peers[1].tx(order("a")).raw]))
        (proposal,) = proposals(heard(one))
        peers[3].say(changed(peers[3].vote(1, proposal), signature=Signature(bytes(64))))
        peers[1].prepare(proposal)  # a quorum might stand: now the forgery shows
        assert one.node.faults["VOTE_FORGED"] == 1
        await agree(one, peers[1:3], proposal)


# --- blocks of a leader ---


@pytest.mark.rule("P-4.3")
@pytest.mark.parametrize("late_ms", [WRONG_CLOCK_MS, -WRONG_CLOCK_MS])
async def test_a_block_of_a_wrong_clock_is_refused_and_its_leader_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, late_ms: int
) -> None:
    async with one_of_four(tmp_path, 1) as (one, peers):
        tx = peers[0].tx(order("a"))
        early = one.node.genesis.created_ms + late_ms < one.node.ledger.tip.time_ms
        if early:
            one.node.clock.heard(peers[2].shop, one.node.clock.own_ms() + 60_000)  # type: ignore[arg-type]
            one.node.clock.heard(peers[3].shop, one.node.clock.own_ms() + 60_000)  # type: ignore[arg-type]
        block, _ = peers[0].block(tx, late_ms=late_ms)
        peers[0].say(peers[0].propose(block))
        assert dict(one.node.faults) == {"BLOCK_TIME": 1}
        assert not heard(one).of(Prepare)
        assert heard(one).of(Suspect), "another leader may have a better clock"


async def test_a_pipeline_behind_a_wrong_clock_cuts_nobody_off(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with one_of_four(tmp_path, 1) as (one, peers):
        first, execution = peers[0].block(peers[0].tx(order("a")), late_ms=WRONG_CLOCK_MS)
        second, _ = peers[0].block(
            peers[0].tx(order("b")), late_ms=WRONG_CLOCK_MS + 1, parent=execution
        )
        one.node.ledger.forget(execution.hash)
        # The clock is put right between the two: only the first one is off.
        peers[0].say(peers[0].propose(second))
        feed_at = one.node.clock.street_ms
        answers = iter([feed_at(), feed_at() + WRONG_CLOCK_MS])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(one.node.clock, "street_ms", lambda: next(answers, feed_at()))
            peers[0].say(peers[0].propose(first))
        assert one.node.faults["BLOCK_TIME"] == 1
        assert "PROPOSAL_BAD" not in one.node.faults


@pytest.mark.rule("P-4.4")
async def test_a_block_that_leads_elsewhere_is_its_leaders_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with one_of_four(tmp_path, 1) as (one, peers):
        block, execution = peers[0].block(peers[0].tx(order("a")))
        one.node.ledger.forget(execution.hash)
        lying = Block(changed(block.header, state_root=bytes(32)), block.txs)
        with pytest.raises(PeerFault, match="PROPOSAL_BAD"):
            peers[0].say(peers[0].propose(lying))
        assert one.node.faults["BLOCK_ROOT_MISMATCH"] == 1
        assert not heard(one).of(Prepare)


async def test_a_block_with_a_forged_transaction_gets_no_vote(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 1) as (one, peers):
        signed_by_another = peers[0].tx(order("a"), shop=2)
        forged = replace(signed_by_another, key=one.node.ledger.keys()[ShopId(2)])
        block, execution = peers[0].block(forged)
        one.node.ledger.forget(execution.hash)
        with pytest.raises(PeerFault, match="PROPOSAL_BAD"):
            peers[0].say(peers[0].propose(block))
        assert one.node.faults["BLOCK_TX"] == 1
        assert not heard(one).of(Prepare)


# --- for those that were away ---


@pytest.mark.rule("P-7.3")
async def test_a_range_ends_with_a_certificate(tmp_path: Path) -> None:
    async with one_of_four(tmp_path, 0) as (one, peers):
        links = heard(one)
        for at in range(2):
            peers[1].say(Requests([peers[1].tx(order(f"{at}")).raw]))
        first, second = proposals(links)
        for peer in peers[1:3]:
            peer.prepare(first)
            peer.prepare(second)
        for peer in peers[1:3]:
            peer.commit(second)  # its certificate speaks for the first block too
        await until(lambda: one.stores.ledger.tip().seq == 2)  # type: ignore[union-attr]
        for asked, given in [(1, [1, 2]), (2, [2]), (0, [1, 2])]:
            links.sent.clear()
            peers[3].say(FetchRange(Seq(asked)))
            (answer,) = links.of(Range)
            assert [c.block.header.seq for c in answer.blocks] == given
            assert [c.certificate is None for c in answer.blocks] == [True, False][-len(given) :]
        for nothing in (3, NUMBER_MAX):
            links.sent.clear()
            peers[3].say(FetchRange(Seq(nothing)))
            assert links.of(Range) == [Range([])]


async def test_blocks_that_nothing_speaks_for_are_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_of_four(tmp_path, 0) as (one, peers):
        monkeypatch.setattr(one.stores.ledger, "range", lambda *_: StoredRange([], [], b""))
        peers[3].say(FetchRange(Seq(0)))
        assert heard(one).of(Range) == [Range([])]


async def test_blocks_wait_until_the_disk_can_take_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue that is full would otherwise end the node in the middle of catching up."""
    genesis, dirs = found(tmp_path, 4)
    keys = [key_of(genesis, data_dir) for data_dir in dirs]
    async with running_node(dirs[0], genesis, alone=True) as source:
        peers = [Peer(source, at, key) for at, key in enumerate(keys)]
        for peer in peers[1:]:
            peer.come()
        await until(lambda: source.node.driver.replica.active)
        peers[1].say(Requests([peers[1].tx(order("a")).raw]))
        await agree(source, peers[1:3], proposals(heard(source))[0])
        await until(lambda: source.stores.ledger.tip().seq == 1)  # type: ignore[union-attr]
        peers[3].say(FetchRange(Seq(1)))
        (answer,) = heard(source).of(Range)
    async with running_node(dirs[3], genesis, alone=True) as one:
        peer = Peer(one, 0, keys[0])
        committer = one.node.committer
        with monkeypatch.context() as patch:
            patch.setattr(type(committer), "behind", property(lambda _: True))
            peer.say(answer)
            await trio.testing.wait_all_tasks_blocked()
            assert one.node.ledger.tip.seq == 0
        await until(lambda: one.node.ledger.tip.seq == 1)


async def test_one_small_block_is_in_flight_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes meanwhile shares the next block: side by side they would slow each other."""
    monkeypatch.setattr("liandao_node.runtime.driver.EAGER_BLOCKS", EAGER_BLOCKS)
    async with one_of_four(tmp_path, 0) as (one, peers):
        links = heard(one)
        for at in range(3):
            peers[1].say(Requests([peers[1].tx(order(f"{at}")).raw]))
        assert [len(proposal.block.txs) for proposal in proposals(links)] == [1]
