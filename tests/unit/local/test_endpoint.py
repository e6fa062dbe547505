"""Where the local API lies, and that nobody else gets at it."""

import os
import socket
import stat
from pathlib import Path

import pytest
from liandao_node.errors import OperatorFault
from liandao_node.local.endpoint import (
    TcpEndpoint,
    make_private,
    read_tcp,
    socket_address,
    socket_path,
    tcp_path,
    write_tcp,
)


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(OperatorFault) as caught:
        make_private(tmp_path)
    assert caught.value.code == "FOLDER_NOT_OURS"


def test_the_token_file_is_its_owners_alone_and_replaces_an_old_one(tmp_path: Path) -> None:
    assert read_tcp(tmp_path) is None
    for port in (4_000, 4_001):
        write_tcp(tmp_path, TcpEndpoint(port=port, token="t"))
        assert stat.S_IMODE(tcp_path(tmp_path).stat().st_mode) == 0o600
        assert read_tcp(tmp_path) == TcpEndpoint(port=port, token="t")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"port": "x", "token": ""}', b"\xff"])
def test_a_token_file_that_no_node_wrote_is_named(tmp_path: Path, content: bytes) -> None:
    tcp_path(tmp_path).write_bytes(content)
    with pytest.raises(OperatorFault) as caught:
        read_tcp(tmp_path)
    assert caught.value.code == "API_FILE_BAD"


def test_a_path_too_long_for_a_socket_address_is_reached_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    path = socket_path(folder)
    with socket.socket(socket.AF_UNIX) as door, socket.socket(socket.AF_UNIX) as knock:
        with socket_address(path) as address:
            door.bind(address)
        door.listen()
        assert path.is_socket()
        with socket_address(path) as address:
            knock.connect(address)
