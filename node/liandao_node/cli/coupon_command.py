"""``liandao coupon``: campaigns of coupons, their papers, and coupons at a till (L-20).

Amounts are minor units of the street's currency. A campaign is named by its shop and its number.
Whoever has a coupon's text may use the coupon, so texts go to a file of this user's alone.
"""

import argparse
import secrets
from collections.abc import Iterator
from pathlib import Path

import trio

from liandao_node.cli.console import say, tell, unseen
from liandao_node.cli.node_command import add_data, can_be_written, whole_number
from liandao_node.cli.street_days import begin_ms, date_of, day, end_ms
from liandao_node.cli.typed_numbers import NAME_BYTES, between, bps, name_of, shop, some
from liandao_node.client import (
    CampaignsTold,
    CampaignView,
    CampaignWord,
    CouponFor,
    NodeClient,
    OfferCoupons,
    OrderRef,
    PrintPapers,
    PutCouponAside,
    SayCampaign,
    WalletTold,
    connect,
)
from liandao_node.errors import Unavailable
from liandao_node.limits import COUPONS_PRINTED_MAX
from liandao_node.types import Amount, ShopId
from liandao_node.wording import sentence


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    coupon = commands.add_parser("coupon", help="coupons: campaigns, papers, and at a till")
    kinds = coupon.add_subparsers(dest="kind", required=True, metavar="KIND")
    _add_offer(kinds)
    _add_campaigns(kinds)
    _add_till(kinds)
    for name, parser in kinds.choices.items():
        add_data(parser)
        parser.set_defaults(handler=lambda options, name=name: trio.run(_run, options, name))


def _add_offer(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    offer = kinds.add_parser("offer", help="publish a campaign; it is never changed afterwards")
    forms = [form.value for form in CouponFor]
    offer.add_argument("--for", dest="form", choices=forms, default=CouponFor.PAPER.value)
    offer.add_argument("--amount", type=whole_number, default=0, help="off the bill")
    offer.add_argument("--bps", type=bps, default=0, help="or 1/100 per cent of it")
    offer.add_argument("--most", type=whole_number, default=0, help="at most so much of it")
    offer.add_argument("--minimum", type=whole_number, default=0, help="of the bill")
    add_days(offer)
    offer.add_argument("--sponsor", type=shop, help="who pays; default: this shop")
    offer.add_argument("--budget", type=some, required=True, help="of all of them")
    offer.add_argument("--card-budget", type=whole_number, default=0, help="of one card's")
    offer.add_argument("--uses", type=some, required=True, help="how many coupons")
    offer.add_argument("--card-uses", type=whole_number, default=0, help="how many for one card")
    offer.add_argument("--stackable", action="store_true", help="another may stand beside it")
    offer.add_argument("--shown", action="store_true", help="eight digits of a card do not do")


def add_days(parser: argparse.ArgumentParser) -> None:
    """From when to when a campaign lasts, and where."""
    parser.add_argument("--from", dest="first", type=day, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=day, required=True, metavar="DAY")
    parser.add_argument(
        "--place",
        dest="places",
        type=shop,
        action="append",
        default=[],
        metavar="SHOP",
        help="where it counts; once for each; default: the whole street",
    )


def add_campaign(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("issuer", type=shop, metavar="SHOP", help="whose campaign it is")
    parser.add_argument("campaign", type=whole_number, metavar="NUMBER")


def _add_campaigns(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    kinds.add_parser("list", help="campaigns that this shop made, pays for, or takes")
    add_campaign(kinds.add_parser("sponsor", help="agree to pay for another shop's campaign"))
    add_campaign(kinds.add_parser("close", help="end a campaign before its time"))
    printed = kinds.add_parser("print", help="coupons on paper; their texts go to a file")
    printed.add_argument("campaign", type=whole_number, metavar="NUMBER")
    printed.add_argument("--count", type=between(1, COUPONS_PRINTED_MAX), required=True)
    printed.add_argument("--out", type=Path, required=True, metavar="FILE")
    printed.add_argument("--again", type=name_of, metavar="NAME", help="a lost answer's")
    give = kinds.add_parser("give", help="give a card a coupon of a campaign for such cards")
    give.add_argument("campaign", type=whole_number, metavar="NUMBER")
    give.add_argument("card", metavar="CARD", help="its eight digits")


def _add_till(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    wallet = kinds.add_parser("wallet", help="what a card may have here now")
    wallet.add_argument("card", metavar="CARD", help="its eight digits")
    wallet.add_argument("--bill", type=whole_number, required=True)
    hold = kinds.add_parser("hold", help="put a coupon on paper aside; it is asked for")
    hold.add_argument("--bill", type=whole_number, required=True)
    hold.add_argument("--card", default="", help="eight digits, where the coupon needs a card")
    back = kinds.add_parser("release", help="give it back")
    back.add_argument("hold", type=name_of, metavar="HOLD")
    undo = kinds.add_parser("undo", help="coupons of a sale that they paid whole")
    undo.add_argument("register", type=whole_number, metavar="REGISTER")
    undo.add_argument("number", type=whole_number, metavar="NUMBER")


async def _run(options: argparse.Namespace, kind: str) -> int:
    if kind == "print":
        can_be_written(options.out)
    async with connect(options.data, client="liandao coupon") as node:
        match kind:
            case "offer":
                done = await node.offer_campaign(terms(options, node))
                say(f"Campaign {done.campaign} of this shop is published, final.")
                if not done.is_open:
                    say("It waits for the shop that pays: liandao coupon sponsor.")
            case "list":
                for line in describe(await node.campaigns(), node.welcome.utc_offset_minutes):
                    say(line)
            case "sponsor" | "close":
                await _word(node, options, CampaignWord(kind))
            case "print":
                await _print(node, options)
            case "give":
                unused = (await node.give_coupon(options.campaign, options.card)).unused
                say(f"Given, final. The card has {unused} of them now.")
            case _:
                await _at_till(node, options, kind)
    return 0


async def _at_till(node: NodeClient, options: argparse.Namespace, kind: str) -> None:
    match kind:
        case "wallet":
            for line in wallet_words(await node.wallet(options.card, Amount(options.bill))):
                say(line)
        case "hold":
            name, text = secrets.token_bytes(NAME_BYTES), unseen("Scan the coupon")
            done = await node.put_coupon_aside(
                PutCouponAside(name, text, ShopId(0), 0, options.card, Amount(options.bill))
            )
            say(f"{done.discount} off, {done.bill} left to pay; held for this bill some minutes.")
            say(f"  to give it back: liandao coupon release {name.hex()}")
        case "release":
            say(f"Given back: {await node.give_coupon_back(options.hold)}, final.")
        case _:
            order = OrderRef(options.register, options.number)
            say(f"Coupons of {await node.undo_coupons(order)} are good again, final.")


def terms(options: argparse.Namespace, node: NodeClient) -> OfferCoupons:
    """Of a campaign, as typed."""
    offset, me = node.welcome.utc_offset_minutes, node.welcome.shop
    return OfferCoupons(
        form=CouponFor(options.form),
        amount=Amount(options.amount),
        bps=options.bps,
        most=Amount(options.most),
        minimum=Amount(options.minimum),
        from_ms=begin_ms(options.first, offset),
        to_ms=end_ms(options.last, offset),
        hours=[],
        places=[ShopId(place) for place in options.places],
        sponsor=me if options.sponsor is None else ShopId(options.sponsor),
        budget=Amount(options.budget),
        card_budget=Amount(options.card_budget),
        uses=options.uses,
        card_uses=options.card_uses,
        stackable=options.stackable,
        shown=options.shown,
    )


async def _word(node: NodeClient, options: argparse.Namespace, word: CampaignWord) -> None:
    said = await node.say_campaign(SayCampaign(word, ShopId(options.issuer), options.campaign))
    if word is CampaignWord.SPONSOR:
        say(f"Agreed, final. {said.amount} of this shop's issue limit are reserved in all.")
    else:
        say(f"Closed, final. {said.amount} were spent; {said.held} are held and will be honoured.")


async def _print(node: NodeClient, options: argparse.Namespace) -> None:
    name = options.again or secrets.token_bytes(NAME_BYTES)
    request = PrintPapers(options.campaign, name, options.count, again=options.again is not None)
    try:
        done = await node.print_papers(request)
    except Unavailable:
        tell(sentence("PRINTING_OPEN", {"name": name.hex()}))
        raise
    options.out.write_text("".join(f"{text}\n" for text in done.papers))
    last = done.first + len(done.papers) - 1
    say(f"Coupons {done.first} to {last} are good, final; their texts are in {options.out}.")
    say("Whoever has a text may use the coupon: print them, then delete the file.")


def describe(told: CampaignsTold, offset: int) -> Iterator[str]:
    """Campaigns in lines for a terminal."""
    if not told.campaigns:
        yield "No campaign runs that is this shop's business."
    for one in told.campaigns:
        yield _campaign_line(one, offset)


def _campaign_line(one: CampaignView, offset: int) -> str:
    days = f"{date_of(one.from_ms, offset)} to {date_of(one.to_ms, offset)}"
    state = "" if one.is_open else ", WAITS for its sponsor"
    spent = f", spent {one.spent} and held {one.held} of {one.budget}" if one.budget else ""
    return (
        f"  {one.issuer} {one.number}  {one.sort.value}  {days}, paid by shop {one.sponsor}"
        f"{spent}, made {one.made}, used {one.uses}{state}"
    )


def wallet_words(told: WalletTold) -> Iterator[str]:
    """What a card may have, in lines for a terminal."""
    if not told.coupons and not told.stamps:
        yield "No coupon for this card and bill, and no stamps."
    for coupon in told.coupons:
        left = f", {coupon.left} left" if coupon.left else ""
        yield f"  coupon {coupon.issuer} {coupon.campaign}: {coupon.discount} off{left}"
    for card in told.stamps:
        yield f"  stamp card {card.issuer} {card.campaign}: {card.count} of {card.stamps}"
