"""A small street for tests of the ledger: shops, cards, and blocks of their calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger.beginning import genesis_changes, genesis_tip
from liandao_node.ledger.chain import Execution, Ledger
from liandao_node.ledger.module_api import CallBody, Module, as_call
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.cards import Enrol, EnrolDone, enrol_preimage
from liandao_node.ledger.modules.points_calls import Hold, Release, Sale, Tender, hold_preimage
from liandao_node.ledger.state import Changes, MemoryReader
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.types import Amount, BlockHash, Millis, Seq, ShopId
from liandao_node.wire.codec import Canonical
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.genesis import Genesis, GenesisShop, Rules
from liandao_node.wire.transactions import Call, Entry, decode_entry

BEGIN_MS: Final = Millis(1_772_352_000_000)
"""2026-03-01 08:00 UTC: 16:00 at UTC+8."""
SECOND_MS: Final = 1_000
DAY_MS: Final = 86_400_000


def shop_key(shop: int) -> SigningKey:
    return SigningKey(b"node" + shop.to_bytes(28, "big"))


def make_genesis(
    shops: int = 3,
    *,
    rules: Rules | None = None,
    bond: int = 1_000_000,
    utc_offset_minutes: int = 480,
    modules: Sequence[Module] = BUILTIN,
) -> Genesis:
    return Genesis(
        street="Test Street",
        currency="CNY",
        exponent=2,
        utc_offset_minutes=utc_offset_minutes,
        created_ms=BEGIN_MS,
        modules=[(module.name, module.version) for module in modules],
        rules=rules or Rules(),
        shops=[
            GenesisShop(
                shop=ShopId(shop),
                name=f"Shop {shop}",
                node_key=shop_key(shop).public_key.hex(),
                owner_key=shop_key(1_000 + shop).public_key.hex(),
                bond=Amount(bond),
            )
            for shop in range(shops)
        ],
    )


def make_card(number: int) -> CardSecret:
    return CardSecret(b"card" + number.to_bytes(28, "big"))


def state_of(genesis: Genesis, modules: Sequence[Module] = BUILTIN) -> MemoryReader:
    """The records that a street begins with."""
    changes, _ = genesis_changes(genesis, modules)
    return MemoryReader({key: value for key, value in changes.items() if value is not None})


@dataclass(frozen=True)
class Outcome:
    """What the ledger answered to one call."""

    code: str
    answer: Canonical | None


class Street:
    """One node's ledger with a keyboard: every call is a block, committed and on disk at once."""

    def __init__(self, genesis: Genesis | None = None, modules: Sequence[Module] = BUILTIN) -> None:
        self.genesis = genesis or make_genesis(modules=modules)
        self.chain_id = self.genesis.chain_id
        self.disk = state_of(self.genesis, modules)
        self.ledger = Ledger(self.genesis, self.disk, genesis_tip(self.genesis, modules), modules)
        self.nonces = [0] * len(self.genesis.shops)
        self.keys = {shop.shop: shop_key(shop.shop) for shop in self.genesis.shops}
        """Node keys that transactions are signed with."""
        self.proposer: int | None = None
        """Of the next blocks; the first seat if there is none, or it has no seat."""
        self.attendance = 0
        self.time_ms = self.genesis.created_ms
        self.history: list[Execution] = []
        self.sealed: list[tuple[SignedTx, ...]] = []
        """Transactions of the blocks that `block` made."""

    def tx(self, shop: int, *bodies: CallBody | Call, nonce: int | None = None) -> SignedTx:
        if nonce is None:
            self.nonces[shop] += 1
            nonce = self.nonces[shop]
        calls = [body if isinstance(body, Call) else as_call(body) for body in bodies]
        return sign_tx(self.chain_id, ShopId(shop), nonce, calls, self.keys[ShopId(shop)])

    def execute(self, *txs: SignedTx, parent: BlockHash | None = None, seq: int = 0) -> Execution:
        """A block at the street's present time, on the tip unless said otherwise."""
        tip, committee = self.ledger.tip, self._committee(parent)
        shops = [seat.shop for seat in committee.seats]
        return self.ledger.execute(
            parent=tip.hash if parent is None else parent,
            epoch=committee.epoch,
            seq=Seq(seq or tip.seq + 1),
            time_ms=self.time_ms,
            proposer=ShopId(self.proposer) if self.proposer in shops else shops[0],
            attendance=self.attendance & (1 << len(shops)) - 1,
            txs=txs,
        )

    def _committee(self, parent: BlockHash | None) -> CommitteeRecord:
        """In force above a block; the tip's where no such block was executed."""
        try:
            return self.ledger.committee(parent)
        except KeyError:
            return self.ledger.committee()

    def wait(self, ms: int) -> None:
        self.time_ms = Millis(self.time_ms + ms)

    def block(self, *txs: SignedTx, after_ms: int = SECOND_MS) -> list[Outcome]:
        self.wait(after_ms)
        execution = self.execute(*txs)
        self.commit(execution)
        self.sealed.append(txs)
        return [self.outcome(decode_entry(entry)) for entry in execution.entries]

    def commit(self, execution: Execution) -> None:
        self.ledger.commit(execution.hash)
        self.disk.apply(execution.changes)
        self.ledger.flushed(execution.header.seq)
        self.history.append(execution)

    def outcome(self, entry: Entry) -> Outcome:
        machine = self.ledger.machine
        code = machine.code_name(entry.code)
        return Outcome(
            code, machine.decode_answer(entry.kind, entry.result) if code == "OK" else None
        )

    def call(self, shop: int, body: CallBody | Call, after_ms: int = SECOND_MS) -> Outcome:
        return self.block(self.tx(shop, body), after_ms=after_ms)[0]

    # --- calls as the counter makes them ---

    def enrolment(self, shop: int, card: CardSecret) -> Enrol:
        preimage = enrol_preimage(self.chain_id, ShopId(shop), card.code)
        return Enrol(card.key.public_key, card.code, card.key.sign(preimage))

    def enrol(self, number: int, shop: int = 0) -> CardSecret:
        card = make_card(number)
        assert self.call(shop, self.enrolment(shop, card)) == Outcome("OK", EnrolDone(card.id))
        return card

    def hold(self, shop: int, card: CardSecret, name: int, amount: int) -> Hold:
        preimage = hold_preimage(self.chain_id, ShopId(shop), hold_id(name), Amount(amount))
        signature = card.key.sign(preimage)
        return Hold(hold_id(name), card.id, Amount(amount), True, signature)

    def typed_hold(self, card: CardSecret, name: int, amount: int) -> Hold:
        return Hold(hold_id(name), card.id, Amount(amount), present=False, card_signature=b"")


def changed_by_calls(execution: Execution) -> Changes:
    """What a block changed but for what every block changes: the count of who was there."""
    own = books.tallies.prefix
    return {key: new for key, new in execution.changes.items() if not key.startswith(own)}


def hold_id(name: int) -> bytes:
    return name.to_bytes(16, "big")


def release(card: CardSecret, name: int) -> Release:
    return Release(hold_id(name), card.id)


def sale(
    number: int,
    gross: int,
    card: CardSecret | None = None,
    *,
    excluded: int = 0,
    hold: int | None = None,
    points: int = 0,
    register: int = 1,
) -> Sale:
    return Sale(
        register=register,
        number=number,
        card=card.id if card is not None else b"",
        gross=Amount(gross),
        excluded=Amount(excluded),
        hold=hold_id(hold) if hold is not None else b"",
        points=Amount(points),
        tender=Tender.CASH,
        at_ms=Millis(0),
    )
