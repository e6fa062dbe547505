"""The ledger modules that come with the node, each written against `ledger.module_api` only."""

from typing import Final

from liandao_node.ledger.module_api import Module
from liandao_node.ledger.modules.cards import Cards
from liandao_node.ledger.modules.clearing import Clearing
from liandao_node.ledger.modules.coupons import Coupons
from liandao_node.ledger.modules.membership import Membership
from liandao_node.ledger.modules.notary import Notary
from liandao_node.ledger.modules.points import Points
from liandao_node.ledger.modules.pool import Pool
from liandao_node.ledger.modules.rules import StreetRules
from liandao_node.ledger.modules.stake import Stake
from liandao_node.ledger.modules.traffic import Traffic

BUILTIN: Final[tuple[Module, ...]] = (
    Membership(),
    Stake(),
    StreetRules(),
    Cards(),
    Clearing(),
    Points(),
    Coupons(),
    Traffic(),
    Pool(),
    Notary(),
)
"""In the order in which a genesis file names them: who offers a service before who needs it."""

BUILTIN_VERSIONS: Final = [(module.name, module.version) for module in BUILTIN]
"""For the ``modules`` of a new genesis file."""
