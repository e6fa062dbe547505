"""The databases of one data directory, opened together and closed together."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from liandao_node.ledger.chain import Ledger
from liandao_node.runtime.ledger_modules import modules_of
from liandao_node.runtime.people_files import PeopleFiles
from liandao_node.runtime.street import machine_id
from liandao_node.store.files import DataDirectory
from liandao_node.store.ledger import CommitWrite, LedgerStore
from liandao_node.store.outbox import Outbox
from liandao_node.store.traffic import TrafficStore
from liandao_node.store.voter import VoterStore
from liandao_node.wire.codec import encode
from liandao_node.wire.genesis import Genesis


@dataclass(frozen=True, slots=True)
class Stores:
    """The open databases of one node."""

    voter: VoterStore
    ledger: LedgerStore
    outbox: Outbox
    traffic: TrafficStore
    people: PeopleFiles


@contextmanager
def open_stores(data_dir: Path, genesis: Genesis) -> Iterator[Stores]:
    """Locks the directory and opens what lies in it; closes all in reverse."""
    with ExitStack() as stack:
        files = stack.enter_context(DataDirectory.open(data_dir))
        chain = genesis.chain_id
        voter = VoterStore.open(files.voter, chain_id=chain, machine_id=machine_id())
        stack.callback(voter.close)
        ledger = LedgerStore.open(files.ledger, chain)
        stack.callback(ledger.close)
        if ledger.tip() is None:
            ledger.initialise(_genesis_write(genesis))
        outbox = Outbox.open(files.outbox)
        stack.callback(outbox.close)
        traffic = TrafficStore.open(files.traffic)
        stack.callback(traffic.close)
        people = PeopleFiles(files.people, files.people_keys)
        stack.callback(people.close)
        people.wake()
        yield Stores(voter, ledger, outbox, traffic, people)


def _genesis_write(genesis: Genesis) -> CommitWrite:
    modules = modules_of(genesis)
    changes, accumulator = Ledger.genesis_changes(genesis, modules)
    header = Ledger.genesis_header(genesis, modules)
    return CommitWrite(
        seq=header.seq,
        hash=header.hash,
        block=b"",
        entries=encode([]),
        changes=changes,
        accumulator=accumulator,
        time_ms=header.time_ms,
        calls=0,
    )
