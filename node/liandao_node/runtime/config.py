"""This shop's own settings: node.json in its data directory. The street's are in genesis.json."""

from pathlib import Path
from typing import Annotated

import msgspec

from liandao_node.errors import OperatorFault
from liandao_node.limits import (
    LEDGER_BYTES_MAX,
    RETENTION_EPOCHS,
    RETENTION_EPOCHS_MIN,
    TRAFFIC_GRACE_MS,
)
from liandao_node.types import ShopId

FILE = "node.json"
PORT_MAX = 2**16 - 1


class NodeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    shop: ShopId
    listen_host: str = "0.0.0.0"  # noqa: S104 - a street's shops must reach each other
    listen_port: Annotated[int, msgspec.Meta(ge=0, le=PORT_MAX)] = 0
    """0: any free one; discovery tells the others."""
    discover: bool = True
    interfaces: list[str] = []
    """Addresses of the interfaces for discovery; empty: all."""
    peers: dict[Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,5}$")], list[str]] = {}
    """Addresses by shop number, ``host:port``, where discovery does not reach."""
    site: str = ""
    """Name of the shop's web site, part of what tells its visitors apart."""
    own_networks: list[str] = []
    """Networks of the shop itself: its own views do not count."""
    http_port: Annotated[int, msgspec.Meta(ge=0, le=PORT_MAX)] | None = None
    """Port of the HTTP door for metrics, 0 for any free one; None: there is no such door."""
    http_host: str = "127.0.0.1"
    """Others than this computer reach it only if this says so."""
    retention_epochs: Annotated[int, msgspec.Meta(ge=RETENTION_EPOCHS_MIN)] = RETENTION_EPOCHS
    """Epochs whose blocks are kept; older ones go when a snapshot speaks for them."""
    ledger_bytes_max: Annotated[int, msgspec.Meta(ge=0)] = LEDGER_BYTES_MAX
    """Size of ledger.db above which epochs go before their time."""
    late_grace_ms: int | None = TRAFFIC_GRACE_MS
    """Web hits whose own time lies further off do not count; None: old logs count too."""


def load_settings(data_dir: Path) -> NodeSettings:
    """Reads node.json. Raises OperatorFault ``SETTINGS_MISSING`` or ``SETTINGS_BAD``."""
    path = data_dir / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=NodeSettings)
    except FileNotFoundError as error:
        raise OperatorFault("SETTINGS_MISSING", path=str(path)) from error
    except OSError as error:
        raise OperatorFault("SETTINGS_BAD", path=str(path), detail=str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorFault("SETTINGS_BAD", path=str(path), detail=str(error)) from error


def save_settings(data_dir: Path, settings: NodeSettings) -> None:
    document = msgspec.json.format(msgspec.json.encode(settings), indent=2)
    (data_dir / FILE).write_bytes(document + b"\n")
