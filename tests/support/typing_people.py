"""Somebody at a terminal: types a command, then answers what it asks."""

import io
from functools import partial
from pathlib import Path

import pytest
import trio
from liandao_node.cli.main import main


class Typing:
    """A person at a terminal: words of a command, then a line for each question."""

    def __init__(
        self, data: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        self._data = data
        self._capsys = capsys
        self._patch = patch

    async def __call__(self, words: str, *typed: str) -> str:
        """What a command said that did it."""
        code, out, err = await self.all(words, *typed)
        assert (code, err) == (0, "")
        return out

    async def all(self, words: str, *typed: str) -> tuple[int, str, str]:
        self._patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        command = [*words.split(), "--data", str(self._data)]
        code = await trio.to_thread.run_sync(partial(main, command))
        told = self._capsys.readouterr()
        return code, told.out, told.err
