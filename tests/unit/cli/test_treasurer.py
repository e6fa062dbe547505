"""``liandao treasurer``: what is signed was said before, and one file collects the signatures."""

import io
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import trio
from liandao_node.cli.main import main
from liandao_node.cli.statements import read_statement
from liandao_node.cli.treasurer_papers import in_words, read_paper
from liandao_node.crypto.keys import verify
from liandao_node.ledger.modules.clearing_calls import (
    ArrearsVouched,
    Vouch,
    arrears_preimage,
    payment_preimage,
)
from liandao_node.ledger.modules.parties import POOL
from liandao_node.ledger.modules.pool_calls import Deposit, Source, deposit_preimage
from liandao_node.ledger.modules.stake_calls import Attest, Direction
from liandao_node.runtime.street import read_genesis
from liandao_node.types import Amount, PublicKey, ShopId, Signature
from liandao_node.wire.codec import encode
from liandao_node.wire.stake import BringStatement, GetStakes, Stakes
from msgspec.structs import replace
from support.runtime_node import OneNode, running_node

TREASURERS = 3


@pytest.fixture
def street(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A street whose founder has named three treasurers; two of them are needed."""
    words = ["init", "--data", str(tmp_path / "shop"), "--shop", "茶馆"]
    for at in range(TREASURERS):
        assert main(["treasurer", "key", "--out", str(tmp_path / f"{at}.key")]) == 0
        words += ["--treasurer", capsys.readouterr().out.split()[-1]]
    assert main(words) == 0
    capsys.readouterr()
    return tmp_path / "shop"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    return tmp_path / "statement"


def _attest(street: Path, paper: Path, *more: str, key: int = 0) -> list[str]:
    words = ["treasurer", "attest", "--data", str(street), "--shop", "0", "--out", str(paper)]
    more = more or ("--deposit", "123456", "--number", "1")
    return [*words, "--key", str(street.parent / f"{key}.key"), *more]


def _sign(street: Path, paper: Path, key: int) -> list[str]:
    words = ["treasurer", "sign", "--data", str(street), "--yes", str(paper)]
    return [*words, "--key", str(street.parent / f"{key}.key")]


def _run(words: list[str]) -> int:
    return main([*words, "--yes"])


def test_a_founder_names_treasurers_and_more_than_half_must_sign(street: Path) -> None:
    genesis = read_genesis(street)
    assert (len(genesis.treasurers), genesis.treasurer_quorum) == (TREASURERS, 2)
    assert (street.parent / "0.key").stat().st_mode & 0o077 == 0


def test_a_quorum_that_was_asked_for_is_taken_and_nonsense_refused(
    street: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_genesis(street).treasurers[0]
    words = ["init", "--data", str(tmp_path / "b"), "--treasurer", key, "--treasurer-quorum"]
    assert main([*words, "2"]) == 2
    assert main([*words, "1"]) == 0
    assert read_genesis(tmp_path / "b").treasurer_quorum == 1
    with pytest.raises(SystemExit):
        main(["init", "--data", str(tmp_path / "c"), "--treasurer", "01" + "00" * 31])
    assert "no public key" in capsys.readouterr().err


@pytest.mark.rule("L-4.5")
def test_signatures_are_collected_in_one_file_by_rising_position(
    street: Path, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_attest(street, paper, key=2)) == 0
    said = capsys.readouterr().out
    assert "My street, statement 1 about this shop: 1234.56 CNY came in" in said
    assert "shop 0 茶馆" in said
    assert "1 of 3 treasurers have signed" in said
    assert "The next one: liandao treasurer sign" in said
    assert main(_sign(street, paper, 0)) == 0
    assert "liandao stake bring" in capsys.readouterr().out
    signed = read_paper(paper)
    assert [one.position for one in signed.signatures] == [0, 2]
    assert json.loads(paper.read_text())["words"] == in_words(read_genesis(street), signed)


def test_nothing_is_signed_twice_or_without_a_yes(
    street: Path,
    paper: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert main(_attest(street, paper)) == 2
    said = capsys.readouterr()
    assert "1234.56 CNY" in said.out, "it was said before it was asked"
    assert "Nothing was signed" in said.err
    assert not paper.exists()
    assert _run(_attest(street, paper)) == 0
    before = paper.read_bytes()
    assert main(_sign(street, paper, 0)) == 0
    assert "has signed it already" in capsys.readouterr().out
    assert paper.read_bytes() == before


def test_a_payout_says_so_and_other_currencies_have_other_decimals(street: Path) -> None:
    genesis = read_genesis(street)
    attest = Attest(ShopId(0), 4, Direction.PAYOUT, Amount(70_005), [])
    assert "700.05 CNY was paid out to shop 0 茶馆" in in_words(genesis, attest)
    yen = replace(genesis, currency="JPY", exponent=0)
    assert "70005 JPY was paid out" in in_words(yen, attest)


def test_a_file_that_was_tampered_with_gets_no_other_name_under_it(
    street: Path, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_attest(street, paper)) == 0
    attest = read_paper(paper)
    for changed in (
        replace(attest, amount=Amount(9)),
        replace(attest, number=2),
        replace(attest, direction=Direction.PAYOUT),
        replace(attest, signatures=[*attest.signatures, *attest.signatures]),
        replace(attest, signatures=[replace(attest.signatures[0], position=9)]),
    ):
        body = encode(changed).hex()
        paper.write_text(json.dumps({"call": Attest.kind, "body": body}))
        before = paper.read_bytes()
        assert main(_sign(street, paper, 1)) == 1
        assert "Nothing was signed" in capsys.readouterr().err
        assert paper.read_bytes() == before
    for junk in (BringStatement(101, b"\x90"), BringStatement(Attest.kind, b"\x90")):
        paper.write_text(json.dumps({"call": junk.call, "body": junk.body.hex()}))
        assert main(_sign(street, paper, 1)) == 1
        assert "holds no statement" in capsys.readouterr().err


def test_who_is_no_treasurer_signs_nothing(
    street: Path, paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["treasurer", "key", "--out", str(tmp_path / "9.key")])
    assert _run(_attest(street, paper, key=9)) == 2
    assert "none of the street's treasurers" in capsys.readouterr().err
    assert main(["treasurer", "key", "--out", str(tmp_path / "9.key")]) == 2, "a key in use"
    assert not paper.exists()
    unknown = _attest(street, paper, "--deposit", "5", "--number", "1", "--shop", "7")
    assert _run(unknown) == 2
    assert "no shop with that number" in capsys.readouterr().err


def test_a_statement_is_never_begun_over_another(street: Path, paper: Path) -> None:
    assert _run(_attest(street, paper)) == 0
    before = paper.read_bytes()
    assert _run(_attest(street, paper, key=1)) == 2
    assert paper.read_bytes() == before


@pytest.mark.rule("L-16.7")
def test_a_payment_of_the_pool_is_vouched_for_like_a_deposit(
    street: Path, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["treasurer", "vouch", "--data", str(street), "--out", str(paper)]
    words += ["--key", str(street.parent / "0.key"), "--period", "2026-03-1"]
    assert _run([*words, "--from", "0", "--to", "pool"]) == 0
    said = capsys.readouterr().out
    assert "clearing 2026-03-1: the payment of shop 0 茶馆 to the pool was made" in said
    assert main(_sign(street, paper, 1)) == 0
    vouch = read_paper(paper)
    assert isinstance(vouch, Vouch)
    assert (vouch.debtor, vouch.creditor, len(vouch.signatures)) == (0, POOL, 2)
    genesis = read_genesis(street)
    preimage = payment_preimage(genesis.chain_id, vouch.period, vouch.debtor, vouch.creditor)
    for one in vouch.signatures:
        key = PublicKey(bytes.fromhex(genesis.treasurers[one.position]))
        assert verify(key, preimage, Signature(one.signature))
    paper.unlink()
    assert _run([*words, "--from", "7", "--to", "pool"]) == 2
    assert not paper.exists()


@pytest.mark.rule("L-16.10")
def test_arrears_that_came_in_are_said_and_signed(
    street: Path, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["treasurer", "arrears", "--data", str(street), "--out", str(paper), "--number", "3"]
    words += ["--key", str(street.parent / "2.key"), "--amount", "70005"]
    assert _run([*words, "--shop", str(POOL)]) == 2, "the pool has no arrears"
    assert _run([*words, "--shop", "0"]) == 0
    said = capsys.readouterr().out
    assert "statement 3 about this shop's arrears: 700.05 CNY of its arrears came in" in said
    arrears = read_paper(paper)
    assert isinstance(arrears, ArrearsVouched)
    genesis = read_genesis(street)
    preimage = arrears_preimage(genesis.chain_id, ShopId(0), 3, Amount(70_005))
    key = PublicKey(bytes.fromhex(genesis.treasurers[2]))
    assert verify(key, preimage, Signature(arrears.signatures[0].signature))


# --- at a node ---


@pytest.fixture
async def one(street: Path) -> AsyncIterator[OneNode]:
    async with running_node(street, read_genesis(street), alone=True) as node:
        yield node


@pytest.mark.rule("L-4.5")
async def test_the_ledger_takes_what_they_signed_once(
    one: OneNode, street: Path, paper: Path
) -> None:
    """The number comes from the node; each statement about a shop has the next one."""
    for number in (1, 2):
        file = paper.with_name(f"statement-{number}")
        begin = _attest(street, file, "--deposit", "700")
        bring = ["stake", "bring", "--data", str(street), str(file)]
        assert await _command([*begin, "--yes"]) == 0
        begun = read_paper(file)
        assert isinstance(begun, Attest)
        assert begun.number == number
        assert await _command(bring) == 1, "one treasurer is too few"
        assert await _command(_sign(street, file, 1)) == 0
        assert await _command(bring) == 0
        assert await _command(bring) == 1, "it counts once"
        shop = (await one.ask(GetStakes(), Stakes)).shops[0]
        assert (shop.statements, shop.incoming) == (number, 700 * number)
    assert read_statement(paper.with_name("statement-1")).call == Attest.kind


async def _command(words: list[str]) -> int:
    with trio.fail_after(60):
        return await trio.to_thread.run_sync(partial(main, words))


# --- the pool ---


def _pool(street: Path, paper: Path, *more: str, purpose: str = "lights 灯") -> list[str]:
    words = ["treasurer", "pool", "--data", str(street), "--key", str(street.parent / "0.key")]
    return [*words, "--from", "sponsor", "--purpose", purpose, "--out", str(paper), *more]


@pytest.mark.rule("L-18.11")
def test_a_deposit_for_the_pool_is_said_and_signed(
    street: Path, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(_pool(street, paper, "--deposit", "123456", "--number", "1")) == 0
    told = capsys.readouterr().out
    assert "statement 1 about the pool: 1234.56 CNY came in from a sponsor: “lights 灯”." in told
    assert main(_sign(street, paper, 1)) == 0
    deposit, genesis = read_paper(paper), read_genesis(street)
    assert isinstance(deposit, Deposit)
    said = (deposit.source, deposit.number, deposit.amount, deposit.purpose)
    assert said == (Source.SPONSOR, 1, 123_456, "lights 灯")
    preimage = deposit_preimage(genesis.chain_id, *said)
    for at, one in enumerate(deposit.signatures):
        key = PublicKey(bytes.fromhex(genesis.treasurers[at]))
        assert (one.position, verify(key, preimage, Signature(one.signature))) == (at, True)
    assert len(deposit.signatures) == 2


def test_a_deposit_needs_a_purpose_of_some_words_and_a_number(
    street: Path, paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for purpose in ("", "x" * 81):
        words = _pool(street, paper, "--deposit", "5", "--number", "1", purpose=purpose)
        assert _run(words) == 2
        assert "1 to 80 characters" in capsys.readouterr().err
    assert _run(_pool(street, paper, "--deposit", "5")) == 2, "no ledger is there to be asked"
    assert "ledger.db" in capsys.readouterr().err
    assert not paper.exists()
