"""Netting: many obligations, few payments (L-16.5, L-16.6). Pure sums over integers.

It knows no record and no clock. What goes in is a net amount per party, above zero where the
party is owed and below where it owes; all of them sum to nothing. Answers do not depend on the
order in which parties are given.
"""

from collections.abc import Mapping, Set
from typing import NamedTuple, TypeVar

P = TypeVar("P", bound=int)


class Transfer(NamedTuple):
    """From a debtor to a creditor. The amount is above zero."""

    debtor: int
    creditor: int
    amount: int


def match(nets: Mapping[P, int]) -> list[Transfer]:
    """Transfers that bring every party's net to nothing: fewer than there are parties.

    Both sides stand in the order of (-amount, number); the first debtor pays the first creditor
    as much as both can, and whoever is done makes room for the next.
    """
    assert sum(nets.values()) == 0, "nets sum to nothing"
    debtors = _by_size({party: -net for party, net in nets.items() if net < 0})
    creditors = _by_size({party: net for party, net in nets.items() if net > 0})
    transfers: list[Transfer] = []
    while debtors:
        (owing, owed), (waiting, due) = debtors[-1], creditors[-1]
        amount = min(owed, due)
        transfers.append(Transfer(owing, waiting, amount))
        _take(debtors, amount)
        _take(creditors, amount)
    return transfers


def _by_size(amounts: Mapping[P, int]) -> list[tuple[int, int]]:
    """Parties with their amounts, the next one to serve last."""
    return sorted(amounts.items(), key=lambda item: (-item[1], item[0]), reverse=True)


def _take(waiting: list[tuple[int, int]], amount: int) -> None:
    party, left = waiting.pop()
    if left > amount:
        waiting.append((party, left - amount))


def set_aside(
    transfers: list[Transfer], least: int, at_once: Set[int]
) -> tuple[list[Transfer], dict[int, int]]:
    """Transfers worth a payment, and what parties carry into the next period for the others.

    A transfer of less than ``least`` is carried, unless one of its parties is in ``at_once``.
    Carries are signed as nets are and sum to nothing.
    """
    payments: list[Transfer] = []
    carries: dict[int, int] = {}
    for transfer in transfers:
        if transfer.amount >= least or {transfer.debtor, transfer.creditor} & at_once:
            payments.append(transfer)
            continue
        debtor, creditor, amount = transfer
        carries[debtor] = carries.get(debtor, 0) - amount
        carries[creditor] = carries.get(creditor, 0) + amount
    return payments, carries


def apportion(amount: int, weights: Mapping[P, int]) -> dict[P, int]:
    """Divides an amount in proportion to weights by largest remainder, to the unit.

    Equal remainders go by (-weight, number). Nobody gets more than its weight as long as the
    amount is not above their sum. Weights are above zero, and there is one at least.
    """
    total = sum(weights.values())
    shares = {party: amount * weight // total for party, weight in weights.items()}
    rest = amount - sum(shares.values())
    by_remainder = sorted(
        weights, key=lambda party: (-(amount * weights[party] % total), -weights[party], party)
    )
    for party in by_remainder[:rest]:
        shares[party] += 1
    return shares
