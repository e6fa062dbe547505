"""The roll call: who is here, who votes, and how many more may fail (O22).

Made of what this node has seen itself, so it is there when the street stands still. A seat
counts as voting until something speaks against it: no connection, no word lately, far behind,
or no vote in the last blocks.
"""

from collections.abc import Callable, Sequence

from liandao_node.ledger import protocol_queries
from liandao_node.limits import IDLE_SEAT_BLOCKS, STATUS_LATE_MS, WINDOW_SEQS
from liandao_node.net.handler import PeerState
from liandao_node.runtime.clock import monotonic_ms
from liandao_node.runtime.driver import Driver
from liandao_node.runtime.participation import Mark
from liandao_node.runtime.watch import Heard
from liandao_node.types import ShopId
from liandao_node.wire.protocol import CHANNEL
from liandao_node.wire.roll import Roll, RollBlock, RollSeat, RollViewChange, SeatState

_NEVER = -1


class RollCall:
    """Calls the roll of one street from one node. ``states`` gives the network's view."""

    def __init__(
        self,
        *,
        street: str,
        me: ShopId,
        names: Callable[[], dict[ShopId, str]],
        driver: Driver,
        states: Callable[[], Sequence[PeerState]],
    ) -> None:
        self._street = street
        self._me = me
        self._names = names
        self._driver = driver
        self._states = states

    def roll(self) -> Roll:
        driver, replica = self._driver, self._driver.replica
        watch = driver.watch
        states = {state.shop: state for state in self._states()}
        view = driver.ledger.view()
        spoken = protocol_queries.spoken(view) | {self._me: replica.speaks}
        held_back_by = protocol_queries.held_back_by(view)
        seats = [
            self._seat(shop, name, states.get(shop), spoken[shop], holds_back=shop in held_back_by)
            for shop, name in self._shops()
        ]
        voting = sum(seat.state is SeatState.VOTING for seat in seats)
        tip = driver.ledger.tip
        changed = watch.changed
        lacking = driver.ledger.lacking
        return Roll(
            street=self._street,
            me=self._me,
            height=tip.seq,
            epoch=replica.committee.epoch,
            protocol=replica.committee.protocol,
            view=max(replica.views.promised, 0),
            leader=replica.leader,
            active=replica.active,
            quorum=replica.committee.quorum,
            voting=voting,
            margin=voting - replica.committee.quorum,
            waiting=len(driver.mempool),
            block_ms=max(driver.clock.street_ms() - tip.time_ms, 0) if tip.seq else _NEVER,
            view_changes=sorted(watch.reasons.items()),
            last_view_change=None
            if changed is None
            else RollViewChange(changed.view, changed.reason, monotonic_ms() - changed.at_ms),
            blocks=[
                RollBlock(column.seq, column.epoch, column.view, column.proposer, column.time_ms)
                for column in watch.participation.columns
            ],
            seats=seats,
            lacking_module="" if lacking is None else str(lacking.facts["module"]),
            lacking_version=0 if lacking is None else int(lacking.facts.get("version", 0)),
        )

    def _shops(self) -> list[tuple[ShopId, str]]:
        return sorted(self._names().items())

    def _seat(
        self, shop: ShopId, name: str, peer: PeerState | None, speaks: int, *, holds_back: bool
    ) -> RollSeat:
        replica, watch = self._driver.replica, self._driver.watch
        heard = self._own() if shop == self._me else watch.statuses.get(shop)
        marks = watch.participation.marks(shop)
        return RollSeat(
            shop=shop,
            name=name,
            seated=shop in replica.committee,
            state=self._state(shop, peer, heard, speaks),
            problem="" if peer is None else peer.problem,
            two_sessions=shop in watch.twins,
            height=_NEVER if heard is None else heard.height,
            view=_NEVER if heard is None else heard.view,
            session=_NEVER if heard is None else heard.session,
            channel=str(CHANNEL) if peer is None else peer.protocol,
            speaks=speaks,
            holds_back=holds_back,
            heard_ms=_NEVER if heard is None else monotonic_ms() - heard.at_ms,
            voted=sum(mark.voted for mark in marks),
            blocks=sum(mark is not Mark.NO_SEAT for mark in marks),
            late_votes=watch.participation.late_votes[shop],
            wants_to_leave=shop in replica.suspects.get(replica.views.promised, {}),
            marks="".join(marks),
        )

    def _own(self) -> Heard:
        replica = self._driver.replica
        return Heard(
            replica.committee.epoch,
            replica.views.current,
            replica.tip.seq,
            replica.session,
            monotonic_ms(),
        )

    def _state(
        self, shop: ShopId, peer: PeerState | None, heard: Heard | None, speaks: int
    ) -> SeatState:
        replica = self._driver.replica
        seated = shop in replica.committee
        if shop == self._me:
            if replica.outdated:
                return SeatState.OUTDATED
            here = SeatState.VOTING if replica.voting else SeatState.IDLE
            return here if seated else SeatState.FOLLOWING
        if peer is None or not peer.connected:
            return SeatState.AWAY
        if heard is None or monotonic_ms() - heard.at_ms > STATUS_LATE_MS:
            return SeatState.QUIET
        if speaks < replica.committee.protocol:
            return SeatState.OUTDATED
        if not seated:
            return SeatState.FOLLOWING
        if heard.behind > WINDOW_SEQS:
            return SeatState.BEHIND
        idle = self._driver.watch.participation.idle_blocks(shop) >= IDLE_SEAT_BLOCKS
        return SeatState.IDLE if idle else SeatState.VOTING
