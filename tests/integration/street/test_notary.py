"""A notary from end to end: a real node's process, the command line, and a check without either."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio
from liandao_node.cli.run_command import end
from support.street import WAIT_S_MAX, one_line

COMMAND = (sys.executable, "-m", "liandao_node.cli.main")


@pytest.fixture
def root() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ld-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def _liandao(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, answer, and what stands on standard error."""
    done = await trio.run_process(
        [*COMMAND, *map(str, arguments)], capture_stdout=True, capture_stderr=True, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


async def test_a_document_is_stamped_proven_and_checked_offline(root: Path) -> None:
    data, lease, proof = root / "shop", root / "lease.txt", root / "lease.proof"
    lease.write_text("The cellar is let to the tea house until the plum trees bloom.\n")
    code, _, told = await _liandao("init", "--data", data, "--street", "Plum Street")
    assert code == 0, told
    node = subprocess.Popen(
        [*COMMAND, "node", "--data", str(data), "--log", "ERROR"], stdin=subprocess.DEVNULL
    )
    try:
        with trio.fail_after(WAIT_S_MAX):
            async with one_line(data) as line:
                await line.ask(lambda client: client.status())
            code, said, told = await _liandao(
                "notary", "stamp", lease, "--kind", "contract", "--data", data
            )
            assert (code, "is stamped: final in block 1 of" in said) == (0, True), told
            code, _, told = await _liandao("notary", "stamp", lease, "--data", data)
            assert (code, "stamped the document before, in block 1 of 20" in told) == (1, True)
            code, _, told = await _liandao("notary", "prove", lease, "--out", proof, "--data", data)
            assert code == 0, told
            code, said, told = await _liandao("notary", "list", "--data", data)
            assert (code, "contract" in said) == (0, True), told
    finally:
        end(node)
    genesis = root / "genesis.json"
    shutil.copy(data / "genesis.json", genesis)
    shutil.rmtree(data)

    checked = ("verify", "stamp", lease, proof, "--genesis", genesis)
    code, said, told = await _liandao(*checked)
    assert code == 0, told
    assert said.startswith("Plum Street: the contract existed, exactly as it is now, at 20")
    assert "My shop stamped it in block 1." in said
    lease.write_text(lease.read_text().replace("plum", "pear"))
    code, _, told = await _liandao(*checked)
    assert (code, "another document, or the document was altered" in told) == (1, True)
