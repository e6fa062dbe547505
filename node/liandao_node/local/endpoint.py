"""Where the local API of a node is found, given its data directory.

On a system with Unix sockets that tell their peer's uid: the socket ``api.sock`` in the data
directory. Elsewhere: a loopback port and a random token, both in the file ``api.json`` there,
readable by its owner alone.
"""

import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from liandao_node.errors import OperatorFault
from liandao_node.limits import API_SOCKET_PATH_BYTES_MAX

UNIX_SOCKETS: Final = hasattr(socket, "AF_UNIX") and hasattr(socket, "SO_PEERCRED")
LOOPBACK: Final = "127.0.0.1"


class TcpEndpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of ``api.json``."""

    port: int
    token: str
    """Proof that the client may read its owner's files."""


def socket_path(data_dir: Path) -> Path:
    return data_dir / "api.sock"


@contextmanager
def socket_address(path: Path) -> Iterator[str]:
    """An address to bind or connect to for ``path``, however long that is.

    A socket address is short. Linux reaches a file in an open folder by the folder's
    descriptor too, so one place serves every data directory; no second one is needed, on
    which node and client would have to agree.
    """
    if len(os.fsencode(path)) <= API_SOCKET_PATH_BYTES_MAX:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def tcp_path(data_dir: Path) -> Path:
    return data_dir / "api.json"


def read_tcp(data_dir: Path) -> TcpEndpoint | None:
    """What a node that serves on loopback wrote down, or None when there is none.

    Raises OperatorFault ``API_FILE_BAD`` when the file is not one that a node writes.
    """
    path = tcp_path(data_dir)
    try:
        return msgspec.json.decode(path.read_bytes(), type=TcpEndpoint)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        raise OperatorFault("API_FILE_BAD", path=str(path), detail=str(error)) from error


def write_tcp(data_dir: Path, endpoint: TcpEndpoint) -> None:
    """Writes ``api.json`` so that at no moment anybody else can read it, nor half of it."""
    path = tcp_path(data_dir)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(endpoint))
    unfinished.replace(path)


def make_private(folder: Path) -> None:
    """Makes ``folder`` ours alone (0700).

    Raises OperatorFault ``FOLDER_NOT_OURS`` when it belongs to somebody else, who could put
    a socket of his own in the place of ours.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32":
        return  # permissions of this kind mean nothing here
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise OperatorFault("FOLDER_NOT_OURS", path=str(folder))
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
