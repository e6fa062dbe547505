"""Cards: ids, codes, payloads, and every way to misread them."""

import pytest
from liandao_node.crypto import cards
from liandao_node.crypto.cards import CardCode, CardSecret, read_presented
from liandao_node.crypto.crockford import CHECK_SYMBOLS, SYMBOLS
from liandao_node.crypto.digest import tagged
from liandao_node.errors import InputFault

SECRET = CardSecret(bytes(range(32)))
PAYLOAD = "LD1:C:0001081G81860W40J2GB1G6GW3RG2491650N2RBHG68T3CE1T7GZ2"


def _fault(text: str) -> str:
    with pytest.raises(InputFault) as caught:
        read_presented(text)
    why = caught.value.facts.get("why")
    return f"{caught.value.code}/{why}" if why else caught.value.code


@pytest.mark.rule("L-5.1")
def test_id_is_the_head_of_the_tagged_digest_of_the_key() -> None:
    assert SECRET.id == tagged(b"liandao/card/1", SECRET.key.public_key)[:16]
    assert SECRET.id.hex() == "40eff1877daf78b382eb4318b24743d7"


@pytest.mark.rule("L-5.2")
def test_code_has_seven_digits_of_the_id_and_one_that_checks() -> None:
    number = int.from_bytes(tagged(b"liandao/code/1", SECRET.id)[:8], "big") % 10**7
    assert SECRET.code == f"{number:07d}{cards.damm(f'{number:07d}')}" == "14233624"


@pytest.mark.rule("L-5.2")
def test_damm_of_the_published_example() -> None:
    """572 has the check digit 4 (H. M. Damm)."""
    assert cards.damm("572") == 4
    assert cards.damm("5724") == 0


@pytest.mark.rule("L-5.2")
def test_every_wrong_digit_and_every_swap_of_neighbours_is_found() -> None:
    code = SECRET.code
    for at in range(8):
        for digit in "0123456789":
            wrong = code[:at] + digit + code[at + 1 :]
            assert cards.is_card_code(wrong) is (wrong == code)
    for at in range(7):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert cards.is_card_code(swapped) is (swapped == code)


@pytest.mark.rule("L-5.3")
def test_payload_is_stable_and_comes_back() -> None:
    assert SECRET.payload == PAYLOAD
    assert read_presented(PAYLOAD) == SECRET


@pytest.mark.rule("L-5.3")
@pytest.mark.parametrize("seed", [bytes(32), b"\xff" * 32, b"\0" * 31 + b"\1", b"\x80" + bytes(31)])
def test_payload_of_extreme_seeds(seed: bytes) -> None:
    payload = CardSecret(seed).payload
    assert len(payload) == 6 + 53
    assert read_presented(payload) == CardSecret(seed)


@pytest.mark.rule("L-5.4")
@pytest.mark.parametrize(
    "spoilt",
    [
        PAYLOAD.lower(),
        f"  {PAYLOAD}\r\n",
        " ".join(PAYLOAD),
        PAYLOAD[:20] + "-" + PAYLOAD[20:],
        PAYLOAD.replace("0", "O").replace("1", "l").replace("LDl", "LD1"),
        PAYLOAD.replace("0", "o").replace("1", "I").replace("LDI", "LD1"),
        "".join(chr(ord(c) + 0xFEE0) for c in PAYLOAD),
    ],
)
def test_payload_survives_what_people_and_machines_do_to_it(spoilt: str) -> None:
    assert read_presented(spoilt) == SECRET


@pytest.mark.rule("L-5.4")
@pytest.mark.parametrize("shape", ["{}", " {} ", "1234-5678", "full width"])
def test_code_is_read_with_gaps_and_full_width_digits(shape: str) -> None:
    code = SECRET.code
    typed = {
        "1234-5678": f"{code[:4]}-{code[4:]}",
        "full width": "".join(chr(ord(digit) + 0xFEE0) for digit in code),
    }.get(shape, shape.format(code))
    assert read_presented(typed) == CardCode(code)


@pytest.mark.rule("L-5.4")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "SCAN_EMPTY"),
        (" \t\r\n", "SCAN_EMPTY"),
        ("LD1:R:ABC", "SCAN_OTHER_KIND"),
        ("LD1:", "SCAN_OTHER_KIND"),
        ("https://example.org", "SCAN_NOT_OURS"),
        ("²²²²²²²x", "SCAN_NOT_OURS"),
        ("٠١٢٣٤٥٦٧", "SCAN_NOT_OURS"),
        ("9" * 257, "SCAN_NOT_OURS"),
        (PAYLOAD[:-1], "CARD_PAYLOAD_BAD/length"),
        (PAYLOAD + "0", "CARD_PAYLOAD_BAD/length"),
        ("LD1:C:", "CARD_PAYLOAD_BAD/length"),
        (PAYLOAD[:10] + "U" + PAYLOAD[11:], "CARD_PAYLOAD_BAD/symbol"),
        (PAYLOAD[:10] + "é" + PAYLOAD[11:], "CARD_PAYLOAD_BAD/symbol"),
        (PAYLOAD[:-1] + ("A" if PAYLOAD[-1] != "A" else "B"), "CARD_PAYLOAD_CHECK"),
        (PAYLOAD[:-1] + "?", "CARD_PAYLOAD_CHECK"),
        ("1234567", "CARD_CODE_LENGTH"),
        ("4006381333931", "CARD_CODE_LENGTH"),
        (str((int(SECRET.code) + 1) % 10**8).zfill(8), "CARD_CODE_BAD"),
    ],
)
def test_wrong_scans_have_names(text: str, code: str) -> None:
    assert _fault(text) == code


def test_number_above_a_seed_is_refused_even_when_it_checks() -> None:
    number = 2**256
    symbols = "".join(SYMBOLS[number >> shift & 31] for shift in range(255, -1, -5))
    assert _fault("LD1:C:" + symbols + CHECK_SYMBOLS[number % 37]) == "CARD_PAYLOAD_BAD/range"


@pytest.mark.rule("L-5.3")
def test_every_single_wrong_symbol_is_found() -> None:
    for at in range(6, len(PAYLOAD) - 1):
        for symbol in SYMBOLS:
            wrong = PAYLOAD[:at] + symbol + PAYLOAD[at + 1 :]
            if wrong != PAYLOAD:
                assert _fault(wrong) in ("CARD_PAYLOAD_CHECK", "CARD_PAYLOAD_BAD/range")


def test_a_card_in_a_log_keeps_its_secret() -> None:
    assert SECRET.code in repr(SECRET)
    assert SECRET.payload[6:20] not in repr(SECRET)
    assert SECRET.seed.hex() not in repr(SECRET)


def test_a_seed_of_another_length_makes_no_card() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        CardSecret(b"short")
