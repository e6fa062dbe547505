"""``liandao status`` and ``receipt``: how the street stands, and proof of an order."""

import argparse
from pathlib import Path

import trio

from liandao_node.cli.console import say
from liandao_node.cli.node_command import add_data, whole_number
from liandao_node.cli.receipt_qr import DOTS_PER_MODULE, PICTURES, receipt_qr, told
from liandao_node.client import OrderRef, Summary, connect
from liandao_node.errors import OperatorFault
from liandao_node.proofs.compact import to_text

BAR_WIDTH = 30


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    status = commands.add_parser("status", help="how the street stands, as this shop sees it")
    add_data(status)
    status.set_defaults(handler=lambda options: trio.run(_status, options.data))

    receipt = commands.add_parser("receipt", help="write the receipt file of an order")
    add_data(receipt)
    receipt.add_argument("--register", type=whole_number, default=1)
    receipt.add_argument("--number", type=whole_number, required=True, help="the receipt's number")
    receipt.add_argument("--out", type=Path, help="file to write")
    receipt.add_argument("--qr", type=Path, help="picture to write: .png or .svg")
    receipt.add_argument("--qr-text", action="store_true", help="print what the QR code says")
    receipt.set_defaults(handler=_receipt)


async def _status(data: Path) -> int:
    async with connect(data, client="liandao status") as node:
        for line in describe(await node.status()):
            say(line)
    return 0


def progress_of(summary: Summary) -> list[str]:
    """Lines that are there only while something keeps this node from taking part."""
    lines = []
    behind = summary.catching_up
    if behind is not None:
        filled = behind.height * BAR_WIDTH // max(behind.street_height, 1)
        bar = "#" * filled + "." * (BAR_WIDTH - filled)
        left = (
            "" if behind.eta_s < 0 else f", about {behind.eta_s // 60}:{behind.eta_s % 60:02} left"
        )
        snapshot = f"; snapshot: {behind.pieces_left} pieces to come" if behind.pieces_left else ""
        lines.append(
            f"catching up [{bar}] {behind.height} of {behind.street_height},"
            f" {behind.blocks_per_s} blocks/s{left}{snapshot}"
        )
    if summary.disk_low:
        lines.append("the disk is almost full: this shop does not vote until there is room")
    return lines


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
    lines[1:1] = progress_of(summary)
    if summary.faults:
        listed = ", ".join(f"{code} {count}" for code, count in summary.faults)
        lines.append(f"faults counted: {listed}")
    return lines


def _receipt(options: argparse.Namespace) -> int:
    if options.out is None and options.qr is None and not options.qr_text:
        raise OperatorFault("RECEIPT_WHERE")
    if options.qr is not None and options.qr.suffix not in PICTURES:
        raise OperatorFault("PICTURE_KIND", path=str(options.qr), known=", ".join(PICTURES))
    return trio.run(_write_receipt, options)


async def _write_receipt(options: argparse.Namespace) -> int:
    async with connect(options.data, client="liandao receipt") as node:
        document = await node.receipt(OrderRef(options.register, options.number))
    name = f"{options.register}-{options.number}"
    if options.out is not None:
        options.out.write_text(document)
        say(f"Receipt {name} written to {options.out}.")
    if options.qr_text:
        say(to_text(document))
    if options.qr is not None:
        code = receipt_qr(document)
        code.save(str(options.qr), scale=DOTS_PER_MODULE)
        say(f"Receipt {name} drawn in {options.qr}: {told(code)}.")
    return 0
