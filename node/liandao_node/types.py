"""Names for the numbers and bytes that travel through every package.

They are NewTypes: at run time an ``int`` or ``bytes``, for the type checker a
seat is not a view and a block hash is not a card.
"""

from typing import NewType

ShopId = NewType("ShopId", int)
"""A member shop's number in its street, given by the genesis file, from 0 up.

It is also its seat: one legal shop holds one seat at most."""

View = NewType("View", int)
Seq = NewType("Seq", int)
"""Height of a block; the genesis block is 0."""
Epoch = NewType("Epoch", int)

BlockHash = NewType("BlockHash", bytes)
"""32 bytes, SHA-256 over the tagged header."""
ChainId = NewType("ChainId", bytes)
"""32 bytes, SHA-256 over the canonical genesis."""
TxId = NewType("TxId", bytes)
"""32 bytes, SHA-256 over the tagged signed transaction."""
CardId = NewType("CardId", bytes)
"""16 bytes, the head of SHA-256 over the tagged card public key."""
PublicKey = NewType("PublicKey", bytes)
"""32 bytes, Ed25519."""
Signature = NewType("Signature", bytes)
"""64 bytes, Ed25519."""

Millis = NewType("Millis", int)
"""Milliseconds: since the Unix epoch for ledger time, since an arbitrary start for deadlines."""
Amount = NewType("Amount", int)
"""Minor units of the street's currency. One point is one minor unit; never a float."""
