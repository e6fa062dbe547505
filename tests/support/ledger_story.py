"""A fixed history of a street, to be told again in other processes and on other machines."""

from liandao_node.ledger.modules.points_calls import Import
from liandao_node.ledger.modules.traffic import Batch, Count
from liandao_node.types import Amount, Millis
from liandao_node.wire.genesis import Rules

from support.ledger_street import DAY_MS, Street, hold_id, make_genesis, release, sale
from support.refunding import grant, refund, rule


def tell() -> Street:
    """Every kind of call, some refused, over two months."""
    street = Street(make_genesis(4, rules=Rules(expiry_months=0)))
    cards = [street.enrol(number, shop=number % 4) for number in range(6)]
    for day in range(60):
        card, shop = cards[day * 5 % 6], day % 4
        street.block(
            street.tx(shop, sale(day, 3_000 + 17 * day, card), sale(day, 1)),
            street.tx((shop + 1) % 4, street.hold((shop + 1) % 4, card, day, 40 + day)),
            after_ms=DAY_MS,
        )
        if day % 3:
            paid = sale(1_000 + day, 500, card, hold=day, points=30)
            street.call((shop + 1) % 4, paid)
        elif day % 2:
            street.call((shop + 1) % 4, release(card, day))
        visit = Import("web", hold_id(day), cards[day % 6].id, Amount(77 * day), Millis(day), False)
        window = Batch(Millis(10 * day), Millis(10 * day + 9), b"r" * 32, [Count(3, day % 2, 5)])
        street.block(street.tx(3, visit, window, street.enrolment(3, card)))
        if day % 7 == 5:
            street.block(
                street.tx((shop + 1) % 4, refund(1_000 + day, day, 250)),
                street.tx(shop, refund(day, day, 2_000), rule(100 * shop, per_visit=day)),
                street.tx(2, grant(cards[day % 6], day, 10 + day)),
            )
    return street
