"""Cards: enrolment by proof of possession, codes, what others may ask."""

import pytest
from liandao_node.crypto.cards import CardCode, card_code, card_id
from liandao_node.ledger import queries
from liandao_node.ledger.modules.cards import CardDirectory, Enrol, EnrolDone, enrol_preimage
from liandao_node.types import PublicKey, ShopId
from support.ledger_street import Street, make_card, sale


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.mark.rule("L-5.5")
def test_an_enrolled_card_is_found_by_id_code_and_key(street: Street) -> None:
    card = make_card(1)
    assert street.call(2, street.enrolment(2, card)).answer == EnrolDone(card.id)
    view = street.ledger.view()
    record = queries.card(view, card.id)
    assert record is not None
    assert (record.shop, record.code, record.public_key) == (2, card.code, card.key.public_key)
    assert record.enrolled_ms == record.last_seen_ms == street.time_ms
    assert queries.card_by_code(view, card.code) == card.id
    assert queries.card_by_key(view, card.key.public_key) == card.id
    assert queries.card_by_key(view, make_card(2).key.public_key) is None


@pytest.mark.rule("L-5.5")
def test_without_the_secret_nobody_enrols_a_card(street: Street) -> None:
    card, thief = make_card(1), make_card(2)
    for signature in (
        thief.key.sign(enrol_preimage(street.chain_id, ShopId(0), card.code)),
        card.key.sign(enrol_preimage(street.chain_id, ShopId(1), card.code)),
        b"",
    ):
        call = Enrol(card.key.public_key, card.code, signature)
        assert street.call(0, call).code == "CARD_SIGNATURE_BAD"
    assert queries.card(street.ledger.view(), card.id) is None


@pytest.mark.rule("L-5.5")
def test_a_small_order_point_is_no_card(street: Street) -> None:
    """A lenient verifier takes this signature for every message there is (T19)."""
    identity = PublicKey(b"\1" + bytes(31))
    forged = identity + bytes(32)
    call = Enrol(identity, card_code(card_id(identity)), forged)
    assert street.call(0, call).code == "CARD_SIGNATURE_BAD"


@pytest.mark.rule("L-5.6")
def test_a_card_is_enrolled_once(street: Street) -> None:
    card = street.enrol(1)
    assert street.call(1, street.enrolment(1, card)).code == "CARD_KNOWN"


@pytest.mark.rule("L-5.6")
def test_a_code_belongs_to_one_card(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven digits collide one time in ten million; here always."""
    shared = make_card(1).code
    monkeypatch.setattr("liandao_node.ledger.modules.cards.card_code", lambda _: shared)
    street.enrol(1)
    other = make_card(2)
    signature = other.key.sign(enrol_preimage(street.chain_id, ShopId(0), shared))
    refused = street.call(0, Enrol(other.key.public_key, shared, signature))
    assert refused.code == "CODE_TAKEN"


@pytest.mark.rule("L-5.5")
@pytest.mark.parametrize("code", ["", "1234", "12345678", "abcdefgh"])
def test_a_code_that_is_not_the_cards_own_is_refused(street: Street, code: str) -> None:
    card = make_card(1)
    assert code != card.code
    call = Enrol(card.key.public_key, code, b"")
    assert street.call(0, call).code == "CODE_WRONG"


@pytest.mark.rule("L-5.7")
def test_a_card_is_seen_by_applied_calls_only(street: Street) -> None:
    card = street.enrol(1)
    enrolled_ms = street.time_ms
    street.call(0, street.hold(0, card, 1, 500))
    record = queries.card(street.ledger.view(), card.id)
    assert record is not None
    assert record.last_seen_ms == enrolled_ms
    assert street.call(1, sale(1, 100, card)).code == "OK"
    record = queries.card(street.ledger.view(), card.id)
    assert record is not None
    assert (record.last_seen_ms, record.enrolled_ms) == (street.time_ms, enrolled_ms)


def test_what_is_no_id_or_code_finds_nothing(street: Street) -> None:
    street.enrol(1)
    view = street.ledger.view()
    assert CardDirectory().find(view, b"") is None
    assert CardDirectory().find_code(view, CardCode("12345678")) is None
    assert CardDirectory().find_code(view, CardCode("x")) is None


def test_invariants_find_damage(street: Street) -> None:
    card = street.enrol(1)
    machine = street.ledger.machine
    assert machine.invariants(street.ledger.view()) == []
    view = street.ledger.view()
    view.delete(bytes((3, 2)) + int(card.code).to_bytes(4, "big"))
    assert any("code" in broken for broken in machine.invariants(view))
