"""The pool in lines for a terminal, and in documents for programs."""

from collections.abc import Iterator, Mapping

import msgspec

from liandao_node.ledger.modules.pool_weights import Drop, Weighed
from liandao_node.ledger.pool_queries import Difference, Explanation, PoolNow
from liandao_node.types import ShopId


def month_text(period: int) -> str:
    """A period as it is typed."""
    return f"{period // 12:04}-{period % 12 + 1:02}"


def describe_now(now: PoolNow, names: Mapping[ShopId, str], height: int) -> Iterator[str]:
    till = now.till
    yield f"The pool at height {height}: {now.cash} in cash"
    yield (
        f"  came in: sponsors {till.sponsors}, advertisers {till.advertisers}, association"
        f" {till.association}, others {till.others}, shops {till.came_in}, bonds {now.slashed}"
    )
    yield f"  paid to shops: {till.went_out}"
    yield f"  reserve {till.reserve}, {till.drawn} drawn from it and not paid back"
    yield (
        f"  promised {now.promised}: {now.live} points of customers, up to {now.payable} to shops,"
        f" the rest for points that were handed over"
    )
    yield f"  free for the next division: {now.free}"
    if now.waiting:
        yield f"  being divided: {', '.join(map(month_text, now.waiting))}"
    yield f"{month_text(now.period)} so far: {now.customers} customers count"
    for shop, weighed in now.weights.items():
        yield f"  {_name(shop, names)}: units {weighed.units}, weight {weighed.weight}"
        yield from _drops(weighed.drops)
        if owing := now.to_be_withheld.get(shop):
            yield f"    {owing} to be withheld for orders refunded after their month"


def describe_explanation(
    told: Explanation, names: Mapping[ShopId, str], *, agrees: bool
) -> Iterator[str]:
    made, booked = told.told, told.booked
    yield f"Pool {month_text(told.period)}: {made.cash} divided"
    yield (
        f"  reserve {made.reserve}, shops {made.shops_part}, customers {made.customers_part};"
        f" ended by block {booked.height}, ties by {booked.seed.hex()[:16]}"
    )
    for line in made.lines:
        yield (
            f"  {_name(line.shop, names)}: units {line.units}, weight {line.weight}, cap"
            f" {line.cap}, share {line.share}, remainder {line.remainder} of {made.remainder_of}"
        )
        yield from _drops(line.drops)
        withheld = told.lines[line.shop].withheld if line.shop in told.lines else 0
        if withheld:
            yield f"    {withheld} of it withheld for orders refunded after their month"
    given = sum(made.customers.values())
    yield (
        f"  customers: {given} to {len(made.customers)} by {made.customers_weight} units, at most"
        f" {made.terms.head_cap} each"
    )
    kept = (
        (booked.withheld, "withheld for orders refunded after their month"),
        (booked.limited, "for cards that had no room"),
    )
    for amount, why in kept:
        if amount:
            yield f"    {amount} of it {why}"
    yield f"  carried: {made.carry}"
    if not booked.is_done:
        yield "  Points are still being given to customers."
    if agrees:
        yield "Made again from the traffic: agrees to the unit."


def whose(difference: Difference, names: Mapping[ShopId, str]) -> str:
    if difference.shop < 0:
        return "the street"
    return _name(ShopId(difference.shop), names)


def as_documents(told: Explanation | PoolNow, height: int | None = None) -> str:
    """Fields by name; customers in sum, for a card is nobody's business."""
    if isinstance(told, PoolNow):
        document: dict[str, object] = {
            "height": height,
            "period": month_text(told.period),
            "cash": told.cash,
            "slashed": told.slashed,
            "till": {name: getattr(told.till, name) for name in told.till.__struct_fields__},
            "live": told.live,
            "payable": told.payable,
            "promised": told.promised,
            "free": told.free,
            "being_divided": [month_text(period) for period in told.waiting],
            "customers": told.customers,
            "shops": [_weighed(shop, weighed) for shop, weighed in told.weights.items()],
        }
        return _formatted(document)
    made, booked = told.told, told.booked
    return _formatted(
        {
            "period": month_text(told.period),
            "height": booked.height,
            "seed": booked.seed.hex(),
            "cash": made.cash,
            "reserve": made.reserve,
            "shops_part": made.shops_part,
            "customers_part": made.customers_part,
            "remainder_of": made.remainder_of,
            "shops": [
                {
                    **_weighed(line.shop, Weighed(line.units, line.weight, line.drops)),
                    "cap": line.cap,
                    "share": line.share,
                    "remainder": line.remainder,
                    "withheld": told.lines[line.shop].withheld if line.shop in told.lines else 0,
                }
                for line in made.lines
            ],
            "customers": {
                "count": len(made.customers),
                "units": made.customers_weight,
                "amount": sum(made.customers.values()),
                "withheld": booked.withheld,
                "limited": booked.limited,
            },
            "carry": made.carry,
            "is_done": booked.is_done,
            "differences": [one._asdict() for one in told.differences],
        }
    )


def _weighed(shop: ShopId, weighed: Weighed) -> dict[str, object]:
    return {
        "shop": shop,
        "units": weighed.units,
        "weight": weighed.weight,
        "drops": {drop.value: units for drop, units in weighed.drops},
    }


def _formatted(document: Mapping[str, object]) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _drops(drops: tuple[tuple[Drop, int], ...]) -> Iterator[str]:
    if drops:
        yield "    dropped: " + ", ".join(f"{drop.value} {units}" for drop, units in drops)


def _name(shop: ShopId, names: Mapping[ShopId, str]) -> str:
    return f"shop {shop} {names.get(shop, '')}".rstrip()
