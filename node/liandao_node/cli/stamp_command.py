"""``liandao stamp``: stamp cards; ``liandao referral``: customers whom other shops send (L-20)."""

import argparse

import trio

from liandao_node.cli.console import say, unseen
from liandao_node.cli.coupon_command import add_campaign, add_days
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.street_days import begin_ms, date_of, end_ms
from liandao_node.cli.typed_numbers import between, bps, shop, some
from liandao_node.client import (
    CampaignWord,
    OfferStampCard,
    PublishCommission,
    SayCampaign,
    connect,
)
from liandao_node.types import Amount, ShopId

CAPS = ("order", "card", "day", "period", "total")
_CAP_HELP = {
    "order": "at most for one order",
    "card": "for one card's orders in a clearing period",
    "day": "for all on one day",
    "period": "for all in a clearing period",
    "total": "for all, ever",
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    stamp = commands.add_parser("stamp", help="stamp cards")
    kinds = stamp.add_subparsers(dest="kind", required=True, metavar="KIND")
    offer = kinds.add_parser("offer", help="publish a stamp card; it is never changed afterwards")
    add_days(offer)
    offer.add_argument("--minimum", type=some, required=True, help="paid for a stamp")
    offer.add_argument("--day-max", type=between(1, 100), default=1, help="stamps of a card a day")
    offer.add_argument("--stamps", type=between(1, 1_000), required=True, help="of a full card")
    offer.add_argument("--reward", type=whole_number, required=True, help="campaign of coupons")
    offer.set_defaults(handler=lambda options: trio.run(_offer, options))
    for word, words in (
        (CampaignWord.JOIN, "this shop's sales bring stamps of it, too"),
        (CampaignWord.QUIT, "they no longer do"),
    ):
        parser = kinds.add_parser(word.value, help=words)
        add_campaign(parser)
        parser.set_defaults(handler=lambda options, word=word: trio.run(_say, options, word))
    referral = commands.add_parser("referral", help="customers whom one shop sends to another")
    sent = referral.add_subparsers(dest="kind", required=True, metavar="KIND")
    terms = sent.add_parser("terms", help="what this shop will pay for customers sent to it")
    terms.add_argument("--bps", type=bps, required=True, help="1/100 per cent; 0: none")
    terms.add_argument("--days", type=between(1, 92), default=30, help="a referral holds so long")
    terms.add_argument("--fresh-days", type=between(0, 366), default=0, help="of no sale here")
    for cap in CAPS:
        terms.add_argument(f"--{cap}-max", type=some, required=True, help=_CAP_HELP[cap])
    terms.set_defaults(handler=lambda options: trio.run(_terms, options))
    send = sent.add_parser("send", help="send a customer; the card is scanned")
    send.add_argument("to", type=shop, metavar="SHOP")
    send.set_defaults(handler=lambda options: trio.run(_send, options))
    for parser in (*kinds.choices.values(), *sent.choices.values()):
        add_data(parser)


async def _offer(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao stamp") as node:
        offset = node.welcome.utc_offset_minutes
        done = await node.offer_campaign(
            OfferStampCard(
                from_ms=begin_ms(options.first, offset),
                to_ms=end_ms(options.last, offset),
                minimum=Amount(options.minimum),
                day_max=options.day_max,
                stamps=options.stamps,
                places=[ShopId(place) for place in options.places],
                reward=options.reward,
            )
        )
    say(f"Stamp card {done.campaign} of this shop is published, final.")
    return 0


async def _say(options: argparse.Namespace, word: CampaignWord) -> int:
    async with connect(options.data, client="liandao stamp") as node:
        await node.say_campaign(SayCampaign(word, ShopId(options.issuer), options.campaign))
    takes = "takes part" if word is CampaignWord.JOIN else "takes no part any more"
    say(f"This shop {takes}, final.")
    return 0


async def _terms(options: argparse.Namespace) -> int:
    caps = [Amount(getattr(options, f"{cap}_max")) for cap in CAPS]
    request = PublishCommission(options.bps, options.days, options.fresh_days, *caps)
    async with connect(options.data, client="liandao referral") as node:
        done = await node.publish_commission(request)
    day = date_of(done.from_ms, node.welcome.utc_offset_minutes)
    say(f"Terms {done.version} are published, in force from {day} on.")
    return 0


async def _send(options: argparse.Namespace) -> int:
    scan = unseen("Scan the card")
    async with connect(options.data, client="liandao referral") as node:
        done = await node.refer(scan, ShopId(options.to))
    day = date_of(done.until_ms, node.welcome.utc_offset_minutes)
    say(f"Sent to shop {options.to}, final; it pays for what the customer buys before {day}.")
    return 0
