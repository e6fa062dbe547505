"""Real exports, counted a second time by ten lines that share nothing with the importer."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from liandao_plugins.api import Order, Refund, Rejected
from liandao_plugins.builtin.receipt_import.source import ReceiptFiles
from liandao_plugins.builtin.text_files import find_files
from support.plugin_data import example_mapping, shared_data


def _read(path: Path, mapping: str) -> tuple[dict[str, int], int, Counter[str]]:
    """Sums by reference, those of refunds below zero; rows in them, rejected rows by reason."""
    sums, rows, reasons = {}, 0, Counter[str]()
    for item in ReceiptFiles(find_files(path), example_mapping(mapping)):
        match item:
            case Order():
                assert item.reference not in sums
                sums[item.reference] = item.gross_minor
                rows += len(item.lines)
            case Refund():
                assert item.reference not in sums
                assert not item.order
                sums[item.reference] = -item.gross_minor
                rows += len(item.lines)
            case Rejected():
                reasons[str(item.reason)] += 1
    return sums, rows, reasons


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
            yield from csv.DictReader(text)


def test_online_retail_to_the_penny() -> None:
    path = shared_data("retail", "online_retail_by_day")
    no_goods = {"POST", "DOT", "M", "m", "D", "S", "AMAZONFEE", "BANK CHARGES"}
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    counts: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for row in _rows(path):
        code = row["StockCode"]
        is_refund = row["InvoiceNo"].startswith("C")
        if code in no_goods or code.startswith("gift_0001_"):
            expected["CANCEL_NO_GOODS" if is_refund else "ROW_EXCLUDED"] += 1
        elif not is_refund and float(row["Quantity"]) < 0:
            expected["ROW_CANCELLED"] += 1
        else:
            sums[row["InvoiceNo"]] += Fraction(row["Quantity"]) * Fraction(row["UnitPrice"]) * 100
            counts[row["InvoiceNo"]] += 1
    paid = {reference: int(total) for reference, total in sums.items() if total}
    expected["ROW_ORDER_SUM"] = sum(counts[r] for r, total in sums.items() if total == 0)

    found, rows, reasons = _read(path, "online_retail")
    assert found == paid
    assert reasons == expected
    assert rows == sum(counts[reference] for reference in paid)
    assert rows + reasons.total() == 105_335
    bought = [total for total in found.values() if total > 0]
    assert (len(bought), sum(bought)) == (3_725, 195_976_616)
    assert len(found) - len(bought) == 739, "cancellations"


def test_online_retail_customers_lose_their_fraction() -> None:
    path = shared_data("retail", "online_retail_by_day", "2010-12-01.csv.gz")
    expected = {row["InvoiceNo"]: row["CustomerID"].removesuffix(".0") for row in _rows(path)}
    source = ReceiptFiles([path], example_mapping("online_retail"))
    found = {order.reference: order.customer for order in source if isinstance(order, Order)}
    assert len(found) > 100
    assert found == {reference: expected[reference] for reference in found}
    assert "" in found.values()


def test_complete_journey_to_the_cent() -> None:
    path = shared_data("retail", "complete_journey", "transactions_store367.csv.gz")
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    counts: Counter[str] = Counter()
    for row in _rows(path):
        paid = Decimal(row["sales_value"]) - Decimal(row["coupon_disc"])
        sums[row["basket_id"]] += paid.quantize(Decimal("0.01"))
        counts[row["basket_id"]] += 1
    paid_for = {basket: int(total * 100) for basket, total in sums.items() if total > 0}
    unpaid = sum(counts[basket] for basket, total in sums.items() if total <= 0)

    found, rows, reasons = _read(path, "complete_journey")
    assert found == paid_for
    assert reasons == Counter({"ROW_ORDER_SUM": unpaid})
    assert rows + reasons.total() == 41_334
    assert (len(found), sum(found.values())) == (4_176, 14_747_349)


def test_complete_journeys_coupon_match_is_already_off_the_sales_value() -> None:
    """Why the mapping subtracts coupon_disc alone: with the match added back, and not without,
    the prices on the shelf end in 9."""
    path = shared_data("retail", "complete_journey", "transactions_store367.csv.gz")
    with_match = without = total = 0
    for row in _rows(path):
        match = Decimal(row["coupon_match_disc"])
        if row["quantity"] != "1" or match * 100 % 10 == 0:
            continue  # a match of 1.00 changes no last digit
        total += 1
        shelf = Decimal(row["sales_value"]) + Decimal(row["retail_disc"])
        with_match += (shelf + match) * 100 % 10 == 9
        without += shelf * 100 % 10 == 9
    assert total > 50
    assert with_match > 0.75 * total
    assert without < 0.25 * total
