"""``liandao person``: what is typed, what is said, and what stands in no command line."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from liandao_node.cli.main import build_parser
from liandao_node.cli.person_words import ASKED, question
from liandao_node.client import AgreesTo
from support.runtime_node import OneNode, found, running_node
from support.typing_people import Typing

ANNA = ("Anna Lindqvist", "+46 70-123 45 67", "anna@example.org", "likes rye bread")


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[OneNode]:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as node:
        yield node


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Typing:
    return Typing(tmp_path / "shop-0", capsys, monkeypatch)


async def test_a_person_is_noted_agrees_gets_her_copy_and_is_forgotten(
    run: Typing, one: OneNode, tmp_path: Path
) -> None:
    code = (await one.card()).card.code
    copy = tmp_path / "anna.json"
    assert f"Kept in this shop alone, for card {code}" in await run(f"person note {code}", *ANNA)
    exit_code, out, _ = await run.all(f"person consent {code} offers", "no")
    assert (exit_code, "Nothing was changed." in out) == (1, True)
    out = await run(f"person consent {code} offers", "yes")
    assert question(AgreesTo.OFFERS, "Shop 0") in out, "she reads what she agrees to"
    assert "agrees to offers" in out
    out = await run(f"person show {code} --out {copy}")
    assert all(text in out for text in (*ANNA, "yes to offers, text 1"))
    assert json.loads(copy.read_text())["mail"] == ANNA[2]
    assert copy.stat().st_mode & 0o077 == 0, "for nobody else on this computer"
    assert f"  {code}  {ANNA[0]}" in await run("person find", "4567")
    assert "to offers: 1" in await run("person list")
    assert await run("person list --may offers") == "\t".join((code, *ANNA[:3])) + "\n"
    assert "no offers" in await run(f"person withdraw {code} offers"), "without a question"
    assert await run("person list --may offers") == ""
    out = await run(f"person correct {code}", "", "-", "a.l@example.org", "")
    assert "  phone: –" in out
    assert (ANNA[0] in out, ANNA[2] in out) == (True, False)
    exit_code, out, _ = await run.all(f"person erase {code}", "no")
    assert (exit_code, "Nothing was changed." in out) == (1, True)
    out = await run(f"person erase {code}", "yes")
    assert "nobody can bring it back" in out
    assert "The card stays in the street's ledger" in out
    exit_code, _, err = await run.all(f"person show {code}")
    assert (exit_code, "keeps nothing" in err) == (1, True)
    exit_code, out, _ = await run.all("person find", ANNA[1])
    assert (exit_code, "knows nobody" in out) == (1, True)


def test_nothing_about_a_person_can_be_an_argument() -> None:
    """Arguments stand in the shell's history and in every list of processes."""
    parser = build_parser("person")
    for words in ("note 40170001 Anna", "correct 40170001 --name Anna", "find +46701234567"):
        with pytest.raises(SystemExit):
            parser.parse_args(["person", *words.split()])


def test_every_purpose_has_a_text_of_its_own() -> None:
    assert set(ASKED) == set(AgreesTo)
    assert len({question(purpose, "Tea") for purpose in AgreesTo}) == len(AgreesTo)
