"""What all desks share: submit calls, read answers, turn a refusal into its error.

A desk serves one kind of business at the local API. It holds no state of the street: that
is the ledger's.
"""

from collections.abc import Sequence
from typing import TypeVar

import trio

from liandao_node.errors import Refused, Unavailable
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.module_api import CallBody, as_call
from liandao_node.ledger.state import View
from liandao_node.limits import ANSWER_S_MAX
from liandao_node.runtime.clock import StreetClock
from liandao_node.runtime.submission import Outcome, Submissions
from liandao_node.types import ChainId, Millis, Seq, ShopId
from liandao_node.wire.api import Certified
from liandao_node.wire.codec import Canonical
from liandao_node.wire.committee import CommitteeRecord
from liandao_node.wire.genesis import Rules
from liandao_node.wire.transactions import Call, Entry

A = TypeVar("A", bound=Canonical)
S = TypeVar("S")


class LedgerDesk:
    """Access to the ledger for one shop."""

    def __init__(
        self, ledger: Ledger, submissions: Submissions, clock: StreetClock, shop: ShopId
    ) -> None:
        self._ledger = ledger
        self._submissions = submissions
        self._clock = clock
        self.shop = shop

    @property
    def chain(self) -> ChainId:
        return self._ledger.machine.chain_id

    def view(self) -> View:
        """The state at the tip, for use before the next await."""
        return self._ledger.view()

    def offered(self, kind: type[S]) -> S | None:
        """What a module of this street offers to questions, if it has such a one."""
        return self._ledger.offered(kind)

    def rules(self) -> Rules:
        """The street's rules in force at the tip."""
        return self._ledger.rules()

    def committee(self) -> CommitteeRecord:
        """In force above the tip."""
        return self._ledger.committee()

    def try_modules(self, versions: Sequence[tuple[str, int]]) -> None:
        """Whether this node could go by these modules.

        Raises OperatorFault ``MODULE_UNKNOWN`` or ``MODULE_BAD``.
        """
        self._ledger.machine.join(tuple(versions))

    @property
    def height(self) -> Seq:
        """Of the tip."""
        return self._ledger.tip.seq

    def time_ms(self) -> Millis:
        """Street time now."""
        return self._clock.street_ms()

    async def call(
        self, body: CallBody, answer: type[A], *, keep: bool = False
    ) -> tuple[A, Certified]:
        """Orders one call. Raises what the ledger refuses it with.

        What is not kept is given up after a while: Unavailable ``NO_QUORUM``; it may still be
        ordered later, and asking the same again then tells so.
        """
        outcome = await self.order([body], keep=keep)
        entry = outcome.entries[0]
        self.raise_refusal(entry)
        return self.answer(entry, answer), outcome.certified

    async def order(self, bodies: Sequence[CallBody | Call], *, keep: bool = False) -> Outcome:
        """Orders several calls under one signature; each entry tells its own fate."""
        calls = [body if isinstance(body, Call) else as_call(body) for body in bodies]
        if keep:
            return await self._submissions.submit(calls, keep=True)
        with trio.move_on_after(ANSWER_S_MAX):
            return await self._submissions.submit(calls)
        raise Unavailable("NO_QUORUM", seconds=ANSWER_S_MAX)

    def is_under_way(self, body: CallBody) -> bool:
        """Whether that very call was asked for before and its fate is not known yet."""
        return self._submissions.is_under_way(as_call(body))

    def answer(self, entry: Entry, answer: type[A]) -> A:
        """What an applied call led to."""
        found = self._ledger.machine.decode_answer(entry.kind, entry.result)
        assert isinstance(found, answer)
        return found

    def code_of(self, entry: Entry) -> str:
        """``OK`` or the name of the refusal."""
        return self._ledger.machine.code_name(entry.code)

    def raise_refusal(self, entry: Entry) -> None:
        if entry.code != 0:
            raise Refused(self.code_of(entry))
