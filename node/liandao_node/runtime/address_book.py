"""Addresses kept over restarts: where shops were reached, and where this one listened (D-13)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.net.addresses import Address
from liandao_node.runtime.config import PORT_MAX
from liandao_node.types import ShopId

FILE = "addresses.json"
PORT_FILE = "port"
_Port: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=PORT_MAX)]
_stored = msgspec.json.Decoder(dict[str, list[tuple[str, _Port]]])
KEPT_PER_SHOP = 4


class StoredAddresses:
    """Implements `liandao_node.net.addresses.AddressBook` with a small file.

    It is a hint: a file that cannot be read or written costs nothing but a slower start.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._known: dict[ShopId, list[Address]] = {}
        with suppress(OSError, ValueError, RecursionError):
            for shop, addresses in _stored.decode(self._path.read_bytes()).items():
                self._known[ShopId(int(shop))] = [Address(*address) for address in addresses]

    def known(self) -> Mapping[ShopId, Sequence[Address]]:
        return self._known

    def remember(self, shop: ShopId, address: Address) -> None:
        kept = self._known.get(shop, [])
        if kept and kept[0] == address:
            return
        rest = [other for other in kept if other != address]
        self._known[shop] = [address, *rest][:KEPT_PER_SHOP]
        draft = self._path.with_suffix(".new")
        with suppress(OSError):
            draft.write_bytes(msgspec.json.encode({str(s): a for s, a in self._known.items()}))
            draft.replace(self._path)


class FormerPort:
    """The port that this node listened on last: the others remember it, so it is taken again.

    A hint like the addresses: a file that cannot be read or written costs the others one
    search for this shop.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / PORT_FILE
        self.port = 0
        """0 when there is none."""
        with suppress(OSError, ValueError):
            found = int(self._path.read_bytes()[:8])
            self.port = found if 0 < found <= PORT_MAX else 0

    def remember(self, port: int) -> None:
        if port != self.port:
            self.port = port
            with suppress(OSError):
                self._path.write_text(f"{port}\n")
