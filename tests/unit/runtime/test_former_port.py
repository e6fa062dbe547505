"""The port that the others remember is kept; a file that makes no sense costs nothing."""

from pathlib import Path

import pytest
from liandao_node.errors import OperatorFault
from liandao_node.runtime.address_book import PORT_FILE, FormerPort
from liandao_node.runtime.config import load_settings, save_settings
from liandao_node.runtime.node import Node
from liandao_node.runtime.stores import open_stores
from liandao_node.types import ShopId
from msgspec.structs import replace
from support.runtime_node import found, running_node


def test_a_port_is_remembered(tmp_path: Path) -> None:
    assert FormerPort(tmp_path).port == 0
    FormerPort(tmp_path).remember(4_711)
    assert FormerPort(tmp_path).port == 4_711


@pytest.mark.parametrize("content", ["", "none", "-5", "0", "65536", "9" * 5_000, "\x00\xff"])
def test_nonsense_is_no_port(tmp_path: Path, content: str) -> None:
    (tmp_path / PORT_FILE).write_text(content)
    assert FormerPort(tmp_path).port == 0


def test_a_place_that_cannot_be_written_harms_nobody(tmp_path: Path) -> None:
    gone = FormerPort(tmp_path / "gone")
    gone.remember(4_711)
    assert gone.port == 4_711


async def test_a_node_listens_where_it_did_before(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 2)
    ports = []
    for _ in range(2):
        async with running_node(dirs[0], genesis) as one:
            ports.append(one.node._former_port.port)
    assert ports[0] == ports[1] > 0


async def test_settings_of_another_shop_are_refused(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 2)
    save_settings(dirs[0], replace(load_settings(dirs[0]), shop=ShopId(1)))
    with open_stores(dirs[0], genesis) as stores, pytest.raises(OperatorFault) as fault:
        Node(dirs[0], genesis, load_settings(dirs[0]), stores)
    assert fault.value.code == "SETTINGS_OTHER_SHOP"
    assert fault.value.facts == {"settings": 1, "voter": 0}
