"""PIN keys, recovery papers and claim codes: what they are made of, and how they are read."""

import pytest
from liandao_app.devices.payload import COMMAND_PREFIX, RECEIPT_PREFIX
from liandao_node.crypto.card_papers import (
    CLAIM_PREFIX,
    RECOVERY_PREFIX,
    ClaimSecret,
    RecoverySecret,
    pin_key,
    read_paper,
)
from liandao_node.crypto.cards import PAYLOAD_PREFIX, CardSecret, read_presented
from liandao_node.crypto.coupon_papers import COUPON_PREFIX
from liandao_node.crypto.digest import tagged
from liandao_node.errors import InputFault
from liandao_node.proofs.compact import PREFIX

CARD = CardSecret(bytes(range(32)))
CLAIM = ClaimSecret(bytes(range(15)))
PAPER = RecoverySecret(bytes(range(32)))


def _fault(text: str) -> str:
    with pytest.raises(InputFault) as caught:
        read_paper(text)
    why = caught.value.facts.get("why")
    return f"{caught.value.code}/{why}" if why else caught.value.code


@pytest.mark.rule("L-5.8")
def test_a_pins_key_is_made_of_digits_and_card() -> None:
    """Fixed for ever: another key would lock everybody out who has a PIN."""
    key = pin_key(CARD, "1234").public_key
    assert key.hex() == "52b84c12800a9b9fcd5c75cc33ac6e8bd1bb67a4686bb44935504c4ba50e8bce"
    assert pin_key(CardSecret(bytes(32)), " １２３４\n").public_key.hex() == (
        "73ba2b879ccf474b4974d0894a389b2bd9815bf58be6779cd525fae9cbbfd39d"
    ), "digits of an input method are digits"


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３", "½123", "٣٤٥٦"])
def test_what_is_no_pin(pin: str) -> None:
    with pytest.raises(InputFault) as caught:
        pin_key(CARD, pin)
    assert (caught.value.code, caught.value.facts["least"]) == ("PIN_FORM", 4)


@pytest.mark.rule("L-5.10")
@pytest.mark.rule("L-7.16")
def test_papers_are_stable_and_come_back() -> None:
    assert PAPER.payload == "LD1:H:" + CARD.payload[6:]
    assert CLAIM.payload == "LD1:B:000G40R40M30E209185GR38E3"
    assert read_paper(PAPER.payload) == PAPER
    assert read_paper(CLAIM.payload) == CLAIM
    assert read_paper("ld1:b:ooog-4or4 om3o e2o9 l85g r38e 3".upper()) == CLAIM
    seed = tagged(b"liandao/claim-seed/1", CLAIM.secret)
    assert CLAIM.key.seed == seed
    assert PAPER.key.seed == PAPER.seed


@pytest.mark.parametrize("secret", [bytes(15), b"\xff" * 15, bytes(14) + b"\1", b"\1" + bytes(14)])
def test_claims_of_extreme_secrets(secret: bytes) -> None:
    payload = ClaimSecret(secret).payload
    assert len(payload) == 6 + 25
    assert read_paper(payload) == ClaimSecret(secret)


def test_what_is_no_paper() -> None:
    assert _fault(CARD.payload) == "SCAN_NOT_OURS"
    assert _fault("") == "SCAN_NOT_OURS"
    assert _fault("9" * 300) == "SCAN_NOT_OURS"
    assert _fault(CLAIM.payload[:-1]) == "CARD_PAYLOAD_BAD/length"
    assert _fault(CLAIM.payload[:-1] + "4") == "CARD_PAYLOAD_CHECK"
    assert _fault(CLAIM.payload[:8] + "!" + CLAIM.payload[9:]) == "CARD_PAYLOAD_BAD/symbol"
    assert _fault(PAPER.payload.replace(":H:", ":B:")) == "CARD_PAYLOAD_BAD/length"


@pytest.mark.parametrize(("paper", "letter"), [(PAPER, "H"), (CLAIM, "B")])
def test_a_paper_is_not_taken_for_a_card(paper: RecoverySecret | ClaimSecret, letter: str) -> None:
    with pytest.raises(InputFault) as caught:
        read_presented(paper.payload)
    assert caught.value.code == "SCAN_OTHER_KIND"
    assert caught.value.facts["kind"] == letter


def test_secrets_stay_out_of_logs() -> None:
    assert repr(PAPER) == "RecoverySecret(...)"
    assert repr(CLAIM) == "ClaimSecret(...)"


def test_secrets_have_their_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        RecoverySecret(bytes(31))
    with pytest.raises(ValueError, match="15 bytes"):
        ClaimSecret(bytes(16))


@pytest.mark.rule("L-5.4")
def test_no_two_kinds_of_code_begin_alike() -> None:
    """A scanner does not say what it scanned: the letter does."""
    assert PREFIX == RECEIPT_PREFIX
    letters = [PAYLOAD_PREFIX, RECOVERY_PREFIX, CLAIM_PREFIX, COUPON_PREFIX, PREFIX, COMMAND_PREFIX]
    assert sorted(letters) == [f"LD1:{letter}:" for letter in "BCHKPR"]
