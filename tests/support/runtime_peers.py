"""Other seats of a street, played by a test against one real node in this process."""

from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.chain import Execution
from liandao_node.ledger.module_api import CallBody, as_call
from liandao_node.ledger.modules.points_calls import Import
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.types import Amount, BlockHash, Millis, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT, PREPARE, Block
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Commit, Message, Prepare, PrePrepare, vote_preimage

from support.runtime_node import OneNode


class Peer:
    """One other seat: it has that seat's key and speaks to the node as its channel would."""

    def __init__(self, one: OneNode, shop: int, key: SigningKey) -> None:
        self.one = one
        self.shop = ShopId(shop)
        self.key = key
        self._nonce = 99 << 32  # above those of the lives that a test may give this seat

    def raw(self, frame: bytes) -> None:
        """A frame comes in. Raises what the network would cut this seat off for."""
        self.one.node.driver.on_message(self.shop, frame)

    def say(self, message: Message) -> None:
        self.raw(encode(message))

    def come(self) -> None:
        self.one.node.driver.on_up(self.shop)

    def tx(self, *bodies: CallBody, shop: int | None = None) -> SignedTx:
        """A transaction under this seat's key, in its own name or in that of ``shop``."""
        self._nonce += 1
        name = self.shop if shop is None else ShopId(shop)
        calls = [as_call(body) for body in bodies]
        return sign_tx(self.one.node.genesis.chain_id, name, self._nonce, calls, self.key)

    def vote(self, kind: int, of: PrePrepare) -> Prepare | Commit:
        header = of.block.header
        replica = self.one.node.driver.replica
        place = (of.view, header.seq, header.hash)
        signature = self.key.sign(
            vote_preimage(kind, replica.chain, replica.committee.epoch, *place)
        )
        make = Prepare if kind == PREPARE else Commit
        return make(of.epoch, *place, signature)

    def prepare(self, of: PrePrepare) -> None:
        self.say(self.vote(PREPARE, of))

    def commit(self, of: PrePrepare) -> None:
        self.say(self.vote(COMMIT, of))

    def propose(self, block: Block, view: int = 0) -> PrePrepare:
        """A proposal of this seat as the leader of ``view``; it is not sent."""
        header = block.header
        replica = self.one.node.driver.replica
        preimage = vote_preimage(
            PREPARE, replica.chain, replica.committee.epoch, View(view), header.seq, header.hash
        )
        return PrePrepare(header.epoch, View(view), block, self.key.sign(preimage))

    def block(
        self, *txs: SignedTx, late_ms: int = 0, parent: Execution | None = None
    ) -> tuple[Block, Execution]:
        """A right block of this seat on the node's tip or on ``parent``; its time is that of
        the street and ``late_ms``."""
        ledger, clock = self.one.node.ledger, self.one.node.clock
        above, height = (ledger.tip.hash, ledger.tip.seq)
        if parent is not None:
            above, height = parent.hash, parent.header.seq
        execution = ledger.execute(
            parent=BlockHash(above),
            epoch=self.one.node.driver.replica.committee.epoch,
            seq=Seq(height + 1),
            time_ms=Millis(clock.street_ms() + late_ms),
            proposer=self.shop,
            attendance=0,
            txs=txs,
        )
        return Block(execution.header, [tx.raw for tx in txs]), execution


def order(reference: str, gross: int = 10_000, card: bytes = b"") -> Import:
    """An order of another till: a call that is applied once."""
    name = reference.encode().ljust(16, b"-")[:16]
    return Import(
        source="test",
        reference_hash=name,
        card=card,
        gross=Amount(gross),
        at_ms=Millis(0),
        online=False,
    )
