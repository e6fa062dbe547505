"""Damage beyond a torn tail: the node votes no more, says why in one sentence and what to do,
and never begins anew by itself (O7)."""

import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
import trio
from liandao_node.errors import LiandaoError, OperatorFault, StorageFault
from liandao_node.runtime.node import run_node
from liandao_node.runtime.stores import open_stores
from liandao_node.store.voter import VoterStore
from liandao_node.wire.genesis import Genesis
from liandao_node.wording import sentence
from support.faulty_disk import flip_bit
from support.runtime_node import found, running_node

PAGE_BYTES = 4096
Damage = Callable[[Path], None]


async def _sold_on(data_dir: Path, genesis: Genesis, sales: int = 3) -> None:
    async with running_node(data_dir, genesis) as one:
        card = (await one.card()).card.card
        for _ in range(sales):
            await one.sell(card, 1_000)


@pytest.fixture
async def shop(tmp_path: Path) -> tuple[Genesis, Path]:
    """A shop alone in its street, closed after some sales."""
    genesis, (data_dir,) = found(tmp_path, 1)
    await _sold_on(data_dir, genesis)
    return genesis, data_dir


async def _refusal(data_dir: Path) -> LiandaoError:
    """Why the node of ``data_dir`` does not start."""
    try:
        with trio.fail_after(60):
            await run_node(data_dir)
    except (StorageFault, OperatorFault) as fault:
        return fault
    raise AssertionError("it started")


def _contents(data_dir: Path) -> dict[str, bytes]:
    """All files but those that say who works on the directory."""
    return {
        path.name: path.read_bytes()
        for path in data_dir.iterdir()
        if path.is_file() and path.name not in ("node.lock", "voter.mark")
    }


def _says_what_to_do(fault: LiandaoError) -> bool:
    said = sentence(fault.code, fault.facts)
    return "does not" in said and "oints are safe" in said and "liandao rekey" in said


# --- the voting record ---


def _cut_short(data_dir: Path) -> None:
    voter = data_dir / "voter.db"
    voter.write_bytes(voter.read_bytes()[:-PAGE_BYTES])


def _gone(data_dir: Path) -> None:
    (data_dir / "voter.db").unlink()


def _moved_here(data_dir: Path) -> None:
    """Something else under its name."""
    shutil.copy(data_dir / "ledger.db", data_dir / "voter.db")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_cut_short, "VOTER_DAMAGED"),
        (_gone, "VOTER_MISSING"),
        (_moved_here, "VOTER_DAMAGED"),
    ],
)
async def test_a_voting_record_that_cannot_be_trusted_is_left_alone(
    shop: tuple[Genesis, Path], damage: Damage, code: str
) -> None:
    _, data_dir = shop
    damage(data_dir)
    before = _contents(data_dir)
    fault = await _refusal(data_dir)
    assert fault.code == code
    assert _says_what_to_do(fault)
    after = _contents(data_dir)
    assert {name for name in after if name.startswith("voter")} <= set(before)
    assert all(after[name] == before[name] for name in ("voter.db",) if name in before)
    assert after["ledger.db"] == before["ledger.db"]


async def test_an_emptied_voting_record_is_refused_again_and_again(
    shop: tuple[Genesis, Path],
) -> None:
    """SQLite takes an empty file for a new database; no key comes into it by itself."""
    _, data_dir = shop
    (data_dir / "voter.db").write_bytes(b"")
    for _ in range(2):
        fault = await _refusal(data_dir)
        assert fault.code == "VOTER_DAMAGED"
        assert _says_what_to_do(fault)


async def test_a_backup_of_the_voting_record_put_back_is_refused(
    shop: tuple[Genesis, Path],
) -> None:
    """O7: with the ledger of today beside it."""
    genesis, data_dir = shop
    backup = (data_dir / "voter.db").read_bytes()
    await _sold_on(data_dir, genesis)
    (data_dir / "voter.db").write_bytes(backup)
    fault = await _refusal(data_dir)
    assert fault.code == "VOTER_OLDER"
    assert _says_what_to_do(fault)
    assert (data_dir / "voter.db").read_bytes() == backup


async def test_the_files_of_two_shops_of_a_street_exchanged(tmp_path: Path) -> None:
    """A shop would sign in the name of another, perhaps beside it."""
    _, dirs = found(tmp_path, 2)
    shutil.copy(dirs[1] / "voter.db", dirs[0] / "voter.db")
    fault = await _refusal(dirs[0])
    assert fault.code == "SETTINGS_OTHER_SHOP"
    assert "not started" in sentence(fault.code, fault.facts)


async def test_the_files_of_another_street(shop: tuple[Genesis, Path], tmp_path: Path) -> None:
    _, data_dir = shop
    _, (other,) = found(tmp_path / "other", 1)
    kept = (data_dir / "voter.db").read_bytes()
    shutil.copy(other / "voter.db", data_dir / "voter.db")
    assert (await _refusal(data_dir)).code == "VOTER_OTHER_STREET"
    (data_dir / "voter.db").write_bytes(kept)


@pytest.mark.parametrize("of_today", [True, False])
def test_every_page_of_the_voting_record_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_today: bool
) -> None:
    """One bit in each page that holds anything: refused, or the very state that was saved. Also
    without the mark beside it."""
    monkeypatch.setattr("liandao_node.store.voter.VOTER_RESERVE_BYTES", 32 * 1024)
    genesis, (data_dir,) = found(tmp_path, 1)
    with open_stores(data_dir, genesis) as stores:
        stores.voter.save(stores.voter.state, [(1, b"h" * 32, b"body" * 5_000)], 0)
        state, bodies = stores.voter.state, stores.voter.bodies()
    if not of_today:
        (data_dir / "voter.mark").unlink()
    whole = tmp_path / "whole"
    shutil.copytree(data_dir, whole)
    content = (whole / "voter.db").read_bytes()
    refusals = []
    for start in range(0, len(content), PAGE_BYTES):
        written = [at for at in range(start, start + PAGE_BYTES) if content[at]]
        for at in {written[len(written) * part // 2] for part in range(2)} if written else ():
            shutil.rmtree(data_dir)
            shutil.copytree(whole, data_dir)
            flip_bit(data_dir / "voter.db", 8 * at + 1)
            try:
                with open_stores(data_dir, genesis) as stores:
                    assert (stores.voter.state, stores.voter.bodies()) == (state, bodies)
            except StorageFault as fault:
                refusals.append(fault)
    assert {fault.code for fault in refusals} <= {"VOTER_DAMAGED", "VOTER_OLDER"}
    assert all(map(_says_what_to_do, refusals))
    assert len(refusals) >= 8


# --- the ledger ---


@pytest.mark.parametrize("kept_part", [0.85, 0.5, 0.01])
async def test_a_ledger_cut_short_is_refused(shop: tuple[Genesis, Path], kept_part: float) -> None:
    _, data_dir = shop
    ledger = data_dir / "ledger.db"
    content = ledger.read_bytes()
    cut = content[: max(1, int(len(content) * kept_part))]
    ledger.write_bytes(cut)
    fault = await _refusal(data_dir)
    assert fault.code == "DATABASE_DAMAGED"
    said = sentence(fault.code, fault.facts)
    assert "ledger.db is damaged" in said
    assert "Points are safe" in said
    assert ledger.read_bytes() == cut


@pytest.mark.parametrize("value", [b"\xc1", b"", b"\x91\xa2\xff\xfe", b"\x80"])
async def test_a_record_that_is_none_stops_the_node_by_name(
    shop: tuple[Genesis, Path], value: bytes
) -> None:
    """A page may be whole for SQLite and hold something else than was written."""
    _, data_dir = shop
    connection = apsw.Connection(str(data_dir / "ledger.db"))
    connection.execute("UPDATE state SET value = ?", (value,))
    connection.close()
    fault = await _refusal(data_dir)
    assert fault.code == "DATABASE_DAMAGED"
    assert "ledger.db is damaged" in sentence(fault.code, fault.facts)


async def test_a_voting_record_of_a_closed_shop_opens(shop: tuple[Genesis, Path]) -> None:
    """The other tests damage what is whole."""
    genesis, data_dir = shop
    with open_stores(data_dir, genesis) as stores:
        assert isinstance(stores.voter, VoterStore)
        tip = stores.ledger.tip()
        assert tip is not None
        assert tip.seq >= 4
