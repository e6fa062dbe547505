"""How orders of other tills are named in the ledger."""

from liandao_node.crypto.digest import tagged


def reference_hash(reference: str) -> bytes:
    """16 bytes for the id that an order has at its source: the id itself stays in the shop."""
    return tagged(b"liandao/reference/1", reference.encode())[:16]
