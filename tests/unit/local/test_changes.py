"""Whoever waits for changes gets the latest count and misses none."""

import trio
import trio.testing
from liandao_node.local.changes import Changes


async def test_a_change_before_the_wait_is_seen() -> None:
    changes = Changes()
    changes.announce()
    assert await changes.after(0) == 1


async def test_many_changes_are_one_piece_of_news(nursery: trio.Nursery) -> None:
    changes, seen = Changes(), []

    async def watch() -> None:
        seen.append(await changes.after(0))

    nursery.start_soon(watch)
    nursery.start_soon(watch)
    await trio.testing.wait_all_tasks_blocked()
    for _ in range(3):
        changes.announce()
    await trio.testing.wait_all_tasks_blocked()
    assert seen == [3, 3]


async def test_nothing_new_keeps_waiting() -> None:
    changes = Changes()
    changes.announce()
    with trio.move_on_after(0.01) as scope:
        await changes.after(1)
    assert scope.cancelled_caught
