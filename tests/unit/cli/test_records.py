"""Status, receipts and imports of the command line, on a real node in this process."""

import gzip
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
import trio
from liandao_node.cli.main import main
from liandao_node.cli.records_command import describe
from liandao_node.client import OrderRef, SeatView
from liandao_node.types import Amount, ShopId, View
from liandao_node.wire.api import CatchingUp
from msgspec.structs import replace
from support.doors import summary
from support.runtime_node import OneNode, found, running_node, until

MAPPING = """
form = 1
name = "old till"
[order]
reference = "id"
[time]
columns = "when"
format = "%Y-%m-%d %H:%M"
zone = "UTC"
[amount]
value = "paid"
exponent = 2
[customer]
column = "who"
"""
ROWS = """id,when,paid,who
A-1,2026-11-22 10:00,100.00,ann
A-2,2026-11-22 10:01,50.00,
A-3,2026-11-22 10:02,not money,bob
A-4,yesterday,10.00,bob
A-5,2026-11-22 10:03,7.00,ann
A-1,2026-11-22 10:00,100.00,ann
"""


class Command:
    """``liandao`` beside a node: the command has a loop of its own, in another thread."""

    def __init__(self, one: OneNode, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.one = one
        self.data = data
        self._capsys = capsys

    async def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        """Exit code, answer and what stands on standard error."""
        self._capsys.readouterr()
        with trio.fail_after(60):
            code = await trio.to_thread.run_sync(main, [str(one) for one in arguments])
        return code, *self._capsys.readouterr()


@pytest.fixture
async def liandao(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Command]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        yield Command(one, dirs[0], capsys)


def figures(answer: str) -> Iterator[tuple[str, int]]:
    """The lines of a table: words and a number."""
    for words, number in re.findall(r"^ *(\S.*?) +(\d+)$", answer, re.MULTILINE):
        yield words, int(number)


# --- status ---


def test_a_status_says_who_is_here_and_what_was_counted() -> None:
    told = replace(
        summary(7),
        view=View(2),
        leader=ShopId(1),
        active=False,
        quorum=3,
        seats=[SeatView(ShopId(0), "Tea", True, 7, 2), SeatView(ShopId(1), "Ink", False, -1, -1)],
        points_issued=Amount(10),
        points_redeemed=Amount(3),
        points_expired=Amount(2),
        points_outstanding=Amount(5),
        faults=[("MESSAGE_BAD", 2), ("TX_BAD_SIGNATURE", 1)],
    )
    assert describe(told) == [
        f"height 7, tip {'02' * 8}, state {'03' * 8}",
        "view 2, led by shop 1; the street cannot agree on blocks now (1 of 2 shops here,"
        " 3 needed)",
        "points: issued 10, redeemed 3, expired 2, outstanding 5",
        "  shop 0 Tea: here, height 7, view 2",
        "  shop 1 Ink: away, height -1, view -1",
        "faults counted: MESSAGE_BAD 2, TX_BAD_SIGNATURE 1",
    ]
    assert "the street agrees on blocks" in describe(summary(7))[1]


async def test_status_is_that_of_the_running_node(liandao: Command) -> None:
    await liandao.one.card()
    code, answer, _ = await liandao("status", "--data", liandao.data)
    assert code == 0
    assert answer.splitlines() == describe(liandao.one.node.service.summary())


# --- receipts ---


async def test_a_receipt_is_checked_offline_and_a_forged_one_is_found_out(
    liandao: Command, tmp_path: Path
) -> None:
    await liandao.one.sell(b"", 12_345, OrderRef(1, 8))
    await until(lambda: liandao.one.stores.ledger.order(1, 8) is not None)
    file, genesis = tmp_path / "receipt.json", liandao.data / "genesis.json"
    ask = ("receipt", "--data", liandao.data, "--number")
    code, answer, _ = await liandao(*ask, "8", "--out", file)
    assert (code, answer) == (0, f"Receipt 1-8 written to {file}.\n")
    code, answer, _ = await liandao("verify", "receipt", file, "--genesis", genesis)
    assert code == 0
    assert "123.45" in answer

    for picture, head in ((tmp_path / "r.png", b"\x89PNG"), (tmp_path / "r.svg", b"<?xml")):
        code, answer, _ = await liandao(*ask, "8", "--qr", picture)
        assert code == 0
        assert "for 58 mm paper" in answer
        assert picture.read_bytes().startswith(head)
    code, answer, _ = await liandao(*ask, "8", "--qr-text")
    told = f"--qr-text={answer.rstrip()}"
    code, answer, _ = await liandao("verify", "receipt", told, "--genesis", genesis)
    assert code == 0
    assert "123.45" in answer
    assert (await liandao(*ask, "8"))[0] == 2
    assert (await liandao(*ask, "8", "--qr", tmp_path / "r.gif"))[0] == 2

    document = json.loads(file.read_text())
    entry = bytes.fromhex(document["entry"])
    assert entry.count(b"\xcd\x30\x39") == 1, "12345 stands in it once"
    document["entry"] = entry.replace(b"\xcd\x30\x39", b"\xcd\x30\x3a").hex()
    file.write_text(json.dumps(document))
    code, answer, said = await liandao("verify", "receipt", file, "--genesis", genesis)
    assert (code, answer) == (1, "")
    assert "Traceback" not in said
    assert "receipt" in said

    code, _, said = await liandao(*ask, "9", "--out", file)
    assert (code, said) == (1, "No sale has receipt number 1-9 in this shop.\n")
    code, _, said = await liandao(*ask, "8", "--out", tmp_path / "no" / "such.json")
    assert code == 2
    assert "such.json cannot be used" in said


# --- imports ---


async def test_an_import_accounts_for_every_row(liandao: Command, tmp_path: Path) -> None:
    receipts, mapping, rejects = tmp_path / "r.csv", tmp_path / "m.toml", tmp_path / "rejects"
    receipts.write_text(ROWS)
    mapping.write_text(MAPPING)
    command = ("import", "receipts", receipts, "--data", liandao.data, "--mapping", mapping)
    code, answer, _ = await liandao(*command)
    assert code == 0
    table = dict(figures(answer))
    rejected = sum(count for words, count in table.items() if words.startswith("rejected "))
    assert table["rows in"] == 6
    assert table["rows in"] == table["rows accepted"] + rejected
    assert rejected == 3, "two make no sense, one came before"
    assert table["orders taken in"] == 3
    assert table["points given"] == liandao.one.node.service.summary().points_issued == 214
    assert len(re.findall(r"r\.csv:[45] ", answer)) == 2, "a person finds the two rows again"

    code, answer, _ = await liandao(*command, "--rejects", rejects)
    again = dict(figures(answer))
    assert (again["orders taken in"], again["points given"]) == (0, 0)
    rejected = sum(count for words, count in again.items() if words.startswith("rejected "))
    assert again["rows in"] == 6 == again["rows accepted"] + rejected
    assert again["rejected ORDER_KNOWN"] == 3
    assert len(rejects.read_text().splitlines()) == 6
    assert liandao.one.node.service.summary().points_issued == 214


async def test_an_access_log_accounts_for_every_line(liandao: Command, tmp_path: Path) -> None:
    log = tmp_path / "access.log.gz"
    line = '{ip} - - [22/Nov/2026:10:00:0{at} +0000] "GET /p{at} HTTP/1.1" 200 5 "-" "{agent}"'
    lines = [line.format(ip="203.0.113.9", at=at, agent="Mozilla/5.0 Firefox/1") for at in range(3)]
    lines += [line.format(ip="203.0.113.9", at=4, agent="Googlebot/2.1"), "this is no line", ""]
    log.write_bytes(gzip.compress("\n".join(lines).encode()))
    code, answer, _ = await liandao("import", "access-log", log, "--data", liandao.data)
    assert code == 0
    table = dict(figures(answer))
    rejected = sum(count for words, count in table.items() if words.startswith("rejected "))
    dropped = sum(count for words, count in table.items() if words.startswith("dropped "))
    assert table["rows in"] == table["rows accepted"] + rejected
    assert (table["page views"], dropped) == (3, 1)
    assert table["page views"] + dropped == table["rows accepted"]
    assert rejected >= 1


async def test_a_place_for_rejects_that_cannot_be_written_is_said_before_the_work(
    liandao: Command, tmp_path: Path
) -> None:
    (tmp_path / "r.csv").write_text(ROWS)
    (tmp_path / "m.toml").write_text(MAPPING)
    code, _, said = await liandao(
        *("import", "receipts", tmp_path / "r.csv", "--mapping", tmp_path / "m.toml"),
        *("--data", liandao.data, "--rejects", tmp_path / "no" / "list"),
    )
    assert code == 2
    assert "cannot be used" in said
    assert liandao.one.node.service.summary().calls == 0


def test_who_catches_up_sees_a_bar_with_rate_and_time_left() -> None:
    behind = CatchingUp(500, 1_000, 25, 80, 0)
    lines = describe(msgspec.structs.replace(summary(7), catching_up=behind, disk_low=True))
    bar = "#" * 15 + "." * 15
    assert lines[1] == f"catching up [{bar}] 500 of 1000, 25 blocks/s, about 1:20 left"
    assert "does not vote" in lines[2]
    unknown = CatchingUp(0, 1_000, 0, -1, 12)
    line = describe(msgspec.structs.replace(summary(7), catching_up=unknown))[1]
    assert line.endswith("0 blocks/s; snapshot: 12 pieces to come")
