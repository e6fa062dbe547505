"""The text on a printed coupon: it names one, proves it, and survives scanners and fingers."""

import pytest
from liandao_node.crypto.coupon_papers import COUPON_PREFIX, CouponPaper, read_coupon
from liandao_node.crypto.crockford import payload_of
from liandao_node.errors import InputFault
from liandao_node.types import ShopId

PAPER = CouponPaper(ShopId(65_535), 7, 2**32 - 1, bytes(range(32)))


def _why(text: str) -> str:
    with pytest.raises(InputFault) as caught:
        read_coupon(text)
    return caught.value.code


@pytest.mark.rule("L-20.5")
@pytest.mark.parametrize("paper", [PAPER, CouponPaper(ShopId(0), 0, 0, bytes(32))])
def test_a_coupon_is_read_back_as_it_was_printed(paper: CouponPaper) -> None:
    assert read_coupon(paper.payload) == paper
    typed = paper.payload.lower().replace("0", "o").replace("ld1:p:", "ld1:p: ")
    assert read_coupon(typed) == paper
    assert len(paper.payload) == len(COUPON_PREFIX) + 68 + 1


def test_a_misread_coupon_is_none() -> None:
    body = PAPER.payload
    other = "1" if body[20] != "1" else "2"
    assert _why(body[:20] + other + body[21:]) == "CARD_PAYLOAD_CHECK"
    assert _why(body[:-1]) == "CARD_PAYLOAD_BAD"
    assert _why(payload_of("LD1:C:", bytes(32))) == "SCAN_NOT_OURS"
    assert _why("") == "SCAN_NOT_OURS"


def test_its_secret_stays_out_of_logs() -> None:
    assert repr(PAPER) == "CouponPaper(65535, 7, 4294967295)"
    assert PAPER.key.public_key == CouponPaper(ShopId(1), 2, 3, PAPER.seed).key.public_key
    with pytest.raises(ValueError, match="32 bytes"):
        CouponPaper(ShopId(1), 2, 3, b"")
