"""A street with a stranger's ledger module: founded, run, checked, and refused where it lacks."""

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from liandao_node.cli.main import main
from liandao_node.errors import OperatorFault, Refused
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules import BUILTIN
from liandao_node.runtime import ledger_modules
from liandao_node.runtime.ledger_modules import ENTRY_POINT_GROUP, modules_of, versions_of
from liandao_node.runtime.street import read_genesis
from liandao_node.wire.module_calls import CallDone, OrderCall
from support.runtime_node import running_node
from support.tree import ROOT

HELLO = ROOT / "examples" / "module-hello"
NAME = "cafe_stamps"


def _install(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    found = EntryPoints(EntryPoint(*entry, ENTRY_POINT_GROUP) for entry in entries)
    monkeypatch.setattr(ledger_modules, "entry_points", lambda **_: found)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HELLO))
    broken = ("broken", "no_such_package.ledger:module")
    _install(monkeypatch, (NAME, "liandao_module_hello.ledger:module"), broken)


@pytest.fixture
def data(installed: None, tmp_path: Path) -> Path:
    assert main(["init", "--data", str(tmp_path / "shop"), "--module", NAME]) == 0
    return tmp_path / "shop"


async def test_a_node_runs_it_and_its_records_are_checked(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    genesis = read_genesis(data)
    assert genesis.modules[-1] == (NAME, 1)
    (module,) = modules_of(genesis)[len(BUILTIN) :]
    stamp = module.calls[0]
    async with running_node(data, genesis, alone=True) as one:
        card = (await one.card()).card.card
        asked = as_call(stamp(card))
        request = OrderCall(asked.kind, asked.body)
        done = await one.ask(request, CallDone)
        told = one.node.ledger.machine.decode_answer(asked.kind, done.answer)
        assert getattr(told, "count", 0) == 1
        with pytest.raises(Refused, match="STAMPED_JUST_NOW"):
            await one.ask(request, CallDone)
    assert main(["verify", "data", str(data)]) == 0, capsys.readouterr().err


async def test_a_node_that_lacks_it_says_so(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    genesis = read_genesis(data)
    _install(monkeypatch)
    with pytest.raises(OperatorFault, match="MODULE_UNKNOWN") as fault:
        async with running_node(data, genesis, alone=True):
            raise AssertionError("it runs")
    assert fault.value.facts["module"] == NAME


async def test_a_street_without_it_takes_no_call_of_it(installed: None, tmp_path: Path) -> None:
    """And imports nothing that it does not need, though it be installed and broken."""
    assert main(["init", "--data", str(tmp_path / "shop")]) == 0
    genesis = read_genesis(tmp_path / "shop")
    assert modules_of(genesis) == BUILTIN
    async with running_node(tmp_path / "shop", genesis, alone=True) as one:
        with pytest.raises(Refused, match="CALL_UNKNOWN"):
            await one.ask(OrderCall(21_001, b"\x90"), CallDone)


@pytest.mark.parametrize(
    ("entries", "name", "detail"),
    [
        ([], NAME, "not installed"),
        ([("broken", "no_such_package.ledger:module")], "broken", "ModuleNotFoundError"),
        ([("other", "liandao_module_hello.ledger:module")], "other", "names another thing"),
        ([(NAME, "liandao_module_hello.ledger:FULL")], NAME, "names another thing"),
    ],
)
def test_a_module_that_cannot_be_had_is_told(
    monkeypatch: pytest.MonkeyPatch, entries: list[tuple[str, str]], name: str, detail: str
) -> None:
    monkeypatch.syspath_prepend(str(HELLO))
    _install(monkeypatch, *entries)
    with pytest.raises(OperatorFault, match="MODULE_NOT_FOUND") as fault:
        versions_of([name])
    assert detail in str(fault.value.facts["detail"])
