"""A life as a table: one line an event, for people."""

from collections.abc import Callable, Sequence

from liandao_node.consensus import events
from liandao_node.consensus.effects import (
    Accuse,
    Broadcast,
    Deliver,
    Durable,
    Effect,
    Execute,
    Halt,
    Persist,
    Report,
    Send,
)
from liandao_node.sim.node import Node
from liandao_node.sim.timeline import START_MS
from liandao_node.types import BlockHash
from liandao_node.wire.blocks import Certificate
from liandao_node.wire.evidence import accused
from liandao_node.wire.messages import (
    Body,
    Commit,
    FetchBody,
    FetchNewView,
    FetchRange,
    Message,
    NewView,
    Prepare,
    PrePrepare,
    Range,
    Requests,
    Status,
    Suspect,
    ViewChange,
)

HEADING = f"{'ms':>8}  {'node':<5} {'event':<14} what"
_QUIET = (Status, Requests, FetchNewView)
"""Said all the time; a line for each would hide the rest."""


class Table:
    """Writes down what nodes do. ``line`` takes one finished line."""

    def __init__(self, line: Callable[[str], None]) -> None:
        self._line = line
        self._durable: dict[int, Durable] = {}
        self._now: Callable[[], int] | None = None

    def stepped(self, node: Node, event: events.Event, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Halt):
                continue  # the street tells of it
            if isinstance(effect, Execute | Send | Broadcast) and _is_quiet(effect):
                continue
            self._write(node, *self._told(node, effect))
        if isinstance(event, events.Elected):
            seats = " ".join(str(seat.shop) for seat in event.record.seats)
            self._write(node, "ELECTED", f"epoch {event.record.epoch}: {seats}")

    def tells(self, node: Node | None, what: str, more: str) -> None:
        self._write(node, what.upper(), more)

    def _write(self, node: Node | None, event: str, what: str) -> None:
        if node is not None:
            self._now = lambda: node.street.timeline.now
        now = self._now() - START_MS if self._now is not None else 0
        name = "" if node is None else node.name
        self._line(f"{now:>8}  {name:<5} {event:<14} {what}".rstrip())

    def _told(self, node: Node, effect: Effect) -> tuple[str, str]:
        match effect:
            case Broadcast(message):
                name, more = describe(message)
                return name, f"{more} -> all"
            case Send(to, message):
                name, more = describe(message)
                return name, f"{more} -> {to}"
            case Persist(_, state, _):
                before = self._durable.get(node.place, Durable())
                self._durable[node.place] = state
                return "writes", _record(before, state)
            case Deliver(block, certificate):
                header = block.header
                view = "" if certificate is None else f", certified in view {certificate.view}"
                last = ", the last of its epoch" if header.next_committee else ""
                return "DELIVERS", f"{_place(header.seq, header.hash)}{view}{last}"
            case Report(note, view, about, reason):
                why = "" if reason is None else f" {reason.name}"
                who = "" if about is None else f", about {about}"
                return "notes", f"{note.name}{why} view {view}{who}"
            case Accuse(evidence):
                return "ACCUSES", f"{accused(evidence)} of {type(evidence).__name__}"
            case _:
                return type(effect).__name__, ""


def _is_quiet(effect: Execute | Send | Broadcast) -> bool:
    return isinstance(effect, Execute) or isinstance(effect.message, _QUIET)


def _place(seq: int, block: BlockHash) -> str:
    return f"h{seq} {block.hex()[:6]}"


def _lock(certificate: Certificate | None) -> str:
    if certificate is None:
        return "none"
    return f"v{certificate.view} {_place(certificate.seq, certificate.block)}"


def describe(message: Message) -> tuple[str, str]:
    """A message's name and what it says."""
    match message:
        case PrePrepare(view=view, block=block):
            place = _place(block.header.seq, block.header.hash)
            return "PRE-PREPARE", f"v{view} {place}, {len(block.txs)} requests"
        case Prepare(view=view, seq=seq, block=name):
            return "PREPARE", f"v{view} {_place(seq, name)}"
        case Commit(view=view, seq=seq, block=name):
            return "COMMIT", f"v{view} {_place(seq, name)}"
        case Suspect(view=view):
            return "SUSPECT", f"v{view}"
        case ViewChange(view=view, prepared=prepared):
            return "VIEW-CHANGE", f"v{view}, lock {_lock(prepared)}"
        case NewView(view=view, view_changes=changes):
            return "NEW-VIEW", f"v{view} by {' '.join(str(change.seat) for change in changes)}"
        case FetchBody(block=name):
            return "FETCH-BODY", name.hex()[:6]
        case Body(block=block):
            return "BODY", _place(block.header.seq, block.header.hash)
        case FetchRange(first=first):
            return "FETCH-RANGE", f"from h{first}"
        case Range(blocks=blocks):
            return "RANGE", f"of {len(blocks)}"
        case _:
            return type(message).__name__, ""


def _record(old: Durable, new: Durable) -> str:
    parts = []
    if new.epoch != old.epoch:
        parts.append(f"epoch {new.epoch}")
    if new.view != old.view:
        parts.append(f"entry into view {new.view}")
    elif new.promised != old.promised:
        parts.append(f"promise of view {new.promised}")
    if new.locked != old.locked:
        parts.append(f"lock {_lock(new.locked)}")
    return ", ".join(parts) or "again what it held"
