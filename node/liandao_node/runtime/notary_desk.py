"""The desk of the notary: stamps, countersignatures, and the proofs of both (L-17)."""

from typing import Final

import trio

from liandao_node.errors import Refused, Unavailable
from liandao_node.ledger.modules.notary import (
    Countersign,
    Countersigned,
    DocumentKind,
    Recall,
    Stamp,
    Stamped,
    StampRecord,
    newest_stamps,
    stamp_of,
    waiting_for,
)
from liandao_node.proofs.statements import utc
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.receipts_desk import ReceiptsDesk
from liandao_node.store.ledger import LedgerStore
from liandao_node.store.ledger_schema import OrderProof
from liandao_node.types import Seq, ShopId
from liandao_node.wire.codec import encode
from liandao_node.wire.notary import (
    CountersignDocument,
    GetStamps,
    Paper,
    ProveStamp,
    StampDocument,
    StampDone,
    Stamps,
    StampView,
)

WRITTEN_TRIES: Final = 200
WRITTEN_WAIT_S: Final = 0.05
"""ledger.db is written behind, and a block may wait for the next one's certificate."""

_KINDS: Final = {
    Paper.OTHER: DocumentKind.OTHER,
    Paper.CONTRACT: DocumentKind.CONTRACT,
    Paper.PRICE_LIST: DocumentKind.PRICE_LIST,
    Paper.STATEMENT: DocumentKind.STATEMENT,
}
_PAPERS: Final = {kind: paper for paper, kind in _KINDS.items()}


class NotaryDesk:
    """Answers and orders for one shop."""

    def __init__(self, desk: LedgerDesk, receipts: ReceiptsDesk, store: LedgerStore) -> None:
        self._desk = desk
        self._receipts = receipts
        self._store = store

    async def stamp(self, request: StampDocument) -> StampDone:
        """Raises Refused as the ledger does, ``STAMP_KNOWN`` with the first time."""
        parties = sorted({*request.parties})
        body = Stamp(request.document, _KINDS[request.paper], parties)
        try:
            _, certified = await self._desk.call(body, Stamped)
        except Refused as refused:
            known = stamp_of(self._desk.view(), self._desk.shop, request.document)
            if known is None:
                raise
            since = utc(known.time_ms)
            raise Refused(refused.code, height=known.height, since=since) from refused
        return StampDone(certified.height, certified.time_ms, len(parties))

    async def countersign(self, request: CountersignDocument) -> StampDone:
        """Raises Refused as the ledger does."""
        body = Countersign(request.document, request.shop)
        done, certified = await self._desk.call(body, Countersigned)
        return StampDone(certified.height, certified.time_ms, done.missing)

    async def prove(self, request: ProveStamp) -> str:
        """The receipt of a stamp, or of the street's saying again what it says (L-17.6).

        Raises Refused ``STAMP_UNKNOWN``; Unavailable ``NO_QUORUM`` or ``STAMP_NOT_WRITTEN``.
        """
        stamp = stamp_of(self._desk.view(), request.shop, request.document)
        if stamp is None:
            raise Refused("STAMP_UNKNOWN")
        proof = None
        if not stamp.parties:
            proof = await self._written(stamp.height, stamp.place)
        proof = proof or await self._recalled(request)
        return self._receipts.document(proof)

    async def _recalled(self, request: ProveStamp) -> OrderProof:
        outcome = await self._desk.order([Recall(request.document, request.shop)])
        entry = outcome.entries[0]
        self._desk.raise_refusal(entry)
        proof = await self._written(Seq(outcome.certified.height), encode(entry))
        if proof is None:
            raise Unavailable("STAMP_NOT_WRITTEN")
        return proof

    async def _written(self, seq: Seq, entry: int | bytes) -> OrderProof | None:
        """The proof of an entry, by its place or its bytes, once it is on the disk; None where
        its block is not kept any more."""
        for _ in range(WRITTEN_TRIES):
            if self._store.entry_proof(seq, 0) is not None:
                place = entry if isinstance(entry, int) else self._store.entries(seq).index(entry)
                return self._store.entry_proof(seq, place)
            if self._gone(seq):
                return None
            await trio.sleep(WRITTEN_WAIT_S)
        return None

    def _gone(self, seq: Seq) -> bool:
        """Pruned, or the block of the snapshot that this node began with."""
        lowest = self._store.lowest()
        if seq != lowest or self._store.block(seq) is None:
            return seq < lowest
        return not self._store.entries(seq)

    def stamps(self, request: GetStamps) -> Stamps:
        view, me = self._desk.view(), self._desk.shop
        waiting = [
            _view(one.shop, one.document, stamp)
            for one in waiting_for(view, me, request.limit)
            if (stamp := stamp_of(view, one.shop, one.document)) is not None
        ]
        own = newest_stamps(view, me, request.limit)
        return Stamps([_view(me, *one) for one in own], waiting)


def _view(shop: ShopId, document: bytes, stamp: StampRecord) -> StampView:
    return StampView(
        shop=shop,
        document=document,
        paper=_PAPERS[stamp.document_kind],
        height=stamp.height,
        time_ms=stamp.time_ms,
        parties=list(stamp.parties),
    )
