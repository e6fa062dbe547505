"""What a node offers over HTTP, when its settings ask for it.

`liandao_node.runtime.metrics` and the HTTP library are imported only then: a till without
them starts 40 ms sooner and is 3.5 MB smaller.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from liandao_node.runtime.config import NodeSettings
from liandao_node.runtime.driver import Driver
from liandao_node.runtime.roll import RollCall
from liandao_node.runtime.submission import Submissions

if TYPE_CHECKING:
    from liandao_node.doors.http import HttpDoor
    from liandao_node.runtime.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Web:
    door: "HttpDoor"
    metrics: "Metrics"


def open_web(
    settings: NodeSettings,
    *,
    roll: RollCall,
    driver: Driver,
    submissions: Submissions,
    faults: Counter[str],
    data_dir: Path,
) -> Web | None:
    """The HTTP door and the figures behind it; None when no ``http_port`` is set."""
    if settings.http_port is None:
        return None
    from liandao_node.doors.http import HttpDoor, Routes
    from liandao_node.doors.metrics import add_metrics
    from liandao_node.runtime.metrics import CONTENT_TYPE, Metrics

    metrics = Metrics(
        roll=roll.roll,
        driver=driver,
        pending=lambda: submissions.pending,
        faults=faults,
        data_dir=data_dir,
    )
    submissions.on_certified = metrics.on_certified
    routes = Routes()
    add_metrics(routes, page=metrics.page, content_type=CONTENT_TYPE, roll=roll.roll)
    door = HttpDoor(routes, settings.http_host, settings.http_port, faults=faults)
    return Web(door, metrics)
