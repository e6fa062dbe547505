"""The network of this node, made anew when a member's key changes.

Keys change at the end of an epoch, and seldom (L-4.10). Then all channels are closed and opened
again: a second without a neighbour is what every restart costs, and nothing of a channel needs
to know that keys can change.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import trio

from liandao_node.crypto.keys import Signer
from liandao_node.net.addresses import AddressBook
from liandao_node.net.handler import PeerHandler, PeerState
from liandao_node.net.peers import Network, NetworkConfig
from liandao_node.types import ChainId, PublicKey, ShopId


class StreetLinks:
    """Sends to the members whose keys are in force; see `Network` for what it does."""

    def __init__(
        self,
        config: NetworkConfig,
        *,
        key: Signer,
        chain_id: ChainId,
        me: ShopId,
        keys: Callable[[], Mapping[ShopId, PublicKey]],
        handler: PeerHandler,
        boot: int,
        book: AddressBook,
    ) -> None:
        self._config = config
        self._key = key
        self._chain_id = chain_id
        self._me = me
        self._keys = keys
        self._handler = handler
        self._boot = boot
        self._book = book
        self._scope: trio.CancelScope | None = None
        self._members = self._in_force()
        self._network = self._make()

    def send(self, peer: ShopId, frame: bytes) -> bool:
        return self._network.send(peer, frame)

    def broadcast(self, frame: bytes) -> None:
        self._network.broadcast(frame)

    def states(self) -> list[PeerState]:
        """The other members in order, for status screens."""
        return self._network.states()

    def renew(self) -> None:
        """An epoch began: if a key changed with it, the channels are made anew."""
        if self._in_force() != self._members and self._scope is not None:
            self._scope.cancel()

    async def run(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Works until cancelled; ``started`` gives the port, which is kept. Raises as `Network`."""
        told = False
        while True:
            with trio.CancelScope() as scope:
                self._scope = scope
                async with trio.open_nursery() as nursery:
                    port = await nursery.start(self._network.run)
                    self._config = replace(self._config, listen_port=port)
                    if not told:
                        task_status.started(port)
                        told = True
            if not scope.cancelled_caught:
                return
            self._members = self._in_force()
            self._network = self._make()

    def _in_force(self) -> dict[PublicKey, ShopId]:
        """Members by key. This node's own key stands for its shop, also while the ledger here
        has yet to hear of it: the others know."""
        members = {key: shop for shop, key in self._keys().items() if shop != self._me}
        members[self._key.public_key] = self._me
        return members

    def _make(self) -> Network:
        return Network(
            self._config,
            key=self._key,
            chain_id=self._chain_id,
            members=self._members,
            me=self._me,
            handler=self._handler,
            boot=self._boot,
            book=self._book,
        )
