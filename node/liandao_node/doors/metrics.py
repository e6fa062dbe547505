"""The pages that tell how a node is: ``/metrics`` for Prometheus, ``/healthz`` for whoever
restarts services. Read only, nothing of customers, cards or sums of single sales in them."""

from collections.abc import Callable
from http import HTTPStatus

from liandao_node.doors.http import HttpReply, HttpRequest, Routes, plain
from liandao_node.wire.roll import Roll


def add_metrics(
    routes: Routes, *, page: Callable[[], bytes], content_type: str, roll: Callable[[], Roll]
) -> None:
    """``page`` makes the exposition, ``content_type`` is its type."""

    async def metrics(_: HttpRequest) -> HttpReply:
        return HttpReply(HTTPStatus.OK, page(), content_type)

    async def health(_: HttpRequest) -> HttpReply:
        return _health(roll())

    routes.add("GET", "/metrics", metrics)
    routes.add("GET", "/healthz", health)


def _health(roll: Roll) -> HttpReply:
    """200 while the street can agree on blocks as far as this node sees, else 503. A node
    that answers at all need not be restarted: 503 says that others are missing."""
    text = f"height {roll.height}, {roll.voting} seats vote, {roll.quorum} needed"
    if roll.active and roll.margin >= 0:
        return plain(HTTPStatus.OK, f"ok: {text}")
    return plain(HTTPStatus.SERVICE_UNAVAILABLE, f"the street stands still: {text}")
