"""Founding a street, a shop's own settings, the addresses it remembers."""

import json
import stat
from pathlib import Path

import msgspec
import pytest
import trio
from liandao_node.errors import LiandaoError, OperatorFault
from liandao_node.net.addresses import Address
from liandao_node.runtime.address_book import FILE as BOOK
from liandao_node.runtime.address_book import KEPT_PER_SHOP, StoredAddresses
from liandao_node.runtime.config import FILE, load_settings, save_settings
from liandao_node.runtime.node import run_node
from liandao_node.runtime.street import NewShop, found_street, read_genesis
from liandao_node.types import Amount, ShopId
from liandao_node.wire.genesis import Rules
from support.runtime_node import found, key_of, settings

# --- founding ---


def test_every_shop_gets_its_own_key_and_the_same_street(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 3)
    assert {read_genesis(data_dir).chain_id for data_dir in dirs} == {genesis.chain_id}
    keys = [key_of(genesis, data_dir).public_key for data_dir in dirs]
    assert keys == [shop.public_key for shop in genesis.shops]
    assert [load_settings(data_dir).shop for data_dir in dirs] == [0, 1, 2]
    for data_dir in dirs:
        owner = data_dir / "owner.key"
        assert stat.S_IMODE(owner.stat().st_mode) == 0o600
        assert stat.S_IMODE((data_dir / "voter.db").stat().st_mode) == 0o600
    assert len({(data_dir / "owner.key").read_text() for data_dir in dirs}) == 3


def test_a_directory_of_another_street_is_left_alone(tmp_path: Path) -> None:
    found(tmp_path / "a", 1)
    before = {p: p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()}
    shops = [
        NewShop("New", tmp_path / "b", settings(), Amount(1)),
        NewShop("Old", tmp_path / "a" / "shop-0", settings(), Amount(1)),
    ]
    with pytest.raises(OperatorFault, match="STREET_EXISTS"):
        found_street("Again", shops, currency="CNY", exponent=2, utc_offset_minutes=0)
    assert {p: p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()} == before
    assert not (tmp_path / "b").exists(), "nothing is half founded"


@pytest.mark.parametrize(
    ("name", "bond", "exponent", "rules"),
    [
        ("", 1, 2, Rules()),
        ("x" * 81, 1, 2, Rules()),
        ("Shop", -1, 2, Rules()),
        ("Shop", 1, 9, Rules()),
        ("Shop", 1, 2, Rules(earn_bps=10_001)),
    ],
)
def test_a_street_that_makes_no_sense_leaves_nothing_behind(
    tmp_path: Path, name: str, bond: int, exponent: int, rules: Rules
) -> None:
    shop = NewShop(name, tmp_path / "shop", settings(), Amount(bond))
    with pytest.raises(OperatorFault, match="GENESIS_BAD"):
        found_street(
            "S", [shop], currency="CNY", exponent=exponent, utc_offset_minutes=0, rules=rules
        )
    assert not shop.data_dir.exists()


def test_no_street_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="STREET_MISSING"):
        read_genesis(tmp_path)


# --- settings ---


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    given = settings(peers={"1": ["tea.example:4040"]}, own_networks=["10.0.0.0/8"], site="tea")
    save_settings(tmp_path, given)
    assert load_settings(tmp_path) == given


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"shop": 0, "port": 1}',
        b'{"shop": "zero"}',
        b'{"shop": 0, "listen_port": 65536}',
        b'{"shop": 0, "listen_port": -1}',
        b'{"shop": 0, "peers": {"tea": ["tea.example:4040"]}}',
        b'{"shop": 0, "peers": {"1": "tea.example:4040"}}',
        b'{"shop": 0, "site": "\xff\xfe"}',
        b"[" * 100_000,
    ],
)
def test_settings_that_make_no_sense_are_named(tmp_path: Path, document: bytes) -> None:
    (tmp_path / FILE).write_bytes(document)
    with pytest.raises(OperatorFault) as caught:
        load_settings(tmp_path)
    assert caught.value.code == "SETTINGS_BAD"
    assert caught.value.facts["path"] == str(tmp_path / FILE)


def test_missing_and_unreadable_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="SETTINGS_MISSING"):
        load_settings(tmp_path)
    (tmp_path / FILE).mkdir()
    with pytest.raises(OperatorFault, match="SETTINGS_BAD"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("peers", {"1": ["tea.example"]}, "ADDRESS_BAD"),
        ("peers", {"1": [":4040"]}, "ADDRESS_BAD"),
        ("peers", {"1": ["tea.example:0"]}, "ADDRESS_BAD"),
        ("peers", {"1": ["tea.example:65536"]}, "ADDRESS_BAD"),
        ("peers", {"1": ["tea.example:²"]}, "ADDRESS_BAD"),
        ("own_networks", ["ten"], "NETWORK_BAD"),
        ("listen_host", "203.0.113.1", "LISTEN_FAILED"),
    ],
)
async def test_a_setting_that_cannot_be_used_keeps_the_node_from_starting_by_name(
    tmp_path: Path, field: str, value: object, code: str
) -> None:
    _, dirs = found(tmp_path, 2)
    save_settings(dirs[0], msgspec.structs.replace(load_settings(dirs[0]), **{field: value}))
    with pytest.raises((LiandaoError, ExceptionGroup)) as caught, trio.fail_after(60):
        await run_node(dirs[0])
    assert code in repr(caught.value)


# --- addresses ---


def test_addresses_outlive_the_process_the_latest_first(tmp_path: Path) -> None:
    book = StoredAddresses(tmp_path)
    for port in range(1, KEPT_PER_SHOP + 3):
        book.remember(ShopId(2), Address("192.0.2.1", port))
    book.remember(ShopId(2), Address("192.0.2.1", 4))
    book.remember(ShopId(3), Address("2001:db8::1", 9))
    known = StoredAddresses(tmp_path).known()
    assert known == book.known()
    assert [address.port for address in known[ShopId(2)]] == [4, 6, 5, 3]
    assert known[ShopId(3)] == [Address("2001:db8::1", 9)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b'{"tea": [["h", 1]]}',
        b'{"1": "ab"}',
        b'{"1": [["h"]]}',
        b'{"1": [["h", 0]]}',
        b'{"1": [["h", 65536]]}',
        b'{"1": [["h", 1e999]]}',
        b'{"1": null}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_address_book_costs_nothing_but_itself(tmp_path: Path, content: bytes) -> None:
    (tmp_path / BOOK).write_bytes(content)
    book = StoredAddresses(tmp_path)
    assert not book.known()
    book.remember(ShopId(1), Address("192.0.2.1", 7))
    assert json.loads((tmp_path / BOOK).read_bytes()) == {"1": [["192.0.2.1", 7]]}


def test_an_address_book_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    book = StoredAddresses(tmp_path / "nowhere")
    book.remember(ShopId(1), Address("192.0.2.1", 7))
    assert book.known() == {1: [Address("192.0.2.1", 7)]}
