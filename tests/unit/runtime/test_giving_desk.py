"""The desk for points by hand, and who may approve them (R21)."""

from collections.abc import AsyncIterator
from pathlib import Path

import nacl.pwhash
import pytest
import trio
from liandao_node.errors import InputFault, OperatorFault, Refused
from liandao_node.ledger.points_queries import granted
from liandao_node.runtime import staff
from liandao_node.runtime.staff import Staff, add_person, load_staff, remove_person
from liandao_node.types import Amount, Millis
from liandao_node.wire.giving import (
    GetGiving,
    GivePoints,
    GivingReason,
    GivingTold,
    PointsGiven,
)
from msgspec.structs import replace
from support.runtime_node import OneNode, found, running_node

NAME = b"a grant of 16 by"


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "HASH_OPS", nacl.pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(staff, "HASH_BYTES", nacl.pwhash.argon2id.MEMLIMIT_MIN)


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    add_person(dirs[0], "Sato")
    add_person(dirs[0], "Wang Li", "4711")
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


def gift(card: bytes, amount: int, **changes: object) -> GivePoints:
    made = GivePoints(
        grant=NAME,
        card=card,
        amount=Amount(amount),
        asked_by="Sato",
        approved_by="Wang Li",
        pin="4711",
        reason=GivingReason.COMPLAINT,
        at_ms=Millis(0),
    )
    return replace(made, **changes)


@pytest.mark.rule("R12")
async def test_points_are_given_once_and_the_days_rest_is_told(one: OneNode) -> None:
    card = (await one.card()).card.card
    before = await one.ask(GetGiving(), GivingTold)
    assert (before.day_max, before.left_today) == (5_000, 5_000)
    assert (before.staff, before.approvers) == (["Sato", "Wang Li"], ["Wang Li"])
    first = await one.ask(gift(card, 300), PointsGiven)
    assert (first.amount, first.balance, first.left_today) == (300, 300, 4_700)
    again = await one.ask(gift(card, 300, approved_by="wang　li", pin="４７１１"), PointsGiven)
    assert (again.amount, again.balance, again.left_today) == (300, 300, 4_700)
    with pytest.raises(Refused, match="GRANT_KNOWN"):
        await one.ask(gift(card, 301), PointsGiven)
    with pytest.raises(Refused) as refused:
        await one.ask(gift(card, 4_701, grant=b"another 16 bytes"), PointsGiven)
    assert (refused.value.code, refused.value.facts) == ("MANUAL_CAP", {"left": 4_700})
    assert (await one.ask(GetGiving(), GivingTold)).left_today == 4_700


async def test_the_ledger_gets_pseudonyms_and_never_a_name(one: OneNode) -> None:
    card = (await one.card()).card.card
    await one.ask(gift(card, 300), PointsGiven)
    made = granted(one.node.ledger.view(), one.node.me, NAME)
    assert made is not None
    assert len({made.asked_by, made.approved_by}) == 2
    for pseudonym in (made.asked_by, made.approved_by):
        assert len(pseudonym) == 16
        assert b"ang" not in pseudonym
    await one.ask(gift(card, 1, grant=b"another 16 bytes", asked_by=" SATO "), PointsGiven)
    other = granted(one.node.ledger.view(), one.node.me, b"another 16 bytes")
    assert other is not None
    assert other.asked_by == made.asked_by, "one person, however the name is typed"


@pytest.mark.rule("R21")
async def test_nothing_is_given_without_two_people_and_a_pin(one: OneNode) -> None:
    card = (await one.card()).card.card
    good = gift(card, 300)
    for request, code in (
        (replace(good, asked_by="WANG  li"), "TWO_NAMES_NEEDED"),
        (replace(good, asked_by=" "), "NAME_MISSING"),
        (replace(good, approved_by="Nobody"), "APPROVER_UNKNOWN"),
        (replace(good, asked_by="Wang Li", approved_by="Sato", pin=""), "APPROVER_UNKNOWN"),
        (replace(good, pin="4712"), "APPROVER_PIN_WRONG"),
        (replace(good, pin=""), "APPROVER_PIN_WRONG"),
        (replace(good, card=bytes(16)), "CARD_UNKNOWN"),
    ):
        with pytest.raises((Refused, InputFault), match=code):
            await one.node.service.handle(request)
    assert (await one.ask(GetGiving(), GivingTold)).left_today == 5_000


async def test_guessing_is_slowed_down(tmp_path: Path, autojump_clock: object) -> None:
    del autojump_clock
    add_person(tmp_path, "Wang Li", "4711")
    door = Staff(tmp_path)
    for left in (4, 3, 2, 1):
        with pytest.raises(InputFault) as wrong:
            await door.check("Wang Li", "0000")
        assert wrong.value.facts["tries"] == left
    for pin in ("0000", "4711"):
        with pytest.raises(InputFault, match="APPROVER_PIN_LOCKED"):
            await door.check("Wang Li", pin)
    await trio.sleep(staff.LOCKED_S)
    await door.check("Wang Li", "4711")


async def test_without_approvers_nobody_approves(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="APPROVERS_NONE"):
        await Staff(tmp_path).check("Wang Li", "4711")
    (tmp_path / staff.FILE).write_text("[{")
    with pytest.raises(OperatorFault, match="STAFF_FILE_BAD"):
        await Staff(tmp_path).check("Wang Li", "4711")


def test_people_are_added_changed_and_removed(tmp_path: Path) -> None:
    add_person(tmp_path, "Wang Li", "4711")
    add_person(tmp_path, "  佐藤  花子 ", "123456")
    add_person(tmp_path, "WANG LI", "9999")
    people = load_staff(tmp_path)
    assert [one.name for one in people] == ["佐藤 花子", "WANG LI"]
    assert (tmp_path / staff.FILE).stat().st_mode & 0o077 == 0
    assert b"9999" not in (tmp_path / staff.FILE).read_bytes()
    with pytest.raises(InputFault, match="STAFF_PIN_TAKEN"):
        add_person(tmp_path, "Third", "123456")
    for name, pin, code in (
        (" ", "1234", "STAFF_NAME_BAD"),
        ("x" * 41, "1234", "STAFF_NAME_BAD"),
        ("Third", "123", "STAFF_PIN_FORM"),
        ("Third", "12ab", "STAFF_PIN_FORM"),
    ):
        with pytest.raises(InputFault, match=code):
            add_person(tmp_path, name, pin)
    remove_person(tmp_path, "wang li")
    assert [one.name for one in load_staff(tmp_path)] == ["佐藤 花子"]
    with pytest.raises(InputFault, match="STAFF_UNKNOWN"):
        remove_person(tmp_path, "wang li")
