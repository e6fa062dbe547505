"""Founding a street: keys, genesis and the data directories of its shops.

Every shop's node key lies in its own voter.db and nowhere else. The owner key is a file of
its own, to be put away: no node needs it to run. The customers' secret is another one: cards
that the shop keeps for customers of other tills must outlive the node key.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import platformdirs

from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import OperatorFault
from liandao_node.ledger.modules import BUILTIN_VERSIONS
from liandao_node.runtime.clock import wall_ms
from liandao_node.runtime.config import NodeSettings, save_settings
from liandao_node.store.files import DataDirectory
from liandao_node.store.voter import VoterStore
from liandao_node.types import Amount, PublicKey, ShopId
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules, load_genesis

OWNER_KEY_FILE = "owner.key"
CUSTOMERS_KEY_FILE = "customers.key"
MACHINE_ID_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


@dataclass(frozen=True, slots=True)
class NewShop:
    """A founding member: where its data will lie, and its settings."""

    name: str
    data_dir: Path
    settings: NodeSettings
    bond: Amount


def machine_id() -> bytes:
    """32 bytes that stay the same on this computer and differ on another: a key's home."""
    for path in (*map(Path, MACHINE_ID_FILES), own := _own_machine_id()):
        try:
            found = path.read_bytes().strip()
        except OSError:
            continue
        if found:
            return sha256(found).digest()
    # A network card's number would do for most computers and change on some with a dock.
    made = secrets.token_hex(32).encode()
    own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write_private(own, made + b"\n")
    return sha256(made).digest()


def _own_machine_id() -> Path:
    """Where this user's programs keep a number of their own for this computer, on systems
    that have none to read. It does not travel with the data directory."""
    return Path(platformdirs.user_config_dir("liandao", appauthor=False)) / "machine-id"


def found_street(
    street: str,
    shops: Sequence[NewShop],
    *,
    currency: str,
    exponent: int,
    utc_offset_minutes: int,
    rules: Rules | None = None,
    treasurers: Sequence[PublicKey] = (),
    treasurer_quorum: int = 0,
    modules: Sequence[tuple[str, int]] = (),
) -> Genesis:
    """Makes a street and the data directory of each founding shop.

    ``modules`` are installed ledger modules behind those of the node.

    Raises OperatorFault ``STREET_EXISTS`` where a directory already belongs to one, and what
    `load_genesis` raises of the description.
    """
    for shop in shops:
        if (shop.data_dir / "genesis.json").exists():
            raise OperatorFault("STREET_EXISTS", path=str(shop.data_dir))
    seeds = [(secrets.token_bytes(SEED_BYTES), secrets.token_bytes(SEED_BYTES)) for _ in shops]
    genesis = Genesis(
        street=street,
        currency=currency,
        exponent=exponent,
        utc_offset_minutes=utc_offset_minutes,
        created_ms=wall_ms(),
        modules=[*BUILTIN_VERSIONS, *modules],
        rules=rules or Rules(),
        shops=[
            GenesisShop(
                shop=ShopId(at),
                name=shop.name,
                node_key=SigningKey(node).public_key.hex(),
                owner_key=SigningKey(owner).public_key.hex(),
                bond=shop.bond,
            )
            for at, (shop, (node, owner)) in enumerate(zip(shops, seeds, strict=True))
        ],
        treasurers=[key.hex() for key in treasurers],
        treasurer_quorum=treasurer_quorum,
    )
    document = msgspec.json.format(msgspec.json.encode(genesis), indent=2) + b"\n"
    load_genesis(document)
    for at, (shop, (node, owner)) in enumerate(zip(shops, seeds, strict=True)):
        _furnish(shop, ShopId(at), genesis, document, node, owner)
    return genesis


def _furnish(
    shop: NewShop, number: ShopId, genesis: Genesis, document: bytes, node: bytes, owner: bytes
) -> None:
    """One shop's data directory. genesis.json comes last: it says that all is there."""
    with DataDirectory.open(shop.data_dir) as files:
        VoterStore.create(
            files.voter,
            chain_id=genesis.chain_id,
            shop=number,
            seed=node,
            machine_id=machine_id(),
        ).close()
        save_settings(shop.data_dir, msgspec.structs.replace(shop.settings, shop=number))
        _write_private(shop.data_dir / OWNER_KEY_FILE, owner.hex().encode() + b"\n")
        customers = secrets.token_hex(SEED_BYTES).encode()
        _write_private(shop.data_dir / CUSTOMERS_KEY_FILE, customers + b"\n")
        draft = files.genesis.with_suffix(".new")
        draft.write_bytes(document)
        draft.replace(files.genesis)


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def customers_secret(data_dir: Path, seed: bytes) -> bytes:
    """32 bytes that the cards of other tills' customers come from: those of the file, or the
    node key's ``seed``, which older directories have used.

    Raises OperatorFault ``KEY_FILE_BAD``: another secret would give each of them a second card.
    """
    path = data_dir / CUSTOMERS_KEY_FILE
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        return seed
    except (OSError, ValueError) as error:
        raise OperatorFault("KEY_FILE_BAD", path=str(path)) from error
    if len(secret) != SEED_BYTES:
        raise OperatorFault("KEY_FILE_BAD", path=str(path))
    return secret


def read_genesis(data_dir: Path) -> Genesis:
    """The street that a data directory belongs to. Raises OperatorFault ``STREET_MISSING``."""
    path = data_dir / "genesis.json"
    try:
        return load_genesis(path.read_bytes())
    except OSError as error:
        raise OperatorFault("STREET_MISSING", path=str(path)) from error
