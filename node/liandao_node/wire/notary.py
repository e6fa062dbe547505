"""What a node does as a notary, over the local API (docs/ledger.md section 17)."""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.limits import NOTARY_LIST_MAX, NOTARY_PARTIES_MAX
from liandao_node.types import Millis, ShopId
from liandao_node.wire.api_message import ApiMessage

Document: TypeAlias = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
"""SHA-256 of a document's bytes."""
Party: TypeAlias = Annotated[ShopId, msgspec.Meta(ge=0, le=2**16 - 1)]


class Paper(StrEnum):
    """What kind of document it is, as its shop says."""

    OTHER = "other"
    CONTRACT = "contract"
    PRICE_LIST = "price-list"
    STATEMENT = "statement"


class StampDocument(ApiMessage, frozen=True, tag="stamp_document"):
    document: Document
    paper: Paper
    parties: Annotated[list[Party], msgspec.Meta(max_length=NOTARY_PARTIES_MAX)]
    """Other shops that may countersign, in any order."""


class CountersignDocument(ApiMessage, frozen=True, tag="countersign_document"):
    document: Document
    shop: Party
    """Whose stamp it is."""


class ProveStamp(ApiMessage, frozen=True, tag="prove_stamp"):
    """Answered with a receipt. Where the stamp's own block cannot show all of it any more, the
    street is asked to say it again."""

    document: Document
    shop: Party


class GetStamps(ApiMessage, frozen=True, tag="get_stamps"):
    limit: Annotated[int, msgspec.Meta(ge=1, le=NOTARY_LIST_MAX)]


class StampDone(ApiMessage, frozen=True, tag="stamp_done"):
    """Reply to a stamp and a countersignature: final, in this block."""

    height: int
    time_ms: Millis
    missing: int
    """Parties that have not countersigned yet."""


class StampView(ApiMessage, frozen=True):
    shop: ShopId
    document: bytes
    paper: Paper
    height: int
    time_ms: Millis
    parties: list[tuple[int, int]]
    """Shop, and when it countersigned; 0: it has not."""


class Stamps(ApiMessage, frozen=True, tag="stamps"):
    """Reply to `GetStamps`."""

    own: list[StampView]
    """The newest first."""
    waiting: list[StampView]
    """Of others, for this shop's countersignature; the oldest first."""


NotaryRequest: TypeAlias = StampDocument | CountersignDocument | ProveStamp | GetStamps
NotaryReply: TypeAlias = StampDone | Stamps
