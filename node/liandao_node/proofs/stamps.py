"""What a receipt proves about a document: since when it has existed, and who says so (L-17.6).

Part of the verifier: it shares nothing with the node but SHA-256. Takes the document's digest
and not the document, so that no verifier has to hold a large file.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from liandao_node.errors import InputFault
from liandao_node.proofs.handovers import Trusted
from liandao_node.proofs.statements import utc
from liandao_node.proofs.street import Street, read_street
from liandao_node.proofs.verifier import Verified, verify_receipt

STAMP: Final = 1001
RECALL: Final = 1003
PAPERS: Final = {0: "document", 1: "contract", 2: "price list", 3: "statement"}


@dataclass(frozen=True, slots=True)
class ProvenStamp:
    """A stamp as the street's committee certified it."""

    street: str
    shop: str
    paper: str
    height: int
    """Of the block that the stamp was made in."""
    since_ms: int
    """Ledger time of that block."""
    told_ms: int
    """Ledger time of the proof's block: what is said of parties was true then."""
    parties: tuple[tuple[str, int], ...]
    """Shop and ledger time at which it countersigned, 0: it had not."""

    def words(self) -> str:
        """In lines for people."""
        lines = [
            f"{self.street}: the {self.paper} existed, exactly as it is now, at"
            f" {utc(self.since_ms)}. {self.shop} stamped it in block {self.height}."
        ]
        for shop, time_ms in self.parties:
            if time_ms:
                lines.append(f"{shop} countersigned it at {utc(time_ms)}.")
            else:
                lines.append(f"{shop} had not countersigned it by {utc(self.told_ms)}.")
        return "\n".join(lines)


def verify_stamp(
    digest: bytes,
    document: str,
    genesis: str,
    *,
    handovers: str = "",
    trusted: Trusted | None = None,
) -> ProvenStamp:
    """What the receipt ``document`` proves about the document of that SHA-256 ``digest``.

    Raises InputFault ``STAMP_NOT_PROVEN`` for a good receipt of something else,
    ``STAMP_OTHER_DOCUMENT`` for one of another document, and as `verify_receipt`.
    """
    verified = verify_receipt(document, genesis, handovers=handovers, trusted=trusted)
    fields = verified.fields
    if verified.code or verified.kind not in (STAMP, RECALL) or not fields:
        raise InputFault("STAMP_NOT_PROVEN", words=verified.words)
    if fields["document"] != digest.hex():
        raise InputFault("STAMP_OTHER_DOCUMENT", stamped=str(fields["document"]))
    return _read(verified, read_street(genesis))


def _read(verified: Verified, street: Street) -> ProvenStamp:
    fields = verified.fields
    try:
        paper = PAPERS.get(int(fields["document_kind"]), "document")
        if verified.kind == STAMP:
            named = msgspec.json.decode(str(fields["parties"]), type=list[int])
            parties = tuple((street.shop_name(shop), 0) for shop in named)
            at = (verified.height, verified.time_ms, verified.time_ms)
            return ProvenStamp(verified.street, verified.shop, paper, *at, parties)
        signed = msgspec.json.decode(str(fields["parties"]), type=list[tuple[int, int]])
        parties = tuple((street.shop_name(shop), time_ms) for shop, time_ms in signed)
        at = (int(fields["height"]), int(fields["stamped_ms"]), verified.time_ms)
        return ProvenStamp(
            verified.street, street.shop_name(int(fields["shop"])), paper, *at, parties
        )
    except (msgspec.DecodeError, ValueError, KeyError) as error:
        # Certified by a quorum, and yet no stamp of this form: another version's.
        raise InputFault("STAMP_NOT_PROVEN", words=verified.words) from error
