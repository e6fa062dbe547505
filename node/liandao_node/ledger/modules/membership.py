"""Module 1, membership: the shops of the street, their keys and what they speak.

The genesis file alone makes members (L-4.1). A shop's owner key replaces its node key; the new one
takes office when an epoch ends, which whoever elects committees says with `Members.change_keys`
(L-4.10). Each shop tells by itself which protocol its program speaks (L-4.11).
"""

from enum import IntEnum
from typing import Annotated, ClassVar, Final

import msgspec
from msgspec.structs import replace

from liandao_node.crypto.digest import tagged
from liandao_node.crypto.keys import PUBLIC_KEY_BYTES, is_sound_key
from liandao_node.errors import BugFound
from liandao_node.ledger.module_api import (
    Bytes32Field,
    CallBody,
    Context,
    Module,
    SignatureField,
    U63Field,
    refuse,
)
from liandao_node.ledger.state import View
from liandao_node.ledger.tables import KeySpace, Table
from liandao_node.types import ChainId, Epoch, PublicKey, Seq, ShopId, Signature
from liandao_node.wire.codec import Canonical, encode
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.protocol import FIRST_PROTOCOL, PROTOCOL_MAX

NUMBER: Final = 1
REKEY_TAG: Final = b"liandao/rekey/1"
POSSESSION_TAG: Final = b"liandao/rekey-possession/1"
NO_KEY: Final = PublicKey(b"")


class Member(Canonical, frozen=True):
    name: str
    node_key: PublicKey
    """Hot: votes and signs transactions."""
    owner_key: PublicKey
    """Cold: may replace the other."""
    since: Seq
    """Height at which the shop joined; 0 for the founders."""
    rekey_number: int
    """Of the owner's last statement, 0 when there was none."""
    next_key: PublicKey
    """Node key from the next epoch on; empty when it stays."""


class KeyUse(Canonical, frozen=True):
    """A key that is or was somebody's: nobody's new key is ever one of these."""

    shop: ShopId


class Rekeyed(Canonical, frozen=True):
    shop: ShopId
    from_epoch: Epoch
    """The first one in which the new key votes and signs."""


class Rekey(CallBody, frozen=True):
    """An owner's statement that its shop has another node key. Any member may bring it."""

    kind: ClassVar[int] = NUMBER * 100 + 1
    answer: ClassVar[type[Canonical]] = Rekeyed

    shop: Annotated[ShopId, msgspec.Meta(ge=0, le=2**16 - 1)]
    number: U63Field
    """Above that of the owner's last statement; the moment in milliseconds will do."""
    key: Bytes32Field
    owner_signature: SignatureField
    key_signature: SignatureField
    """By the new key: nobody registers a key that is another's."""


class Spoken(Canonical, frozen=True):
    """The highest protocol of the chain that a shop's program speaks, as it told."""

    protocol: int


class Speaks(CallBody, frozen=True):
    """This shop's program speaks the protocols of the chain up to this one, and none above."""

    kind: ClassVar[int] = NUMBER * 100 + 2
    answer: ClassVar[type[Canonical]] = Spoken

    protocol: Annotated[int, msgspec.Meta(ge=FIRST_PROTOCOL, le=PROTOCOL_MAX)]


class MembershipRefusal(IntEnum):
    MEMBER_UNKNOWN = 1
    REKEY_OUT_OF_TURN = 2
    KEY_USED = 3
    KEY_UNSOUND = 4
    OWNER_SIGNATURE_BAD = 5
    KEY_NOT_PROVEN = 6


_members: Final = Table(NUMBER, 1, ("u16",), Member)
_keys_used: Final = Table(NUMBER, 2, (PUBLIC_KEY_BYTES,), KeyUse)
_spoken: Final = Table(NUMBER, 3, ("u16",), Spoken)


def rekey_preimage(chain: ChainId, shop: ShopId, number: int, key: PublicKey) -> bytes:
    """What the owner key signs: 32 bytes."""
    return tagged(REKEY_TAG, chain + encode((shop, number, key)))


def possession_preimage(chain: ChainId, shop: ShopId, number: int, key: PublicKey) -> bytes:
    """What the new node key signs: 32 bytes."""
    return tagged(POSSESSION_TAG, chain + encode((shop, number, key)))


class Members:
    """Service: who is a member."""

    def find(self, view: View, shop: ShopId) -> Member | None:
        return _members.get(view, shop)

    def all(self, view: View) -> dict[ShopId, Member]:
        """Every member by number, in order."""
        return {ShopId(int(number)): member for (number,), member in _members.rows(view)}

    def is_past(self, view: View, shop: ShopId, key: PublicKey) -> bool:
        """Whether ``key`` was the shop's, or was to be, and another one stands in its place.

        A key that nobody has named yet is not past, nor is one that waits for its epoch.
        """
        member = _members.get(view, shop)
        if member is None or key in (member.node_key, member.next_key):
            return False
        return _keys_used.has(view, key)

    def speaks(self, view: View, shop: ShopId) -> int:
        """The highest protocol that the shop's program speaks; the first one until it told."""
        spoken = _spoken.get(view, shop)
        return FIRST_PROTOCOL if spoken is None else spoken.protocol

    def change_keys(self, ctx: Context) -> None:
        """The keys that owners named become those in force: when an epoch ends (L-4.10)."""
        for shop, member in self.all(ctx.view).items():
            if member.next_key:
                changed = replace(member, node_key=member.next_key, next_key=NO_KEY)
                _members.put(ctx.view, shop, value=changed)
                ctx.begin_nonces(shop)


class Membership(Module):
    name: ClassVar[str] = "membership"
    number: ClassVar[int] = NUMBER
    version: ClassVar[int] = 3
    calls: ClassVar[tuple[type[CallBody], ...]] = (Rekey, Speaks)
    refusals: ClassVar[type[IntEnum] | None] = MembershipRefusal
    tables: ClassVar[tuple[KeySpace, ...]] = (_members, _keys_used, _spoken)
    may_begin_later: ClassVar[bool] = False

    def services(self) -> tuple[object, ...]:
        return (Members(),)

    def genesis(self, ctx: Context, genesis: Genesis) -> None:
        for shop in genesis.shops:
            member = Member(
                name=shop.name,
                node_key=shop.public_key,
                owner_key=PublicKey(bytes.fromhex(shop.owner_key)),
                since=ctx.height,
                rekey_number=0,
                next_key=NO_KEY,
            )
            _members.put(ctx.view, shop.shop, value=member)
            for key in (member.node_key, member.owner_key):
                _keys_used.put(ctx.view, key, value=KeyUse(shop.shop))

    def apply(self, ctx: Context, call: CallBody) -> Canonical:
        match call:
            case Rekey():
                return _rekey(ctx, call)
            case Speaks():
                return _speak(ctx, call)
            case _:
                raise BugFound("CALL_UNHANDLED", kind=call.kind)

    def invariants(self, view: View) -> list[str]:
        broken: list[str] = []
        taken: set[PublicKey] = set()
        for (shop,), member in _members.rows(view):
            for key in filter(None, (member.node_key, member.next_key)):
                used = _keys_used.get(view, key)
                if key in taken or used is None or used.shop != shop:
                    broken.append(f"a key of {shop!r} is not its own alone")
                taken.add(key)
        return broken


def _rekey(ctx: Context, call: Rekey) -> Rekeyed:
    """Notes a shop's next node key (L-4.10)."""
    member, key = _members.get(ctx.view, call.shop), PublicKey(call.key)
    if member is None:
        raise refuse(MembershipRefusal.MEMBER_UNKNOWN, shop=call.shop)
    if call.number <= member.rekey_number:
        raise refuse(MembershipRefusal.REKEY_OUT_OF_TURN, above=member.rekey_number)
    if _keys_used.has(ctx.view, key):
        raise refuse(MembershipRefusal.KEY_USED)
    if not is_sound_key(key):
        raise refuse(MembershipRefusal.KEY_UNSOUND)
    statement = rekey_preimage(ctx.chain_id, call.shop, call.number, key)
    if not ctx.verify(member.owner_key, statement, Signature(call.owner_signature)):
        raise refuse(MembershipRefusal.OWNER_SIGNATURE_BAD)
    possession = possession_preimage(ctx.chain_id, call.shop, call.number, key)
    if not ctx.verify(key, possession, Signature(call.key_signature)):
        raise refuse(MembershipRefusal.KEY_NOT_PROVEN)
    _keys_used.put(ctx.view, key, value=KeyUse(call.shop))
    changed = replace(member, rekey_number=call.number, next_key=key)
    _members.put(ctx.view, call.shop, value=changed)
    return Rekeyed(call.shop, Epoch(ctx.epoch + 1))


def _speak(ctx: Context, call: Speaks) -> Spoken:
    """Notes what the caller's program speaks, also if that is less than before (L-4.11)."""
    spoken = Spoken(call.protocol)
    _spoken.put(ctx.view, ctx.shop, value=spoken)
    return spoken
