"""Module 10, notary: since when a document has existed, unaltered (L-17.1).

A shop stamps a document's digest; the document itself never comes here. Shops that it names as
parties may countersign. What a stamp said can be recalled at any later time, which puts it into a
fresh block: so its proof outlives the block that it was made in.
"""

from collections.abc import Iterator
from enum import IntEnum
from itertools import islice, pairwise
from typing import Annotated, ClassVar, Final

import msgspec
from msgspec.structs import replace

from liandao_node.errors import BugFound
from liandao_node.ledger.calendar import day_of
from liandao_node.ledger.module_api import Bytes32Field, CallBody, Context, Module, refuse
from liandao_node.ledger.modules.membership import Members
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.limits import NOTARY_PARTIES_MAX, NOTARY_STAMPS_PER_DAY_MAX
from liandao_node.types import Millis, Seq, ShopId
from liandao_node.wire.codec import Canonical

NUMBER: Final = 10
DOCUMENT_BYTES: Final = 32
POSITIONS_PER_BLOCK: Final = 2**16
"""L-2.4."""

PartyField = Annotated[ShopId, msgspec.Meta(ge=0, le=2**16 - 1)]


class DocumentKind(IntEnum):
    OTHER = 0
    CONTRACT = 1
    PRICE_LIST = 2
    STATEMENT = 3


class NotaryRefusal(IntEnum):
    STAMP_KNOWN = 1
    STAMP_UNKNOWN = 2
    STAMPS_MANY = 3
    PARTIES_UNORDERED = 4
    PARTY_UNKNOWN = 5
    PARTY_OTHER = 6
    COUNTERSIGNED_BEFORE = 7


class Stamped(Canonical, frozen=True):
    number: int
    """The shop's stamps are counted from 1."""


class Stamp(CallBody, frozen=True):
    """This shop has a document with that digest."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Stamped

    document: Bytes32Field
    """SHA-256 of the document's bytes."""
    document_kind: DocumentKind
    parties: Annotated[list[PartyField], msgspec.Meta(max_length=NOTARY_PARTIES_MAX)]
    """Other shops that may countersign, rising."""


class Countersigned(Canonical, frozen=True):
    stamped_ms: Millis
    missing: int
    """Parties that have not countersigned yet."""


class Countersign(CallBody, frozen=True):
    """This shop has the document, too, and agrees that it is the one."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = Countersigned

    document: Bytes32Field
    shop: PartyField
    """Whose stamp it is."""


class Recalled(Canonical, frozen=True):
    """What a stamp says, with its countersignatures so far."""

    height: Seq
    stamped_ms: Millis
    document_kind: DocumentKind
    parties: list[tuple[int, int]]
    """Shop and the ledger time at which it countersigned, 0: it has not."""


class Recall(CallBody, frozen=True):
    """Anybody may have the street say again what it knows of a stamp."""

    kind: ClassVar[int] = NUMBER * 100 + 3
    answer: ClassVar[type[Canonical]] = Recalled

    document: Bytes32Field
    shop: PartyField


class StampRecord(Canonical, frozen=True):
    position: int
    """Of the call that made it (L-2.4): height and place in its block."""
    time_ms: Millis
    document_kind: DocumentKind
    number: int
    parties: list[tuple[int, int]]
    """As in `Recalled`."""

    @property
    def height(self) -> Seq:
        return Seq(self.position // POSITIONS_PER_BLOCK)

    @property
    def place(self) -> int:
        """Among the entries of its block."""
        return self.position % POSITIONS_PER_BLOCK


class Numbered(Canonical, frozen=True):
    document: bytes


class Diary(Canonical, frozen=True):
    """How much a shop has stamped."""

    stamps: int
    day: int
    """Ledger day of the latest one."""
    today: int


class Waiting(Canonical, frozen=True):
    """A party has not countersigned."""

    shop: ShopId
    document: bytes


_stamps: Final = Table(NUMBER, 1, ("u16", DOCUMENT_BYTES), StampRecord)
_numbered: Final = Table(NUMBER, 2, ("u16", "u64"), Numbered)
_diaries: Final = Table(NUMBER, 3, ("u16",), Diary)
_waiting: Final = Table(NUMBER, 4, ("u16", "u64"), Waiting)
"""By party and position of the stamp."""


def stamp_of(view: View, shop: ShopId, document: bytes) -> StampRecord | None:
    return _stamps.get(view, shop, document)


def newest_stamps(view: View, shop: ShopId, limit: int) -> Iterator[tuple[bytes, StampRecord]]:
    """Documents and stamps of a shop, the newest first."""
    diary = _diaries.get(view, shop)
    last = 0 if diary is None else diary.stamps
    for number in range(last, max(last - limit, 0), -1):
        numbered = _numbered.get(view, shop, number)
        assert numbered is not None
        record = _stamps.get(view, shop, numbered.document)
        assert record is not None
        yield numbered.document, record


def waiting_for(view: View, party: ShopId, limit: int) -> list[Waiting]:
    """Stamps that a shop may countersign and has not, the oldest first."""
    return [waiting for _, waiting in islice(_waiting.under(view, party), limit)]


class Notary(Module):
    name: ClassVar[str] = "notary"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 1
    calls: ClassVar[tuple[type[CallBody], ...]] = (Stamp, Countersign, Recall)
    refusals: ClassVar[type[IntEnum] | None] = NotaryRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (_stamps, _numbered, _diaries, _waiting)
    needs: ClassVar[tuple[type, ...]] = (Members,)

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Stamp():
                return _stamp(ctx, call)
            case Countersign():
                return _countersign(ctx, call)
            case Recall():
                return _recall(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def invariants(self, view: View) -> list[str]:
        broken: list[str] = []
        waiting = {(int(p), int(at)): w for (p, at), w in _waiting.rows(view)}
        counted: dict[int, int] = {}
        for (shop, document), stamp in _stamps.rows(view):
            counted[int(shop)] = counted.get(int(shop), 0) + 1
            numbered = _numbered.get(view, shop, stamp.number)
            if numbered is None or numbered.document != document:
                broken.append(f"stamp {stamp.number} of shop {shop!r} is not in its list")
            for party, time_ms in stamp.parties:
                found = waiting.pop((party, stamp.position), None)
                wanted = None if time_ms else Waiting(ShopId(int(shop)), bytes(document))
                if found != wanted or 0 < time_ms < stamp.time_ms:
                    broken.append(f"party {party} of a stamp of shop {shop!r}: {found}")
        diaries = {int(shop): diary.stamps for (shop,), diary in _diaries.rows(view)}
        if diaries != counted or sum(counted.values()) != sum(1 for _ in _numbered.rows(view)):
            broken.append(f"stamps are {counted}, and {diaries} in the diaries")
        return broken + [f"party {party} waits for no stamp" for party, _ in waiting]


def _stamp(ctx: Context, call: Stamp) -> Stamped:
    """Notes that a document exists (L-17.1, L-17.2, L-17.3)."""
    known = _stamps.get(ctx.view, ctx.shop, call.document)
    if known is not None:
        raise refuse(NotaryRefusal.STAMP_KNOWN, height=known.height, time_ms=known.time_ms)
    if any(a >= b for a, b in pairwise(call.parties)) or ctx.shop in call.parties:
        raise refuse(NotaryRefusal.PARTIES_UNORDERED)
    members = ctx.service(Members)
    for party in call.parties:
        if members.find(ctx.view, party) is None:
            raise refuse(NotaryRefusal.PARTY_UNKNOWN, shop=party)
    number = _count(ctx)
    _stamps.put(
        ctx.view,
        ctx.shop,
        call.document,
        value=StampRecord(
            position=ctx.position,
            time_ms=ctx.time_ms,
            document_kind=call.document_kind,
            number=number,
            parties=[(party, 0) for party in call.parties],
        ),
    )
    _numbered.put(ctx.view, ctx.shop, number, value=Numbered(call.document))
    for party in call.parties:
        _waiting.put(ctx.view, party, ctx.position, value=Waiting(ctx.shop, call.document))
    return Stamped(number)


def _count(ctx: Context) -> int:
    """The number of the shop's next stamp; refuses one too many of a day (L-17.3)."""
    before = _diaries.get(ctx.view, ctx.shop) or Diary(0, 0, 0)
    day = day_of(ctx.time_ms, ctx.utc_offset_minutes)
    today = before.today if day == before.day else 0
    if today >= NOTARY_STAMPS_PER_DAY_MAX:
        raise refuse(NotaryRefusal.STAMPS_MANY, limit=NOTARY_STAMPS_PER_DAY_MAX)
    _diaries.put(ctx.view, ctx.shop, value=Diary(before.stamps + 1, day, today + 1))
    return before.stamps + 1


def _require(ctx: Context, shop: ShopId, document: bytes) -> StampRecord:
    stamp = _stamps.get(ctx.view, shop, document)
    if stamp is None:
        raise refuse(NotaryRefusal.STAMP_UNKNOWN)
    return stamp


def _countersign(ctx: Context, call: Countersign) -> Countersigned:
    """Notes that a party agrees (L-17.4)."""
    stamp = _require(ctx, call.shop, call.document)
    signed = dict(stamp.parties)
    if ctx.shop not in signed:
        raise refuse(NotaryRefusal.PARTY_OTHER)
    if signed[ctx.shop]:
        raise refuse(NotaryRefusal.COUNTERSIGNED_BEFORE, time_ms=signed[ctx.shop])
    signed[ctx.shop] = ctx.time_ms
    parties = list(signed.items())
    _stamps.put(ctx.view, call.shop, call.document, value=replace(stamp, parties=parties))
    _waiting.delete(ctx.view, ctx.shop, stamp.position)
    return Countersigned(stamp.time_ms, sum(not time_ms for _, time_ms in parties))


def _recall(ctx: Context, call: Recall) -> Recalled:
    """Says again what a stamp says; changes nothing (L-17.5)."""
    stamp = _require(ctx, call.shop, call.document)
    return Recalled(stamp.height, stamp.time_ms, stamp.document_kind, stamp.parties)
