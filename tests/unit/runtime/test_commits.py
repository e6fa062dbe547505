"""From final block to disk: whole groups, own orders found again, no going on from a split."""

from pathlib import Path

import pytest
from liandao_node.errors import BugFound
from liandao_node.ledger.modules.points_calls import Sale, Tender
from liandao_node.store.ledger import CommitWrite
from liandao_node.types import Amount, Millis, Seq, View
from liandao_node.wire.blocks import COMMIT, Block, Certificate, CommittedBlock
from liandao_node.wire.messages import PrePrepare, Range, Requests, vote_preimage
from msgspec.structs import replace
from support.runtime_node import found, heard, key_of, running_node, until
from support.runtime_peers import Peer, order


@pytest.fixture(autouse=True)
def two_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stories need two small blocks in flight; the product waits with the second."""
    monkeypatch.setattr("liandao_node.runtime.driver.EAGER_BLOCKS", 2)


def _certificate(block: Block, peers: list[Peer]) -> Certificate:
    """A quorum of real signatures: what the honest majority of a street would have to make."""
    header = block.header
    preimage = vote_preimage(
        COMMIT, header.chain_id, header.epoch, View(0), header.seq, header.hash
    )
    return Certificate(
        kind=COMMIT,
        epoch=header.epoch,
        view=View(0),
        seq=header.seq,
        block=header.hash,
        signers=sum(1 << peer.shop for peer in peers),
        signatures=[peer.key.sign(preimage) for peer in peers],
    )


@pytest.mark.rule("P-4.9")
async def test_blocks_under_one_certificate_are_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, dirs = found(tmp_path, 4)
    async with running_node(dirs[0], genesis, alone=True) as one:
        peers = [Peer(one, at, key_of(genesis, dirs[at])) for at in range(1, 4)]
        for peer in peers:
            peer.come()
        thread = one.node.committer._thread
        submit, groups = thread.submit, list[list[int]]()

        def record(group: tuple[CommitWrite, ...]) -> None:
            groups.append([write.seq for write in group])
            submit(group)

        monkeypatch.setattr(thread, "submit", record)
        await until(lambda: one.node.driver.replica.active)
        for at in range(2):
            peers[0].say(Requests([peers[0].tx(order(f"{at}")).raw]))
        first, second = heard(one).of(PrePrepare)
        for peer in peers[:2]:
            peer.prepare(first)
            peer.prepare(second)
        for peer in peers[:2]:
            peer.commit(second)
        await until(lambda: one.stores.ledger.tip().seq == 2)  # type: ignore[union-attr]
        assert groups == [[1, 2]]
        assert one.stores.ledger.seq_of_certificate_at_or_after(Seq(1)) == 2
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert one.node.ledger.tip.seq == 2
        assert one.node.driver.replica.tip.certificate is not None


async def test_a_final_block_that_leads_elsewhere_stops_the_node(tmp_path: Path) -> None:
    """The street and this node disagree on what is true: nothing is made of it here."""
    genesis, dirs = found(tmp_path, 4)
    keys = [key_of(genesis, data_dir) for data_dir in dirs]

    async def hear_of_it() -> None:
        async with running_node(dirs[0], genesis, alone=True) as one:
            peers = [Peer(one, at, key) for at, key in enumerate(keys)]
            block, execution = peers[1].block(peers[1].tx(order("a")))
            one.node.ledger.forget(execution.hash)
            lie = Block(replace(block.header, state_root=bytes(32)), block.txs)
            peers[1].say(Range([CommittedBlock(lie, _certificate(lie, peers[1:]))]))

    with pytest.raises(ExceptionGroup) as caught:
        await hear_of_it()
    bug, _ = caught.value.split(BugFound)
    assert "STATE_DIVERGED" in repr(bug)
    async with running_node(dirs[0], genesis, alone=True) as one:
        assert one.node.ledger.tip.seq == 0


async def test_own_applied_orders_are_indexed_and_nobody_elses(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 4)
    async with running_node(dirs[0], genesis, alone=True) as one:
        peers = [Peer(one, at, key_of(genesis, dirs[at])) for at in range(1, 4)]
        own = Peer(one, 0, one.node.key)

        def sold(number: int, gross: int = 100) -> Sale:
            free = Amount(0)
            return Sale(1, number, b"", Amount(gross), free, b"", free, Tender.CASH, Millis(0))

        wrong = Sale(1, 3, b"", Amount(1), Amount(2), b"", Amount(0), Tender.CASH, Millis(0))
        txs = [peers[0].tx(sold(9)), own.tx(order("x"), sold(1), wrong, sold(2))]
        block, _ = peers[0].block(*txs)
        peers[0].say(Range([CommittedBlock(block, _certificate(block, peers))]))
        await until(lambda: one.stores.ledger.order(1, 2) is not None)
        found_at = [one.stores.ledger.order(1, number) for number in (1, 2, 3, 9)]
        assert found_at == [(1, 2), (1, 4), None, None]
