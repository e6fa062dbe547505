"""``liandao rekey``: what it says before, what it does, and what it leaves alone."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from liandao_node.cli import rekey_command
from liandao_node.cli.main import main
from liandao_node.cli.rekey_command import STATEMENT_FILE, forewarned, told
from liandao_node.cli.statements import read_statement
from liandao_node.client import Fitness, StakeDone, Stakes
from liandao_node.crypto.keys import verify
from liandao_node.errors import Unavailable
from liandao_node.ledger.modules.membership import Rekey, rekey_preimage
from liandao_node.runtime.street import OWNER_KEY_FILE
from liandao_node.types import Amount, PublicKey, ShopId, Signature
from liandao_node.wire.codec import Decoder
from liandao_node.wire.genesis import Genesis
from liandao_node.wire.stake import BringStatement
from msgspec.structs import replace
from support.runtime_node import found, key_of
from support.stake_views import shop, stakes

SHOPS = 4


@pytest.fixture
def street(tmp_path: Path) -> tuple[Genesis, list[Path]]:
    return found(tmp_path, SHOPS)


def _is_untouched(genesis: Genesis, data: Path) -> bool:
    same = key_of(genesis, data).public_key == genesis.shops[0].public_key
    return same and not list(data.glob("voter-aside-*")) and not (data / STATEMENT_FILE).exists()


@pytest.mark.rule("L-4.10")
def test_it_makes_the_key_and_writes_what_another_shop_is_to_bring(
    street: tuple[Genesis, list[Path]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genesis, (data, *_) = street
    out = tmp_path / "statement"
    assert main(["rekey", "--data", str(data), "--statement-out", str(out), "--yes"]) == 0
    request = read_statement(out)
    call: Rekey = Decoder[Rekey](Rekey)(request.body)
    assert (request.call, call.shop) == (Rekey.kind, 0)
    assert call.key == key_of(genesis, data).public_key
    owner = PublicKey(bytes.fromhex(genesis.shops[0].owner_key))
    preimage = rekey_preimage(genesis.chain_id, call.shop, call.number, PublicKey(call.key))
    assert verify(owner, preimage, Signature(call.owner_signature))
    seed = key_of(genesis, data).seed.hex()
    said = capsys.readouterr().out
    assert "liandao stake bring statement" in said
    assert "voter-aside-" in said
    assert seed not in said + out.read_text(), "the key goes nowhere"


def test_the_statement_lies_in_the_directory_if_nobody_says_where(
    street: tuple[Genesis, list[Path]],
) -> None:
    genesis, (data, *_) = street
    assert main(["rekey", "--data", str(data), "--yes"]) == 0
    call: Rekey = Decoder[Rekey](Rekey)(read_statement(data / STATEMENT_FILE).body)
    assert call.key == key_of(genesis, data).public_key


@pytest.mark.parametrize("answer", ["no\n", "", "perhaps\n"])
def test_without_a_yes_nothing_is_changed(
    street: tuple[Genesis, list[Path]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
) -> None:
    genesis, (data, *_) = street
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["rekey", "--data", str(data)]) == 2
    said = capsys.readouterr()
    assert "What it costs" in said.out
    assert "Nothing was changed." in said.err
    assert _is_untouched(genesis, data)


def test_a_yes_is_enough(
    street: tuple[Genesis, list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    genesis, (data, *_) = street
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main(["rekey", "--data", str(data)]) == 0
    assert not _is_untouched(genesis, data)


def _other_owner(dirs: list[Path]) -> list[str]:
    return ["--owner-key", str(dirs[1] / OWNER_KEY_FILE)]


def _no_key(dirs: list[Path]) -> list[str]:
    (dirs[0] / OWNER_KEY_FILE).write_text("no key")
    return []


def _nobody_there(dirs: list[Path]) -> list[str]:
    return ["--via", str(dirs[1])]


def _other_street(dirs: list[Path]) -> list[str]:
    other = dirs[0].parent / "other"
    found(other, 1)
    return ["--via", str(other / "shop-0")]


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (_other_owner, 2, "not the owner key of shop 0"),
        (_no_key, 2, "holds no key"),
        (_nobody_there, 1, "node"),
        (_other_street, 2, "another street"),
    ],
)
def test_what_cannot_succeed_is_said_before_anything_is_changed(
    street: tuple[Genesis, list[Path]],
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[list[Path]], list[str]],
    code: int,
    words: str,
) -> None:
    genesis, dirs = street
    assert main(["rekey", "--data", str(dirs[0]), *spoil(dirs), "--yes"]) == code
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == "", "nobody is told what will happen"
    assert _is_untouched(genesis, dirs[0])


def test_a_statement_that_did_not_get_through_is_kept(
    street: tuple[Genesis, list[Path]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The helper's node may die at the worst moment: the key is made, and nobody knows it."""
    genesis, dirs = street
    told_of: list[BringStatement] = []

    async def look(via: Path, genesis: Genesis, shop: ShopId) -> Stakes | None:
        return None

    class Dead:
        async def __aenter__(self) -> "Dead":
            return self

        async def __aexit__(self, *_: object) -> None: ...

        async def stake(self, request: BringStatement) -> StakeDone:
            told_of.append(request)
            raise Unavailable("NO_QUORUM")

    monkeypatch.setattr(rekey_command, "_look", look)
    monkeypatch.setattr(rekey_command, "connect", lambda *_, **__: Dead())
    assert main(["rekey", "--data", str(dirs[0]), "--via", str(dirs[1]), "--yes"]) == 1
    assert "It is kept: liandao stake bring" in capsys.readouterr().out
    assert [read_statement(dirs[0] / STATEMENT_FILE)] == told_of
    assert not _is_untouched(genesis, dirs[0])


def test_a_copy_without_its_owner_key_needs_it_named(
    street: tuple[Genesis, list[Path]], tmp_path: Path
) -> None:
    """It is put away as it should be: no node needs it to run."""
    _, (data, *_) = street
    away = tmp_path / "safe"
    shutil.move(data / OWNER_KEY_FILE, away)
    assert main(["rekey", "--data", str(data), "--yes"]) == 2
    assert main(["rekey", "--data", str(data), "--owner-key", str(away), "--yes"]) == 0


def test_it_says_when_the_key_counts_and_what_stays(street: tuple[Genesis, list[Path]]) -> None:
    genesis, _ = street
    text = "\n".join(forewarned(genesis, ShopId(0), None))
    assert "after at most 4096 blocks, or with the first block of another day" in text
    assert "A ban or jail stays" in text
    seen = stakes(shop(0), seats=[0])
    text = "\n".join(forewarned(genesis, ShopId(0), seen))
    assert "epoch 8, after at most 4086 more blocks" in text
    banned = shop(0, fitness=Fitness.BANNED, banned_until=12)
    assert "may sit again from epoch 12" in "\n".join(
        forewarned(genesis, ShopId(0), replace(seen, shops=[banned]))
    )
    gone = shop(0, out_for_good=True)
    assert "never sits again" in "\n".join(
        forewarned(genesis, ShopId(0), replace(seen, shops=[gone]))
    )


def test_it_says_what_to_do_next(tmp_path: Path) -> None:
    text = told(StakeDone(12, Amount(0), 9), tmp_path)
    assert "Final at height 12: the new key counts from epoch 9 on" in text
    assert f"liandao node --data {tmp_path}" in text
