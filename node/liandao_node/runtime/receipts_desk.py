"""The desk for receipts: what a customer takes home to check without us (section 8)."""

from liandao_node.errors import Refused, Unavailable
from liandao_node.ledger import queries
from liandao_node.proofs.receipt import build_receipt
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.store.ledger import LedgerStore
from liandao_node.types import Seq
from liandao_node.wire.api import OrderRef
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder, encode

_decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)


class ReceiptsDesk:
    """Builds receipts from ledger.db."""

    def __init__(self, desk: LedgerDesk, store: LedgerStore) -> None:
        self._desk = desk
        self._store = store

    def receipt(self, order: OrderRef) -> str:
        """The receipt file of an order of this shop.

        Raises Refused ``ORDER_UNKNOWN``; Unavailable ``RECEIPT_NOT_WRITTEN`` while the block
        that speaks for it is on its way to the disk.
        """
        found = self._store.order(order.register, order.number)
        if found is None:
            self._raise_if_on_its_way(order)
            raise Refused("ORDER_UNKNOWN", register=order.register, number=order.number)
        seq, position = found
        last = self._store.seq_of_certificate_at_or_after(seq)
        if last is None:
            raise Unavailable("RECEIPT_NOT_WRITTEN", seq=seq)
        blocks = [self._block(Seq(at)) for at in range(seq, last + 1)]
        certificate = blocks[-1].certificate
        assert certificate is not None
        entries = self._store.entries(seq)
        headers = [encode(committed.block.header) for committed in blocks]
        return build_receipt(entries[position], entries, headers, certificate)

    def _raise_if_on_its_way(self, order: OrderRef) -> None:
        """ledger.db is written behind: what was certified just now is not in it yet."""
        view, shop = self._desk.view(), self._desk.shop
        known = queries.order(view, shop, order.register, order.number)
        if known is not None:
            raise Unavailable("RECEIPT_NOT_WRITTEN", seq=self._desk.height)

    def _block(self, seq: Seq) -> CommittedBlock:
        raw = self._store.block(seq)
        assert raw is not None
        return _decode_committed(raw)
