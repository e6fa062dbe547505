"""Blocks on overlays: executed, checked, committed, dropped, flushed."""

from collections.abc import Callable

import pytest
from liandao_node.crypto import merkle, multiset
from liandao_node.errors import BugFound, PeerFault
from liandao_node.ledger import queries
from liandao_node.ledger.beginning import NO_PARENT, Tip, genesis_header, genesis_tip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.modules.cards import Cards
from liandao_node.ledger.modules.membership import Membership
from liandao_node.ledger.state import recompute
from liandao_node.ledger.transactions import SignedTx
from liandao_node.limits import BLOCK_CALLS_MAX, BLOCK_TXS_MAX, EXECUTIONS_MAX
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block, Header
from msgspec import structs
from support.ledger_street import BEGIN_MS, Street, changed_by_calls, make_card, make_genesis, sale


@pytest.fixture
def street() -> Street:
    return Street()


def _buy(street: Street, number: int) -> SignedTx:
    return street.tx(0, sale(number, 100))


def _child(street: Street, parent: Execution | None, number: int) -> Execution:
    """A block of one sale above an execution, or above the tip."""
    street.wait(1)
    if parent is None:
        return street.execute(_buy(street, number))
    return street.execute(_buy(street, number), parent=parent.hash, seq=parent.header.seq + 1)


def _has_order(street: Street, number: int) -> bool:
    return queries.order(street.ledger.view(), ShopId(0), 1, number) is not None


# --- genesis ---


@pytest.mark.rule("L-8.5")
def test_block_zero_is_computed_from_the_genesis_file() -> None:
    genesis = make_genesis()
    changes, accumulator = Ledger.genesis_changes(genesis)
    header = Ledger.genesis_header(genesis)
    assert (header.seq, header.parent, header.call_count) == (0, NO_PARENT, 0)
    assert (header.time_ms, header.chain_id) == (BEGIN_MS, genesis.chain_id)
    assert header.tx_root == header.result_root == merkle.EMPTY_ROOT
    assert header.state_root == multiset.digest(accumulator)
    assert None not in changes.values()
    assert genesis_tip(genesis) == Tip(Seq(0), header.hash, BEGIN_MS, accumulator, calls=0)


@pytest.mark.rule("L-8.5")
def test_another_genesis_is_another_chain() -> None:
    assert genesis_header(make_genesis(2)).hash != genesis_header(make_genesis(3)).hash


# --- execute ---


@pytest.mark.rule("L-8.1")
@pytest.mark.rule("L-9.2")
def test_header_certifies_transactions_entries_and_state(street: Street) -> None:
    txs = [street.tx(0, sale(1, 100), sale(2, 100)), street.tx(1, sale(1, 100))]
    street.wait(5)
    execution = street.execute(*txs)
    header = execution.header
    assert header.tx_root == merkle.root([tx.raw for tx in txs])
    assert header.result_root == merkle.root(execution.entries)
    assert header.state_root == multiset.digest(execution.accumulator)
    assert (header.call_count, header.seq, header.parent) == (3, 1, street.ledger.tip.hash)
    assert (header.epoch, header.next_committee, header.version) == (0, b"", 1)
    assert execution.hash == header.hash
    assert execution.tx_ids == tuple(tx.id for tx in txs)
    assert execution.tip.calls == 3


@pytest.mark.rule("L-8.1")
def test_same_arguments_same_execution(street: Street) -> None:
    tx = _buy(street, 1)
    street.wait(1)
    first = street.execute(tx)
    assert street.execute(tx) is first
    street.wait(1)
    assert street.execute(tx).hash != first.hash


@pytest.mark.rule("L-9.2")
def test_state_root_holds_neither_height_nor_time() -> None:
    """Two blocks that leave the same records have the same state root."""
    modules = (Membership(), Cards())  # no module that counts blocks
    street = Street(make_genesis(modules=modules), modules)
    tx = street.tx(0, street.enrolment(0, make_card(1)))
    street.block(tx)
    street.wait(1)
    again = street.execute(tx)
    assert again.header.state_root == street.history[-1].header.state_root
    assert again.hash != street.history[-1].hash


def _at_its_parents_time(street: Street) -> Execution:
    street.wait(-1)
    return street.execute(_buy(street, 1))


@pytest.mark.rule("L-1.4")
@pytest.mark.rule("L-8.1")
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda s: s.execute(), "txs"),
        (lambda s: s.execute(_buy(s, 1), seq=2), "seq"),
        (lambda s: s.execute(_buy(s, 1), parent=BlockHash(b"x" * 32)), "parent"),
        (_at_its_parents_time, "time"),
        (lambda s: s.execute(*(_buy(s, n) for n in range(BLOCK_TXS_MAX + 1))), "txs"),
    ],
)
def test_impossible_blocks_are_our_bug(
    street: Street, make: Callable[[Street], Execution], why: str
) -> None:
    street.wait(1)
    with pytest.raises(BugFound, match=rf"BLOCK_IMPOSSIBLE.*why={why}"):
        make(street)


# --- check ---


def _peer_block(street: Street, **changed: object) -> tuple[Block, list[SignedTx]]:
    tx = _buy(street, 1)
    street.wait(1)
    header = Street().ledger.tip  # a node of its own at the same tip
    assert header == street.ledger.tip
    other = Street()
    other.time_ms = street.time_ms
    made = other.execute(tx).header
    return Block(structs.replace(made, **changed), [tx.raw]), [tx]


@pytest.mark.rule("L-8.2")
def test_an_honest_block_passes(street: Street) -> None:
    block, txs = _peer_block(street)
    execution = street.ledger.check(block, txs)
    assert execution.header == block.header
    assert street.ledger.check(block, txs) is execution


@pytest.mark.rule("L-8.2")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tx_root": bytes(32)}, "BLOCK_ROOT_MISMATCH.*field=tx_root"),
        ({"result_root": bytes(32)}, "BLOCK_ROOT_MISMATCH.*field=result_root"),
        ({"state_root": bytes(32)}, "BLOCK_ROOT_MISMATCH.*field=state_root"),
        ({"version": 2}, "BLOCK_HEADER_MISMATCH.*field=version"),
        ({"chain_id": bytes(32)}, "BLOCK_HEADER_MISMATCH.*field=chain_id"),
        ({"call_count": 2}, "BLOCK_HEADER_MISMATCH.*field=call_count"),
        ({"next_committee": b"x"}, "BLOCK_HEADER_MISMATCH.*field=next_committee"),
        ({"parent": b"x" * 32}, "BLOCK_PARENT_UNKNOWN"),
        ({"seq": 2}, "BLOCK_BAD.*why=seq"),
        ({"seq": 2**63}, "BLOCK_BAD.*why=seq"),
        ({"time_ms": BEGIN_MS}, "BLOCK_BAD.*why=time"),
        ({"time_ms": -1}, "BLOCK_BAD.*why=time"),
    ],
)
def test_a_lying_header_is_the_peers_fault(
    street: Street, changed: dict[str, object], code: str
) -> None:
    block, txs = _peer_block(street, **changed)
    with pytest.raises(PeerFault, match=code):
        street.ledger.check(block, txs)
    with pytest.raises(BugFound):
        street.ledger.commit(block.header.hash)
    assert street.ledger._executions == {}


@pytest.mark.rule("L-8.2")
def test_a_true_header_over_other_transactions_is_found(street: Street) -> None:
    block, txs = _peer_block(street)
    street.ledger.check(block, txs)
    swapped = [_buy(street, 2)]
    with pytest.raises(PeerFault, match="field=tx_root"):
        street.ledger.check(Block(block.header, [tx.raw for tx in swapped]), swapped)
    assert block.header.hash in street.ledger._executions


@pytest.mark.rule("L-8.2")
def test_blocks_are_bounded(street: Street) -> None:
    many = street.tx(0, *(sale(n, 1) for n in range(BLOCK_CALLS_MAX // 8)))
    txs = [many] * 9
    header = structs.replace(genesis_header(street.genesis), seq=Seq(1))
    header = structs.replace(header, parent=street.ledger.tip.hash, time_ms=Millis(BEGIN_MS + 1))
    with pytest.raises(PeerFault, match="why=calls"):
        street.ledger.check(Block(header, [tx.raw for tx in txs]), txs)
    with pytest.raises(PeerFault, match="why=txs"):
        street.ledger.check(Block(header, []), [])


# --- commit, forget, flush ---


@pytest.mark.rule("L-8.3")
def test_commit_moves_the_tip_and_drops_other_branches(street: Street) -> None:
    left, right = _child(street, None, 1), _child(street, None, 2)
    left_child, right_child = _child(street, left, 3), _child(street, right, 4)
    street.ledger.commit(left.hash)
    assert street.ledger.tip == left.tip
    assert (_has_order(street, 1), _has_order(street, 2)) == (True, False)
    for gone in (right, right_child, left):
        with pytest.raises(BugFound, match="COMMIT_OUT_OF_ORDER"):
            street.ledger.commit(gone.hash)
    street.ledger.commit(left_child.hash)
    assert street.ledger.tip.seq == 2


@pytest.mark.rule("L-8.3")
def test_a_grandchild_is_not_committed_before_its_parent(street: Street) -> None:
    child = _child(street, None, 1)
    grandchild = _child(street, child, 2)
    with pytest.raises(BugFound, match="COMMIT_OUT_OF_ORDER"):
        street.ledger.commit(grandchild.hash)
    assert street.ledger.commit(child.hash) is child
    assert street.ledger.commit(grandchild.hash) is grandchild


@pytest.mark.rule("L-8.1")
def test_a_block_sees_its_own_branch_only(street: Street) -> None:
    left, right = _child(street, None, 1), _child(street, None, 2)
    on_left, on_right = _child(street, left, 1), _child(street, right, 1)
    assert {key[:2] for key in changed_by_calls(on_left)} == {bytes((0, 1))}, (
        "order 1 is known there"
    )
    assert len(changed_by_calls(on_right)) == 2
    assert not _has_order(street, 1)


@pytest.mark.rule("L-8.4")
def test_what_is_committed_is_read_before_and_after_it_is_flushed(street: Street) -> None:
    blocks: list[Execution] = []
    for number in range(3):
        blocks.append(_child(street, None, number))
        street.ledger.commit(blocks[-1].hash)
    assert all(_has_order(street, number) for number in range(3))
    for block in blocks:
        street.disk.apply(block.changes)
        street.ledger.flushed(block.header.seq)
        assert all(_has_order(street, number) for number in range(3))
    assert recompute(street.disk) == street.ledger.tip.accumulator
    assert street.ledger._unflushed == []


@pytest.mark.rule("L-8.4")
def test_flush_drops_only_what_it_names(street: Street) -> None:
    for number in range(2):
        street.ledger.commit(_child(street, None, number).hash)
    street.ledger.flushed(Seq(1))
    assert not _has_order(street, 0), "the disk of this test never got it"
    assert _has_order(street, 1)


@pytest.mark.rule("L-8.6")
def test_forgotten_blocks_take_their_children_along(street: Street) -> None:
    left, right = _child(street, None, 1), _child(street, None, 2)
    child = _child(street, left, 3)
    street.ledger.forget(left.hash)
    street.ledger.forget(left.hash)
    assert list(street.ledger._executions) == [right.hash]
    with pytest.raises(BugFound, match="why=parent"):
        _child(street, child, 4)
    street.ledger.commit(right.hash)


@pytest.mark.rule("L-8.6")
def test_kept_executions_are_bounded_and_the_line_at_work_stays(street: Street) -> None:
    first = _child(street, None, 0)
    for number in range(1, EXECUTIONS_MAX):
        _child(street, None, number)
    second = _child(street, first, 900)
    assert len(street.ledger._executions) == EXECUTIONS_MAX
    assert {first.hash, second.hash} <= set(street.ledger._executions)


def test_a_ledger_starts_anywhere_with_state_and_tip(street: Street) -> None:
    for number in range(3):
        street.block(_buy(street, number))
    tip = street.ledger.tip
    fresh = Ledger(street.genesis, street.disk.copy(), tip)
    tx = _buy(street, 9)
    arguments = (tip.hash, Epoch(0), Seq(4), Millis(street.time_ms + 1), ShopId(1))
    headers: list[Header] = []
    for ledger in (street.ledger, fresh):
        parent, epoch, seq, time_ms, proposer = arguments
        headers.append(
            ledger.execute(
                parent=parent,
                epoch=epoch,
                seq=seq,
                time_ms=time_ms,
                proposer=proposer,
                attendance=0,
                txs=[tx],
            ).header
        )
    assert headers[0] == headers[1]
