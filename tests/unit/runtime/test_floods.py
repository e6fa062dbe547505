"""A member that floods: what it sends is bounded, and costs itself alone (T21, T39, T40, T41).

Floods of votes, views and promises inside the core stand in tests/unit/consensus (test_votes,
test_view_change, test_evidence); frames and counts in tests/property/wire.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from liandao_node.crypto import merkle
from liandao_node.errors import PeerFault
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.limits import (
    BLOCK_BYTES_MAX,
    CALL_BODY_BYTES_MAX,
    FRAME_BYTES_MAX,
    WINDOW_SEQS,
)
from liandao_node.runtime.mempool import portions
from liandao_node.types import Epoch, Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block, CommittedBlock
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Commit, FetchRange, Prepare, Range, Requests, Suspect
from liandao_node.wire.transactions import Call
from msgspec.structs import replace
from support.runtime_node import OneNode, found, heard, key_of, running_node, until
from support.runtime_peers import Peer, order

FAR = Seq(2**62)


@asynccontextmanager
async def _one_of_four(root: Path, shop: int) -> AsyncIterator[tuple[OneNode, list[Peer]]]:
    genesis, dirs = found(root, 4)
    keys = [key_of(genesis, data_dir) for data_dir in dirs]
    async with running_node(dirs[shop], genesis, alone=True) as one:
        peers = [Peer(one, at, key) for at, key in enumerate(keys)]
        for peer in peers:
            if peer.shop != shop:
                peer.come()
        await until(lambda: one.node.driver.replica.active)
        yield one, peers


def _large(peer: Peer, number: int) -> SignedTx:
    """A transaction of nearly 64 KiB, well-formed and signed; what it asks for is nonsense."""
    calls = [Call(403, bytes(CALL_BODY_BYTES_MAX - 64))] * 15
    chain = peer.one.node.genesis.chain_id
    return sign_tx(chain, peer.shop, (99 << 32) + number, calls, peer.key)


# --- blocks and frames ---


async def test_a_leaders_block_is_no_larger_than_a_block_may_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """T39: one of nearly a frame's size would be final, and with its certificate it would fit no
    RANGE: nobody who was away could come back over it."""
    async with _one_of_four(tmp_path, 1) as (one, peers):
        fitting = [_large(peers[0], number) for number in range(BLOCK_BYTES_MAX // 62_000 + 2)]
        assert len(encode([tx.raw for tx in fitting])) > BLOCK_BYTES_MAX
        small, _ = peers[0].block(peers[0].tx(order("a")))
        raws, calls = [tx.raw for tx in fitting], sum(len(tx.tx.calls) for tx in fitting)
        header = replace(small.header, tx_root=merkle.root(raws), call_count=calls)
        block = Block(header, raws)
        with pytest.raises(PeerFault, match="PROPOSAL_BAD"):
            peers[0].say(peers[0].propose(block))
        assert one.node.faults["BLOCK_BAD"] == 1
        assert "why=bytes" in caplog.text
        assert heard(one).of(Prepare) == []


async def test_what_waits_goes_out_in_frames_that_a_channel_takes(tmp_path: Path) -> None:
    """A shop with a day's imports in its outbox, and a seat that comes back: all at once they
    made one frame of more than a channel sends."""
    async with _one_of_four(tmp_path, 1) as (one, peers):
        txs = [_large(peers[1], number) for number in range(70)]
        assert sum(len(tx.raw) for tx in txs) > 2 * FRAME_BYTES_MAX
        one.node.driver.broadcast_txs(txs, to=ShopId(0))
        sent = [m for _, m in heard(one).sent if isinstance(m, Requests)]
        assert [raw for message in sent for raw in message.txs] == [tx.raw for tx in txs]
        assert max(len(encode(message)) for message in sent) <= FRAME_BYTES_MAX
    assert list(portions([])) == []
    assert list(portions(txs[:1])) == [[txs[0].raw]]


# --- numbers and views ---


async def test_heights_and_views_at_the_end_of_numbers_leave_nothing_behind(
    tmp_path: Path,
) -> None:
    """T39: 2^62 heights, 2^62 views, all kinds."""
    async with _one_of_four(tmp_path, 1) as (one, peers):
        liar, replica = peers[3], one.node.driver.replica
        name, nothing = one.node.ledger.tip.hash, Signature(bytes(64))
        epoch = Epoch(0)
        for number in range(60):
            seq, view = Seq(FAR - number), View(FAR - number)
            for kind in (Prepare, Commit):
                liar.say(kind(epoch, View(0), seq, name, nothing))
                liar.say(kind(epoch, view, Seq(1), name, nothing))
            with pytest.raises(PeerFault, match="VOTE_FORGED"):
                liar.say(Suspect(epoch, view, 1, nothing))
        assert len(replica.votes) <= 2 * 4
        assert not replica.early
        assert not replica.awaited
        assert len(replica.bodies) <= WINDOW_SEQS
        assert replica.views.promised == 0


# --- transactions ---


async def test_a_transaction_said_again_a_hundred_times_is_executed_once(tmp_path: Path) -> None:
    """T21: before it is ordered, after it, and inside a block of a lying leader."""
    async with _one_of_four(tmp_path, 1) as (one, peers):
        tx = peers[2].tx(order("once"))
        for _ in range(100):
            peers[3].say(Requests([tx.raw, tx.raw]))
        assert len(one.node.driver.mempool) == 1
        block, execution = peers[0].block(tx)
        _agree(peers, block)
        await until(lambda: one.node.ledger.tip.seq == 1)
        calls, issued = one.node.ledger.tip.calls, one.node.service.summary().points_issued
        peers[3].say(Requests([tx.raw]))
        assert len(one.node.driver.mempool) == 0
        again, _ = peers[0].block(tx)
        _agree(peers, again)
        await until(lambda: one.node.ledger.tip.seq == 2)
        assert execution.header.call_count == 1
        assert one.node.ledger.tip.calls == calls + 1, "the refusal has its entry, too"
        assert one.node.service.summary().points_issued == issued


def _agree(peers: list[Peer], block: Block) -> None:
    offered = peers[0].propose(block)
    peers[0].say(offered)
    for kind in (PREPARE, COMMIT):
        for peer in (peers[0], peers[2], peers[3]):
            if (kind, peer.shop) != (PREPARE, 0):
                peer.say(peer.vote(kind, offered))


async def test_one_shop_fills_its_own_part_of_the_pool_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T39: the other shops' sales go on."""
    limit = 40
    monkeypatch.setattr("liandao_node.runtime.mempool.MEMPOOL_TXS_PER_SHOP_MAX", limit)
    async with _one_of_four(tmp_path, 1) as (one, peers):
        chain = one.node.genesis.chain_id
        for number in range(limit + 50):
            tx = sign_tx(chain, ShopId(3), (99 << 32) + number, [Call(403, b"")], peers[3].key)
            peers[3].say(Requests([tx.raw]))
        assert len(one.node.driver.mempool) == limit
        assert one.node.faults["MEMPOOL_FULL"] == 50
        peers[3].say(Requests([peers[2].tx(order("another shop's")).raw]))
        assert len(one.node.driver.mempool) == limit + 1


# --- sources of catch-up ---


async def test_a_source_that_lies_is_cut_off_and_the_next_one_asked(tmp_path: Path) -> None:
    """T40: with everything it can say about a block."""
    async with _one_of_four(tmp_path, 1) as (one, peers):
        block, _ = peers[0].block(peers[0].tx(order("a")))
        lies = [
            Block(block.header, [b"not what was agreed"]),
            Block(replace(block.header, parent=type(block.header.parent)(b"p" * 32)), block.txs),
        ]
        for lie in lies:
            with pytest.raises(PeerFault, match="RANGE_BAD"):
                peers[3].say(Range([CommittedBlock(lie, None)]))
            assert one.node.ledger.tip.seq == 0
        later = Block(replace(block.header, seq=Seq(2)), block.txs)
        peers[3].say(Range([CommittedBlock(later, None)]))  # perhaps the answer to an old request
        peers[3].say(Range([]))  # nothing to give is no lie
        peers[3].say(Range([CommittedBlock(block, None)]))
        assert one.node.ledger.tip.seq == 0, "nothing is taken above the last certificate"


async def test_a_flood_of_requests_for_blocks_is_answered_within_a_frame(tmp_path: Path) -> None:
    """T39."""
    async with _one_of_four(tmp_path, 1) as (one, peers):
        for number in range(60):
            peers[3].say(FetchRange(Seq(number) if number % 2 else FAR))
        answers = [message for to, message in heard(one).sent if isinstance(message, Range)]
        assert all(len(encode(answer)) <= FRAME_BYTES_MAX for answer in answers)
