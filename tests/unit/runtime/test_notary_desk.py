"""The desk of the notary of a lone node, through `Service.handle`, down to the offline check."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
from liandao_node.errors import InputFault, Refused
from liandao_node.proofs.stamps import ProvenStamp, verify_stamp
from liandao_node.store.ledger import LedgerStore
from liandao_node.types import ShopId
from liandao_node.wire.api import ReceiptReply
from liandao_node.wire.notary import (
    CountersignDocument,
    GetStamps,
    Paper,
    ProveStamp,
    StampDocument,
    StampDone,
    Stamps,
)
from support.runtime_node import OneNode, found, running_node

ME = ShopId(0)
LEASE = sha256(b"the lease").digest()


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


def _proven(tmp_path: Path, proof: str) -> ProvenStamp:
    genesis = next(tmp_path.rglob("genesis.json")).read_text()
    return verify_stamp(LEASE, proof, genesis)


async def _stamp(one: OneNode) -> StampDone:
    return await one.ask(StampDocument(LEASE, Paper.CONTRACT, []), StampDone)


async def test_a_stamp_is_proven_by_its_own_block(one: OneNode, tmp_path: Path) -> None:
    done = await _stamp(one)
    proof = (await one.ask(ProveStamp(LEASE, ME), ReceiptReply)).document
    assert one.node.ledger.tip.seq == done.height, "nothing more was ordered"
    proven = _proven(tmp_path, proof)
    assert (proven.height, proven.since_ms, proven.paper) == (done.height, done.time_ms, "contract")


async def test_the_same_document_again_is_told_its_first_time(one: OneNode) -> None:
    done = await _stamp(one)
    with pytest.raises(Refused, match="STAMP_KNOWN") as refused:
        await _stamp(one)
    assert refused.value.facts["height"] == done.height
    assert str(refused.value.facts["since"]).endswith("UTC")


@pytest.mark.rule("L-17.6")
async def test_a_stamp_whose_block_is_gone_is_said_again(
    one: OneNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = await _stamp(one)
    whole = LedgerStore.entry_proof
    monkeypatch.setattr(
        LedgerStore,
        "entry_proof",
        lambda store, seq, place: None if seq <= done.height else whole(store, seq, place),
    )
    monkeypatch.setattr(LedgerStore, "lowest", lambda _: done.height + 1)
    proof = (await one.ask(ProveStamp(LEASE, ME), ReceiptReply)).document
    assert one.node.ledger.tip.seq == done.height + 1
    proven = _proven(tmp_path, proof)
    assert (proven.height, proven.since_ms) == (done.height, done.time_ms)
    assert proven.told_ms > proven.since_ms
    assert proven.paper == "contract"


async def test_what_was_not_stamped_is_not_proven(one: OneNode) -> None:
    with pytest.raises(Refused, match="STAMP_UNKNOWN"):
        await one.ask(ProveStamp(LEASE, ME), ReceiptReply)
    with pytest.raises(Refused, match="STAMP_UNKNOWN"):
        await one.ask(CountersignDocument(LEASE, ME), StampDone)
    with pytest.raises(Refused, match="PARTY_UNKNOWN"):
        await one.ask(StampDocument(LEASE, Paper.OTHER, [ShopId(7)]), StampDone)


async def test_stamps_are_listed_the_newest_first(one: OneNode) -> None:
    assert await one.ask(GetStamps(5), Stamps) == Stamps([], [])
    await _stamp(one)
    other = sha256(b"prices").digest()
    await one.ask(StampDocument(other, Paper.PRICE_LIST, []), StampDone)
    listed = (await one.ask(GetStamps(5), Stamps)).own
    assert [(view.document, view.paper) for view in listed] == [
        (other, Paper.PRICE_LIST),
        (LEASE, Paper.CONTRACT),
    ]
    assert len((await one.ask(GetStamps(1), Stamps)).own) == 1


async def test_a_proof_holds_for_its_own_document_only(one: OneNode, tmp_path: Path) -> None:
    await _stamp(one)
    proof = (await one.ask(ProveStamp(LEASE, ME), ReceiptReply)).document
    genesis = next(tmp_path.rglob("genesis.json")).read_text()
    with pytest.raises(InputFault, match="STAMP_OTHER_DOCUMENT"):
        verify_stamp(sha256(b"the lease!").digest(), proof, genesis)
