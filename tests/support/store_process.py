"""A process that writes into the stores as fast as it can, to be killed.

Started with a data directory. Prints one line for each thing that it may promise to others,
after it was promised to it.
"""

import sys
from pathlib import Path

from liandao_node.errors import OperatorFault
from liandao_node.store.files import DataDirectory
from liandao_node.store.outbox import Outbox, Outgoing
from liandao_node.types import Millis, TxId

from support.ledgers import open_ledger, write_of
from support.voters import create_voter, open_voter, save_number


def main(root: Path) -> None:
    try:
        directory = DataDirectory.open(root)
    except OperatorFault as fault:
        _say(f"refused {fault.code} {fault.facts['pid']}")
        return
    voter = (
        open_voter(directory.voter) if directory.voter.exists() else create_voter(directory.voter)
    )
    ledger = open_ledger(directory.ledger)
    outbox = Outbox.open(directory.outbox)
    tip = ledger.tip()
    assert tip is not None
    _say(f"ready {voter.boot}")
    number = max(voter.state.promised, 0)
    seq: int = tip.seq
    while True:
        number += 1
        save_number(voter, number)
        _say(f"voter {number}")
        ledger.write([write_of(seq + 1), write_of(seq + 2)])
        seq += 2
        _say(f"ledger {seq}")
        (order,) = outbox.next_orders([1])
        outbox.add([Outgoing(TxId(order.to_bytes(32, "big")), 403, Millis(0), b"sale")])
        _say(f"order {order}")


def _say(line: str) -> None:
    # One write each: what was said before the kill has been said.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
