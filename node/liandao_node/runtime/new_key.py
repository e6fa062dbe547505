"""Gives a data directory another node key: the old voting record aside, a fresh one, and the
owner's statement that the street is to take it (docs/operations.md section 6).

The new key lies in the new voter.db and nowhere else, bound to this computer. It has never
voted, so an empty record is the whole truth about it; nothing of the old record goes over. Who
brings the statement to the ledger is not known here.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liandao_node.consensus.quorum import quorum_size
from liandao_node.crypto.keys import SEED_BYTES, SigningKey
from liandao_node.errors import OperatorFault
from liandao_node.ledger.modules.membership import Rekey, possession_preimage, rekey_preimage
from liandao_node.runtime.clock import wall_ms
from liandao_node.runtime.config import load_settings
from liandao_node.runtime.street import machine_id, read_genesis
from liandao_node.store.files import DataDirectory
from liandao_node.store.voter import VoterStore
from liandao_node.store.voter_aside import put_aside
from liandao_node.types import ShopId
from liandao_node.wire.genesis import Genesis

SHOPS_MIN: Final = 3
"""Fewer agree on nothing when one of them is away: nobody could record its new key."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What was done to a data directory."""

    statement: Rekey
    aside: Path | None
    """Folder that the old voting record lies in now; None where there was none."""


def check_renewable(genesis: Genesis, shop: ShopId, owner: SigningKey) -> None:
    """Whether a new key for ``shop`` can come into force at all. Changes nothing.

    Raises OperatorFault ``OWNER_KEY_OTHER`` or ``REKEY_NEEDS_STREET``.
    """
    if owner.public_key.hex() != genesis.shops[shop].owner_key.lower():
        raise OperatorFault("OWNER_KEY_OTHER", shop=shop)
    shops = len(genesis.shops)
    assert (quorum_size(shops) < shops) == (shops >= SHOPS_MIN)
    if shops < SHOPS_MIN:
        raise OperatorFault("REKEY_NEEDS_STREET", shops=shops, shop=shop)


def renew_key(data_dir: Path, owner: SigningKey, stamp: str) -> Renewed:
    """Puts another node key into ``data_dir``; its node must not run.

    ``stamp`` names the day in the name of the folder that the old record goes to. May be
    repeated at any moment: each time the key before goes aside, and the latest statement counts.
    Raises what `check_renewable` raises, OperatorFault ``DATA_IN_USE``, StorageFault, OSError.
    """
    genesis, shop = read_genesis(data_dir), ShopId(load_settings(data_dir).shop)
    check_renewable(genesis, shop, owner)
    with DataDirectory.open(data_dir) as files:
        aside = put_aside(data_dir, stamp)
        key = SigningKey(secrets.token_bytes(SEED_BYTES))
        VoterStore.create(
            files.voter,
            chain_id=genesis.chain_id,
            shop=shop,
            seed=key.seed,
            machine_id=machine_id(),
        ).close()
    return Renewed(_statement(genesis, shop, owner, key), aside)


def _statement(genesis: Genesis, shop: ShopId, owner: SigningKey, key: SigningKey) -> Rekey:
    value = (shop, int(wall_ms()), key.public_key)
    return Rekey(
        *value,
        owner.sign(rekey_preimage(genesis.chain_id, *value)),
        key.sign(possession_preimage(genesis.chain_id, *value)),
    )
