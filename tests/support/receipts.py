"""A street of real keys that signs real certificates, for receipts."""

from typing import Final

import msgspec
from liandao_node.crypto import merkle
from liandao_node.crypto.keys import SigningKey
from liandao_node.types import (
    Amount,
    BlockHash,
    ChainId,
    Epoch,
    Millis,
    Seq,
    ShopId,
    Signature,
    View,
)
from liandao_node.wire.blocks import COMMIT, Certificate, Header, header_hash
from liandao_node.wire.codec import encode
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules
from liandao_node.wire.messages import vote_preimage
from liandao_node.wire.transactions import Entry

TIME_MS: Final = Millis(1_795_341_600_000)  # 2026-11-22 10:00:00 UTC
SALE: Final = 403


class Street:
    """Seats with their keys; makes entries, headers and certificates."""

    def __init__(self, seats: int, name: str = "Lantern Street") -> None:
        self.keys = [SigningKey(bytes([seat + 1]) * 32) for seat in range(seats)]
        shops = [
            GenesisShop(
                shop=ShopId(seat),
                name=f"Bäckerei {seat}" if seat else "茶馆",
                node_key=key.public_key.hex(),
                owner_key=key.public_key.hex(),
                bond=Amount(100_000),
            )
            for seat, key in enumerate(self.keys)
        ]
        genesis = Genesis(
            street=name,
            currency="CNY",
            exponent=2,
            utc_offset_minutes=480,
            created_ms=Millis(1),
            modules=[("cards", 1), ("points", 1)],
            rules=Rules(),
            shops=shops,
        )
        self.genesis = msgspec.json.encode(genesis).decode()
        self.chain_id: ChainId = genesis.chain_id

    def header(self, seq: int, parent: bytes, entries: list[bytes], *, epoch: int = 0) -> bytes:
        return encode(
            Header(
                version=1,
                chain_id=self.chain_id,
                epoch=Epoch(epoch),
                seq=Seq(seq),
                parent=BlockHash(parent),
                tx_root=b"t" * 32,
                result_root=merkle.root(entries),
                state_root=b"s" * 32,
                call_count=len(entries),
                time_ms=Millis(TIME_MS + seq),
                proposer=ShopId(0),
                attendance=0,
                next_committee=b"",
            )
        )

    def chain(self, entries: list[bytes], length: int = 1) -> list[bytes]:
        """Headers of ``length`` blocks: the first with ``entries``, the others with one each."""
        headers = [self.header(12, b"p" * 32, entries)]
        while len(headers) < length:
            seq = 12 + len(headers)
            headers.append(self.header(seq, header_hash(headers[-1]), [b"other %d" % seq]))
        return headers

    def certificate(
        self, header: bytes, seats: list[int], *, seq: int = 12, kind: int = COMMIT, epoch: int = 0
    ) -> Certificate:
        name = header_hash(header)
        signed = vote_preimage(kind, self.chain_id, Epoch(epoch), View(3), Seq(seq), name)
        signatures: list[Signature] = [self.keys[seat].sign(signed) for seat in sorted(seats)]
        signers = sum(1 << seat for seat in seats)
        return Certificate(kind, Epoch(epoch), View(3), Seq(seq), name, signers, signatures)


def sale(number: int, *, shop: int = 1, code: int = 0) -> bytes:
    """An encoded entry of a sale: 23.50, of which 5.00 in points, 0.37 earned."""
    body = encode([1, number, b"c" * 16, 2350, 0, b"h" * 16, 500, 1, TIME_MS])
    result = b"" if code else encode([500, 37, False, 1234])
    return encode(Entry(ShopId(shop), 2**32 + number, 0, SALE, body, code, result))
