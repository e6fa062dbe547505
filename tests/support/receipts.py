"""A street of real keys that signs real certificates, for receipts."""

from typing import Final

import msgspec
from liandao_node.crypto import merkle
from liandao_node.crypto.keys import SigningKey
from liandao_node.proofs.receipt import build_receipt
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
from liandao_node.wire.blocks import COMMIT, Certificate, Header, decode_header, header_hash
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import CommitteeRecord, Handover, Seat
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules, chain_id_of
from liandao_node.wire.messages import vote_preimage
from liandao_node.wire.transactions import Entry

TIME_MS: Final = Millis(1_795_341_600_000)  # 2026-11-22 10:00:00 UTC
SALE: Final = 403
EPOCH_BLOCKS: Final = 100
"""Heights of an epoch here: epoch 0 has blocks 1 to 100."""
DAY_MS: Final = 86_400_000


class Street:
    """Seats with their keys; makes entries, headers and certificates."""

    def __init__(
        self, seats: int, name: str = "Lantern Street", *, genesis: str | None = None
    ) -> None:
        """``genesis`` is a genesis file of these keys, where another than the usual is due."""
        self.keys = [SigningKey(bytes([seat + 1]) * 32) for seat in range(seats)]
        document = genesis or msgspec.json.encode(self._genesis(name)).decode()
        self.genesis = document
        self.chain_id: ChainId = chain_id_of(document.encode())

    def _genesis(self, name: str) -> Genesis:
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
        return Genesis(
            street=name,
            currency="CNY",
            exponent=2,
            utc_offset_minutes=480,
            created_ms=Millis(1),
            modules=[("cards", 1), ("points", 1)],
            rules=Rules(),
            shops=shops,
            committee=[shop.shop for shop in shops],
        )

    def header(
        self,
        seq: int,
        parent: bytes,
        entries: list[bytes],
        *,
        epoch: int = 0,
        next_committee: bytes = b"",
        version: int = 1,
    ) -> bytes:
        return encode(
            Header(
                version=version,
                chain_id=self.chain_id,
                epoch=Epoch(epoch),
                seq=Seq(seq),
                parent=BlockHash(parent),
                tx_root=b"t" * 32,
                result_root=merkle.root(entries),
                state_root=b"s" * 32,
                call_count=len(entries),
                time_ms=Millis(TIME_MS + epoch * DAY_MS + seq),
                proposer=ShopId(0),
                attendance=0b1011,
                next_committee=next_committee,
            )
        )

    def committee(
        self, epoch: int, *, seats: list[int] | None = None, protocol: int = 1
    ) -> CommitteeRecord:
        """Everybody, unless said otherwise."""
        seated = range(len(self.keys)) if seats is None else seats
        listed = [Seat(ShopId(seat), self.keys[seat].public_key) for seat in seated]
        return CommitteeRecord(Epoch(epoch), Seq(epoch * EPOCH_BLOCKS + 1), protocol, listed)

    def handover(
        self,
        epoch: int,
        *,
        following: CommitteeRecord | None = None,
        signers: list[int] | None = None,
        certified: int | None = None,
    ) -> Handover:
        """The end of an epoch: by a quorum of all, to all, unless said otherwise.

        ``certified`` is another epoch that the certificate is signed for.
        """
        following = following or self.committee(epoch + 1)
        seq = (epoch + 1) * EPOCH_BLOCKS
        header = self.header(seq, b"p" * 32, [b"last"], epoch=epoch, next_committee=following.hash)
        seats = list(range(quorum(len(self.keys)))) if signers is None else signers
        signed_for = epoch if certified is None else certified
        certificate = self.certificate(header, seats, seq=seq, epoch=signed_for)
        return Handover(decode_header(header), certificate, following)

    def handovers(self, epoch: int) -> list[Handover]:
        """From epoch 0 to ``epoch``."""
        return [self.handover(before) for before in range(epoch)]

    def receipt_in(self, epoch: int, *, short: bool = False) -> str:
        """Of sale 24, in the eleventh block of an epoch."""
        entries = [sale(number) for number in range(20, 27)]
        seq = epoch * EPOCH_BLOCKS + 11
        header = self.header(seq, b"p" * 32, entries, epoch=epoch)
        seats = list(range(quorum(len(self.keys))))
        certificate = self.certificate(header, seats, seq=seq, epoch=epoch)
        handovers = [] if short else self.handovers(epoch)
        return build_receipt(entries[4], entries, [header], certificate, handovers)

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


def quorum(seats: int) -> int:
    return (seats + (seats - 1) // 3) // 2 + 1


def sale(number: int, *, shop: int = 1, code: int = 0) -> bytes:
    """An encoded entry of a sale: 23.50, of which 5.00 in points, 0.37 earned."""
    body = encode([1, number, b"c" * 16, 2350, 0, b"h" * 16, 500, 1, TIME_MS])
    result = b"" if code else encode([500, 37, False, 1234])
    return encode(Entry(ShopId(shop), 2**32 + number, 0, SALE, body, code, result))
