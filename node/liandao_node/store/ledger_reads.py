"""What ledger.db gives to those that only read: blocks, proofs of orders, hand-overs.

On a connection of its own, for the runtime's thread; the writer may be at work meanwhile.
"""

from collections.abc import Iterator
from typing import Final

import apsw
import msgspec

from liandao_node.crypto.merkle import inclusion_path
from liandao_node.errors import StorageFault
from liandao_node.limits import RUN_BLOCKS_MAX
from liandao_node.store.database import storage_faults
from liandao_node.store.ledger_schema import SCHEMA, OrderProof, StoredRange
from liandao_node.types import Seq
from liandao_node.wire.codec import Decoder

_NO_CERTIFICATE: Final = b"\xc0"  # nil
_FOLLOWING: Final = (
    "SELECT b.seq, b.certified, b.block, h.epoch IS NOT NULL FROM block AS b"
    " LEFT JOIN handover AS h ON h.last_seq = b.seq WHERE b.seq >= ? ORDER BY b.seq LIMIT ?"
)

_split: msgspec.msgpack.Decoder[tuple[msgspec.Raw, msgspec.Raw]] = msgspec.msgpack.Decoder(
    tuple[msgspec.Raw, msgspec.Raw]
)
_decode_list: Decoder[list[bytes]] = Decoder(list[bytes])


class LedgerReads:
    """Reads blocks and what belongs to them."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._reading = connection

    def block(self, seq: Seq) -> bytes | None:
        """Encoded CommittedBlock at a height; None where none is kept."""
        with storage_faults(SCHEMA.name):
            found: bytes | None = self._reading.execute(
                "SELECT block FROM block WHERE seq = ?", (seq,)
            ).get
        return found or None

    def range(self, first: Seq, bytes_max: int, count_max: int) -> StoredRange:
        """Blocks from ``first`` upwards within both bounds, at least one (P-7.6).

        They end where the bounds say, or with an epoch. Empty when ``first`` is not kept, or
        when no certificate speaks for it.
        """
        first = Seq(max(first, 1))
        blocks: list[bytes] = []
        size, proven = 0, 0
        with storage_faults(SCHEMA.name):
            for seq, certified, block, last in self._reading.execute(
                _FOLLOWING, (first, count_max)
            ):
                size += len(block)
                if seq != first + len(blocks) or (blocks and size > bytes_max):
                    break
                blocks.append(block)
                proven = len(blocks) if certified else proven
                if last:
                    break
        if len(blocks) == proven:
            return StoredRange(blocks, [], b"")
        headers, certificate = self._above(Seq(first + len(blocks)))
        if not certificate or len(headers) + len(blocks) - proven > RUN_BLOCKS_MAX:
            return StoredRange(blocks[:proven], [], b"")
        return StoredRange(blocks, headers, certificate)

    def _above(self, first: Seq) -> tuple[list[bytes], bytes]:
        """Headers from ``first`` up to the next certificate, and that; empty if none comes."""
        headers: list[bytes] = []
        with storage_faults(SCHEMA.name):
            for seq, certified, raw, _ in self._reading.execute(
                _FOLLOWING, (first, RUN_BLOCKS_MAX)
            ):
                if seq != first + len(headers):
                    break
                header, certificate = parts(raw)
                headers.append(header)
                if certified:
                    return headers, certificate
        return [], b""

    def lowest(self) -> Seq:
        """The lowest block that is kept; 0 while none was pruned or none is there."""
        with storage_faults(SCHEMA.name):
            found: Seq | None = self._reading.execute(
                "SELECT min(seq) FROM block WHERE length(block) > 0"
            ).get
        return Seq(0) if found is None else found

    def entries(self, seq: Seq) -> list[bytes]:
        """Encoded entries of a block, in the order of its result tree.

        Raises StorageFault ``LEDGER_MISSING`` when the block is not stored.
        """
        with storage_faults(SCHEMA.name):
            found: bytes | None = self._reading.execute(
                "SELECT entries FROM block WHERE seq = ?", (seq,)
            ).get
        if found is None:
            raise StorageFault("LEDGER_MISSING", seq=seq)
        return _decode_list(found)

    def seq_of_certificate_at_or_after(self, seq: Seq) -> Seq | None:
        """The first block from ``seq`` upwards that carries a certificate, which speaks for
        those below it; None while there is none."""
        sql = "SELECT seq FROM block WHERE seq >= ? AND certified ORDER BY seq LIMIT 1"
        with storage_faults(SCHEMA.name):
            found: Seq | None = self._reading.execute(sql, (seq,)).get
        return found

    def order(self, register: int, number: int) -> tuple[Seq, int] | None:
        """Height and entry position of an order of this shop; None when it has no block."""
        sql = "SELECT seq, position FROM own_order WHERE register = ? AND number = ?"
        with storage_faults(SCHEMA.name):
            found: tuple[Seq, int] | None = self._reading.execute(sql, (register, number)).get
        return found

    def order_proof(self, register: int, number: int) -> OrderProof | None:
        """What a receipt of an order of this shop needs, also after its block was pruned.

        None when the order has no block here, or no certificate speaks for it yet.
        """
        found = self.order(register, number)
        if found is None:
            return None
        seq, position = found
        sql = (
            "SELECT entry, path, headers, certificate FROM kept_order JOIN kept_head USING (seq)"
            " WHERE register = ? AND number = ?"
        )
        with storage_faults(SCHEMA.name):
            kept: tuple[bytes, bytes, bytes, bytes] | None = self._reading.execute(
                sql, (register, number)
            ).get
        if kept is not None:
            entry, path, heads, certificate = kept
            return OrderProof(
                seq, position, entry, _decode_list(path), _decode_list(heads), certificate
            )
        return self.entry_proof(seq, position)

    def entry_proof(self, seq: Seq, position: int) -> OrderProof | None:
        """What a receipt of any entry needs.

        None when its block is not stored here, or no certificate speaks for it yet.
        """
        headers, certificate = self._above(seq)
        if not certificate or not headers[0]:
            return None
        entries = self.entries(seq)
        if position >= len(entries):
            return None  # the block of a snapshot: its entries never came here
        path = inclusion_path(entries, position)
        return OrderProof(seq, position, entries[position], path, headers, certificate)

    def handovers(self, first_epoch: int = 0) -> Iterator[bytes]:
        """Encoded Handovers from an epoch's last block upwards; never pruned."""
        sql = "SELECT handover FROM handover WHERE epoch >= ? ORDER BY epoch"
        with storage_faults(SCHEMA.name):
            for (handover,) in self._reading.execute(sql, (first_epoch,)):
                yield handover


def parts(committed: bytes) -> tuple[bytes, bytes]:
    """Encoded header and certificate of an encoded CommittedBlock; empty where there is none.

    Without decoding the transactions, and without checking: for what this node has written.
    """
    if not committed:
        return b"", b""
    block, certificate = _split.decode(committed)
    header, _ = _split.decode(block)
    return bytes(header), b"" if bytes(certificate) == _NO_CERTIFICATE else bytes(certificate)
