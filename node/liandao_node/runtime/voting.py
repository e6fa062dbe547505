"""The voter's memory on its way to the disk: consensus records in, durability out.

Many requests that wait share one sync; the newest state holds all older ones (P-6.1).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from liandao_node.consensus.effects import NEVER_VOTED, Durable, Persist
from liandao_node.errors import InputFault, LiandaoError, StorageFault
from liandao_node.runtime.patient import PatientWriter
from liandao_node.store.voter import VoterState, VoterStore
from liandao_node.store.writer import CallSoon
from liandao_node.types import Epoch, Seq, View
from liandao_node.wire.blocks import Block, Certificate, decode_block, decode_certificate
from liandao_node.wire.codec import Canonical, Decoder, decode_optional, encode
from liandao_node.wire.messages import NewView, ViewChange, decode_new_view, decode_view_change

_decode_certificates: Decoder[list[Certificate]] = Decoder(list[Certificate])


@dataclass(frozen=True, slots=True)
class _Save:
    token: int
    state: VoterState
    bodies: tuple[Block, ...]
    drop_through: int


def _pack(value: Canonical | None) -> bytes:
    return b"" if value is None else encode(value)


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except InputFault as error:
        raise StorageFault("VOTER_DAMAGED", detail=str(error)) from error


def restore(state: VoterState) -> Durable:
    """What an earlier life of this seat left.

    Raises StorageFault ``VOTER_DAMAGED`` for bytes that are no record.
    """
    with _damage():
        locked: Certificate | None = decode_optional(decode_certificate, state.prepared)
        view_change: ViewChange | None = decode_optional(decode_view_change, state.view_change)
        new_view: NewView | None = decode_optional(decode_new_view, state.new_view)
        handovers = decode_optional(_decode_certificates, state.handovers)
    return Durable(
        promised=View(state.promised),
        view=View(state.view),
        locked=locked,
        view_change=view_change,
        new_view=new_view,
        epoch=Epoch(state.epoch),
        handovers=tuple(handovers or ()),
    )


def restore_bodies(store: VoterStore, tip: Seq) -> tuple[Block, ...]:
    """Blocks kept above ``tip``. Raises StorageFault ``VOTER_DAMAGED``."""
    with _damage():
        bodies = [decode_block(raw) for raw in store.bodies()]
    return tuple(body for body in bodies if body.header.seq > tip)


class VoterWriter:
    """Saves in a thread of its own and tells which token became durable."""

    def __init__(
        self,
        store: VoterStore,
        *,
        call_soon: CallSoon,
        on_durable: Callable[[int], None],
        on_failure: Callable[[LiandaoError], None],
        on_full: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._on_durable = on_durable
        self._thread: PatientWriter[_Save] = PatientWriter(
            "voter.db",
            self._write,
            call_soon=call_soon,
            on_done=self._done,
            on_failure=on_failure,
            on_full=on_full,
            idle=store.checkpoint,
        )

    def retry(self) -> bool:
        """Saves again what a full disk refused; whether nothing has to wait any more. What
        hangs on it is said then, and no vote is lost (P-6.6)."""
        return self._thread.retry()

    def submit(self, persist: Persist, safe_seq: int) -> None:
        """Queues a record; bodies up to ``safe_seq`` are safe in ledger.db and may go."""
        durable = persist.state
        assert durable.promised != NEVER_VOTED
        state = VoterState(
            epoch=durable.epoch,
            promised=durable.promised,
            view=durable.view,
            prepared=_pack(durable.locked),
            view_change=_pack(durable.view_change),
            new_view=_pack(durable.new_view),
            handovers=encode(durable.handovers) if durable.handovers else b"",
        )
        self._thread.submit(_Save(persist.token, state, persist.bodies, safe_seq))

    def _write(self, saves: Sequence[_Save]) -> None:
        bodies = {
            (block.header.seq, block.header.hash): block for save in saves for block in save.bodies
        }
        self._store.save(
            saves[-1].state,
            [(seq, name, encode(block)) for (seq, name), block in bodies.items()],
            max(save.drop_through for save in saves),
        )

    def _done(self, saves: Sequence[_Save]) -> None:
        self._on_durable(saves[-1].token)

    def stop(self) -> None:
        """Writes what is queued and ends the thread."""
        self._thread.stop()
