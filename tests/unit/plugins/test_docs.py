"""docs/plugins.md and docs/traffic.md say what the code does, name by name."""

import importlib
import inspect
import io
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from enum import Enum
from pathlib import Path

import pytest
from liandao_node.limits import (
    GOODS_REMEMBERED_MAX,
    REFUND_PARTS_MAX,
    TRAFFIC_GRACE_MS,
    TRAFFIC_WINDOW_MS,
    VIEWS_PER_MINUTE_MAX,
    VIEWS_REMEMBERED_MAX,
)
from liandao_node.traffic import EventClass, Verdict
from liandao_plugins import api
from liandao_plugins.api import ExtensionPoint, Permission
from liandao_plugins.api.points import OffersHits, OffersReceipts
from liandao_plugins.builtin.access_log.line_format import Reason as LineReason
from liandao_plugins.builtin.receipt_import.mapping import parse_mapping
from liandao_plugins.builtin.receipt_import.reasons import Reason as RowReason
from liandao_plugins.builtin.receipt_import.toml_table import Table
from liandao_plugins.host import ENTRY_POINT_GROUP, PluginHost, PluginState, Unmatched
from liandao_plugins.host.discovery import find_builtin
from liandao_plugins.host.manifest_check import check_manifest
from support.plugin_data import PLAIN, REPOSITORY, orders, read_receipts

PLUGINS = (REPOSITORY / "docs" / "plugins.md").read_text("utf-8")
TRAFFIC = (REPOSITORY / "docs" / "traffic.md").read_text("utf-8")
PROTOCOLS: dict[ExtensionPoint, Callable[..., object]] = {
    ExtensionPoint.RECEIPT_SOURCE: OffersReceipts.receipt_source,
    ExtensionPoint.HIT_SOURCE: OffersHits.hit_source,
}


def _table(page: str, heading: str) -> list[list[str]]:
    """Cells of the rows of the table whose first column is called ``heading``."""
    match = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", page, re.MULTILINE)
    assert match, f"no table {heading}"
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in match[1].splitlines()]


def _names(page: str, heading: str) -> list[str]:
    return [row[0].strip("`") for row in _table(page, heading)]


def _block(page: str, language: str, holds: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    (block,) = [block for block in blocks if holds in block]
    return str(block)


def _codes(codes: type[Enum]) -> list[str]:
    return [str(code.value) for code in codes]


@pytest.fixture
def tea_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's example, written down as the page says."""
    (tmp_path / "tea_house.py").write_text(_block(PLUGINS, "python", "# tea_house.py"))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("tea_house", None)


def test_the_example_prints_what_the_page_says(tea_house: Path) -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(_block(PLUGINS, "python", "# try_it.py"), "try_it.py", "exec"), {})  # noqa: S102
    assert printed.getvalue() == _block(PLUGINS, "text", "tea_house")


def test_the_example_passes_the_host_and_is_named_as_discovery_looks(tea_house: Path) -> None:
    plugin = importlib.import_module("tea_house").plugin
    check_manifest(plugin)
    project = tomllib.loads(_block(PLUGINS, "toml", "entry-points"))["project"]
    assert project["entry-points"][ENTRY_POINT_GROUP] == {"tea_house": "tea_house:plugin"}


def test_every_extension_point_is_shown_with_its_exact_signature_and_used_by_us() -> None:
    assert set(PROTOCOLS) == set(ExtensionPoint)
    assert re.findall(r"^### `(\w+_source)`$", PLUGINS, re.MULTILINE) == [
        point.value for point in ExtensionPoint
    ]
    for point, method in PROTOCOLS.items():
        section = PLUGINS.split(f"### `{point}`\n")[1].split("##")[0]
        signature = str(inspect.signature(method, eval_str=False))
        for qualified in re.findall(r"(?:\w+\.)+(\w+)", signature):
            signature = re.sub(rf"(?:\w+\.)+{qualified}\b", qualified, signature)
        assert _block(section, "python", "def") == f"def {point}{signature}\n"
        offering = [
            found.plugin.manifest.identifier
            for found in find_builtin()
            if point in found.plugin.manifest.offers
        ]
        assert offering, "an extension point comes with a real plugin that uses it"
        named = section.split("Own plugins that offer it:")[1]
        assert re.findall(r"`(\w+)`", named) == offering


def test_every_name_of_the_interface_is_in_the_table() -> None:
    assert sorted(_names(PLUGINS, "Name")) == sorted(api.__all__)
    assert f"has version {api.API_VERSION[0]}.{api.API_VERSION[1]}" in PLUGINS.replace("\n", " ")


def test_records_are_shown_with_all_their_fields() -> None:
    shown = _block(PLUGINS, "python", "Rejected(line: Line").splitlines()
    assert len(shown) == 9
    for line in shown:
        record = getattr(api, line.partition("(")[0])
        signature = str(inspect.signature(record)).removesuffix(" -> None")
        assert line == record.__name__ + re.sub(r"(?:liandao_plugins\.[\w.]+\.)", "", signature)


def test_states_permissions_and_own_plugins_are_those_of_the_code() -> None:
    assert _names(PLUGINS, "State") == [state.value for state in PluginState]
    row = next(row for row in _table(PLUGINS, "Name") if row[0] == "`Permission`")
    assert re.findall(r"`(\w+)`", row[1]) == [permission.name for permission in Permission]
    assert {
        row[0].strip("`"): (re.findall(r"`(\w+)`", row[1]), re.findall(r"`([\w.]+)`", row[2]))
        for row in _table(PLUGINS, "Plugin")
    } == {
        status.manifest.identifier: (
            [option.name for option in status.manifest.options],
            sorted(permission.value for permission in status.manifest.permissions),
        )
        for status in PluginHost().plugins
        if status.builtin
    }


def test_every_reason_is_listed() -> None:
    after_mappings = PLUGINS.split("## Mappings")
    assert sorted(_names(after_mappings[0], "Reason")) == sorted(_codes(LineReason))
    assert sorted(_names(after_mappings[1], "Reason")) == sorted(_codes(RowReason))
    assert _names(PLUGINS, "Not refunded") == _codes(Unmatched)
    flowing = PLUGINS.replace("\n", " ")
    assert f"more than {REFUND_PARTS_MAX} orders" in flowing
    assert f"last {GOODS_REMEMBERED_MAX:,} rows" in flowing


def test_every_key_of_a_mapping_is_listed_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()

    def recorded(name: str) -> None:
        original = getattr(Table, name)

        def asking(self: Table, key: str, *rest: object) -> object:
            asked.add(self.key(key))
            return original(self, key, *rest)

        monkeypatch.setattr(Table, name, asking)

    recorded("_get")
    recorded("has")
    parse_mapping(PLAIN)
    parse_mapping(PLAIN.replace('value = "sum"', 'quantity = "n"\nprice = "p"'))
    asked -= {"file", "order", "time", "amount", "customer", "cancelled", "left_out"}
    assert sorted(_names(PLUGINS, "Key")) == sorted(asked)


def test_the_small_mapping_reads_what_it_seems_to_read(tmp_path: Path) -> None:
    text = 'Receipt,Date,Time,Qty,Price\n7,01.06.2024,10:00,2,"1,25"\n'
    mapping = _block(PLUGINS, "toml", "corner_till")
    assert orders(read_receipts(tmp_path, text, mapping)) == {"7": 250}


def test_classes_verdicts_and_numbers_of_traffic_are_those_of_the_code() -> None:
    assert {row[0].strip("`"): int(row[1]) for row in _table(TRAFFIC, "Class")} == {
        member.name: member.value for member in EventClass
    }
    assert {row[0].strip("`"): int(row[1]) for row in _table(TRAFFIC, "Verdict")} == {
        member.name: member.value for member in Verdict
    }
    flowing = TRAFFIC.replace("\n", " ")
    assert f"at most {VIEWS_PER_MINUTE_MAX} views" in flowing
    assert f"remembers {VIEWS_REMEMBERED_MAX:,} views" in flowing
    assert f"more than {TRAFFIC_GRACE_MS // 3_600_000} hours" in flowing
    assert TRAFFIC_WINDOW_MS == 10 * 60_000
