"""Invented exports in the forms of the real sets, small enough to count by hand."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

RETAIL: Final = (
    *("InvoiceNo", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "UnitPrice", "CustomerID", "Country"),
)
JOURNEY: Final = (
    *("household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value"),
    *("retail_disc", "coupon_disc", "coupon_match_disc", "week", "transaction_timestamp"),
)


def put(file: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    file.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def row(
    invoice: str,
    code: str,
    pieces: int,
    at: str,
    price: str,
    customer: str = "",
    words: str = "THING",
) -> tuple[object, ...]:
    """One line of an invoice; ``at`` is the minute, as in ``2010-12-01 09:30``."""
    return (invoice, code, words, pieces, f"{at}:00", price, customer, "United Kingdom")


def basket(household: str, number: int, at: str, value: str) -> tuple[object, ...]:
    """A basket of one thing; ``at`` is UTC."""
    return (household, 367, number, 1, 1, value, "0.0", "0.0", "0.0", 1, f"{at}:00")


def journey(
    root: Path,
    baskets: Iterable[tuple[object, ...]],
    *,
    mailed: Iterable[tuple[int, str]],
    campaigns: Iterable[tuple[int, str, str, str]],
    redeemed: Iterable[tuple[str, int, str]],
) -> Path:
    """A folder in the form of the set; ``redeemed`` are household, campaign and day."""
    put(root / "transactions_store367.csv.gz", JOURNEY, baskets)
    put(root / "campaigns.csv.gz", ("campaign_id", "household_id"), mailed)
    described = ("campaign_id", "campaign_type", "start_date", "end_date")
    put(root / "campaign_descriptions.csv.gz", described, campaigns)
    named = ("household_id", "coupon_upc", "campaign_id", "redemption_date")
    rows = [(household, 1, campaign, day) for household, campaign, day in redeemed]
    put(root / "coupon_redemptions_2017.csv.gz", named, rows)
    return root
