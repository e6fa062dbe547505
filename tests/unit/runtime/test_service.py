"""The node in one look: what a screen is told, and that it is told when it changes."""

from pathlib import Path

import trio
from liandao_node import __version__
from liandao_node.consensus.effects import NEVER_VOTED
from liandao_node.types import View
from liandao_node.wire.codec import encode
from liandao_node.wire.messages import Status
from support.runtime_node import OneNode, found, key_of, running_node, until
from support.runtime_peers import Peer


def _status(one: OneNode, height: int, view: int) -> Status:
    return Status(
        epoch=one.node.driver.replica.committee.epoch,
        view=View(view),
        promised=View(view),
        tip_seq=height,  # type: ignore[arg-type]
        tip=one.node.ledger.tip.hash,
        certificate=None,
        clock_ms=one.node.clock.own_ms(),
        session=5,
    )


async def test_a_summary_tells_who_is_there_and_whether_they_can_agree(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 4)
    async with running_node(dirs[0], genesis, alone=True) as one:
        await until(lambda: one.node.driver.replica.active)
        service = one.node.service
        peers = [Peer(one, at, key_of(genesis, dirs[at])) for at in range(1, 4)]
        alone = service.summary()
        assert [(s.connected, s.height, s.view) for s in alone.seats] == [
            (True, 0, 0),
            *[(False, -1, NEVER_VOTED)] * 3,
        ]
        assert (alone.quorum, alone.active, alone.leader) == (3, False, 0)
        seen = service.changes.count
        peers[0].come()
        assert not service.summary().active
        peers[1].come()
        assert service.summary().active, "three of four are a quorum"
        assert service.changes.count == seen + 2
        peers[1].raw(encode(_status(one, 0, 0)))
        assert service.summary().seats[2].height == 0
        one.node.driver.on_down(peers[1].shop)
        gone = service.summary()
        assert (gone.active, gone.seats[2].connected, gone.seats[2].height) == (False, False, 0)
        one.node.faults["MESSAGE_BAD"] += 2
        assert service.summary().faults == [("MESSAGE_BAD", 2)]


async def test_a_change_wakes_who_watches(tmp_path: Path) -> None:
    genesis, dirs = found(tmp_path, 1)
    async with running_node(dirs[0], genesis, alone=True) as one:
        service = one.node.service
        await until(lambda: service.summary().active)
        before = service.summary()
        assert (before.height, before.calls, before.active) == (0, 0, True)
        seen = service.changes.count
        with trio.fail_after(60):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(service.changes.after, seen)
                await one.card()
        after = service.summary()
        assert (after.height, after.calls, after.pending) == (1, 1, 0)
        assert after.tip != before.tip
        assert after.state_root != before.state_root
        welcome = service.welcome()
        assert (welcome.street, welcome.shop, welcome.shop_name) == ("Test street", 0, "Shop 0")
        assert (welcome.chain_id, welcome.version) == (genesis.chain_id, __version__)
