"""One run of a module: a street, random blocks, and what came of each. A process of its own.

The same seed makes the same calls in every run, as long as the module answers the same; the
runs differ in all that a module must not depend on.
"""

import argparse
import random
import sys
import traceback
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

import msgspec

from liandao_node.cli.checking.bodies import Bodies
from liandao_node.cli.checking.finding_modules import load
from liandao_node.cli.checking.findings import Broken, Fault, Finding
from liandao_node.cli.checking.perturbed import import_perturbed
from liandao_node.cli.checking.sources import NODE
from liandao_node.cli.checking.streets import CREATED_MS, SHOPS, genesis_of, key_of, modules_for
from liandao_node.cli.checking.watched import WatchedMachine
from liandao_node.crypto import merkle, multiset
from liandao_node.crypto.cards import CardSecret
from liandao_node.crypto.keys import verify
from liandao_node.ledger.machine import OK
from liandao_node.ledger.module_api import Module, Moment, as_call
from liandao_node.ledger.modules.cards import Enrol, enrol_preimage
from liandao_node.ledger.state import Changes, MemoryReader, View, accumulate
from liandao_node.ledger.transactions import SignedTx, sign_tx
from liandao_node.types import BlockHash, Epoch, Millis, Seq, ShopId
from liandao_node.wire.transactions import Call, decode_entry

CARDS: Final = 6
DAY_MS: Final = 86_400_000
LAYERS: Final = 5


class Way(IntEnum):
    """How a run differs from the others."""

    PLAIN = 0
    REHEARSED = 1
    """Before each block another one is executed above the same parent, and dropped; what is
    executed waits above the disk for some blocks."""
    ANEW = 2
    """Another object of the module for every block, as after a restart."""


class Told(msgspec.Struct):
    """What came of a run."""

    roots: list[str]
    """After genesis and each block: digest of the state, root of the entries."""
    applied: dict[str, int]
    """By name of the call."""
    refused: dict[str, int]
    """By name of the call and of the refusal."""
    findings: list[Finding]


@dataclass(frozen=True)
class Plan:
    path: str
    seed: int
    blocks: int
    way: Way


class Trial:
    """The blocks of one run."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._module = load(plan.path)
        self._chance = random.Random(plan.seed)  # noqa: S311 - it has to be the same again
        self._bodies = Bodies(self._chance, SHOPS)
        self._machine = self._machine_of(self._module)
        self._disk = MemoryReader()
        self._layers: list[Changes] = []
        self._accumulator = multiset.EMPTY
        self._time_ms = CREATED_MS
        self._nonces: Counter[int] = Counter()
        self._refusals: Counter[str] = Counter()
        self._applied: Counter[str] = Counter()
        self._roots: list[str] = []

    def _machine_of(self, module: Module) -> WatchedMachine:
        modules = modules_for(module)
        return WatchedMachine(genesis_of(modules), modules, verify, module)

    def run(self) -> Told:
        """All blocks, or those up to the first thing that goes wrong."""
        findings: list[Finding] = []
        try:
            view = View(self._disk)
            self._machine.at_work = "writing what the street begins with"
            self._machine.run_genesis(view)
            self._take(view, [])
            self._run_blocks()
        except Broken as broken:
            findings.append(broken.finding)
        except Exception as error:  # noqa: BLE001 - whatever a stranger raises is looked for
            findings.append(Finding(Fault.RAISED, _told(error, self._machine.at_work)))
        return Told(self._roots, dict(self._applied), dict(self._refusals), findings)

    def _run_blocks(self) -> None:
        for height in range(1, self._plan.blocks + 1):
            if self._plan.way is Way.ANEW:
                self._machine = self._machine_of(_loaded_anew(self._plan.path))
            self._machine.at_work = "doing the work of a day or a block"
            step = self._chance.choice((1, 1_000, 1_000, 60_000, DAY_MS, 40 * DAY_MS))
            txs = [self._tx(height) for _ in range(self._chance.randrange(1, 4))]
            if self._plan.way is Way.REHEARSED:
                rival = View(self._disk, self._layers)
                self._machine.run_block(rival, self._moment(height, step + 7), txs[::-1])
            self._time_ms = Millis(self._time_ms + step)
            view = View(self._disk, self._layers)
            entries = self._machine.run_block(view, self._moment(height, 0), txs)
            self._take(view, entries)
            self._note(entries)

    def _moment(self, height: int, later_ms: int) -> Moment:
        time_ms = Millis(self._time_ms + later_ms)
        parent = BlockHash(height.to_bytes(32, "big"))
        return Moment(Seq(height), parent, time_ms, Epoch(0), ShopId(0), 0)

    def _tx(self, height: int) -> SignedTx:
        """The first block's transactions make cards known, the others are the module's."""
        shop = self._chance.randrange(SHOPS)
        if height == 1:
            calls = [as_call(self._enrolment(shop, number)) for number in range(CARDS)]
        else:
            calls = [self._call() for _ in range(self._chance.randrange(1, 6))]
        self._nonces[shop] += 1
        return sign_tx(
            self._machine.chain_id, ShopId(shop), self._nonces[shop], calls, key_of(shop)
        )

    def _enrolment(self, shop: int, number: int) -> Enrol:
        card = CardSecret(b"card" + number.to_bytes(28, "big"))
        self._bodies.saw(card.id)
        preimage = enrol_preimage(self._machine.chain_id, ShopId(shop), card.code)
        return Enrol(card.key.public_key, card.code, card.key.sign(preimage))

    def _call(self) -> Call:
        body = self._chance.choice(self._module.calls)
        call = as_call(self._bodies.make(body))
        if self._chance.random() < 0.1:
            return Call(call.kind, self._bodies.malformed(call.body))
        return call

    def _take(self, view: View, entries: list[bytes]) -> None:
        """The block is final: its root, its invariants, its changes."""
        deltas = list(view.deltas())
        self._accumulator = accumulate(self._accumulator, deltas)
        state = multiset.digest(self._accumulator).hex()
        self._roots.append(f"{state} {merkle.root(entries).hex()}")
        if broken := self._machine.invariants(view):
            words = f"After block {len(self._roots) - 1} an invariant does not hold: {broken[0]}."
            raise Broken(Fault.INVARIANT, words)
        self._layers.append({delta.key: delta.new for delta in deltas})
        if self._plan.way is not Way.REHEARSED or len(self._layers) > LAYERS:
            for layer in self._layers:
                self._disk.apply(layer)
            self._layers = []

    def _note(self, entries: list[bytes]) -> None:
        names = {body.kind: body for body in self._module.calls}
        for entry in map(decode_entry, entries):
            if entry.kind not in names:
                continue
            name = names[entry.kind].__name__
            if entry.code == OK:
                self._applied[name] += 1
                self._bodies.saw(self._machine.decode_answer(entry.kind, entry.result))
            else:
                self._refusals[f"{name} {self._machine.code_name(entry.code)}"] += 1


def _loaded_anew(path: str) -> Module:
    """The module as a node that was just started has it."""
    top = path.partition(":")[0].partition(".")[0]
    if top != NODE:
        for name in [name for name in sys.modules if name.partition(".")[0] == top]:
            del sys.modules[name]
    return load(path)


def _told(error: Exception, at_work: str) -> str:
    """What was raised, where, and by which call."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "?"
    words = f"{type(error).__name__}({error})".replace("()", "")
    return f"While {at_work} it raised {words} ({place}); only refusals may be raised."


def main() -> None:
    """A run in a process of its own; its account goes into a file."""
    parser = argparse.ArgumentParser()
    for name in ("path", "seed", "blocks", "way", "account"):
        parser.add_argument(name)
    options = parser.parse_args()
    plan = Plan(options.path, int(options.seed), int(options.blocks), Way(int(options.way)))
    import_perturbed(plan.path.partition(":")[0].partition(".")[0], plan.way)
    try:
        told = Trial(plan).run()
    except Broken as broken:
        told = Told([], {}, {}, [broken.finding])
    Path(options.account).write_bytes(msgspec.json.encode(told))


if __name__ == "__main__":
    main()
