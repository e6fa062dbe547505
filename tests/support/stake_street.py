"""A street that elects: short epochs, treasurers, liars and absentees at will."""

from collections.abc import Iterable, Sequence
from typing import Final

from liandao_node.crypto.keys import SigningKey
from liandao_node.ledger import stake_queries
from liandao_node.ledger.chain import Execution
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.membership import Rekey, possession_preimage, rekey_preimage
from liandao_node.ledger.modules.stake_books import Bond, Standing
from liandao_node.ledger.modules.stake_calls import (
    Accuse,
    Attest,
    Direction,
    TreasurerSignature,
    bond_preimage,
)
from liandao_node.types import Amount, BlockHash, Epoch, PublicKey, Seq, ShopId, View
from liandao_node.wire.blocks import COMMIT
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import TwoVotes
from liandao_node.wire.genesis import Genesis, Rules
from liandao_node.wire.messages import vote_preimage
from msgspec.structs import replace

from support.ledger_street import SECOND_MS, Outcome, Street, make_genesis, sale, shop_key

UNBONDING: Final = 3
RULES: Final = Rules(
    epoch_blocks=4,
    unbonding_epochs=UNBONDING,
    ban_epochs=2,
    jail_epochs=1,
    attendance_blocks_min=2,
    self_bond_min=Amount(100),
)
EVERYBODY: Final = -1
"""Attendance in which every seat is there."""


def treasurer(number: int) -> SigningKey:
    return SigningKey(b"purse" + number.to_bytes(27, "big"))


def stake_genesis(
    bonds: Sequence[int], rules: Rules = RULES, treasurers: int = 3, quorum: int = 2
) -> Genesis:
    genesis = make_genesis(len(bonds), rules=rules)
    shops = [replace(s, bond=Amount(b)) for s, b in zip(genesis.shops, bonds, strict=True)]
    keys = [treasurer(number).public_key.hex() for number in range(treasurers)]
    return replace(genesis, shops=shops, treasurers=keys, treasurer_quorum=quorum)


class StakeStreet(Street):
    """Epochs of four blocks; everybody is there unless ``attendance`` says otherwise."""

    def __init__(self, bonds: Sequence[int], rules: Rules = RULES) -> None:
        super().__init__(stake_genesis(bonds, rules))
        self.rules = rules
        self.attendance = EVERYBODY
        self._orders = 0
        self._minted: dict[PublicKey, SigningKey] = {}

    def commit(self, execution: Execution) -> None:
        """Shops sign with the key that is in force above the block."""
        super().commit(execution)
        for shop, key in self.ledger.keys().items():
            self.keys[shop] = self._minted.get(key, self.keys[shop])

    @property
    def epoch(self) -> int:
        return self.ledger.committee().epoch

    def seats(self) -> list[int]:
        return [seat.shop for seat in self.ledger.committee().seats]

    def bond(self, shop: int) -> Bond:
        return books.bond_of(self.ledger.view(), shop)

    def standing(self, shop: int) -> Standing:
        return books.standing_of(self.ledger.view(), shop)

    def backing(self, shop: int) -> int:
        return books.backing_of(self.ledger.view(), shop)

    def pool(self) -> int:
        return stake_queries.pool(self.ledger.view())

    def tick(self) -> None:
        """A block in which nothing happens to stake."""
        self._orders += 1
        self.call(0, sale(self._orders, 0, register=9))

    def turn(self, epochs: int = 1) -> None:
        """To the first block of a later epoch, with what always holds looked at."""
        until = self.epoch + epochs
        while self.epoch < until:
            self.tick()
        assert self.ledger.machine.invariants(self.ledger.view()) == []

    def stay_away(self, *shops: int) -> None:
        """From now on these shops are missing from the attendance; none: everybody is there."""
        seats = self.seats()
        missing = sum(1 << seats.index(shop) for shop in shops if shop in seats)
        self.attendance = EVERYBODY & ~missing

    def epoch_without(self, proposer: int, *shops: int) -> None:
        """A whole epoch led by one seat, in which shops are away."""
        self.proposer = proposer
        self.stay_away(*shops)
        self.turn()
        self.proposer, self.attendance = None, EVERYBODY

    # --- statements ---

    def statement(
        self,
        shop: int,
        amount: int,
        direction: Direction = Direction.DEPOSIT,
        *,
        number: int | None = None,
        signers: Iterable[int] = (0, 1),
    ) -> Attest:
        number = self.bond(shop).statements + 1 if number is None else number
        value = (ShopId(shop), number, direction, Amount(amount))
        preimage = bond_preimage(self.chain_id, *value)
        signatures = [
            TreasurerSignature(position, treasurer(position).sign(preimage)) for position in signers
        ]
        return Attest(*value, signatures)

    def rekey(
        self, shop: int, key: SigningKey, number: int = 1, owner: SigningKey | None = None
    ) -> Rekey:
        owner = owner or shop_key(1_000 + shop)
        self._minted[key.public_key] = key
        value = (ShopId(shop), number, key.public_key)
        return Rekey(
            *value,
            owner.sign(rekey_preimage(self.chain_id, *value)),
            key.sign(possession_preimage(self.chain_id, *value)),
        )

    # --- lies ---

    def two_votes(self, shop: int, epoch: int | None = None, name: int = 0) -> TwoVotes:
        """Two COMMITs of a seat for one height."""
        epoch = self.epoch if epoch is None else epoch
        first, second = (BlockHash(bytes([name + at]) * 32) for at in (1, 2))
        key = self.keys[ShopId(shop)]
        slot = (COMMIT, self.chain_id, Epoch(epoch), View(0), Seq(7))
        return TwoVotes(
            kind=COMMIT,
            epoch=Epoch(epoch),
            view=View(0),
            seq=Seq(7),
            seat=ShopId(shop),
            first=first,
            first_signature=key.sign(vote_preimage(*slot, first)),
            second=second,
            second_signature=key.sign(vote_preimage(*slot, second)),
        )

    def accuse(self, shop: int, epoch: int | None = None, *, by: int = 0) -> Outcome:
        return self.call(by, Accuse(encode(self.two_votes(shop, epoch))))

    def lie(self, shop: int) -> PublicKey:
        """A seat lies and is found out; the key that it lost."""
        key = self.keys[ShopId(shop)].public_key
        assert self.accuse(shop, by=(shop + 1) % len(self.keys)).code == "OK"
        return key


__all__ = ["RULES", "SECOND_MS", "UNBONDING", "StakeStreet", "stake_genesis", "treasurer"]
