"""The outbox file: atomic, and damage in it is kept, told and survived."""

from pathlib import Path

import pytest
from liandao_app.services.outbox import Outbox, Slip
from liandao_node.errors import StorageFault
from liandao_node.types import Amount, Millis


def slip(key: int, **changes: int) -> Slip:
    return Slip(
        key=key,
        gross=Amount(2350),
        points=Amount(changes.get("points", 400)),
        tender="cash",
        given=Amount(changes.get("given", 0)),
        card=b"\x01" * 16,
        code="40170001",
        hold=b"\x02" * 16,
        at_ms=Millis(1),
        order=0,
    )


async def test_slips_survive(tmp_path: Path) -> None:
    path = tmp_path / "counter" / "outbox-1.json"
    outbox = Outbox(path, Slip)
    for key in (1, 2, 3):
        outbox.remember(slip(key))
    outbox.forget(2)
    await outbox.save()
    assert Outbox(path, Slip).load() == [slip(1), slip(3)]


async def test_keys_are_not_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "outbox.json"
    outbox = Outbox(path, Slip)
    assert outbox.next_key() == 1
    outbox.remember(slip(7))
    await outbox.save()
    again = Outbox(path, Slip)
    again.load()
    assert again.next_key() == 8


def test_no_file_is_an_empty_outbox(tmp_path: Path) -> None:
    assert Outbox(tmp_path / "outbox.json", Slip).load() == []


@pytest.mark.parametrize("damage", [b"", b"[{", b'[{"key": 1}]', b"\x00" * 40])
def test_a_damaged_file_is_kept_and_told(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "outbox.json"
    path.write_bytes(damage)
    with pytest.raises(StorageFault, match="OUTBOX_DAMAGED"):
        Outbox(path, Slip).load()
    assert path.with_suffix(".damaged").read_bytes() == damage
    assert Outbox(path, Slip).load() == []


@pytest.mark.parametrize(("given", "change"), [(0, 0), (1950, 0), (2000, 50), (5000, 3050)])
def test_change_is_cash_given_less_what_was_paid(given: int, change: int) -> None:
    assert slip(1, given=given).change == change
