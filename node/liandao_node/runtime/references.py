"""How orders of other tills are named in the ledger, and how an order that is not there is told."""

from liandao_node.crypto.digest import tagged
from liandao_node.errors import Refused
from liandao_node.wire.refunds import OrderName


def reference_hash(reference: str) -> bytes:
    """16 bytes for the id that an order has at its source: the id itself stays in the shop."""
    return tagged(b"liandao/reference/1", reference.encode())[:16]


def unknown_order(name: OrderName) -> Refused:
    """``ORDER_UNKNOWN`` or ``IMPORT_UNKNOWN``, with the name: the street certifies no facts."""
    if name.source:
        return Refused("IMPORT_UNKNOWN", source=name.source, reference=name.reference)
    return Refused("ORDER_UNKNOWN", register=name.register, number=name.number)
