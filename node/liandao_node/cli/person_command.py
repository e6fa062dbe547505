"""``liandao person``: what this shop keeps about the owner of a card, with her consent.

Names, numbers and notes are asked for and never arguments; a card is named by its eight digits.
"""

import argparse
from pathlib import Path

import trio

from liandao_node.cli.console import ask, say, typed, unseen
from liandao_node.cli.node_command import add_data, can_be_written
from liandao_node.cli.person_words import ERASED, WORDING, describe, question
from liandao_node.client import (
    AgreesTo,
    CorrectPerson,
    NodeClient,
    NotePerson,
    PersonFields,
    SayConsent,
    connect,
)

REMOVE = "-"
FIELDS = (("name", "Name"), ("phone", "Phone"), ("mail", "Mail"), ("note", "Note"))


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    person = commands.add_parser("person", help="what this shop keeps about a card's owner")
    kinds = person.add_subparsers(dest="kind", required=True, metavar="KIND")
    purposes = [purpose.value for purpose in AgreesTo]
    for name, words in (
        ("note", "keep what a customer tells; it is asked for"),
        ("correct", "put something right, or take it away"),
        ("show", "all that is kept about her, for herself"),
        ("consent", "she agrees to a purpose"),
        ("withdraw", "she takes that back"),
        ("erase", "forget her for good"),
    ):
        parser = kinds.add_parser(name, help=words)
        parser.add_argument("code", metavar="CODE", help="the card's eight digits")
        if name in ("consent", "withdraw"):
            parser.add_argument("purpose", choices=purposes)
        if name == "show":
            parser.add_argument(
                "--out", type=Path, metavar="FILE", help="also as JSON, to hand over"
            )
        if name == "erase":
            parser.add_argument("--yes", action="store_true", help="without asking")
    kinds.add_parser("find", help="whose phone number it is; it is asked for")
    listed = kinds.add_parser("list", help="how many are known, and agree to what")
    listed.add_argument("--may", choices=purposes, help="who agrees to this, by name")
    for name, parser in kinds.choices.items():
        add_data(parser)
        parser.set_defaults(handler=lambda options, name=name: trio.run(_run, options, name))


async def _run(options: argparse.Namespace, kind: str) -> int:
    if kind == "show" and options.out is not None:
        can_be_written(options.out)
    async with connect(options.data, client="liandao person") as node:
        match kind:
            case "note":
                return await _note(node, options.code)
            case "correct":
                return await _correct(node, options.code)
            case "show":
                return await _show(node, options)
            case "consent" | "withdraw":
                purpose = AgreesTo(options.purpose)
                return await _say(node, options.code, purpose, given=kind == "consent")
            case "erase":
                return await _erase(node, options.code, sure=options.yes)
            case "find":
                return await _find(node)
            case _:
                return await _list(node, options.may)


async def _note(node: NodeClient, code: str) -> int:
    say("Tell the customer that only this shop keeps this, and that it can be erased any day.")
    fields = [typed(f"{words}, empty for none").strip() for _, words in FIELDS]
    told = await node.keep_person(NotePerson(code, PersonFields(*fields)))
    say(f"Kept in this shop alone, for card {told.code}. This allows no messages: what she agrees")
    say(f"to is asked for each purpose by itself, with liandao person consent {told.code} PURPOSE.")
    return 0


async def _correct(node: NodeClient, code: str) -> int:
    before = (await node.person(code)).person
    say(f"Enter leaves a field as it is, {REMOVE} takes it away.")
    changes: list[str | None] = []
    for field, words in FIELDS:
        now = getattr(before, field)
        said = typed(f"{words} ({now or 'none'})").strip()
        changes.append("" if said == REMOVE else said or None)
    told = await node.keep_person(CorrectPerson(code, *changes))
    for line in describe(told, node.welcome.utc_offset_minutes):
        say(line)
    return 0


async def _show(node: NodeClient, options: argparse.Namespace) -> int:
    told = await node.person(options.code)
    for line in describe(told, node.welcome.utc_offset_minutes):
        say(line)
    if options.out is not None:
        options.out.write_text(told.document + "\n", encoding="utf-8")
        say(f"All of it, and the card's points, are in {options.out}. Hand it over and delete it.")
    return 0


async def _say(node: NodeClient, code: str, purpose: AgreesTo, *, given: bool) -> int:
    if given:
        say("Read this to the customer:")
        say(question(purpose, node.welcome.shop_name))
        if not ask("Does she agree?"):
            say("Nothing was changed.")
            return 1
    told = await node.keep_person(SayConsent(code, purpose, given, WORDING))
    if given:
        say(f"Kept: the owner of card {told.code} agrees to {purpose.value} from now on.")
    else:  # as easily as it was given: nobody is asked why, or whether she is sure
        say(f"Kept: no {purpose.value} for the owner of card {told.code} from now on.")
    return 0


async def _erase(node: NodeClient, code: str, *, sure: bool) -> int:
    for line in describe(await node.person(code), node.welcome.utc_offset_minutes):
        say(line)
    if not sure and not ask("Erase all of this? It cannot be brought back."):
        say("Nothing was changed.")
        return 1
    await node.erase_person(code)
    for line in ERASED:
        say(line)
    return 0


async def _find(node: NodeClient) -> int:
    found = await node.find_people(unseen("Phone number, or its last four digits"))
    for one in found.people:
        say(f"  {one.code}  {one.name or '–'}")
    if found.more:
        say("There are more. Please ask for the whole number, or for the card.")
    elif not found.people:
        say("This shop knows nobody with that number.")
    return 0 if found.people else 1


async def _list(node: NodeClient, may: str | None) -> int:
    if may is None:
        counted = await node.count_people()
        say(f"This shop keeps something about {counted.people} people. Of these agree")
        for purpose, count in counted.agreeing:
            say(f"  to {purpose.value}: {count}")
        return 0
    after, more = b"", True
    while more:
        told = await node.agreeing(AgreesTo(may), after)
        for one in told.people:
            say("\t".join((one.code, one.name, one.phone, one.mail)).rstrip())
        after, more = told.after, bool(told.after)
    return 0
