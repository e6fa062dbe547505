"""PIN, recovery paper and block of a card: who may say what of it, and what it then refuses."""

import pytest
from liandao_node.crypto.cards import CardSecret
from liandao_node.ledger import card_queries, queries
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules.card_calls import Block, BlockReason, SetPin
from liandao_node.wire.genesis import Rules
from msgspec.structs import replace
from support import refunding
from support.card_street import claim as claimed
from support.card_street import (
    guarded,
    hold_with_pin,
    merge,
    move,
    offer,
    paper,
    pin_of,
    receipt,
    set_pin,
    set_recovery,
    unblock,
)
from support.ledger_street import DAY_MS, Street, make_genesis, release, sale

RULES = Rules(earn_bps=1_000, share_bps_max=10_000, blocks_day_max=2)


@pytest.fixture
def street() -> Street:
    return Street(make_genesis(rules=RULES))


@pytest.fixture
def card(street: Street) -> CardSecret:
    """With 1 000 points of shop 0."""
    card = street.enrol(1)
    assert street.call(0, sale(1, 10_000, card)).code == "OK"
    return card


def _ok(street: Street, *calls: CallBody, shop: int = 1) -> None:
    for call in calls:
        assert street.call(shop, call).code == "OK"
        assert street.ledger.machine.invariants(street.ledger.view()) == []


def _blocked(card: CardSecret) -> Block:
    return Block(card.id, BlockReason.LOST)


@pytest.mark.rule("L-5.9")
def test_with_a_pin_every_hold_needs_it(street: Street, card: CardSecret) -> None:
    _ok(street, street.hold(1, card, 1, 10), street.typed_hold(card, 2, 10))
    _ok(street, set_pin(street, card, pin_of(1)))
    assert guarded(street, card).has_pin
    assert street.call(1, street.hold(1, card, 3, 10)).code == "PIN_NEEDED"
    assert street.call(1, hold_with_pin(street, 1, card, 3, 10, pin_of(2))).code == "PIN_WRONG"
    assert street.call(1, hold_with_pin(street, 2, card, 3, 10, pin_of(1))).code != "OK"
    _ok(street, hold_with_pin(street, 1, card, 3, 10, pin_of(1)))
    # The two holds from before the PIN stand.
    _ok(street, release(card, 1), release(card, 2))


@pytest.mark.rule("L-5.9")
def test_with_a_pin_the_typed_code_holds_nothing(street: Street, card: CardSecret) -> None:
    """Its key needs the card's seed, so nobody can sign with it who has only eight digits."""
    _ok(street, set_pin(street, card, pin_of(1)))
    assert street.call(1, street.typed_hold(card, 1, 1)).code == "PIN_NEEDED"
    signed = hold_with_pin(street, 1, card, 1, 1, pin_of(1))
    typed = replace(signed, present=False, card_signature=b"")
    assert street.call(1, typed).code == "PIN_NEEDED"


def test_a_pin_nobody_set_signs_nothing(street: Street, card: CardSecret) -> None:
    assert street.call(1, hold_with_pin(street, 1, card, 1, 1, pin_of(1))).code == "PIN_WRONG"
    signed = replace(hold_with_pin(street, 1, card, 1, 1, pin_of(1)), present=False)
    typed = replace(signed, card_signature=b"")
    assert street.call(1, typed).code == "CARD_SIGNATURE_BAD"


@pytest.mark.rule("L-5.9")
def test_a_pin_is_changed_and_taken_off_by_who_knows_it(street: Street, card: CardSecret) -> None:
    _ok(street, set_pin(street, card, pin_of(1)))
    assert street.call(1, set_pin(street, card, pin_of(2))).code == "PIN_NEEDED"
    assert street.call(1, set_pin(street, card, pin_of(2), pin_of(2))).code == "PIN_WRONG"
    _ok(street, set_pin(street, card, pin_of(2), pin_of(1)))
    _ok(street, hold_with_pin(street, 1, card, 1, 10, pin_of(2)))
    assert street.call(1, set_pin(street, card, None)).code == "PIN_NEEDED"
    _ok(street, set_pin(street, card, None, pin_of(2)), street.hold(1, card, 2, 10))
    assert not guarded(street, card).has_pin


@pytest.mark.rule("L-5.8")
def test_a_statement_is_the_cards_own_next_one(street: Street, card: CardSecret) -> None:
    first = set_pin(street, card, pin_of(1))
    stranger = set_pin(street, card, pin_of(1))
    forged = replace(stranger, card_signature=pin_of(3).sign(b"x"))
    assert street.call(1, forged).code == "CARD_SIGNATURE_BAD"
    _ok(street, first)
    _ok(street, set_pin(street, card, None, pin_of(1)))
    assert street.call(1, first).code == "CARD_WORD_OUT_OF_TURN", "said again by a shop"
    late = replace(set_pin(street, card, pin_of(1)), number=5)
    assert street.call(1, late).code == "CARD_WORD_OUT_OF_TURN"
    other = replace(set_pin(street, card, pin_of(1)), key=pin_of(2).public_key)
    assert street.call(1, other).code == "CARD_SIGNATURE_BAD", "not what was signed"
    assert street.call(1, replace(first, card=bytes(16))).code == "CARD_UNKNOWN"


@pytest.mark.rule("L-5.8")
def test_a_signature_for_one_statement_is_none_for_another(
    street: Street, card: CardSecret
) -> None:
    """What takes a block off would else take a PIN off, too."""
    _ok(street, _blocked(card))
    word = unblock(street, card)
    _ok(street, word)
    bare = SetPin(card.id, word.number, b"", word.card_signature, b"", b"")
    assert street.call(1, bare).code == "CARD_WORD_OUT_OF_TURN"
    again = unblock(street, card)
    bare = SetPin(card.id, again.number, b"", again.card_signature, b"", b"")
    assert street.call(1, bare).code == "CARD_SIGNATURE_BAD"


@pytest.mark.rule("L-5.9")
@pytest.mark.parametrize("short", [b"\1", b"\1" * 31])
def test_a_new_key_shows_that_it_signs(street: Street, card: CardSecret, short: bytes) -> None:
    unproven = replace(set_pin(street, card, pin_of(1)), key_signature=b"")
    assert street.call(1, unproven).code == "CARD_KEY_NOT_PROVEN"
    wrong = replace(unproven, key_signature=pin_of(2).sign(b"x"))
    assert street.call(1, wrong).code == "CARD_KEY_NOT_PROVEN"
    cut = replace(unproven, key=short)
    assert street.call(1, cut).code != "OK"
    off = replace(set_pin(street, card, None), key_signature=pin_of(1).sign(b"x"))
    assert street.call(1, off).code == "CARD_KEY_NOT_PROVEN"
    lost = replace(set_recovery(street, card, paper(1)), key_signature=b"")
    assert street.call(1, lost).code == "CARD_KEY_NOT_PROVEN"
    assert guarded(street, card).next_number == 1


@pytest.mark.rule("L-5.10")
def test_a_paper_is_replaced_by_who_has_it(street: Street, card: CardSecret) -> None:
    """Whoever saw the card at a till cannot put a paper of his own in its place."""
    _ok(street, set_recovery(street, card, paper(1)))
    assert guarded(street, card).has_recovery
    assert street.call(1, set_recovery(street, card, paper(2))).code == "RECOVERY_NEEDED"
    wrong = set_recovery(street, card, paper(2), paper(2))
    assert street.call(1, wrong).code == "RECOVERY_WRONG"
    assert street.call(1, set_recovery(street, card, None)).code == "RECOVERY_NEEDED"
    _ok(street, set_pin(street, card, pin_of(1)))
    assert street.call(1, set_recovery(street, card, None, paper(1))).code == "PIN_NEEDED"
    _ok(street, set_recovery(street, card, paper(2), paper(1), pin_of(1)))
    _ok(street, set_recovery(street, card, None, paper(2), pin_of(1)))
    none = set_recovery(street, card, paper(3), paper(2), pin_of(1))
    assert street.call(1, none).code == "RECOVERY_WRONG", "it has no paper now"


@pytest.mark.rule("L-5.11")
def test_a_blocked_card_earns_and_does_not_spend(street: Street, card: CardSecret) -> None:
    _ok(street, street.hold(0, card, 1, 300), shop=0)
    _ok(street, _blocked(card), shop=2)
    state = guarded(street, card)
    assert (state.blocked, state.blocked_by) == (BlockReason.LOST, 2)
    assert state.blocked_ms == street.time_ms
    assert street.call(0, sale(2, 500, card, hold=1, points=300)).code == "CARD_BLOCKED"
    assert street.call(0, sale(2, 500, card, hold=1)).code == "CARD_BLOCKED"
    assert street.call(1, street.hold(1, card, 2, 1)).code == "CARD_BLOCKED"
    assert street.call(1, street.typed_hold(card, 3, 1)).code == "CARD_BLOCKED"
    for call in (
        set_pin(street, card, pin_of(1)),
        set_recovery(street, card, paper(1)),
        merge(street, card, street.enrol(2)),
    ):
        assert street.call(1, call).code == "CARD_BLOCKED", "a finder makes it his own"
    # What brings points goes on, and what gives a hold back.
    _ok(street, release(card, 1), sale(3, 500, card), refunding.grant(card, 1, 7), shop=0)
    _ok(street, refunding.brought(1, 100, card), sale(4, 1_000), offer(4, receipt(1)), shop=0)
    _ok(street, claimed(street, card, receipt(1)), refunding.refund(3, 1, 500), shop=0)
    assert refunding.purse(street, card).available == 1_000 + 7 + 10 + 100


@pytest.mark.rule("L-5.12")
def test_only_the_card_and_its_pin_unblock_it(street: Street, card: CardSecret) -> None:
    _ok(street, set_pin(street, card, pin_of(1)), _blocked(card))
    assert street.call(1, _blocked(card)).code == "BLOCKED_ALREADY"
    forged = replace(unblock(street, card), card_signature=pin_of(1).sign(b"x"))
    assert street.call(1, forged).code == "CARD_SIGNATURE_BAD"
    assert street.call(1, unblock(street, card)).code == "PIN_NEEDED"
    assert street.call(1, unblock(street, card, pin_of(2))).code == "PIN_WRONG"
    _ok(street, unblock(street, card, pin_of(1)))
    assert guarded(street, card).blocked is None
    assert street.call(1, unblock(street, card, pin_of(1))).code == "NOT_BLOCKED"
    _ok(street, hold_with_pin(street, 1, card, 1, 10, pin_of(1)))


@pytest.mark.rule("L-5.11")
def test_a_shop_blocks_few_cards_a_day_and_everybody_sees_how_many(street: Street) -> None:
    cards = [street.enrol(number) for number in range(4)]
    _ok(street, _blocked(cards[0]), _blocked(cards[1]))
    assert street.call(1, _blocked(cards[1])).code == "BLOCKED_ALREADY"
    assert street.call(1, _blocked(cards[2])).code == "BLOCKS_MANY"
    _ok(street, _blocked(cards[2]), shop=0)
    street.wait(DAY_MS)
    _ok(street, _blocked(cards[3]))
    assert street.call(1, Block(bytes(16), BlockReason.OTHER)).code == "CARD_UNKNOWN"
    words = dict(card_queries.shops_words(street.ledger.view()))
    assert {int(shop): (one.blocks_today, one.blocks) for shop, one in words.items()} == {
        0: (1, 1),
        1: (1, 3),
    }


@pytest.mark.rule("L-5.7")
def test_a_block_is_no_sight_of_the_card(street: Street, card: CardSecret) -> None:
    seen_ms = street.time_ms
    _ok(street, _blocked(card), move(street, card, street.enrol(2)))
    assert _last_seen_ms(street, card) == seen_ms
    _ok(street, unblock(street, card))
    assert _last_seen_ms(street, card) == street.time_ms


def _last_seen_ms(street: Street, card: CardSecret) -> int:
    record = queries.card(street.ledger.view(), card.id)
    assert record is not None
    return record.last_seen_ms


@pytest.mark.parametrize(
    ("table", "word"), [(1, "code of"), (3, "guard"), (4, "successors"), (5, "")]
)
def test_invariants_find_damage(street: Street, card: CardSecret, table: int, word: str) -> None:
    _ok(street, set_pin(street, card, pin_of(1)), merge(street, street.enrol(2), card))
    _ok(street, _blocked(card))
    view = street.ledger.view()
    for key, _ in list(view.scan(bytes((3, table)), bytes((3, table + 1)), 9)):
        view.delete(key)
    broken = street.ledger.machine.invariants(view)
    assert any(word in one for one in broken) if word else not broken
