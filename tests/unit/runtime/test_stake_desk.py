"""The desk for stake of a lone node, through `Service.handle`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import InputFault, Refused
from liandao_node.ledger.modules.membership import Rekey, possession_preimage, rekey_preimage
from liandao_node.ledger.modules.stake_calls import Accuse
from liandao_node.types import Amount, ShopId
from liandao_node.wire.codec import encode
from liandao_node.wire.stake import (
    BringStatement,
    Fitness,
    GetStakes,
    LeaveJail,
    MoveStake,
    StakeDone,
    StakeMove,
    Stakes,
)
from support.runtime_node import OneNode, found, running_node

ME = ShopId(0)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


def _move(move: StakeMove, amount: int, seat: int = 0, to: int = 0) -> MoveStake:
    return MoveStake(move, ShopId(seat), ShopId(to), Amount(amount))


async def test_a_lone_shop_sits_and_would_sit_again(one: OneNode) -> None:
    told = await one.ask(GetStakes(), Stakes)
    assert (told.epoch, told.first_height, told.me, told.pool) == (0, 1, ME, 0)
    assert [(s.shop, s.seated, s.fitness) for s in told.shops] == [(ME, True, Fitness.CANDIDATE)]
    assert told.next.seats == [ME]
    assert not told.next.failed_safe


async def test_a_withdrawal_is_final_and_told(one: OneNode) -> None:
    before = (await one.ask(GetStakes(), Stakes)).shops[0].own
    done = await one.ask(_move(StakeMove.WITHDRAW, 10), StakeDone)
    assert done.own == before - 10
    assert (await one.ask(GetStakes(), Stakes)).shops[0].leaving == 10


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (_move(StakeMove.DELEGATE, 1), "DELEGATION_TO_SELF"),
        (_move(StakeMove.DELEGATE, 1, seat=5), "CANDIDATE_UNKNOWN"),
        (_move(StakeMove.UNDELEGATE, 1, seat=5), "DELEGATION_SHORT"),
        (_move(StakeMove.REDELEGATE, 1, seat=5, to=6), "CANDIDATE_UNKNOWN"),
        (BringStatement(403, b""), "CALL_UNKNOWN"),
        (BringStatement(Accuse.kind, encode(Accuse(b""))), "EVIDENCE_BAD"),
    ],
)
async def test_what_the_ledger_refuses_is_refused_here(
    one: OneNode, request_: MoveStake | BringStatement, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        await one.ask(request_, StakeDone)


async def test_jail_is_left_only_by_who_is_in_it(one: OneNode) -> None:
    with pytest.raises(Refused, match="MILESTONE_UNKNOWN"):
        await one.ask(LeaveJail(), StakeDone)
    await one.ask(_move(StakeMove.WITHDRAW, 10), StakeDone)
    with pytest.raises(Refused, match="NOT_JAILED"):
        await one.ask(LeaveJail(), StakeDone)


async def test_junk_is_no_statement(one: OneNode) -> None:
    with pytest.raises(InputFault, match="MALFORMED"):
        await one.ask(BringStatement(Rekey.kind, b"\xff"), StakeDone)


async def test_a_statement_without_its_owner_changes_nothing(one: OneNode) -> None:
    key, chain = SigningKey(b"n" * 32), one.node.genesis.chain_id
    value = (ME, 1, key.public_key)
    call = Rekey(
        *value,
        key.sign(rekey_preimage(chain, *value)),
        key.sign(possession_preimage(chain, *value)),
    )
    with pytest.raises(Refused, match="OWNER_SIGNATURE_BAD"):
        await one.ask(BringStatement(Rekey.kind, encode(call)), StakeDone)
    assert not (await one.ask(GetStakes(), Stakes)).shops[0].rekeys
