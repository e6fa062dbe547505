"""A shop's new node key: who may say it, which keys will do."""

from collections.abc import Callable

import pytest
from liandao_node.crypto.keys import SigningKey
from liandao_node.errors import BugFound, InputFault
from liandao_node.ledger.modules.membership import Rekey, Rekeyed
from liandao_node.ledger.stake_queries import key_is_past
from liandao_node.ledger.transactions import parse_tx
from liandao_node.types import Epoch, ShopId
from msgspec.structs import replace
from support.ledger_street import sale, shop_key
from support.stake_street import StakeStreet

SHOP = ShopId(1)
NEW = shop_key(50)


@pytest.fixture
def street() -> StakeStreet:
    return StakeStreet([1_000] * 4)


@pytest.mark.rule("L-4.1")
@pytest.mark.rule("L-4.10")
def test_the_owner_names_another_node_key(street: StakeStreet) -> None:
    answer = street.call(3, street.rekey(SHOP, NEW)).answer
    assert answer == Rekeyed(SHOP, Epoch(1)), "any member brings it"
    assert street.ledger.keys()[SHOP] == shop_key(SHOP).public_key
    street.turn()
    assert street.ledger.keys()[SHOP] == NEW.public_key


def _by_another_owner(street: StakeStreet) -> Rekey:
    return street.rekey(SHOP, NEW, owner=shop_key(1_002))


def _by_the_node(street: StakeStreet) -> Rekey:
    return street.rekey(SHOP, NEW, owner=shop_key(SHOP))


def _for_another_shop(street: StakeStreet) -> Rekey:
    return replace(street.rekey(SHOP, NEW), shop=ShopId(2))


def _of_another_street(street: StakeStreet) -> Rekey:
    return StakeStreet([1_001] * 4).rekey(SHOP, NEW)


def _with_another_number(street: StakeStreet) -> Rekey:
    return replace(street.rekey(SHOP, NEW), number=2)


def _unproven(street: StakeStreet) -> Rekey:
    call = street.rekey(SHOP, NEW)
    return replace(call, key_signature=call.owner_signature)


def _unsound(street: StakeStreet) -> Rekey:
    return replace(street.rekey(SHOP, NEW), key=b"\1" + bytes(31))


@pytest.mark.rule("L-4.10")
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_by_another_owner, "OWNER_SIGNATURE_BAD"),
        (_by_the_node, "OWNER_SIGNATURE_BAD"),
        (_for_another_shop, "OWNER_SIGNATURE_BAD"),
        (_of_another_street, "OWNER_SIGNATURE_BAD"),
        (_with_another_number, "OWNER_SIGNATURE_BAD"),
        (_unproven, "KEY_NOT_PROVEN"),
        (_unsound, "KEY_UNSOUND"),
        (lambda s: s.rekey(9, NEW), "MEMBER_UNKNOWN"),
        (lambda s: s.rekey(SHOP, NEW, number=0), "REKEY_OUT_OF_TURN"),
        (lambda s: s.rekey(SHOP, shop_key(2)), "KEY_USED"),
        (lambda s: s.rekey(SHOP, shop_key(SHOP)), "KEY_USED"),
        (lambda s: s.rekey(SHOP, shop_key(1_001)), "KEY_USED"),
    ],
)
def test_what_the_owner_did_not_say_changes_no_key(
    street: StakeStreet, make: Callable[[StakeStreet], Rekey], code: str
) -> None:
    assert street.call(0, make(street)).code == code
    street.turn()
    assert street.ledger.keys()[SHOP] == shop_key(SHOP).public_key


@pytest.mark.rule("L-4.10")
def test_the_later_statement_stands_and_an_earlier_one_never_comes_back(
    street: StakeStreet,
) -> None:
    early, late = street.rekey(SHOP, NEW, number=5), street.rekey(SHOP, shop_key(51), number=9)
    assert street.call(0, late).code == "OK"
    assert street.call(0, early).code == "REKEY_OUT_OF_TURN"
    street.turn()
    assert street.ledger.keys()[SHOP] == shop_key(51).public_key
    assert street.call(0, late).code == "REKEY_OUT_OF_TURN"


@pytest.mark.rule("L-4.10")
def test_a_key_that_was_ever_used_is_never_used_again(street: StakeStreet) -> None:
    street.call(0, street.rekey(SHOP, NEW, number=1))
    street.call(0, street.rekey(SHOP, shop_key(51), number=2))
    assert street.call(0, street.rekey(2, NEW)).code == "KEY_USED", "named, though it never sat"
    street.turn(2)
    for key in (shop_key(SHOP), NEW, shop_key(51)):
        assert street.call(0, street.rekey(SHOP, key, number=3)).code == "KEY_USED"


@pytest.mark.rule("L-13.9")
def test_a_new_key_clears_no_absence(street: StakeStreet) -> None:
    crowd = StakeStreet([1_000] * 6)
    crowd.epoch_without(0, SHOP)
    crowd.call(0, crowd.rekey(SHOP, NEW))
    crowd.epoch_without(2, SHOP)
    assert crowd.standing(SHOP).jailed_until


@pytest.mark.rule("L-2.3")
def test_a_new_keys_nonces_begin_anew(street: StakeStreet) -> None:
    """It knows nothing of what the key before had used."""
    street.block(street.tx(SHOP, sale(1, 0, register=7), nonce=9 << 32))
    street.call(0, street.rekey(SHOP, NEW))
    before = street.tx(SHOP, sale(2, 0, register=7), nonce=1 << 32)
    assert street.block(before)[0].code == "TX_NONCE_OLD", "not before the epoch ends"
    street.turn()
    first = street.tx(SHOP, sale(3, 0, register=7), nonce=1 << 32)
    assert street.block(first)[0].code == "OK"
    again = street.tx(SHOP, sale(4, 0, register=7), nonce=1 << 32)
    assert street.block(again)[0].code == "TX_REPLAYED"
    unused = street.tx(0, sale(5, 0, register=7), nonce=street.nonces[0])
    assert street.block(unused)[0].code == "TX_REPLAYED", "the others go on"


@pytest.mark.rule("L-2.2")
@pytest.mark.rule("L-2.3")
def test_what_the_old_key_signed_is_never_replayed_into_the_freed_nonces(
    street: StakeStreet,
) -> None:
    old = street.tx(SHOP, sale(1, 0, register=7))
    assert street.block(old)[0].code == "OK"
    street.call(0, street.rekey(SHOP, NEW))
    street.turn()
    with pytest.raises(BugFound, match="why=key"):
        street.block(old)
    with pytest.raises(InputFault, match="TX_BAD_SIGNATURE"):
        parse_tx(old.raw, street.chain_id, street.ledger.keys())


@pytest.mark.rule("L-2.3")
def test_a_shop_that_never_signed_anything_gets_another_key_too(street: StakeStreet) -> None:
    street.call(0, street.rekey(SHOP, NEW))
    street.turn()
    assert street.call(SHOP, sale(1, 0, register=7)).code == "OK"


def test_a_key_is_past_when_another_stands_in_its_place(street: StakeStreet) -> None:
    def past(key: SigningKey) -> bool:
        return key_is_past(street.ledger.view(), SHOP, key.public_key)

    old, other = shop_key(SHOP), shop_key(51)
    assert [past(key) for key in (old, NEW)] == [False, False], "nobody has named the new one"
    street.call(0, street.rekey(SHOP, NEW, number=1))
    street.call(0, street.rekey(SHOP, other, number=2))
    assert [past(key) for key in (old, NEW, other)] == [False, True, False]
    street.turn()
    assert [past(key) for key in (old, NEW, other)] == [True, True, False]
