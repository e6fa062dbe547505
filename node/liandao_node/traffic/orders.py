"""Purchases as traffic: what a sale leaves in the shop's record."""

from liandao_node.traffic.events import EventClass, Judgement, Verdict
from liandao_node.traffic.visitors import customer_key, subject_key
from liandao_node.types import Millis


def order_event(
    source: str, reference: str, customer: str, at_ms: Millis, salt: bytes
) -> Judgement:
    """The event of an order that the ledger took in.

    Whether an order is a duplicate, the ledger says by its reference; whether its customer
    has standing is found at the period's close. Here every order counts.
    """
    return Judgement(
        EventClass.ORDER,
        Verdict.COUNTED,
        customer_key(salt, source, customer, reference),
        at_ms,
        subject_key(salt, source, reference),
    )
