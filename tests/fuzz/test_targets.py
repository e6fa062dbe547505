"""The fuzzer's targets over a corpus made here, so that neither can rot."""

import runpy
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Final

import pytest
from liandao_node.wire.codec import Decoder
from support.fuzz_seeds import corpus, valid_inputs
from support.fuzz_targets import DECODERS, OTHERS, TARGETS, fuzz_one
from support.wire_values import mutated

SCRIPT: Final = Path(__file__).with_name("fuzz_decoders.py")
ROUNDS: Final = 12


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_stands_its_corpus(name: str) -> None:
    """Right inputs, and what becomes of them under one to three mutations."""
    chance = Random(name)
    for _ in range(ROUNDS):
        for raw in valid_inputs(name, chance):
            TARGETS[name](raw)
            for _ in range(4):
                TARGETS[name](mutated(raw, chance))


def test_every_decoder_of_the_wire_is_a_target() -> None:
    wanted = {
        "decode_message",
        "decode_block",
        "decode_header",
        "decode_certificate",
        "decode_committee",
        "decode_evidence",
        "decode_tx",
        "decode_entry",
        "decode_view_change",
        "decode_new_view",
        "decode_identity",
    }
    assert wanted <= DECODERS.keys()
    assert sum(name.startswith("call points") for name in DECODERS) >= 4
    assert len(TARGETS) <= 256, "one byte says which"


@pytest.mark.parametrize("name", DECODERS)
def test_a_right_input_is_taken(name: str) -> None:
    """Else a target would refuse all and pass."""
    for raw in valid_inputs(name, Random(1)):
        DECODERS[name](raw)


def test_the_first_byte_names_the_target() -> None:
    for number, name in enumerate(TARGETS):
        for raw in valid_inputs(name, Random(2)):
            fuzz_one(bytes([number]) + raw)
    fuzz_one(b"")
    assert len(corpus(rounds=1)) >= 2 * len(TARGETS)


def test_an_error_without_a_name_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The target itself is put to the test: a decoder that forgets to compare, one that fails."""
    raw = valid_inputs("decode_tx", Random(3))[0]

    def lax(self: Decoder[object], data: bytes) -> object:
        return self._decode(data)

    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "__call__", lax)
        with pytest.raises(AssertionError):
            TARGETS["decode_header"](_over_long(valid_inputs("decode_header", Random(3))[0]))
    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "__call__", lambda *_: {"a key": 1}["another"])
        with pytest.raises(KeyError):
            TARGETS["decode_tx"](raw)


def _over_long(raw: bytes) -> bytes:
    """The outermost list with its count in the long form."""
    assert raw[0] & 0xF0 == 0x90
    return b"\xdc\x00" + bytes([raw[0] & 0x0F]) + raw[1:]


def test_the_script_writes_its_seeds_and_replays_one(tmp_path: Path) -> None:
    asked = [sys.executable, str(SCRIPT), "--corpus", str(tmp_path / "seeds")]
    subprocess.run(asked, check=True, timeout=60, capture_output=True)
    seeds = sorted((tmp_path / "seeds").iterdir())
    assert [seed.read_bytes() for seed in seeds] == corpus()
    runpy.run_path(str(SCRIPT))["main"]([str(SCRIPT), "--replay", str(seeds[0])])


def test_what_is_not_canonical_has_its_own_targets() -> None:
    assert set(OTHERS) == set(TARGETS) - set(DECODERS)
