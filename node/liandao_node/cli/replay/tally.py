"""What a replay counts: every row of the input once, and what the ledger made of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from liandao_plugins.api import Rejected

from liandao_node.cli.replay.street import Answer
from liandao_node.ledger.module_api import CallBody


@dataclass
class Tally:
    """Counts as they grow."""

    accepted: int = 0
    rejects: list[Rejected] = field(default_factory=list)
    """All rows that led to nothing, in the order in which that became known."""
    counts: Counter[str] = field(default_factory=Counter)
    """What happened, by name: orders, refunds, claims and so on."""
    refused: Counter[str] = field(default_factory=Counter)
    """Calls that the ledger refused, by call and code."""

    @property
    def rows_in(self) -> int:
        return self.accepted + len(self.rejects)

    @property
    def rejected(self) -> dict[str, int]:
        """Rows by reason."""
        return dict(sorted(Counter(str(row.reason) for row in self.rejects).items()))

    def listed(self) -> Iterator[str]:
        """Every rejected row, as `liandao import` lists them."""
        for one in self.rejects:
            yield f"{one.line.file}:{one.line.number} {one.reason} {one.excerpt}"

    def accept(self, rows: int) -> None:
        self.accepted += rows

    def reject(self, rows: Iterable[Rejected]) -> None:
        self.rejects.extend(rows)

    def told(self, call: CallBody, answer: Answer) -> bool:
        """Notes a refusal; whether there was none."""
        if not answer.is_ok:
            self.refused[f"{type(call).__name__} {answer.code}"] += 1
        return answer.is_ok
