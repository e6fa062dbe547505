"""Ledger modules that break a promise each, written out as packages for `liandao module check`.

They are text: what is wrong with most of them must not be imported into a test's own process.
"""

from pathlib import Path
from typing import Final, NamedTuple

GOOD: Final = '''"""A tally of words."""
from enum import IntEnum
from typing import Annotated
import msgspec
from liandao_node.errors import Refused
from liandao_node.ledger.module_api import CallBody, Module, refuse
from liandao_node.ledger.tables import Table
from liandao_node.wire.codec import Canonical

class Tally(Canonical, frozen=True):
    count: int

class Word(CallBody, frozen=True):
    kind = 220 * 100 + 1
    answer = Tally
    word: Annotated[str, msgspec.Meta(max_length=8)]
    weight: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

class WordRefusal(IntEnum):
    WORD_EMPTY = 1

tallies = Table(220, 1, ("u64",), Tally)
notes = Table(220, 2, (), Tally)

class Words(Module):
    name = "words"
    number = 220
    version = 1
    calls = (Word,)
    refusals = WordRefusal
    tables = (tallies, notes)

    def apply(self, ctx, call):
        if not call.word:
            raise refuse(WordRefusal.WORD_EMPTY)
        key = len(call.word)
        before = tallies.get(ctx.view, key) or Tally(0)
        after = Tally(before.count + 1)
        tallies.put(ctx.view, key, value=after)
        return after

    def invariants(self, view):
        return [f"{key}" for key, tally in tallies.rows(view) if tally.count < 1]

module = Words()
'''


class Bad(NamedTuple):
    """What a careless author wrote in place of something good."""

    was: str
    wrote: str
    fault: str
    """Name of what the check has to find."""
    words: str
    """Part of what it says."""


BAD: Final = {
    "asks the clock": Bad(
        '"""A tally of words."""', "import time", "IMPORT", "imports time, which is not among"
    ),
    "draws lots": Bad(
        '"""A tally of words."""', "from random import random", "IMPORT", "imports random"
    ),
    "opens a file": Bad("key = len(call.word)", 'key = len(open("x").read())', "NAME", "open()"),
    "computes in floats": Bad(
        "key = len(call.word)", "key = int(len(call.word) / 2)", "FLOAT", "use //"
    ),
    "walks a set of texts": Bad(
        "key = len(call.word)", "key = ord(next(iter({*call.word})))", "DIFFERS", "another state"
    ),
    "walks a set of numbers": Bad(
        "key = len(call.word)",
        "key = next(iter({len(call.word), len(call.word) * 64 + 7}))",
        "DIFFERS",
        "another state",
    ),
    "answers by the order of a set": Bad(
        "return after", "return Tally(ord(next(iter({*call.word}))))", "DIFFERS", "other answers"
    ),
    "counts in its object": Bad(
        "key = len(call.word)",
        "self.n = key = getattr(self, 'n', 0) + 1",
        "STATE",
        "changed its own object",
    ),
    "counts in a list of its class": Bad(
        "        key = len(call.word)\n",
        "        seen.append(1)\n        key = len(seen)\n",
        "DIFFERS",
        "two nodes would disagree",
    ),
    "lets a lookup fail": Bad(
        "key = len(call.word)", "key = {1: 1}[len(call.word)]", "RAISED", "KeyError"
    ),
    "has a key of 32 bits": Bad(
        "key = len(call.word)", "key = call.weight", "RAISED", "'I' format"
    ),
    "refuses by a name of its own": Bad(
        "raise refuse(WordRefusal.WORD_EMPTY)",
        'raise Refused("WORD_MISSING")',
        "UNDECLARED",
        "WORD_MISSING",
    ),
    "answers something else": Bad("return after", "return None", "ANSWER", "is no Tally"),
    "writes past its own savepoint": Bad(
        "raise refuse(WordRefusal.WORD_EMPTY)",
        "ctx.view.mark(); ctx.view._changes[b'x'] = b'y'; ctx.view._seen[b'x'] = None; "
        "raise refuse(WordRefusal.WORD_EMPTY)",
        "REFUSED_CHANGED",
        "1 records (the first under 78) stayed changed",
    ),
    "breaks its invariant": Bad(
        "Tally(before.count + 1)", "Tally(before.count - 1)", "INVARIANT", "does not hold"
    ),
    "bounds no text": Bad(
        "Annotated[str, msgspec.Meta(max_length=8)]", "str", "UNBOUNDED", "Field word of call Word"
    ),
    "bounds no number": Bad(
        "Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]", "int", "UNBOUNDED", "Field weight"
    ),
    "takes floats": Bad(
        "Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]", "float", "FIELD", "Field weight"
    ),
    "takes another's number": Bad("number = 220", "number = 3", "NUMBER", "the project's own"),
    "takes another's kinds": Bad("kind = 220 * 100 + 1", "kind = 301", "MISFIT", "not its own"),
}


def write(folder: Path, name: str, bad: Bad | None) -> None:
    """A module of that name in ``folder``, good or bad."""
    source = GOOD
    if bad is not None:
        assert bad.was in source, f"{name} changes nothing"
        source = source.replace(bad.was, bad.wrote, 1)
    if bad is not None and bad.was.startswith("        key"):
        source = source.replace("class Words(Module):", "seen = []\n\nclass Words(Module):")
    if bad is not None and bad.words == "'I' format":
        source = source.replace('Table(220, 1, ("u64",), Tally)', 'Table(220, 1, ("u32",), Tally)')
    (folder / f"{name}.py").write_text(source)
