"""``liandao missing``: who is away, who does not vote, and how much is left (O22).

Asks this shop's own node, which answers from what it has seen: so it works when the street
stands still, which is when it is needed.
"""

import argparse
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
import trio

from liandao_node.cli.console import say
from liandao_node.cli.node_command import add_data
from liandao_node.client import Roll, RollSeat, SeatState, connect
from liandao_node.wording import sentence

EXIT_STANDS_STILL: Final = 1
_WIDE: Final = frozenset("WF")
_STATES: Final = {
    SeatState.VOTING: "votes",
    SeatState.FOLLOWING: "follows",
    SeatState.AWAY: "AWAY",
    SeatState.QUIET: "SILENT",
    SeatState.BEHIND: "catching up",
    SeatState.IDLE: "NOT VOTING",
    SeatState.OUTDATED: "OUTDATED",
}
_HEAD: Final = ("shop", "", "state", "height", "view", "start", "channel", "speaks", "voted")
_RIGHT: Final = frozenset({0, 3, 4, 5, 7, 8})
"""Columns of numbers."""
LEGEND: Final = "# signed the certificate   + voted   ~ the proposer counted it   . missing"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    missing = commands.add_parser(
        "missing",
        aliases=["who"],
        help="who is missing, who votes, and how many more shops may fail",
        description="Says who is missing, as this shop's node sees it. Exit code 1: the street"
        " stands still.",
    )
    add_data(missing)
    missing.add_argument("--json", action="store_true", help="for programs: one JSON document")
    missing.set_defaults(handler=lambda options: trio.run(_missing, options.data, options.json))


async def _missing(data: Path, as_json: bool) -> int:
    async with connect(data, client="liandao missing") as node:
        roll = await node.roll()
    if as_json:
        say(as_document(roll))
    else:
        for line in describe(roll):
            say(line)
    return 0 if roll.active and roll.margin >= 0 else EXIT_STANDS_STILL


def as_document(answer: msgspec.Struct) -> str:
    """A node's answer with its fields by name; API messages travel as arrays."""
    return msgspec.json.format(msgspec.json.encode(_named(answer)), indent=2).decode()


def _named(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return {name: _named(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [_named(item) for item in value]
    return value


def describe(roll: Roll) -> Iterator[str]:
    """The roll in lines for a terminal."""
    names = {seat.shop: seat.name for seat in roll.seats}
    leader = f"shop {roll.leader} {names.get(roll.leader, '')}".rstrip()
    place = f"height {roll.height}, epoch {roll.epoch}, protocol {roll.protocol}, view {roll.view}"
    yield f"{roll.street}: {place}, led by {leader}"
    yield _verdict(roll)
    yield _last_block(roll)
    yield _view_changes(roll)
    yield ""
    yield from _table([_HEAD, *map(_row, roll.seats)], [seat.marks for seat in roll.seats])
    if roll.blocks:
        yield f"  last {len(roll.blocks)} blocks, the newest on the right: {LEGEND}"
    yield from _remarks(roll)


def _verdict(roll: Roll) -> str:
    own = next(seat for seat in roll.seats if seat.shop == roll.me)
    if roll.lacking_module:
        return sentence(
            "MODULE_LACKING", {"module": roll.lacking_module, "version": roll.lacking_version}
        )
    if own.state is SeatState.OUTDATED:
        return sentence("PROGRAM_OUTDATED", {"street": roll.protocol, "own": own.speaks})
    seated = sum(seat.seated for seat in roll.seats)
    counted = f"{roll.voting} of {seated} seats vote, {roll.quorum} are needed."
    if roll.margin < 0:
        return f"THE STREET STANDS STILL: {counted} {_shops(-roll.margin)} must come back."
    if not roll.active:
        return f"The seats are changing the leader now. {counted}"
    if roll.margin == 0:
        return f"Blocks can be agreed on: {counted} If ONE MORE fails, the street stands still."
    return f"Blocks can be agreed on: {counted} {_shops(roll.margin)} more may fail."


def _shops(count: int) -> str:
    return "One shop" if count == 1 else f"{count} shops"


def _last_block(roll: Roll) -> str:
    last = "no block yet" if roll.block_ms < 0 else f"last block {_ago(roll.block_ms)}"
    return f"{last[0].upper()}{last[1:]}; {roll.waiting} transactions wait."


def _view_changes(roll: Roll) -> str:
    last = roll.last_view_change
    if last is None:
        return "The leader has not been changed since this node was started."
    counted = ", ".join(f"{reason} {count}" for reason, count in roll.view_changes)
    when = f"{_ago(last.ago_ms)}, to view {last.view}"
    return f"Last change of the leader {when}: {last.reason}. All: {counted}."


def _ago(ms: int) -> str:
    seconds = ms // 1_000
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} s ago"


def _row(seat: RollSeat) -> Sequence[str]:
    return (
        str(seat.shop),
        seat.name,
        _STATES[seat.state],
        _known(seat.height),
        _known(seat.view),
        _known(seat.session),
        seat.channel or "-",
        str(seat.speaks),
        f"{seat.voted}/{seat.blocks}",
    )


def _known(number: int) -> str:
    return "-" if number < 0 else str(number)


def _table(rows: Sequence[Sequence[str]], marks: Sequence[str]) -> Iterator[str]:
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for cells, row_marks in zip(rows, ["", *marks], strict=True):
        padded = [
            _pad(cell, wide, right=at in _RIGHT)
            for at, (cell, wide) in enumerate(zip(cells, widths, strict=True))
        ]
        yield f"  {'  '.join(padded)}  {row_marks}".rstrip()


def width(text: str) -> int:
    """Columns of a terminal that ``text`` takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in _WIDE else 1 for char in text)


def _pad(text: str, wide: int, *, right: bool) -> str:
    room = " " * (wide - width(text))
    return room + text if right else text + room


def _remarks(roll: Roll) -> Iterator[str]:
    for seat in roll.seats:
        name = f"  shop {seat.shop} {seat.name}:"
        if seat.two_sessions:
            yield f"{name} {sentence('TWO_SESSIONS', {})}"
        if seat.problem:
            yield f"{name} {sentence(seat.problem, {})}"
        if seat.holds_back:
            yield f"{name} {sentence('PROTOCOL_HELD', {'speaks': seat.speaks})}"
        if seat.state is SeatState.OUTDATED and seat.shop != roll.me:
            yield f"{name} {sentence('SHOP_OUTDATED', {'speaks': seat.speaks})}"
        if seat.wants_to_leave:
            yield f"{name} It asks for another leader."
