"""A mapping is checked when it is loaded, and an error names its key."""

from importlib.resources import files
from pathlib import Path

import pytest
from liandao_plugins.api import OperatorFault
from liandao_plugins.builtin import sample_receipts
from liandao_plugins.builtin.receipt_import.bounds import MAPPING_BYTES_MAX
from liandao_plugins.builtin.receipt_import.mapping import (
    LeftOutCount,
    Negative,
    Rounding,
    load_mapping,
    parse_mapping,
)
from support.plugin_data import MAPPINGS, PLAIN


def test_defaults() -> None:
    mapping = parse_mapping(PLAIN)
    assert mapping.file.encoding == "utf-8"
    assert mapping.file.delimiter == ","
    assert mapping.file.quote == '"'
    assert mapping.open_orders == 1
    assert mapping.amount.rounding is Rounding.LINE
    assert mapping.amount.negative is Negative.REJECT
    assert mapping.left_out_count is LeftOutCount.REJECTED
    assert mapping.columns == {
        "id": "order.reference",
        "at": "time.columns",
        "sum": "amount.value",
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("form = 1", "", "MAPPING_MISSING", "form"),
        ("form = 1", "form = 2", "MAPPING_VALUE", "form"),
        ("form = 1", "form = true", "MAPPING_TYPE", "form"),
        ('name = "till"', 'name = ""', "MAPPING_VALUE", "name"),
        ('name = "till"', "name = 5", "MAPPING_TYPE", "name"),
        ("[order]", "[orders]", "MAPPING_MISSING", "order"),
        ('reference = "id"', "", "MAPPING_MISSING", "order.reference"),
        ('reference = "id"', "reference = []", "MAPPING_MISSING", "order.reference"),
        ('reference = "id"', 'reference = ["id", "id"]', "MAPPING_VALUE", "order.reference"),
        ('reference = "id"', 'reference = ["id", 5]', "MAPPING_TYPE", "order.reference"),
        ("[time]", "open_orders = 0\n[time]", "MAPPING_VALUE", "order.open_orders"),
        ("[time]", "open_orders = 1001\n[time]", "MAPPING_VALUE", "order.open_orders"),
        ("[time]", "open_order = 9\n[time]", "MAPPING_UNKNOWN_KEY", "order.open_order"),
        ("%Y-%m-%d %H:%M", "%Y-%m-%d %Q", "MAPPING_VALUE", "time.format"),
        ("%Y-%m-%d %H:%M", "%Y-%m-%d %d", "MAPPING_VALUE", "time.format"),
        ("%Y-%m-%d %H:%M", "%m-%d %H:%M", "MAPPING_VALUE", "time.format"),
        ("%Y-%m-%d %H:%M", "%H:%M", "MAPPING_VALUE", "time.format"),
        ("%Y-%m-%d %H:%M", "%Y-%m-%d %", "MAPPING_VALUE", "time.format"),
        ('zone = "UTC"', 'zone = "Moon/Crater"', "MAPPING_VALUE", "time.zone"),
        ('zone = "UTC"', 'zone = "../../etc/passwd"', "MAPPING_VALUE", "time.zone"),
        ('zone = "UTC"', "", "MAPPING_VALUE", "time.zone"),
        ("%H:%M", "%H:%M %z", "MAPPING_VALUE", "time.zone"),
        ("exponent = 2", "exponent = 5", "MAPPING_VALUE", "amount.exponent"),
        ("exponent = 2", "", "MAPPING_MISSING", "amount.exponent"),
        ("exponent = 2", "exponent = 2.0", "MAPPING_TYPE", "amount.exponent"),
        ('value = "sum"', 'quantity = "q"', "MAPPING_MISSING", "amount.price"),
        ('value = "sum"', 'value = "s"\nprice = "p"', "MAPPING_VALUE", "amount.value"),
        ("[amount]", '[amount]\nrounding = "up"', "MAPPING_VALUE", "amount.rounding"),
        ("[amount]", '[amount]\nnegative = "ok"', "MAPPING_VALUE", "amount.negative"),
        ("[amount]", '[amount]\ndecimal = ";"', "MAPPING_VALUE", "amount.decimal"),
        ("[amount]", '[amount]\nthousands = "."', "MAPPING_VALUE", "amount.thousands"),
        ("[amount]", '[amount]\nthousands = "5"', "MAPPING_VALUE", "amount.thousands"),
        ("[amount]", '[amount]\nstrip = ["$", ""]', "MAPPING_VALUE", "amount.strip"),
        ("[time]", '[file]\nencoding = "utf-16"\n[time]', "MAPPING_VALUE", "file.encoding"),
        ("[time]", '[file]\nencoding = "klingon"\n[time]', "MAPPING_VALUE", "file.encoding"),
        ("[time]", '[file]\nencoding = "rot13"\n[time]', "MAPPING_VALUE", "file.encoding"),
        ("[time]", '[file]\ndelimiter = ";;"\n[time]', "MAPPING_VALUE", "file.delimiter"),
        ("[time]", '[file]\nquote = ","\n[time]', "MAPPING_VALUE", "file.quote"),
        ("[time]", '[file]\ncolumns = ["id"]\n[time]', "MAPPING_VALUE", "file.columns"),
        ("[time]", "[file]\nheader = false\n[time]", "MAPPING_MISSING", "file.columns"),
        ("[time]", '[left_out]\ncolumn = "c"\n[time]', "MAPPING_MISSING", "left_out.values"),
        ("[time]", 'x = 1\n[time]', "MAPPING_UNKNOWN_KEY", "order.x"),
        ("[time]", '[cancelled]\nreference_prefix = ""\n[time]', "MAPPING_VALUE",
         "cancelled.reference_prefix"),
    ],
)  # fmt: skip
def test_a_bad_mapping_names_its_key(old: str, new: str, code: str, key: str) -> None:
    assert old in PLAIN
    with pytest.raises(OperatorFault) as caught:
        parse_mapping(PLAIN.replace(old, new, 1))
    assert (caught.value.code, caught.value.facts["key"]) == (code, key)


def test_a_set_without_prices_has_no_mapping() -> None:
    """The bakery of the developers' data: Date, Time, Transaction, Item, and no money."""
    bakery = """
    form = 1
    name = "bakery"
    [order]
    reference = "Transaction"
    [time]
    columns = ["Date", "Time"]
    format = "%Y-%m-%d %H:%M:%S"
    zone = "Europe/London"
    """
    with pytest.raises(OperatorFault) as caught:
        parse_mapping(bakery)
    assert caught.value.code == "MAPPING_NO_AMOUNT"
    assert not (MAPPINGS / "bakery.toml").exists()


@pytest.mark.parametrize("text", ["= 5", "form = 1\nform = 1", "a = [" * 2_000])
def test_what_is_no_toml_is_named(text: str) -> None:
    with pytest.raises(OperatorFault, match="MAPPING_SYNTAX"):
        parse_mapping(text)


def test_a_file_that_is_no_mapping_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="MAPPING_UNREADABLE"):
        load_mapping(tmp_path / "no.toml")
    file = tmp_path / "a.toml"
    file.write_bytes(b"name = '\xff'")
    with pytest.raises(OperatorFault, match="MAPPING_SYNTAX"):
        load_mapping(file)
    file.write_bytes(b"#" * (MAPPING_BYTES_MAX + 1))
    with pytest.raises(OperatorFault, match="MAPPING_SYNTAX"):
        load_mapping(file)


@pytest.mark.parametrize("file", sorted(MAPPINGS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_example_loads_under_its_name(file: Path) -> None:
    assert load_mapping(file).name == file.stem


def test_the_sample_reads_by_the_mapping_that_is_shown() -> None:
    packed = files(sample_receipts) / "cdnow.toml"
    assert packed.read_bytes() == (MAPPINGS / "cdnow.toml").read_bytes()
