"""The layouts that a receipt is read by are those of the ledger's calls, written down twice."""

import pytest
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.points_calls import Release, ReleaseDone
from liandao_node.ledger.modules.refund_calls import Refund, RefundDone
from liandao_node.proofs.statements import KINDS, fields_of, money_in, sentence
from liandao_node.types import Amount, Millis
from liandao_node.wire.codec import encode

BODIES = {body.kind: body for module in BUILTIN for body in module.calls}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_layouts_are_those_of_the_ledger(kind: int) -> None:
    body, layout = BODIES[kind], KINDS[kind]
    assert layout.call == body.__struct_fields__
    assert len(layout.answer) == len(body.answer.__struct_fields__)


def test_every_call_about_customers_is_told_in_words() -> None:
    """Cards, points, coupons."""
    assert {kind for kind in BODIES if kind // 100 in (3, 4, 8)} <= set(KINDS)


def test_a_coupon_on_a_sale_in_words() -> None:
    fields = fields_of(809, encode([[bytes(16)], 1, 7]), encode([200]))
    text = sentence(809, 0, fields, money_in("CNY", 2))
    assert text == "coupons taken off sale 1-7: 2.00 CNY: applied"


def test_a_refund_in_words() -> None:
    body = Refund(b"r" * 16, 1, 7, "", b"", Amount(500), Millis(0))
    done = RefundDone(Amount(400), Amount(100), Amount(8), Amount(2))
    fields = fields_of(Refund.kind, encode(body), encode(done))
    text = sentence(Refund.kind, 0, fields, money_in("CNY", 2))
    assert text == (
        "refund of 5.00 CNY: 4.00 CNY in money, 1.00 CNY in points; of those earned 0.08 CNY taken"
        " back, 0.02 CNY to be set off: applied"
    )
    refused = fields_of(Refund.kind, encode(body), b"")
    assert sentence(Refund.kind, 416, refused, money_in("CNY", 2)) == (
        "refund of 5.00 CNY: REFUSED, number 416"
    )


def test_an_older_receipt_whose_answer_told_less_is_told_in_words() -> None:
    body = encode([1, 7, b"c" * 16, 900, 0, b"", 0, 1, 0])
    older = fields_of(403, body, encode([0, 18, False, 18]))
    assert sentence(403, 0, older, money_in("CNY", 2)).startswith("sale 1-7: bill 9.00 CNY")
    assert sentence(403, 0, fields_of(403, body, encode([0])), str) == "call 403: applied"


def test_bytes_of_another_layout_have_no_fields() -> None:
    body = Release(b"h" * 16, b"c" * 16)
    assert fields_of(Refund.kind, encode(body), encode(ReleaseDone(Amount(1)))) == {}
