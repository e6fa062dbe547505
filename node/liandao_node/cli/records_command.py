"""``liandao status``, ``receipt`` and ``verify``: what is, and whether it is true."""

import argparse
from pathlib import Path

import trio

from liandao_node.cli.console import say
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.client import OrderRef, Summary, connect
from liandao_node.errors import OperatorFault
from liandao_node.proofs.verifier import verify_receipt


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    status = commands.add_parser("status", help="how the street stands, as this shop sees it")
    add_data(status)
    status.set_defaults(handler=lambda options: trio.run(_status, options.data))

    receipt = commands.add_parser("receipt", help="write the receipt file of an order")
    add_data(receipt)
    receipt.add_argument("--register", type=whole_number, default=1)
    receipt.add_argument("--number", type=whole_number, required=True, help="the receipt's number")
    receipt.add_argument("--out", type=Path, required=True, help="file to write")
    receipt.set_defaults(handler=lambda options: trio.run(_receipt, options))

    verify = commands.add_parser("verify", help="check a record without trusting any node")
    what = verify.add_subparsers(dest="what", required=True, metavar="WHAT")
    file = what.add_parser("receipt", help="check a receipt file offline")
    file.add_argument("file", type=Path)
    file.add_argument("--genesis", type=Path, required=True, help="the street's genesis.json")
    file.set_defaults(handler=_verify)


async def _status(data: Path) -> int:
    async with connect(data, client="liandao status") as node:
        for line in describe(await node.status()):
            say(line)
    return 0


def describe(summary: Summary) -> list[str]:
    """A node's summary in lines for a terminal."""
    up = sum(seat.connected for seat in summary.seats)
    agree = "agrees on blocks" if summary.active else "cannot agree on blocks now"
    lines = [
        f"height {summary.height}, tip {summary.tip.hex()[:16]},"
        f" state {summary.state_root.hex()[:16]}",
        f"view {summary.view}, led by shop {summary.leader}; the street {agree}"
        f" ({up} of {len(summary.seats)} shops here, {summary.quorum} needed)",
        f"points: issued {summary.points_issued}, redeemed {summary.points_redeemed},"
        f" expired {summary.points_expired}, outstanding {summary.points_outstanding}",
    ]
    lines += [
        f"  shop {seat.shop} {seat.name}: {'here' if seat.connected else 'away'},"
        f" height {seat.height}, view {seat.view}"
        for seat in summary.seats
    ]
    if summary.faults:
        listed = ", ".join(f"{code} {count}" for code, count in summary.faults)
        lines.append(f"faults counted: {listed}")
    return lines


async def _receipt(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao receipt") as node:
        document = await node.receipt(OrderRef(options.register, options.number))
    options.out.write_text(document)
    say(f"Receipt {options.register}-{options.number} written to {options.out}.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    verified = verify_receipt(_read(options.file), _read(options.genesis))
    say(verified.words)
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorFault("FILE_UNREADABLE", path=str(path), detail=str(error)) from error
