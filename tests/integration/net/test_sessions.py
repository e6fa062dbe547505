"""Two processes with one shop's key (O7, T15): what the others do, and which one stops."""

from dataclasses import replace

import pytest
import trio
from liandao_node.net.addresses import Address
from liandao_node.net.admission import Verdict
from liandao_node.net.claims import Claim
from liandao_node.net.greeting import Answer, Call, Introduced, answer, connect, raw_socket
from liandao_node.net.handshake import Identity
from liandao_node.types import ShopId
from support.shops import KEYS, LOOPBACK, STREET, Shop, identity, members, open_street

TWO = members(2)
SHOP = ShopId(0)


async def call_as(own: Identity, port: int) -> tuple[Introduced, Answer]:
    """A call by hand, up to what the host says to it."""
    sock = await connect(Address(LOOPBACK, port))
    try:
        call = Call(sock, own)
        await call.introduce_host()
        introduced = await call.introduce_self()
        return introduced, await introduced.hear()
    except BaseException:
        sock.close()
        raise


async def test_the_newer_session_takes_over_and_the_older_one_stops() -> None:
    """The copy was started after the original: the others keep to it, at once and for good."""
    async with open_street() as nursery:
        peer = await Shop(1, street=TWO).open(nursery)
        original = await Shop(0, street=TWO, boot=5, peers={1: peer.port}).open(nursery)
        await original.diary.until("up 1")
        copy = await Shop(0, street=TWO, boot=6, peers={1: peer.port}).open(nursery)
        await copy.diary.until("up 1")
        fault = await original.until_it_stops()
        assert (fault.code, fault.facts) == ("KEY_IN_USE_ELSEWHERE", {"session": 5, "other": 6})
        assert peer.diary.lines.count("TWO_SESSIONS by 0") == 1
        assert peer.network.send(SHOP, b"to the newer")
        await copy.diary.until_frame(1, b"to the newer")
        assert original.diary.frames == []
        assert peer.network.states()[0].session == 6


async def test_of_two_with_the_same_boot_exactly_one_stops() -> None:
    """Copied while it was down, and both started once: neither number is the newer."""
    async with open_street() as nursery:
        peer = await Shop(1, street=TWO).open(nursery)
        both = [
            await Shop(0, street=TWO, boot=6, peers={1: peer.port}).open(nursery) for _ in range(2)
        ]
        older, newer = sorted(both, key=lambda shop: shop.network._identity.session)
        fault = await older.until_it_stops()
        assert (fault.code, fault.facts) == ("KEY_IN_USE_ELSEWHERE", {"session": 6, "other": 6})
        await newer.diary.until("up 1")
        assert newer.stopped_by is None
        await peer.diary.until("TWO_SESSIONS by 0")


async def test_a_restart_is_no_second_session() -> None:
    async with open_street() as nursery:
        peer = await Shop(1, street=TWO).open(nursery)
        for boot in (1, 2, 3):
            shop = await Shop(0, street=TWO, boot=boot, peers={1: peer.port}).open(nursery)
            await shop.diary.until("up 1")
            await peer.diary.until("up 0", times=boot)
            await shop.close()
        assert {line for line in peer.diary.lines if "up" not in line} <= {"down 0"}


async def test_a_copy_put_back_from_a_backup_stops_when_it_meets_the_others() -> None:
    """Nobody else runs; but the others have met a later life of this key."""
    async with open_street() as nursery:
        peer = await Shop(1, street=TWO).open(nursery)
        now = await Shop(0, street=TWO, boot=9, peers={1: peer.port}).open(nursery)
        await now.diary.until("up 1")
        await now.close()
        past = await Shop(0, street=TWO, boot=4, peers={1: peer.port}).open(nursery)
        assert (await past.until_it_stops()).facts == {"session": 4, "other": 9}


async def test_a_node_that_dials_its_own_key_stops() -> None:
    async with open_street() as nursery:
        twin = await Shop(0, street=TWO, boot=2).open(nursery)
        ours = await Shop(0, street=TWO, boot=3, peers={1: twin.port}).open(nursery)
        assert (await ours.until_it_stops()).facts == {"session": 3, "other": 2}
        assert twin.stopped_by is None, "it was not told by whom it was called"


async def test_a_node_that_is_called_by_its_own_key_stops() -> None:
    async with open_street() as nursery:
        shop = await Shop(0, street=TWO, boot=3).open(nursery)
        sock = await connect(Address(LOOPBACK, shop.port))
        call = Call(sock, identity(0))
        await call.introduce_host()
        await call.introduce_self()
        assert (await shop.until_it_stops()).facts == {"session": 3, "other": 7}
        sock.close()


class LyingHost:
    """A member that says to every caller that a newer session of its key is known."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.told = 0

    async def serve(self, *, task_status: trio.TaskStatus[int]) -> None:
        (listener,) = await trio.open_tcp_listeners(0, host=LOOPBACK)
        task_status.started(listener.socket.getsockname()[1])
        await trio.serve_listeners(self._lie, [listener])

    async def _lie(self, stream: trio.SocketStream) -> None:
        with raw_socket(stream) as sock:
            called = await answer(sock, identity(1))
            self.told += 1
            called.speak(Answer(Verdict.OLDER_SESSION, self.claim))


async def _claim_of(own: Identity) -> Claim:
    """A claim that ``own`` once made, to somebody who kept it."""
    async with open_street() as nursery:
        host = await Shop(1, street=TWO).open(nursery)
        introduced, _ = await call_as(own, host.port)
        introduced.sock.close()
        kept = host.network._pairs[SHOP]._sessions.claim
        assert kept is not None
        return kept


@pytest.mark.parametrize("lie", ["another key's", "raised by hand", "of an earlier life"])
async def test_nobody_stops_a_node_with_a_claim_that_proves_nothing(lie: str) -> None:
    own = Identity(KEYS[0], STREET, identity(0).static, boot=3)
    claim = await _claim_of(own)
    if lie == "another key's":
        claim = replace(claim, signature=KEYS[1].sign(b"anything"))
    if lie == "raised by hand":
        claim = replace(claim, about=(99).to_bytes(8, "big") + claim.about[8:])
    async with open_street() as nursery:
        liar = LyingHost(claim)
        port = await nursery.start(liar.serve)
        shop = await Shop(0, street=TWO, boot=4, peers={1: port}).open(nursery)
        await shop.diary.until("CLAIM_FORGED", times=2)
        assert liar.told >= 2
        assert shop.stopped_by is None


async def test_a_claim_that_its_own_key_made_later_does_stop_it() -> None:
    """The proof needs no honest messenger: the other side of the test above."""
    claim = await _claim_of(Identity(KEYS[0], STREET, identity(0).static, boot=5))
    async with open_street() as nursery:
        port = await nursery.start(LyingHost(claim).serve)
        shop = await Shop(0, street=TWO, boot=4, peers={1: port}).open(nursery)
        assert (await shop.until_it_stops()).facts == {"session": 4, "other": 5}


async def test_another_minor_version_works_and_is_known_another_major_is_refused_by_name() -> None:
    async with open_street() as nursery:
        shop = await Shop(1, street=TWO).open(nursery)
        ours = identity(0)
        later = replace(ours, protocol=ours.protocol._replace(minor=9))
        introduced, ruling = await call_as(later, shop.port)
        assert ruling.verdict is Verdict.WELCOME
        assert shop.network.states()[0].protocol == f"{ours.protocol.major}.9"
        introduced.sock.close()
        other = replace(ours, protocol=ours.protocol._replace(major=2))
        with pytest.raises(Exception, match=r"OTHER_VERSION\(own=2, version=1\)"):
            await call_as(other, shop.port)
        await shop.diary.until("OTHER_VERSION")


async def test_the_former_port_is_taken_again_and_given_up_when_it_is_taken() -> None:
    async with open_street() as nursery:
        first = await Shop(0, street=TWO).open(nursery)
        elsewhere = await Shop(1, street=TWO, former_port=first.port).open(nursery)
        assert elsewhere.port not in (0, first.port)
        await first.close()
        again = await Shop(0, street=TWO, boot=1, former_port=first.port).open(nursery)
        assert again.port == first.port
