"""This node and one other member: at most one channel, dialled again for as long as it takes.

`admission` says which of two connections stays and why; this module carries it out. The
step from a verdict to the channel it is about holds no await, so no second verdict can fall
in between.

Of two processes with the peer's key only the newer session is dealt with (O7): the older one
is shown the newer one's claim and is to stop; so does this node when it is shown one.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import trio

from liandao_node.errors import LiandaoError, PeerFault, Unavailable
from liandao_node.limits import CONNECT_MS_MAX, HANDSHAKE_MS_MAX
from liandao_node.net.addresses import Address, AddressBook, Addresses
from liandao_node.net.admission import Backoff, KeepOut, Tie, Verdict, judge
from liandao_node.net.channel import Channel
from liandao_node.net.claims import Claim, Newest, key_in_use
from liandao_node.net.greeting import Answer, Call, Introduced, connect
from liandao_node.net.handler import PeerHandler, PeerState
from liandao_node.net.handshake import Identity
from liandao_node.types import PublicKey, ShopId

_REFUSED: Final = {
    Verdict.UNKNOWN_SHOP: Unavailable("NOT_ADMITTED"),
    Verdict.KEPT_OUT: Unavailable("KEPT_OUT"),
}
_ORDINARY: Final = frozenset({"PEER_GONE", "REPLACED", "CHANNEL_ABANDONED", "OLDER_SESSION"})
"""Ends of a channel that are nobody's fault and nothing to count."""
_UNPROVED: Final = frozenset({"FRAME_FORGED"})
"""Faults that anybody on the way can cause: the peer is not kept out for them."""


class _NotReached(Exception):
    """A dial has failed before the peer proved to be there."""

    def __init__(self, reason: LiandaoError) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Live:
    channel: Channel
    instance: bytes
    dialled: bool
    remote: str


class Pair:
    """The connection with one other member."""

    def __init__(
        self,
        shop: ShopId,
        key: PublicKey,
        *,
        identity: Identity,
        addresses: Addresses,
        book: AddressBook,
        handler: PeerHandler,
        jitter: Callable[[], float],
    ) -> None:
        self.shop = shop
        self.key = key
        self._identity = identity
        self._addresses = addresses
        self._book = book
        self._handler = handler
        self._live: _Live | None = None
        self._waiting: tuple[bytes, trio.CancelScope] | None = None
        """Instance and scope of the own dial that waits for its verdict."""
        self._sessions = Newest()
        self._backoff = Backoff(jitter)
        self._keep_out = KeepOut()
        self._stirred = trio.lowlevel.ParkingLot()
        self._problem = ""

    # --- for everybody ---

    @property
    def connected(self) -> bool:
        return self._live is not None and self._live.channel.closed_by is None

    def send(self, frame: bytes) -> bool:
        """Whether ``frame`` was put on its way."""
        return self._live is not None and self._live.channel.send(frame)

    def hear(self, addresses: list[Address]) -> None:
        """Hints from discovery; a new one is tried at once."""
        if self._addresses.hear(addresses):
            self._backoff.reset()
            self._stirred.unpark_all()
            self._remember_caller()

    def state(self) -> PeerState:
        connected, newest = self.connected, self._sessions.claim
        major = self._identity.protocol.major
        return PeerState(
            shop=self.shop,
            connected=connected,
            remote=self._live.remote if self._live and connected else "",
            addresses=self._addresses.all(),
            problem="" if connected else self._why_not(),
            session=-1 if newest is None else newest.session.boot,
            protocol="" if newest is None else f"{major}.{newest.minor}",
        )

    def _why_not(self) -> str:
        """Why there is no channel; also of one that has been given up and is not over yet."""
        reason = self._live.channel.closed_by if self._live is not None else None
        return self._problem if reason is None else reason.code

    def _is_current(self, claim: Claim) -> bool:
        """Whether a peer that has just proved itself is its key's newest session (O7)."""
        if self._sessions.contradicted_by(claim):
            self._handler.on_fault(self.shop, "TWO_SESSIONS")
        return self._sessions.take(claim)

    # --- the host's side ---

    def judge(self, claim: Claim) -> Answer:
        """What to tell the peer's process, whose call has just proved itself."""
        if not self._is_current(claim):
            return Answer(Verdict.OLDER_SESSION, self._sessions.claim)
        if self._keep_out.left_ms(_now_ms()) > 0:
            return Answer(Verdict.KEPT_OUT)
        tie = Tie(self._identity.signer.public_key < self.key, self._own_dial())
        verdict = judge(tie, claim.static)
        if verdict is Verdict.DUPLICATE and self._live:
            self._live.channel.ping()
        return Answer(verdict)

    def _own_dial(self) -> bytes | None:
        if self._waiting:
            return self._waiting[0]
        if self._live and self._live.dialled and self.connected:
            return self._live.instance
        return None

    async def serve(self, call: Introduced, remote: str, *, dialled: bool = False) -> None:
        """Takes ``call`` as the pair's channel and runs it to its end."""
        channel = Channel(call.sock, call.sealer, call.opener, self._on_frame)
        live = _Live(channel, call.claim.static, dialled, remote)
        began_ms = _now_ms()
        self._replace(live)
        try:
            await channel.run()
        finally:
            current = self._live is live
            if current:
                self._live = None
        if current:
            self._handler.on_down(self.shop)
        self._backoff.on_channel_ended(_now_ms() - began_ms)
        if channel.closed_by is not None:
            self._note(channel.closed_by)
        self._stirred.unpark_all()

    def _replace(self, live: _Live) -> None:
        if self._waiting:
            self._waiting[1].cancel()
        before, self._live = self._live, live
        if before:
            before.channel.close(Unavailable("REPLACED"))
            self._handler.on_down(self.shop)
        self._problem = ""
        self._remember_caller()
        self._handler.on_up(self.shop)

    def _remember_caller(self) -> None:
        """Keeps where a peer that called us said that it listens, if it called from there:
        after a restart it is dialled at once, before discovery has found anybody."""
        if self._live is None or self._live.dialled:
            return
        likely = self._addresses.heard_at(self._live.remote)
        if likely is not None:
            self._book.remember(self.shop, likely)

    def _on_frame(self, frame: bytes) -> None:
        self._handler.on_message(self.shop, frame)

    def _note(self, reason: LiandaoError) -> None:
        """Counts why a proved peer's channel has ended, and keeps a guilty one out."""
        self._problem = reason.code
        if reason.code not in _ORDINARY:
            self._handler.on_fault(self.shop, reason.code)
        if isinstance(reason, PeerFault) and reason.code not in _UNPROVED:
            self._keep_out.on_fault(_now_ms())

    # --- the caller's side ---

    async def keep_connected(self) -> None:
        """Dials whenever there is no channel, until cancelled."""
        while True:
            await self._until_wanted()
            for address in self._addresses.all():
                if self.connected or await self._try(address):
                    break
            with trio.move_on_after(self._backoff.pause_ms() / 1_000):
                await self._stirred.park()

    async def _until_wanted(self) -> None:
        while True:
            left_ms = self._keep_out.left_ms(_now_ms())
            if not self.connected and not left_ms and self._addresses.all():
                return
            with trio.move_on_after(left_ms / 1_000 if left_ms else float("inf")):
                await self._stirred.park()

    async def _try(self, address: Address) -> bool:
        """One dial, and its channel to the end if it leads to one.

        True when the peer itself was reached, so that its other addresses need no try.
        """
        try:
            with trio.fail_after(CONNECT_MS_MAX / 1_000):
                sock = await connect(address)
        except (Unavailable, trio.TooSlowError):
            self._problem = "PEER_GONE"
            return False
        try:
            call = await self._introduce(sock)
            if call:
                self._addresses.on_reached(address)
                self._book.remember(self.shop, address)
                await self.serve(call, str(address), dialled=True)
        except _NotReached as failure:
            # Whoever sits there, it need not be the peer: nobody is accused.
            self._problem = failure.reason.code
            if self._problem not in _ORDINARY:
                self._handler.on_fault(None, self._problem)
            return False
        finally:
            sock.close()
        return True

    async def _introduce(self, sock: socket.socket) -> Introduced | None:
        """The handshake up to WELCOME.

        None when the peer was reached and this dial is not wanted: there is a better channel,
        or the peer refuses. Raises _NotReached, and OperatorFault ``KEY_IN_USE_ELSEWHERE``.
        """
        with trio.move_on_after(HANDSHAKE_MS_MAX / 1_000) as scope:
            try:
                introduced, answer = await self._exchange(Call(sock, self._identity), scope)
                self._heed(answer)
            except (PeerFault, Unavailable) as error:
                raise _NotReached(error) from error
            if answer.verdict is Verdict.WELCOME:
                return introduced
            if answer.verdict in _REFUSED:
                self._problem = _REFUSED[answer.verdict].code
                self._handler.on_fault(self.shop, self._problem)
            return None
        if trio.current_time() < scope.deadline:
            return None  # ended by `_replace`: the peer's own call was taken
        raise _NotReached(PeerFault("HANDSHAKE_TIMEOUT"))

    async def _exchange(
        self, call: Call, scope: trio.CancelScope
    ) -> tuple[Introduced | None, Answer]:
        key, claim = await call.introduce_host()
        self._check_host(key, claim)
        if self.connected:
            return None, Answer(Verdict.DUPLICATE)
        self._waiting = (claim.static, scope)
        try:
            introduced = await call.introduce_self()
            return introduced, await introduced.hear()
        finally:
            self._waiting = None

    def _check_host(self, key: PublicKey, claim: Claim) -> None:
        own = self._identity
        if key == own.signer.public_key and claim.session != own.session:
            raise key_in_use(own.session, claim.session)
        if key != self.key:
            raise PeerFault("WRONG_SHOP", key=key.hex()[:16])
        if not self._is_current(claim):
            raise Unavailable("OLDER_SESSION")

    def _heed(self, answer: Answer) -> None:
        """A newer session of this node's own key stops it, but only by that key's own word."""
        if answer.newer is None:
            return
        own, other = self._identity, answer.newer.session
        proved = answer.newer.holds(own.chain_id, own.signer.public_key)
        if not proved or other <= own.session:
            raise PeerFault("CLAIM_FORGED", shop=self.shop)
        raise key_in_use(own.session, other)


def _now_ms() -> float:
    return trio.current_time() * 1_000
