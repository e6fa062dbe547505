"""Traffic: what was seen, whether it counts, and what is committed of it. Pure.

Lists, salts and times are handed in; the package reads no clock, file or network and knows
nothing of points (D-10).
"""

from liandao_node.traffic.batching import Batcher, TrafficBatch, with_lateness
from liandao_node.traffic.bots import BotPatterns
from liandao_node.traffic.events import (
    EventClass,
    Hit,
    Judgement,
    Leaf,
    Verdict,
    decode_leaf,
    leaf_bytes,
)
from liandao_node.traffic.judge import Filters, Judge
from liandao_node.traffic.networks import Networks
from liandao_node.traffic.orders import order_event
from liandao_node.traffic.visitors import SALT_BYTES, customer_key, visitor_key

__all__ = [
    "SALT_BYTES",
    "Batcher",
    "BotPatterns",
    "EventClass",
    "Filters",
    "Hit",
    "Judge",
    "Judgement",
    "Leaf",
    "Networks",
    "TrafficBatch",
    "Verdict",
    "customer_key",
    "decode_leaf",
    "leaf_bytes",
    "order_event",
    "visitor_key",
    "with_lateness",
]
