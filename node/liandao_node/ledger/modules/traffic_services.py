"""What the traffic module tells modules that come after it, if the street has them (L-10).

A class to inherit from: traffic knows nothing of the pool. Whoever offers a service of such a class
is found by `Context.all_offered`, and told of a batch within the same call, after it was booked.
"""

from dataclasses import dataclass

from liandao_node.ledger.module_api import Context
from liandao_node.types import Millis


@dataclass(frozen=True, slots=True)
class BatchTold:
    """A batch that the calling shop just committed."""

    window_first_ms: Millis
    window_last_ms: Millis
    visitors: int
    """Of its pages, whom no earlier window of the same day had counted."""


class BatchFollower:
    """Wants to know of batches; it cannot refuse."""

    def committed(self, ctx: Context, told: BatchTold) -> None:
        raise NotImplementedError


def tell_committed(ctx: Context, told: BatchTold) -> None:
    for follower in ctx.all_offered(BatchFollower):
        follower.committed(ctx, told)
