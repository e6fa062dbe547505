"""A division that goes on over many blocks, and what is set off after it."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.modules import pool, pool_closing, pool_giving, pool_late
from liandao_node.ledger.modules import pool_books as books
from liandao_node.ledger.modules.clearing_books import Obligations
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.pool_books import Stage
from liandao_node.ledger.modules.pool_recount import can_be_explained, differences
from liandao_node.ledger.modules.pool_weights import Drop
from liandao_node.ledger.state import MemoryReader
from liandao_node.limits import POOL_PERIODS_KEPT
from liandao_node.types import ShopId
from support.ledger_street import DAY_MS, sale
from support.pool_street import PoolStreet


@pytest.fixture
def street() -> PoolStreet:
    return PoolStreet(3)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block does little, so that a division takes many of them."""
    monkeypatch.setattr(pool_closing, "POOL_ROWS_PER_BLOCK_MAX", 5)
    monkeypatch.setattr(pool_giving, "POOL_CARDS_PER_BLOCK_MAX", 2)
    monkeypatch.setattr(pool, "POOL_ROWS_PER_BLOCK_MAX", 4)
    monkeypatch.setattr(pool_late, "POOL_LATE_PER_BLOCK_MAX", 1)


def _busy(street: PoolStreet) -> list[CardSecret]:
    cards = street.cards(0, 9)
    street.pay_in(7_765)
    street.cross_all(5_000)
    for shop in range(3):
        street.buy(shop, cards[shop : shop + 6])
    assert street.ask(0, street.visit(0, cards[8])) == "OK"
    return cards


@pytest.mark.rule("L-18.19")
@pytest.mark.rule("L-18.21")
@pytest.mark.usefixtures("small_pieces")
def test_a_division_takes_many_blocks_and_comes_to_the_same(street: PoolStreet) -> None:
    """Sales go on meanwhile, and count for the month that has begun."""
    cards = _busy(street)
    over = street.month()
    stages, blocks = [], 0
    while (closing := books.closings.get(street.view)) is not None:
        stages.append(closing.stage)
        street.buy(0, cards[:1])
        assert street.broken() == []
        blocks += 1
    assert blocks > 15
    assert stages == sorted(stages)
    assert set(stages) == set(Stage)
    division = street.division(over)
    assert division.rates.drawn > 0, "else the draw is not seen"
    assert differences(street.view, over, division) == []
    given = sum(street.pool_points(card) for card in cards)
    strangers = division.given - given
    assert 0 < strangers < given
    row = books.seen.get(street.view, street.period, cards[0].id, 0)
    assert row is not None
    assert [one.orders for one in row.days] == [blocks]


@pytest.mark.rule("L-18.19")
@pytest.mark.usefixtures("small_pieces")
def test_a_node_that_begins_with_the_records_goes_on_in_the_middle(street: PoolStreet) -> None:
    _busy(street)
    street.month()
    for _ in range(4):
        street.tick()
    records = dict(street.disk.scan(b"", b"\xff" * 64, 10**6))
    other = Ledger(street.genesis, MemoryReader(records), street.ledger.tip)
    while books.clock_of(street.view).over:
        street.tick()
        block = street.history[-1].header
        theirs = other.execute(
            parent=block.parent,
            epoch=block.epoch,
            seq=block.seq,
            time_ms=block.time_ms,
            proposer=block.proposer,
            attendance=block.attendance,
            txs=street.sealed[-1],
        )
        assert theirs.header == block
        other.commit(theirs.hash)


@pytest.mark.rule("L-18.19")
@pytest.mark.usefixtures("small_pieces")
def test_months_that_end_before_a_division_does_wait_in_line(street: PoolStreet) -> None:
    _busy(street)
    first = street.month()
    street.buy(0, street.cards(100, 3))
    second = street.month()
    third = street.month(day=2)
    assert [one.period for one in books.clock_of(street.view).over] == [first, second, third]
    assert len({one.seed for one in books.clock_of(street.view).over}) == 3
    while books.clock_of(street.view).over:
        street.tick()
    for period in (first, second, third):
        assert differences(street.view, period, street.division(period)) == []
    assert street.broken() == []


@pytest.mark.rule("L-18.22")
def test_ties_are_drawn_by_the_block_below_the_turn(street: PoolStreet) -> None:
    _busy(street)
    below = street.ledger.tip.hash
    division = street.close()
    assert division.seed == below
    assert street.history[division.height - 1].header.parent == below


@pytest.mark.rule("L-18.20")
def test_shares_are_credit_within_skin_in_the_game(street: PoolStreet) -> None:
    """Shop 0's points were used at shop 1, nobody's at shop 2 and none of its own."""
    cards = street.cards(0, 6)
    street.pay_in(100_000)
    street.cross(0, 1, 900)
    for shop in range(3):
        street.buy(shop, cards)
    division = street.close()
    lines = [street.line(street.period - 1, shop) for shop in range(3)]
    assert [(line.cap, line.share) for line in lines] == [(900, 900), (900, 900), (0, 0)]
    owed = [Obligations().owed(street.view, POOL, ShopId(shop)) for shop in range(3)]
    assert owed == [900, 900, 0]
    assert division.carry == 50_000 - 1_800 + 40_000 - 7 * 1_000
    assert books.till_of(street.view).to_shops == 1_800


@pytest.mark.rule("L-18.20")
def test_points_of_the_pool_are_no_skin_in_the_game(street: PoolStreet) -> None:
    cards = street.cards(0, 2)
    street.pay_in(10_000)
    street.buy(0, cards, gross=5)
    street.close()
    points = street.pool_points(cards[0])
    assert street.ask(1, street.hold(1, cards[0], 77, points)) == "OK"
    assert street.ask(1, sale(street.next(), points, cards[0], hold=77, points=points)) == "OK"
    street.buy(1, cards)
    street.close()
    assert street.line(street.period - 1, 1).cap == 0
    assert street.broken() == []


@pytest.mark.rule("L-18.23")
@pytest.mark.usefixtures("small_pieces")
def test_orders_refunded_later_are_set_off_and_never_billed(street: PoolStreet) -> None:
    cards = street.cards(0, 4)
    street.pay_in(10_000)
    street.cross_all(10_000)
    numbers = street.buy(0, cards)
    street.buy(1, cards)
    street.tick(DAY_MS)
    street.buy(0, cards[:1])
    first = street.close().seed
    share = street.line(street.period - 1, 0).share
    street.give_back(0, numbers)
    assert len(books.lates.first(street.view, 9)) == 4
    for _ in range(6):
        street.tick(DAY_MS)
    assert books.lates.first(street.view, 9) == []
    owing = books.owing_of(books.shops_owing, street.view, 0)
    weight = street.line(street.period - 1, 0).weight
    assert owing == -(-share * 400 // weight)
    assert Obligations().owed(street.view, ShopId(0), POOL) == 0
    each = [books.owing_of(books.cards_owing, street.view, card.id) for card in cards]
    assert min(each) > 0
    street.give_back(1, [])
    street.pay_in(10_000)
    street.cross_all(10_000)
    street.buy(0, cards)
    assert street.close().seed != first
    line = street.line(street.period - 1, 0)
    assert line.withheld == min(owing, line.share)
    assert Obligations().owed(street.view, POOL, ShopId(0)) == line.share - line.withheld
    assert street.division(street.period - 1).withheld == sum(each)
    assert books.owing_of(books.cards_owing, street.view, cards[0].id) == 0
    assert street.broken() == []


@pytest.mark.rule("L-18.18")
@pytest.mark.rule("L-18.23")
def test_an_order_of_a_card_that_was_joined_is_found_later(street: PoolStreet) -> None:
    """In its month: the rows are the new card's; after it: they stay the old one's."""
    for number, before in enumerate((True, False)):
        old, new = street.cards(10 * number, 2)
        street.pay_in(1_000)
        street.cross_all(1_000)
        orders = street.buy(0, [old])
        if before:
            assert street.merge(old, new) == "OK"
        street.close()
        if not before:
            assert street.merge(old, new) == "OK"
        street.give_back(0, orders)
        street.tick(DAY_MS)
        assert books.lates.first(street.view, 9) == []
        assert books.owing_of(books.cards_owing, street.view, new.id) > 0
        assert street.broken() == []


@pytest.mark.rule("L-18.24")
def test_traffic_is_kept_for_nine_months_and_then_dropped(street: PoolStreet) -> None:
    cards = street.cards(0, 2)
    street.buy(0, cards)
    begin = street.period
    street.pay_in(100)
    for _ in range(POOL_PERIODS_KEPT):
        street.close()
    assert len(list(books.seen.under(street.view, begin))) == 2
    assert can_be_explained(street.view, begin + 3)
    assert not can_be_explained(street.view, begin + 2)
    street.close()
    street.tick(DAY_MS)
    assert list(books.seen.under(street.view, begin)) == []
    assert list(books.tallies.under(street.view, begin)) == []
    assert books.divisions.has(street.view, begin)
    assert street.broken() == []


def test_reasons_are_counted_by_shop(street: PoolStreet) -> None:
    cards = street.cards(0, 1)
    street.buy(0, cards * 12)
    street.close()
    drops = dict(street.line(street.period - 1, 0).drops)
    assert drops == {Drop.DAY_CAP: 1_200 - 120}
