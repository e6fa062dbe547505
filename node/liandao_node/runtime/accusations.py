"""Evidence on its way from consensus into the ledger (P-12.11).

Every honest seat that saw a lie gives the ledger the same evidence; the first one counts and
the others are refused as known. A few tries are enough: what this node forgets, others hold.
"""

import logging
from collections import Counter

import trio

from liandao_node.errors import LiandaoError
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules.stake_calls import Accuse
from liandao_node.limits import ACCUSATION_TRIES_MAX, ANSWER_S_MAX, COMMITTEE_SEATS_MAX
from liandao_node.runtime.submission import Submissions
from liandao_node.wire.codec import encode
from liandao_node.wire.evidence import Evidence, accused

log = logging.getLogger(__name__)


class Accusations:
    """Submits evidence, one after the other."""

    def __init__(self, submissions: Submissions, faults: Counter[str]) -> None:
        self._submissions = submissions
        self._faults = faults
        # The replica accuses each seat at most once in an epoch.
        self._give, self._take = trio.open_memory_channel[Evidence](COMMITTEE_SEATS_MAX)

    def give(self, evidence: Evidence) -> None:
        """From the driver: at once, without waiting."""
        self._faults["EVIDENCE"] += 1
        log.warning("shop %d signed what no honest seat signs", accused(evidence))
        try:
            self._give.send_nowait(evidence)
        except trio.WouldBlock:
            self._faults["EVIDENCE_DROPPED"] += 1

    async def run(self) -> None:
        """Until cancelled."""
        async for evidence in self._take:
            await self._submit(evidence)

    async def _submit(self, evidence: Evidence) -> None:
        call = as_call(Accuse(evidence=encode(evidence)))
        for _ in range(ACCUSATION_TRIES_MAX):
            with trio.move_on_after(ANSWER_S_MAX):
                try:
                    outcome = await self._submissions.submit([call])
                except LiandaoError as error:
                    log.info("evidence waits: %s", error.code)
                    await trio.sleep(ANSWER_S_MAX)
                    continue
                code = outcome.entries[0].code
                log.info("evidence against shop %d: code %d", accused(evidence), code)
                return
        self._faults["EVIDENCE_DROPPED"] += 1
