"""A program that is older than the protocol in force: it stands still, and gives what it has.

Everything up to the last block of the epoch before is final here and stays so. What comes after
would have to be judged by rules that are not known here, so nothing of it is voted on, asked for
or taken (P-12.13). A newer program goes on from where this one stopped. So it is with a program
that lacks a ledger module of the present epoch (P-12.14).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liandao_node.consensus import catching_up, delivery
from liandao_node.types import ShopId
from liandao_node.wire.messages import ConsensusMessage, FetchBody, Status

if TYPE_CHECKING:
    from liandao_node.consensus.replica import Replica


def on_message(r: Replica, peer: ShopId, message: ConsensusMessage) -> None:
    """Enter: a message reaches a program that does not speak the protocol in force.

    A seat that is further behind hears of the epochs that are over, and gets their blocks.
    """
    match message:
        case Status() if message.epoch < r.committee.epoch:
            catching_up.tell_of_epoch(r, peer)
        case FetchBody(block):
            delivery.on_fetch_body(r, peer, block)
        case _:
            pass
