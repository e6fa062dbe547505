"""Keys of customers' PINs: slow to make and large while they are made, never in trio's thread."""

from typing import Final

import trio

from liandao_node.crypto.card_papers import pin_key
from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey

AT_ONCE: Final = 2
"""Each takes 64 MiB; more tills than that wait a fifth of a second."""


class PinKeys:
    """Makes them; keeps none."""

    def __init__(self) -> None:
        self._room = trio.CapacityLimiter(AT_ONCE)

    async def key(self, card: CardSecret, pin: str) -> SigningKey | None:
        """None for no PIN. Raises InputFault ``PIN_FORM``."""
        if not pin:
            return None
        return await trio.to_thread.run_sync(pin_key, card, pin, limiter=self._room)


def signed(key: SigningKey | None, preimage: bytes) -> bytes:
    """By that key; empty where there is none."""
    return key.sign(preimage) if key is not None else b""
