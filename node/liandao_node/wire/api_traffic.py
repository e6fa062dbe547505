"""Traffic over the local API: hits that are judged, windows that are closed."""

from typing import TypeAlias

from liandao_node.wire.api_message import ApiMessage, Certified, TimeIn


class HitIn(ApiMessage, frozen=True):
    """One line of an access log, or one beacon. Judged by the node, then forgotten."""

    at_ms: TimeIn
    ip: str
    user_agent: str
    method: str
    path: str
    status: int
    referrer: str


class SubmitHits(ApiMessage, frozen=True, tag="submit_hits"):
    hits: list[HitIn]


class SealTraffic(ApiMessage, frozen=True, tag="seal_traffic"):
    """Closes the traffic window now instead of at its end."""


class HitsDone(ApiMessage, frozen=True, tag="hits_done"):
    counted: int
    dropped: list[tuple[str, int]]
    """By verdict code."""


class Sealed(ApiMessage, frozen=True, tag="sealed"):
    events: int
    certified: Certified | None
    """None when the window was empty."""


TrafficRequest: TypeAlias = SubmitHits | SealTraffic
TrafficReply: TypeAlias = HitsDone | Sealed
