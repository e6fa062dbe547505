"""What this program speaks, told to the ledger, and what the street's protocol makes of it.

A node tells what its program speaks when the ledger says otherwise, and at no other time: after
an update, after an older program was put back, and when a word of an earlier life of this shop
reached the ledger late (L-4.11). The record changes by this shop's own calls alone, so it is
looked at after a start and after blocks with such calls; an idle street stays idle.
"""

import logging
from collections import Counter
from typing import Final

import trio

from liandao_node.errors import Fact, LiandaoError
from liandao_node.ledger import protocol_queries, rule_queries
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.membership import Speaks
from liandao_node.limits import ANSWER_S_MAX
from liandao_node.runtime.commits import Committed
from liandao_node.runtime.ledger_modules import find_installed
from liandao_node.runtime.submission import Submissions
from liandao_node.types import ShopId
from liandao_node.wording import sentence

log = logging.getLogger(__name__)

PAUSE_S: Final = ANSWER_S_MAX
"""Between two calls, whatever happens: two computers with one key and different programs would
else contradict each other as fast as the street agrees."""

LACKING: Final = {"MODULE_UNKNOWN": "MODULE_LACKING", "MODULE_BAD": "MODULE_UNFIT"}
"""What is said of a module without which a node would not start, when it was running before."""


class Protocols:
    """One node's word about its program, and its look at the others'."""

    def __init__(
        self,
        ledger: Ledger,
        submissions: Submissions,
        me: ShopId,
        faults: Counter[str],
        *,
        speaks: int,
    ) -> None:
        self._ledger = ledger
        self._submissions = submissions
        self._me = me
        self._faults = faults
        self._speaks = speaks
        self._stirred = trio.Event()
        self._told: list[str] = []
        """What the log said last of who lags behind."""

    # --- telling ---

    def on_committed(self, committed: Committed) -> None:
        """The driver has delivered a block."""
        if committed.own:
            self._stirred.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._stirred = trio.Event()
            if self._is_due():
                await self._tell()
                await trio.sleep(PAUSE_S)
            else:
                await self._stirred.wait()

    def _is_due(self) -> bool:
        """Not while the program is too old: the street's calls may be others by now."""
        view = self._ledger.view()
        recorded = protocol_queries.spoken(view)[self._me]
        current = self._ledger.lacking is None
        return current and recorded != self._speaks >= protocol_queries.in_force(view)

    async def _tell(self) -> None:
        try:
            await self._submissions.submit([as_call(Speaks(self._speaks))])
        except LiandaoError as error:
            log.info("what this program speaks has to wait: %s", error.code)

    # --- looking ---

    def look(self) -> None:
        """After a start, and when an epoch begins: says who lags behind, once each time that it
        is somebody else."""
        view = self._ledger.view()
        street, spoken = protocol_queries.in_force(view), protocol_queries.spoken(view)
        found = [
            f"shop {shop}: {sentence('PROTOCOL_HELD', {'speaks': spoken[shop]})}"
            for shop in protocol_queries.held_back_by(view)
        ]
        if street > self._speaks:
            self._faults["PROGRAM_OUTDATED"] += 1
            found.append(sentence("PROGRAM_OUTDATED", {"street": street, "own": self._speaks}))
        found += self._lacking()
        for line in found if found != self._told else ():
            log.warning("%s", line)
        self._told = found

    def _lacking(self) -> list[str]:
        """Ledger modules that are missing here, now or from a moment on that is agreed (L-3.8)."""
        fault = self._ledger.lacking
        if fault is not None:
            self._faults[code := LACKING[fault.code]] += 1
            return [sentence(code, fault.facts)]
        view = self._ledger.view()
        found: list[str] = []
        for told in rule_queries.waiting_modules(view) if rule_queries.has_rulebook(view) else ():
            for new in told.proposal.modules:
                if new.version and find_installed(new.name, new.version) is None:
                    facts: dict[str, Fact] = {
                        "module": new.name,
                        "version": new.version,
                        "proposal": told.number,
                    }
                    found.append(sentence("MODULE_COMING", facts))
        return found
