"""What must hold of campaigns at every height (L-20.17; docs/ledger.md section 14).

Reads every record: for tests, `verify` and a street that suspects a disk, never for a rule.
"""

from collections import Counter

from liandao_node.ledger.modules import coupon_books as books
from liandao_node.ledger.modules import points_books, rebates, referrals
from liandao_node.ledger.modules.coupon_books import NO_SERIAL, CampaignKind, Tally
from liandao_node.ledger.modules.coupon_cover import share
from liandao_node.ledger.modules.coupon_orders import bonuses
from liandao_node.ledger.modules.coupon_terms import CouponForm, CouponTerms
from liandao_node.ledger.modules.coupon_wallets import CardUse
from liandao_node.ledger.modules.parties import name_of
from liandao_node.ledger.state import View
from liandao_node.types import ShopId


def broken_promises(view: View) -> list[str]:
    """Sentences for developers, none when all is well."""
    return [
        *_campaigns_broken(view),
        *_covers_broken(view),
        *_papers_broken(view),
        *_wallets_broken(view),
        *_commissions_broken(view),
    ]


def _campaigns_broken(view: View) -> list[str]:
    """Budgets and caps, and the tallies against what orders say."""
    broken = []
    spent, uses = _spent_by_orders(view)
    for (issuer, number), campaign in books.campaigns.rows(view):
        key = (int(issuer), int(number))
        name = f"campaign {key[1]} of shop {key[0]}"
        tally = books.tally_of(view, *key)
        if (tally.spent, tally.uses) != (spent.pop(key, 0), uses.pop(key, 0)):
            broken.append(f"{name} spent something else than its orders say")
        if min(tally.spent, tally.uses, tally.made) < 0:
            broken.append(f"I4: {name} has a tally below zero")
        terms = books.terms_of(view, *key)
        if terms is not None:
            broken += [f"{name}: {why}" for why in _over_terms(terms, tally)]
        rebate = rebates.rebate_terms.get(view, *key)
        if rebate is not None and tally.spent > rebate.budget:
            broken.append(f"{name} gave more points than its budget")
        if (campaign.kind == CampaignKind.COUPONS) != (terms is not None):
            broken.append(f"{name} has the terms of another kind")
        if books.running.has(view, *key) == bool(campaign.closed_ms):
            broken.append(f"{name} is on the wrong list")
    if +spent or +uses:
        broken.append("orders name campaigns that are none")
    return broken


def _over_terms(terms: CouponTerms, tally: Tally) -> list[str]:
    broken = []
    if tally.spent + tally.held > terms.budget:
        broken.append("spent and held are more than the budget")
    if tally.uses + len(tally.holds) > terms.uses or tally.made > terms.uses:
        broken.append("more coupons than it has")
    serials = [hold.serial for hold in tally.holds if hold.serial != NO_SERIAL]
    if len(set(serials)) != len(serials):
        broken.append("one coupon in two holds")
    return broken


def _spent_by_orders(view: View) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    """By campaign: what orders took out of the budget, and how often."""
    spent: Counter[tuple[int, int]] = Counter()
    uses: Counter[tuple[int, int]] = Counter()
    for _, order in books.order_coupons.rows(view):
        for used in order.used:
            spent[used.issuer, used.campaign] += used.discount - used.returned
            uses[used.issuer, used.campaign] += not used.undone
    for (shop, register, number, imported), bonus in bonuses.rows(view):
        gross, gone = _order(view, (shop, register, number, imported))
        for one in bonus.rebates:
            spent[one.issuer, one.campaign] += one.amount - share(one.amount, 0, gone, gross)
            uses[one.issuer, one.campaign] += gone != gross
    return spent, uses


def _order(view: View, key: tuple[int | bytes, ...]) -> tuple[int, int]:
    """Gross of an order, and what of it was refunded."""
    shop, register, number, imported = key
    if imported != bytes(16):
        brought = points_books.imports.get(view, shop, imported)
        assert brought is not None
        return brought.gross, brought.refunded
    order = points_books.orders.get(view, shop, register, number)
    assert order is not None
    return order.gross, order.refunded


def _covers_broken(view: View) -> list[str]:
    """What shops reserved is what their campaigns need."""
    reserved: Counter[int] = Counter()
    for (issuer, number), campaign in books.campaigns.rows(view):
        tally = books.tally_of(view, int(issuer), int(number))
        reserved[campaign.sponsor] += books.exposure(campaign, tally)
    broken = [
        f"{name_of(ShopId(int(shop)))} reserved {cover.reserved}, its campaigns need otherwise"
        for (shop,), cover in books.covers.rows(view)
        if cover.reserved != reserved.pop(int(shop), 0)
    ]
    return [*broken, "campaigns without a cover"] if +reserved else broken


def _papers_broken(view: View) -> list[str]:
    """Each coupon on paper is on one order at most, and each that is used is known to be."""
    used: Counter[tuple[int, ...]] = Counter(
        (one.issuer, one.campaign, one.serial)
        for _, order in books.order_coupons.rows(view)
        for one in order.used
        if one.serial != NO_SERIAL and not one.undone
    )
    known = {tuple(map(int, key)) for key, _ in books.papers.rows(view)}
    broken = [f"coupon {key} was used {times} times" for key, times in used.items() if times > 1]
    return broken if set(used) == known else [*broken, "used coupons are not those on orders"]


def _wallets_broken(view: View) -> list[str]:
    """No card over its caps, and of open campaigns all that orders with cards took."""
    broken = []
    had: Counter[tuple[int, int]] = Counter()
    given: Counter[tuple[int, int]] = Counter()
    for (card,), wallet in books.wallets.rows(view):
        for use in wallet.uses:
            had[use.issuer, use.campaign] += use.spent
            given[use.issuer, use.campaign] += use.given
            if _is_over(view, use, wallet.joined + 1):
                broken.append(f"card {card!r} had too much: {use}")
    on_cards: Counter[tuple[int, int]] = Counter()
    for _, order in books.order_coupons.rows(view):
        for one in order.used:
            if one.card:
                on_cards[one.issuer, one.campaign] += one.discount - one.returned
    for (issuer, number), campaign in books.campaigns.rows(view):
        key = (int(issuer), int(number))
        tally, terms = books.tally_of(view, *key), books.terms_of(view, *key)
        if not campaign.is_open:
            continue
        took = tally.spent if campaign.kind == CampaignKind.REBATE else on_cards[key]
        if had[key] != took:
            broken.append(f"wallets and orders differ on campaign {key}")
        if terms is not None and terms.form == CouponForm.GIVEN and given[key] != tally.made:
            broken.append(f"campaign {key} gave other coupons than cards have")
    return broken


def _is_over(view: View, use: CardUse, times: int) -> bool:
    """Whether a card, which may be several that were joined, had more than one may."""
    campaign = books.campaigns.get(view, use.issuer, use.campaign)
    if campaign is None or not campaign.is_open:
        return campaign is None
    if min(use.used, use.given, use.spent) < 0:
        return True
    rebate = rebates.rebate_terms.get(view, use.issuer, use.campaign)
    if rebate is not None:
        return use.spent > rebate.card_max * times
    terms = books.terms_of(view, use.issuer, use.campaign)
    return terms is not None and (
        0 < terms.card_uses * times < use.used
        or 0 < terms.card_budget * times < use.spent
        or (terms.form == CouponForm.GIVEN and use.used > use.given)
    )


def _commissions_broken(view: View) -> list[str]:
    """Never more than was published, and the totals are those of the orders."""
    total: Counter[int] = Counter()
    broken = []
    for (shop, version), published in referrals.commission_terms.rows(view):
        total[int(shop)] += published.total
        if not 0 <= published.total <= published.terms.total_max:
            broken.append(f"shop {shop!r} owes more than terms {version!r} say")
    for (shop, *_), bonus in bonuses.rows(view):
        total[int(shop)] -= sum(one.amount for one in bonus.commission)
    return [*broken, "commission of no order"] if any(total.values()) else broken
