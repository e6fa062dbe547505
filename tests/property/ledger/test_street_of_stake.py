"""Whatever shops do with their stake, keys and votes, it adds up and no honest seat pays.

Blocks of delegations, withdrawals, deposits, new keys, lies and absences, in epochs of three
blocks. After every block the module's own invariants are looked at: stake adds up, committees
are well formed and change within bounds, no more than f are jailed. Beside them: only who
lied is tombstoned, only who stood behind a liar is slashed, and the same blocks give the same
committees on another node.
"""

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import stake_books as books
from liandao_node.ledger.modules.election import faults_borne
from liandao_node.ledger.modules.membership import Members, Speaks
from liandao_node.ledger.modules.stake_calls import (
    Accuse,
    Delegate,
    Direction,
    Redelegate,
    Undelegate,
    Unjail,
    Withdraw,
)
from liandao_node.ledger.stake_queries import milestone
from liandao_node.ledger.state import recompute
from liandao_node.ledger.transactions import SignedTx, parse_tx
from liandao_node.types import Amount, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.codec import encode
from msgspec.structs import replace
from support.ledger_street import shop_key
from support.stake_street import RULES, StakeStreet

BOND: Final = 1_000
SHOPS: Final = st.integers(0, 7).map(ShopId)
AMOUNTS: Final = st.one_of(st.integers(1, 60), st.integers(1, 1_200)).map(Amount)


class StreetOfStake(RuleBasedStateMachine):
    @initialize(
        shops=st.integers(3, 8),
        slash_bps=st.sampled_from([500, 3_333, 10_000]),
        unbonding=st.integers(1, 3),
    )
    def found(self, shops: int, slash_bps: int, unbonding: int) -> None:
        rules = replace(
            RULES, epoch_blocks=3, slash_bps=slash_bps, unbonding_epochs=unbonding, ban_epochs=1
        )
        self.street = StakeStreet([BOND + shop for shop in range(shops)], rules)
        self.shops = shops
        self.liars: set[int] = set()
        self.behind_liars: set[int] = set()
        self.new_keys = 0
        self.looked_at = -1
        self.elected = 0
        """The last epoch whose election was looked at."""

    def _ask(self, shop: int, call: CallBody) -> str:
        """The code of a call of one of the shops that there are."""
        return self.street.call(shop % self.shops, call).code

    # --- stake ---

    @rule(shop=SHOPS, seat=SHOPS, amount=AMOUNTS)
    def delegate(self, shop: ShopId, seat: ShopId, amount: Amount) -> None:
        self._ask(shop, Delegate(seat, amount))

    @rule(shop=SHOPS, seat=SHOPS, amount=AMOUNTS)
    def undelegate(self, shop: ShopId, seat: ShopId, amount: Amount) -> None:
        self._ask(shop, Undelegate(seat, amount))

    @rule(shop=SHOPS, seat=SHOPS, to=SHOPS, amount=AMOUNTS)
    def redelegate(self, shop: ShopId, seat: ShopId, to: ShopId, amount: Amount) -> None:
        self._ask(shop, Redelegate(seat, to, amount))

    @rule(shop=SHOPS, amount=AMOUNTS)
    def withdraw(self, shop: ShopId, amount: Amount) -> None:
        self._ask(shop, Withdraw(amount))

    @rule(shop=SHOPS, amount=AMOUNTS, direction=st.sampled_from(Direction))
    def attest(self, shop: ShopId, amount: Amount, direction: Direction) -> None:
        self._ask(0, self.street.statement(shop, amount, direction))

    # --- conduct ---

    @rule(shop=SHOPS, epochs_ago=st.integers(0, 4))
    def lie(self, shop: ShopId, epochs_ago: int) -> None:
        """A seat contradicts itself, and somebody tells, at once or later."""
        epoch = max(0, self.street.epoch - epochs_ago)
        if shop >= self.shops:
            return
        backers = self._behind(shop)
        if self._ask(shop + 1, Accuse(encode(self.street.two_votes(shop, epoch)))) == "OK":
            self.liars.add(shop)
            self.behind_liars |= backers | {shop}

    def _behind(self, seat: int) -> set[int]:
        """Whoever backs a seat, or did and is still liable."""
        view = self.street.ledger.view()
        backers = {int(shop) for (_, shop), _ in books.delegations.under(view, seat)}
        return backers | {int(key[1]) for key, _ in books.leaving.under(view, seat)}

    @rule(proposer=SHOPS, away=st.sets(SHOPS, max_size=3))
    def somebody_is_away(self, proposer: ShopId, away: set[ShopId]) -> None:
        self.street.epoch_without(proposer, *sorted(away))

    @rule(shop=SHOPS)
    def come_back(self, shop: ShopId) -> None:
        newest = milestone(self.street.ledger.view())
        if newest is not None:
            self._ask(shop, Unjail(newest.height, newest.block))

    @rule(shop=SHOPS)
    def rekey(self, shop: ShopId) -> None:
        if shop >= self.shops:
            return
        self.new_keys += 1
        key = shop_key(100 + self.new_keys)
        assert self._ask(0, self.street.rekey(shop, key, number=self.new_keys)) == "OK"

    @rule(shop=SHOPS, protocol=st.integers(1, 4))
    def update(self, shop: ShopId, protocol: int) -> None:
        """Another program is installed, a newer or an older one."""
        assert self._ask(shop, Speaks(protocol)) == "OK"

    @rule(protocol=st.integers(2, 4))
    def update_all(self, protocol: int) -> None:
        for shop in range(self.shops):
            self.update(ShopId(shop), protocol)

    @rule(epochs=st.integers(1, 4))
    def time_passes(self, epochs: int) -> None:
        self.street.turn(epochs)

    # --- what always holds ---

    @invariant()
    def promises_are_kept(self) -> None:
        tip = self.street.ledger.tip
        if tip.seq != self.looked_at:
            self.looked_at = tip.seq
            view = self.street.ledger.view()
            assert self.street.ledger.machine.invariants(view) == []
            assert recompute(view) == tip.accumulator

    @invariant()
    def the_protocol_is_what_all_seats_speak_and_never_falls(self) -> None:
        view = self.street.ledger.view()
        kept = [committee for _, committee in books.committees.rows(view)]
        for old, new in pairwise(kept):
            assert new.protocol >= old.protocol
            if new.epoch > self.elected and not self.told_since(new.first_seq):
                spoken = [Members().speaks(view, seat.shop) for seat in new.seats]
                assert new.protocol == max(old.protocol, min(spoken))
        self.elected = self.street.epoch
        version = self.street.history[-1].header.version if self.street.history else 1
        assert version <= kept[-1].protocol

    def told_since(self, height: int) -> bool:
        """Whether a program was changed after the election above ``height``: what its seats
        spoke then is not to be read any more."""
        own = [e.changes for e in self.street.history if e.header.seq >= height]
        return any(key.startswith(bytes([1, 3])) for changes in own for key in changes)

    @invariant()
    def no_honest_shop_pays(self) -> None:
        view = self.street.ledger.view()
        punished = {stone.shop for _, stone in books.tombstones.rows(view)}
        assert punished == self.liars
        for shop in range(self.shops):
            standing = books.standing_of(view, shop)
            assert (standing.tombstones > 0) == (shop in self.liars)
            if books.bond_of(view, shop).slashed:
                assert shop in self.behind_liars

    @invariant()
    def the_jail_never_takes_more_than_f(self) -> None:
        """Of those who sit when they are jailed; four candidates are left."""
        view = self.street.ledger.view()
        seats = [seat.shop for seat in books.committee_of(view).seats]
        jailed = [shop for shop in seats if books.standing_of(view, shop).jailed_until]
        assert len(jailed) <= faults_borne(len(seats))

    def teardown(self) -> None:
        """The blocks give the same committees on a fresh node, through a peer's door."""
        if not hasattr(self, "street"):
            return
        fresh = StakeStreet([BOND + shop for shop in range(self.shops)], self.street.rules)
        for execution, txs in zip(self.street.history, self.street.sealed, strict=True):
            parsed: list[SignedTx] = [
                parse_tx(tx.raw, fresh.chain_id, fresh.ledger.keys()) for tx in txs
            ]
            block = Block(execution.header, [tx.raw for tx in txs])
            fresh.commit(fresh.ledger.check(block, parsed))
        assert fresh.ledger.tip == self.street.ledger.tip
        assert fresh.ledger.committee() == self.street.ledger.committee()


TestStreetOfStake = pytest.mark.rule("L-4.3")(StreetOfStake.TestCase)
StreetOfStake.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
