"""Published Ed25519 vectors: what libsodium takes is what the street takes (P-2.4, T19).

Wycheproof (C2SP/wycheproof) and the twelve cases of ed25519-speccheck lie beside the
repository where they are there at all. What the library says to each of the twelve is fixed
here, so that a release that changes its mind is seen before two shops disagree.
"""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Final, TypedDict

import pytest
from liandao_node.crypto.keys import SIGNATURE_BYTES, SigningKey, is_sound_key, verify
from liandao_node.types import PublicKey, Signature

VECTORS: Final = Path(__file__).resolve().parents[4] / "shared" / "data" / "vectors"

SPECCHECK: Final = {
    0: ("S = 0, key and R of small order", False),
    1: ("key of small order", False),
    2: ("R of small order", False),
    3: ("key and R with a part of small order; holds with and without cofactor", True),
    4: ("holds with the cofactor only", False),
    5: ("holds with the cofactor only, and fails if 8h is reduced first", False),
    6: ("S above the group's order", False),
    7: ("S far above it", False),
    8: ("R not canonical, reduced for the hash", False),
    9: ("R not canonical, hashed as it is", False),
    10: ("key not canonical, reduced for the hash", False),
    11: ("key not canonical, hashed as it is", False),
}
"""Case: what is odd about it, and whether libsodium accepts it. The only one that it accepts has
a key that nobody can register (`is_sound_key`), so no seat signs like that."""
SOUND_KEYS: Final = {6, 7}
"""Cases whose key is a right one: their signatures are at fault."""


class Case(TypedDict):
    message: str
    pub_key: str
    signature: str


def _published(name: str) -> bytes:
    path = VECTORS / name
    if not path.exists():
        pytest.skip(f"published vectors {name} are not beside this repository")
    return path.read_bytes()


def _cases() -> list[Case]:
    cases: list[Case] = json.loads(_published("ed25519-speccheck/cases.json"))
    return cases


@pytest.mark.rule("P-2.4")
def test_wycheproof_ed25519() -> None:
    """T19: every group, every case; nothing is left to taste ("acceptable") in this file."""
    document = json.loads(gzip.decompress(_published("wycheproof/ed25519_test.json.gz")))
    judged: Counter[str] = Counter()
    for group in document["testGroups"]:
        key = PublicKey(bytes.fromhex(group["publicKey"]["pk"]))
        assert is_sound_key(key)
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            holds = verify(key, message, Signature(signature))
            assert holds is (case["result"] == "valid"), (case["tcId"], case["comment"])
            judged[case["result"]] += 1
    assert judged == {"valid": 88, "invalid": 63}
    assert sum(judged.values()) == document["numberOfTests"]


RFC_8032: Final = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
)
"""Section 7.1, tests 1 and 2: seed, public key, message, signature."""


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_keys_and_signatures_of_rfc_8032(
    seed: str, public: str, message: str, signature: str
) -> None:
    key = SigningKey(bytes.fromhex(seed))
    assert key.public_key.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature


@pytest.mark.rule("P-2.4")
@pytest.mark.parametrize("number", sorted(SPECCHECK))
def test_speccheck(number: int) -> None:
    """T19: where libraries differ, this is the street's answer."""
    case = _cases()[number]
    what, accepted = SPECCHECK[number]
    key, message = bytes.fromhex(case["pub_key"]), bytes.fromhex(case["message"])
    signature = Signature(bytes.fromhex(case["signature"]))
    assert verify(PublicKey(key), message, signature) is accepted, what
    assert is_sound_key(key) is (number in SOUND_KEYS)


def test_the_table_has_every_case() -> None:
    assert len(_cases()) == len(SPECCHECK)


def test_what_libsodium_takes_and_others_refuse_needs_a_key_that_nobody_can_register() -> None:
    taken = [number for number, (_, accepted) in SPECCHECK.items() if accepted]
    assert not SOUND_KEYS.intersection(taken)


@pytest.mark.parametrize("size", [0, 1, SIGNATURE_BYTES - 1, SIGNATURE_BYTES + 1, 4096])
def test_a_signature_of_another_size_is_none(size: int) -> None:
    key = SigningKey(b"\x05" * 32)
    assert not verify(key.public_key, b"", Signature(bytes(size)))
