"""The desk for calls of modules that somebody else wrote: it orders them and knows no rule."""

from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.wire.module_calls import CallDone, OrderCall
from liandao_node.wire.transactions import Call


class ModuleDesk:
    """Orders for one shop."""

    def __init__(self, desk: LedgerDesk) -> None:
        self._desk = desk

    async def order(self, request: OrderCall) -> CallDone:
        """Raises Refused as the module does, ``CALL_UNKNOWN`` where the street has none for it."""
        outcome = await self._desk.order([Call(request.call, request.body)])
        entry = outcome.entries[0]
        self._desk.raise_refusal(entry)
        return CallDone(outcome.certified.height, outcome.certified.time_ms, entry.result)
