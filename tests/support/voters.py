"""A voter.db for tests: one key, states that tell which save they are."""

from pathlib import Path
from typing import Final

from liandao_node.store.voter import Body, VoterState, VoterStore
from liandao_node.types import ChainId, ShopId

CHAIN: Final = ChainId(b"\x11" * 32)
SEED: Final = b"\x22" * 32
MACHINE: Final = b"machine"


def create_voter(path: Path, vfs: str | None = None) -> VoterStore:
    return VoterStore.create(
        path, chain_id=CHAIN, shop=ShopId(2), seed=SEED, machine_id=MACHINE, vfs=vfs
    )


def open_voter(path: Path, vfs: str | None = None) -> VoterStore:
    return VoterStore.open(path, chain_id=CHAIN, machine_id=MACHINE, vfs=vfs)


def state_of(number: int) -> VoterState:
    """The state of save ``number``: every field tells the number."""
    part = number.to_bytes(4, "big")
    return VoterState(
        epoch=0,
        promised=number,
        view=number,
        prepared=b"prepared" + part * 80,
        view_change=b"view-change" + (number // 3).to_bytes(4, "big") * 90,
        new_view=b"new-view" + (number // 5).to_bytes(4, "big") * 200,
    )


def body_of(number: int) -> Body:
    """The block body that save ``number`` brings: one page or several."""
    part = number.to_bytes(4, "big")
    return (number, part * 8, part * (100 + number % 4 * 700))


BODIES_KEPT: Final = 3


def save_number(store: VoterStore, number: int) -> None:
    store.save(state_of(number), [body_of(number)], number - BODIES_KEPT)


def bodies_after(number: int) -> list[bytes]:
    """What `VoterStore.bodies` holds after saves 1 to ``number``."""
    first = max(1, number - BODIES_KEPT + 1)
    return [body_of(n)[2] for n in range(first, number + 1)]
