"""What a counter asks of a real street, and what it is refused (the issue's bad input)."""

import json
import secrets
import subprocess
import sys

import pytest
import trio
from liandao_node.cli.demo.line import Line
from liandao_node.client import NodeClient, OrderIn, OrderRef
from liandao_node.errors import InputFault, OperatorFault, Refused
from liandao_node.proofs.verifier import verify_receipt
from liandao_node.runtime.node import run_node
from liandao_node.types import Amount, Millis
from support.street import books, founded, running, sell


async def _card_with_points(line: Line) -> tuple[str, bytes]:
    enrolled = await line.ask(lambda node: node.enrol(""))
    order = await line.ask(lambda node: node.next_order(1))
    sold = await sell(line, order, enrolled.card.card, 50_000)
    assert sold.earned == sold.balance == 1_000
    return enrolled.payload, enrolled.card.card


async def test_points_of_one_shop_pay_at_another_and_the_receipt_proves_it() -> None:
    async with running(4) as (fleet, lines):
        payload, card = await _card_with_points(lines[0])
        found = await lines[2].ask(lambda node: node.find_card(payload))
        assert found.card is not None
        assert (found.card.available, found.card.present) == (1_000, True)
        hold = secrets.token_bytes(16)
        held = await lines[2].ask(lambda node: node.hold(hold, payload, Amount(600)))
        assert held.amount == 600
        order = await lines[2].ask(lambda node: node.next_order(1))
        sold = await sell(lines[2], order, card, 2_000, hold, 500)
        assert (sold.points_used, sold.earned, sold.balance) == (500, 30, 530)
        assert books(await fleet.settled(30)) == (1_030, 500, 0, 530)

        document = await lines[2].ask(lambda node: node.receipt(order))
        genesis = (fleet.dirs[0] / "genesis.json").read_text()
        verified = verify_receipt(document, genesis)
        assert verified.height == sold.certified.height
        other = json.loads(genesis)
        other["street"] = "Another street"
        with pytest.raises(InputFault, match="RECEIPT"):
            verify_receipt(document, json.dumps(other))


async def test_what_is_asked_twice_happens_once() -> None:
    async with running(1) as (fleet, lines):
        payload, card = await _card_with_points(lines[0])
        hold = secrets.token_bytes(16)
        first = await lines[0].ask(lambda node: node.hold(hold, payload, Amount(300)))
        again = await lines[0].ask(lambda node: node.hold(hold, payload, Amount(300)))
        assert (again.amount, again.expires_ms) == (first.amount, first.expires_ms)
        order = await lines[0].ask(lambda node: node.next_order(1))
        sold = await sell(lines[0], order, card, 1_000, hold, 300)
        same = await sell(lines[0], order, card, 1_000, hold, 300)
        assert (same.points_used, same.earned) == (sold.points_used, sold.earned)
        with pytest.raises(Refused, match="ORDER_KNOWN"):
            await sell(lines[0], order, card, 9_999)
        orders = [OrderIn("old till", "A-1", Millis(0), Amount(5_000), "")]
        one = await lines[0].ask(lambda node: node.submit_orders(orders))
        two = await lines[0].ask(lambda node: node.submit_orders(orders))
        assert [one.orders[0].code, two.orders[0].code] == ["OK", "ORDER_KNOWN"]
        issued, redeemed, expired, outstanding = books(await fleet.settled(30))
        assert (redeemed, expired) == (300, 0)
        assert issued == redeemed + outstanding


async def test_points_that_are_not_there_are_refused_by_name() -> None:
    async with running(1) as (fleet, lines):
        payload, card = await _card_with_points(lines[0])
        line = lines[0]

        async def hold(amount: int) -> bytes:
            name = secrets.token_bytes(16)
            await line.ask(lambda node: node.hold(name, payload, Amount(amount)))
            return name

        with pytest.raises(Refused, match="POINTS_SHORT"):
            await hold(1_001)
        name = await hold(800)
        with pytest.raises(Refused, match="POINTS_SHORT"):
            await hold(201)  # the same points a second time
        order = await line.ask(lambda node: node.next_order(1))
        with pytest.raises(Refused, match="POINTS_OVER_HOLD"):
            await sell(line, order, card, 9_000, name, 801)
        with pytest.raises(Refused, match="POINTS_OVER_SHARE"):
            await sell(line, order, card, 1_000, name, 501)
        released = await line.ask(lambda node: node.release(name, card))
        assert released.amount == 800
        with pytest.raises(InputFault, match="CARD_CODE_BAD"):
            await line.ask(lambda node: node.find_card("12345678"))
        assert books(await fleet.settled(30)) == (1_000, 0, 0, 1_000)


async def test_a_second_node_on_the_same_data_is_refused_and_the_first_goes_on() -> None:
    async with running(1) as (fleet, lines):
        with pytest.raises((OperatorFault, ExceptionGroup)) as caught:
            await run_node(fleet.dirs[0])
        assert "DATA_IN_USE" in repr(caught.value)
        command = [sys.executable, "-m", "liandao_node.cli.main", "node"]
        done = await trio.run_process(
            [*command, "--data", str(fleet.dirs[0])],
            check=False,
            capture_stderr=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        await _card_with_points(lines[0])


async def test_a_gap_in_receipt_numbers_never_opens() -> None:
    async with running(1) as (_, lines):

        async def number(node: NodeClient) -> OrderRef:
            return await node.next_order(3)

        got: list[int] = []

        async def take() -> None:
            got.append((await lines[0].ask(number)).number)

        async with trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(take)
        assert sorted(got) == list(range(1, 21))


def test_a_street_cannot_be_founded_over_another() -> None:
    with founded(2) as fleet, pytest.raises(OperatorFault, match="STREET_EXISTS"):
        fleet.found("Again")
