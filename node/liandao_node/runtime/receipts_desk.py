"""The desk for receipts: what a customer takes home to check without us (section 8)."""

from itertools import islice

from liandao_node.errors import Refused, Unavailable
from liandao_node.ledger import queries
from liandao_node.limits import RECEIPT_HANDOVERS_MAX
from liandao_node.proofs.receipt import assemble_receipt
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.ledger_schema import OrderProof
from liandao_node.wire.api import OrderRef
from liandao_node.wire.blocks import decode_certificate
from liandao_node.wire.codec import Decoder
from liandao_node.wire.committee import Handover

_decode_handover: Decoder[Handover] = Decoder(Handover)


class ReceiptsDesk:
    """Builds receipts from ledger.db, also of blocks that were pruned."""

    def __init__(self, desk: LedgerDesk, store: LedgerStore) -> None:
        self._desk = desk
        self._store = store

    def receipt(self, order: OrderRef) -> str:
        """The receipt file of an order of this shop, with all hand-overs up to its epoch, or
        none where they are too many.

        Raises Refused ``ORDER_UNKNOWN``; Unavailable ``RECEIPT_NOT_WRITTEN`` while the block
        that speaks for it is on its way to the disk.
        """
        proof = self._store.order_proof(order.register, order.number)
        if proof is None:
            self._raise_if_on_its_way(order)
            raise Refused("ORDER_UNKNOWN", register=order.register, number=order.number)
        return self.document(proof)

    def document(self, proof: OrderProof) -> str:
        """The receipt file of an entry that is on the disk."""
        certificate = decode_certificate(proof.certificate)
        epochs = certificate.epoch if certificate.epoch <= RECEIPT_HANDOVERS_MAX else 0
        return assemble_receipt(
            proof.entry,
            proof.position,
            proof.path,
            proof.headers,
            certificate,
            [_decode_handover(raw) for raw in islice(self._store.handovers(), epochs)],
        )

    def _raise_if_on_its_way(self, order: OrderRef) -> None:
        """ledger.db is written behind: what was certified just now is not in it yet."""
        view, shop = self._desk.view(), self._desk.shop
        known = queries.order(view, shop, order.register, order.number)
        if known is not None:
            raise Unavailable("RECEIPT_NOT_WRITTEN", seq=self._desk.height)
