"""Owners who give their shop another node key, as `liandao rekey` does (docs/operations.md).

The voter's disk is a new one, and what the ledger.db holds stays. The owner signs that the shop
has the key, and another shop brings that to the ledger. Until an epoch begins with the key, the
others turn the node away; whom a node has a channel to, its own ledger says.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from liandao_node.crypto.keys import Signer, is_sound_key
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.membership import (
    Members,
    Rekey,
    possession_preimage,
    rekey_preimage,
)
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.charter import Charter
from liandao_node.sim.disks import VoterDisk
from liandao_node.sim.node import Node
from liandao_node.sim.street import Street
from liandao_node.sim.trade import Trade
from liandao_node.types import PublicKey, ShopId
from liandao_node.wire.blocks import Block

BRING_MS = 4_000
"""After which a statement that came to nothing is brought by another shop."""


@dataclass(frozen=True)
class _Renewal:
    node: Node
    signer: Signer
    statement: Rekey


class Owners:
    """The owner keys of a street, and the doors that open for the keys in force."""

    def __init__(self, charter: Charter, street: Street, trade: Trade) -> None:
        self._charter = charter
        self._street = street
        self._trade = trade
        self._made: Counter[ShopId] = Counter()
        self._waiting: dict[int, _Renewal] = {}
        """By place: keys that are not in force yet."""
        self._known: dict[int, Mapping[ShopId, PublicKey]] = {}
        """By place: what its channels were made with."""

    @property
    def waiting(self) -> list[Node]:
        """Nodes whose key takes office with an epoch that is yet to come."""
        return [renewal.node for renewal in self._waiting.values()]

    # --- another key ---

    def renew(self, node: Node) -> None:
        """Another key for the shop of ``node``, whatever became of the one before."""
        node.crash()
        signer = self._sound_key(node.shop)
        node.voter, node.signer = VoterDisk(), signer
        node.honest, node.mute = True, False
        self._street.checks.on_new_voter(node)
        self._trade.lose_key(node.shop)
        renewal = _Renewal(node, signer, self._statement(node.shop, signer))
        self._waiting[node.place] = renewal
        self._bring(renewal, 0)
        node.boot()

    def _sound_key(self, shop: ShopId) -> Signer:
        """The ledger registers points of the curve alone, and one in a dozen cheap keys is one."""
        while True:
            self._made[shop] += 1
            signer = self._charter.keyring.make(b"shop %d key %d" % (shop, self._made[shop]))
            if is_sound_key(signer.public_key):
                return signer

    def _statement(self, shop: ShopId, signer: Signer) -> Rekey:
        value = (shop, self._street.timeline.now, signer.public_key)
        owner = self._charter.owner(shop)
        return Rekey(
            *value,
            owner.sign(rekey_preimage(self._charter.chain, *value)),
            signer.sign(possession_preimage(self._charter.chain, *value)),
        )

    def _bring(self, renewal: _Renewal, tries: int) -> None:
        """Another shop orders it, again and again until a ledger has taken note."""
        if self._waiting.get(renewal.node.place) is not renewal:
            return
        carriers = [n for n in self._street.awake if n.place not in self._waiting]
        if carriers:
            carrier = carriers[tries % len(carriers)]
            if self._noted(carrier, renewal):
                return
            self._trade.order(carrier.shop, [as_call(renewal.statement)])
        self._street.timeline.after(BRING_MS, self._bring, renewal, tries + 1)

    @property
    def noted(self) -> bool:
        """Whether all that wait have been told to the ledger, and wait for their epoch alone."""
        others = [n for n in self._street.awake if n.place not in self._waiting]
        return all(self._noted(others[0], renewal) for renewal in self._waiting.values())

    def _noted(self, node: Node, renewal: _Renewal) -> bool:
        books = _books(node)
        member = Members().find(books.ledger.view(), renewal.node.shop)
        return member is not None and member.next_key == renewal.signer.public_key

    def became_final(self, node: Node, block: Block) -> None:
        """A block is final for the first time, at ``node``: new keys may be in force above it."""
        if not self._waiting or not block.header.next_committee:
            return
        keys = _books(node).ledger.keys()
        for place, renewal in list(self._waiting.items()):
            shop = renewal.node.shop
            if keys[shop] == renewal.signer.public_key:
                del self._waiting[place]
                self._street.counts["new keys in force"] += 1
                self._street.tells(renewal.node, "new key", f"in force from h{block.header.seq}")
                self._street.timeline.after(0, self._trade.use_key, shop, renewal.signer)

    # --- doors ---

    def look(self, node: Node) -> None:
        """``node`` begins a life or an epoch: its channels follow the keys in force.

        When keys change it makes all of them anew, as `StreetLinks.renew` does.
        """
        if not self._made:
            return
        keys = _books(node).ledger.keys()
        renews = self._known.get(node.place, keys) != keys
        self._known[node.place] = keys
        for other in self._street.nodes:
            if other.shop != node.shop:
                self._meet(node, other, renews=renews)

    def _meet(self, node: Node, other: Node, *, renews: bool) -> None:
        links = {(node.place, other.place), (other.place, node.place)}
        strangers = self._street.network.strangers
        were, are = links <= strangers, not (_knows(node, other) and _knows(other, node))
        if are:
            strangers |= links
        else:
            strangers -= links
        if not (node.up and other.up) or (were == are and not renews):
            return
        for up in (False, True):
            if not (were if not up else are):
                node.link(other.shop, up=up)
                other.link(node.shop, up=up)


def _books(node: Node) -> LedgerBooks:
    assert isinstance(node.books, LedgerBooks)
    return node.books


def _knows(node: Node, other: Node) -> bool:
    return _books(node).ledger.keys()[other.shop] == other.signer.public_key
