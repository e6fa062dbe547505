"""The notary: a document's first time stands, parties agree, and the street can say it again."""

from collections.abc import Callable

import pytest
from liandao_node.ledger.modules import notary
from liandao_node.ledger.modules.membership import Membership
from liandao_node.ledger.modules.notary import (
    Countersign,
    Countersigned,
    DocumentKind,
    Recall,
    Recalled,
    Stamp,
    Stamped,
)
from liandao_node.ledger.state import View
from liandao_node.limits import NOTARY_PARTIES_MAX, NOTARY_STAMPS_PER_DAY_MAX
from liandao_node.types import Millis, Seq, ShopId
from liandao_node.wire.transactions import Call
from support.ledger_street import BEGIN_MS, DAY_MS, Outcome, Street, changed_by_calls

LEASE, PRICES = b"l" * 32, b"p" * 32


@pytest.fixture
def street() -> Street:
    """A notary needs members and nothing else."""
    return Street(modules=(Membership(), notary.Notary()))


def _stamp(document: bytes = LEASE, *parties: int) -> Stamp:
    return Stamp(document, DocumentKind.CONTRACT, [ShopId(party) for party in parties])


def _sound(street: Street) -> bool:
    return street.ledger.machine.invariants(street.ledger.view()) == []


@pytest.mark.rule("L-17.1")
def test_a_stamp_is_kept_with_the_ledgers_time(street: Street) -> None:
    assert street.call(1, _stamp()).answer == Stamped(1)
    kept = notary.stamp_of(street.ledger.view(), ShopId(1), LEASE)
    assert kept is not None
    assert (kept.height, kept.place, kept.time_ms) == (1, 0, BEGIN_MS + 1_000)
    assert kept.document_kind is DocumentKind.CONTRACT
    assert notary.stamp_of(street.ledger.view(), ShopId(0), LEASE) is None
    assert _sound(street)


@pytest.mark.rule("L-17.2")
def test_the_first_stamp_of_a_shop_stands(street: Street) -> None:
    street.call(1, _stamp())
    assert street.call(1, _stamp(LEASE, 2)).code == "STAMP_KNOWN"
    assert street.call(0, _stamp()).answer == Stamped(1), "another shop's stamp is its own"
    assert street.call(1, _stamp(PRICES)).answer == Stamped(2)
    kept = notary.stamp_of(street.ledger.view(), ShopId(1), LEASE)
    assert kept is not None
    assert (kept.height, kept.parties) == (1, [])
    touched = {key[0] for key in changed_by_calls(street.history[1])}
    assert touched == {0}, "a refused stamp takes a nonce and nothing else"
    assert _sound(street)


@pytest.mark.rule("L-17.1")
@pytest.mark.parametrize(
    ("parties", "code"),
    [
        ((0, 2), "OK"),
        ((2, 0), "PARTIES_UNORDERED"),
        ((2, 2), "PARTIES_UNORDERED"),
        ((1, 2), "PARTIES_UNORDERED"),
        ((0, 3), "PARTY_UNKNOWN"),
        ((0, 65_535), "PARTY_UNKNOWN"),
        ((0, 65_536), "CALL_MALFORMED"),
        (tuple(range(2, 3 + NOTARY_PARTIES_MAX)), "CALL_MALFORMED"),
    ],
)
def test_parties_are_other_members_rising(
    street: Street, parties: tuple[int, ...], code: str
) -> None:
    assert street.call(1, _stamp(LEASE, *parties)).code == code


def test_a_digest_has_32_bytes_and_a_kind_is_known(street: Street) -> None:
    assert street.call(1, _stamp(b"l" * 31)).code == "CALL_MALFORMED"
    good = _stamp()
    unknown = Call(Stamp.kind, b"\x93\xc4\x20" + good.document + b"\x04\x90")
    assert street.call(1, unknown).code == "CALL_MALFORMED"


@pytest.mark.rule("L-17.3")
def test_a_day_holds_so_many_stamps_of_a_shop(street: Street) -> None:
    papers = [number.to_bytes(32, "big") for number in range(NOTARY_STAMPS_PER_DAY_MAX)]
    done = street.block(street.tx(1, *(_stamp(paper) for paper in papers)))
    assert {outcome.code for outcome in done} == {"OK"}
    assert street.call(1, _stamp()).code == "STAMPS_MANY"
    assert street.call(0, _stamp()).code == "OK", "each shop has a count of its own"
    later = street.call(1, _stamp(), after_ms=DAY_MS)
    assert later.answer == Stamped(NOTARY_STAMPS_PER_DAY_MAX + 1)
    newest = notary.newest_stamps(street.ledger.view(), ShopId(1), 2)
    assert [document for document, _ in newest] == [LEASE, papers[-1]]
    assert _sound(street)


@pytest.mark.rule("L-17.4")
def test_parties_countersign_once_each(street: Street) -> None:
    stamped = street.call(1, _stamp(LEASE, 0, 2))
    assert stamped.code == "OK"
    waiting = notary.waiting_for(street.ledger.view(), ShopId(2), 5)
    assert [(one.shop, one.document) for one in waiting] == [(1, LEASE)]
    at = Millis(BEGIN_MS + 1_000)
    assert street.call(2, Countersign(LEASE, ShopId(1))).answer == Countersigned(at, 1)
    assert street.call(2, Countersign(LEASE, ShopId(1))).code == "COUNTERSIGNED_BEFORE"
    assert notary.waiting_for(street.ledger.view(), ShopId(2), 5) == []
    assert street.call(0, Countersign(LEASE, ShopId(1))).answer == Countersigned(at, 0)
    assert _sound(street)


@pytest.mark.rule("L-17.4")
def test_nobody_else_countersigns(street: Street) -> None:
    street.call(1, _stamp(LEASE, 2))
    assert street.call(0, Countersign(LEASE, ShopId(1))).code == "PARTY_OTHER"
    assert street.call(1, Countersign(LEASE, ShopId(1))).code == "PARTY_OTHER"
    assert street.call(2, Countersign(PRICES, ShopId(1))).code == "STAMP_UNKNOWN"
    assert street.call(2, Countersign(LEASE, ShopId(0))).code == "STAMP_UNKNOWN"


@pytest.mark.rule("L-17.5")
def test_a_recall_says_it_again_and_changes_nothing(street: Street) -> None:
    street.call(1, _stamp(LEASE, 0, 2))
    street.call(2, Countersign(LEASE, ShopId(1)))
    first, second = Millis(BEGIN_MS + 1_000), BEGIN_MS + 2_000
    told = Recalled(Seq(1), first, DocumentKind.CONTRACT, [(0, 0), (2, second)])
    before = notary.stamp_of(street.ledger.view(), ShopId(1), LEASE)
    assert street.call(0, Recall(LEASE, ShopId(1)), after_ms=DAY_MS) == Outcome("OK", told)
    assert notary.stamp_of(street.ledger.view(), ShopId(1), LEASE) == before
    own = {key for key in street.history[-1].changes if key[0] == notary.NUMBER}
    assert own == set()
    assert street.call(0, Recall(LEASE, ShopId(2))).code == "STAMP_UNKNOWN"
    assert _sound(street)


@pytest.mark.rule("L-17.4")
def test_a_party_may_countersign_in_the_same_block(street: Street) -> None:
    txs = street.tx(1, _stamp(LEASE, 2)), street.tx(2, Countersign(LEASE, ShopId(1)))
    assert [outcome.code for outcome in street.block(*txs)] == ["OK", "OK"]
    assert _sound(street)


def _wait_for_nothing(view: View) -> None:
    notary._waiting.put(view, 0, 5, value=notary.Waiting(ShopId(1), LEASE))


DAMAGES: list[tuple[Callable[[View], None], str]] = [
    (lambda view: notary._numbered.delete(view, 1, 1), "not in its list"),
    (lambda view: notary._waiting.delete(view, 2, 1 << 16), "party 2"),
    (lambda view: notary._diaries.delete(view, 1), "in the diaries"),
    (_wait_for_nothing, "waits for no stamp"),
]


@pytest.mark.parametrize(("damage", "told"), DAMAGES)
def test_invariants_see_what_is_wrong(
    street: Street, damage: Callable[[View], None], told: str
) -> None:
    street.call(1, _stamp(LEASE, 2))
    view = street.ledger.view()
    assert notary.Notary().invariants(view) == []
    damage(view)
    assert any(told in broken for broken in notary.Notary().invariants(view))
