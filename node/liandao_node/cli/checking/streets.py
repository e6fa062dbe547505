"""A street for a module to be tried in: what it needs, and no more.

So a module is tried whatever else a node brings, and its own calls meet no others. Whether it
gets on with all of a node's modules is asked apart, by putting them together once.
"""

from collections.abc import Sequence
from typing import Final

from liandao_node.cli.checking.findings import Broken, Fault
from liandao_node.crypto.keys import SigningKey, verify
from liandao_node.errors import OperatorFault
from liandao_node.ledger.machine import Machine
from liandao_node.ledger.module_api import Module
from liandao_node.ledger.modules import BUILTIN
from liandao_node.types import Amount, Millis, ShopId
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules

SHOPS: Final = 5
OWN_NUMBERS: Final = 100
"""Numbers below are the project's own."""
CREATED_MS: Final = Millis(1_772_352_000_000)
"""2026-03-01 08:00 UTC."""


def key_of(shop: int) -> SigningKey:
    return SigningKey(b"node" + shop.to_bytes(28, "big"))


def genesis_of(modules: Sequence[Module]) -> Genesis:
    return Genesis(
        street="Trial street",
        currency="CNY",
        exponent=2,
        utc_offset_minutes=480,
        created_ms=CREATED_MS,
        modules=[(module.name, module.version) for module in modules],
        rules=Rules(),
        shops=[
            GenesisShop(
                shop=ShopId(shop),
                name=f"Shop {shop}",
                node_key=key_of(shop).public_key.hex(),
                owner_key=key_of(1_000 + shop).public_key.hex(),
                bond=Amount(1_000_000),
            )
            for shop in range(SHOPS)
        ],
    )


def modules_for(module: Module) -> tuple[Module, ...]:
    """The module behind those that offer what it needs, and what they need in turn."""
    offered = {type(service): one for one in BUILTIN for service in one.services()}
    wanted = {"membership", "cards"} - {module.name}
    waiting = [
        *module.needs,
        *(need for one in BUILTIN if one.name in wanted for need in one.needs),
    ]
    while waiting:
        need = waiting.pop()
        source = offered.get(need)
        if source is None:
            words = f"It needs {need.__name__}, which no module of this node offers."
            raise Broken(Fault.MISFIT, words)
        if source.name not in wanted:
            wanted.add(source.name)
            waiting += source.needs
    return (*(one for one in BUILTIN if one.name in wanted), module)


def check_fit(module: Module) -> None:
    """Whether a node with all its modules would start with this one. Raises Broken."""
    others = tuple(one for one in BUILTIN if one.name != module.name)
    all_ = (*others, module)
    if len(others) < len(BUILTIN):
        all_ = tuple(module if one.name == module.name else one for one in BUILTIN)
    elif module.number < OWN_NUMBERS:
        words = f"Its number {module.number} is one of the project's own: take one from"
        raise Broken(Fault.NUMBER, f"{words} {OWN_NUMBERS} to 255.")
    try:
        genesis = genesis_of(all_)
        Machine(genesis, all_, verify).join(tuple(genesis.modules))
    except OperatorFault as fault:
        why = fault.facts.get("why", fault.code)
        raise Broken(Fault.MISFIT, f"No node would start with it: {why}.") from fault
