"""Discovery against a zeroconf that fails, floods and changes as we like."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
import trio
import zeroconf
from liandao_node.limits import DISCOVERY_RETRY_MS, DISCOVERY_SILENT_MS
from liandao_node.net import discovery
from liandao_node.net.addresses import Address
from liandao_node.net.discovery import (
    SERVICE_TYPE,
    Announcement,
    Discovery,
    Hint,
    hint_of,
    interface_hosts,
    service_info,
    service_name,
)
from liandao_node.types import PublicKey
from support.shops import KEYS, LOOPBACK, NEXT_STREET, STREET
from trio.testing import MockClock

OWN, OTHER = KEYS[0].public_key, KEYS[1].public_key
ANNOUNCEMENT = Announcement(key=OWN, chain_id=STREET, street="弄堂", port=4_000, hosts=())


def info_of(key: PublicKey, *hosts: str, port: int = 5_000) -> zeroconf.ServiceInfo:
    return service_info(replace(ANNOUNCEMENT, key=key, port=port), hosts)


# --- names and hints ---


def test_a_hint_says_what_was_announced() -> None:
    hint = hint_of(info_of(OTHER, "192.0.2.1", "192.0.2.2"), STREET)
    assert hint == Hint(OTHER, [Address("192.0.2.1", 5_000), Address("192.0.2.2", 5_000)])


def test_one_shop_has_one_name_per_street_that_fits_a_label() -> None:
    names = {service_name(street, key) for street in (STREET, NEXT_STREET) for key in (OWN, OTHER)}
    assert len(names) == 4
    for name in names:
        label = name.removesuffix(f".{SERVICE_TYPE}")
        assert "." not in label
        assert len(label) <= 63


def test_a_long_street_name_is_cut_between_characters() -> None:
    info = service_info(replace(ANNOUNCEMENT, street="街" * 80), [LOOPBACK])
    assert info.properties[b"name"] == ("街" * 66).encode()


@pytest.mark.parametrize(
    "change",
    [
        {"street": "22" * 8},
        {"key": "zz" * 32},
        {"key": "11" * 31},
        {"key": "é"},
        {"key": None},
    ],
)
def test_a_service_that_makes_no_sense_is_no_hint(change: dict[str, str | None]) -> None:
    right: dict[str, str | None] = {"street": STREET[:8].hex(), "key": OTHER.hex()}

    def offered(properties: dict[str, str | None]) -> Hint | None:
        info = zeroconf.ServiceInfo(
            SERVICE_TYPE,
            service_name(STREET, OTHER),
            port=1,
            properties=properties,
            parsed_addresses=[LOOPBACK],
        )
        return hint_of(info, STREET)

    assert offered(right)
    assert offered(right | change) is None


def test_without_an_address_or_a_port_there_is_no_hint() -> None:
    assert hint_of(info_of(OTHER), STREET) is None
    assert hint_of(info_of(OTHER, LOOPBACK, port=0), STREET) is None


def test_only_interfaces_that_are_there_are_used() -> None:
    assert interface_hosts((LOOPBACK, "192.0.2.77")) == (LOOPBACK,)
    assert interface_hosts(("192.0.2.77",)) == ()
    assert interface_hosts(())


# --- the bridge ---


@dataclass
class Air:
    """What the fake zeroconf daemons share: who is heard, and what is broken."""

    infos: dict[str, zeroconf.ServiceInfo] = field(default_factory=dict)
    broken: bool = False
    name_taken: bool = False
    hosts: tuple[str, ...] = (LOOPBACK,)
    daemons: list["Daemon"] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)

    def open(self, hosts: tuple[str, ...]) -> "Daemon":
        if self.broken:
            raise OSError(19, "No such device")
        self.daemons.append(Daemon(self, hosts))
        return self.daemons[-1]


class Daemon:
    """Stands in for zeroconf.Zeroconf; like it, it calls the listener in another thread."""

    def __init__(self, air: Air, hosts: tuple[str, ...]) -> None:
        self._air = air
        self.hosts = hosts
        self.registered: list[zeroconf.ServiceInfo] = []
        self.closed = 0
        self._listener: zeroconf.ServiceListener | None = None

    def add_service_listener(self, type_: str, listener: zeroconf.ServiceListener) -> None:
        assert type_ == SERVICE_TYPE
        self._listener = listener
        self.shout(*self._air.infos)

    def shout(self, *names: str) -> None:
        def call() -> None:
            assert self._listener is not None
            for name in names:
                self._listener.add_service(None, SERVICE_TYPE, name)  # type: ignore[arg-type]

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()

    def register_service(self, info: zeroconf.ServiceInfo) -> None:
        if self._air.name_taken:
            raise zeroconf.NonUniqueNameException
        self.registered.append(info)

    def get_service_info(self, type_: str, name: str, timeout: int) -> zeroconf.ServiceInfo | None:
        assert (type_, timeout > 0) == (SERVICE_TYPE, True)
        self._air.lookups.append(name)
        if name not in self._air.infos:
            raise zeroconf.NotRunningException
        return self._air.infos[name]

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> Air:
    air = Air()
    monkeypatch.setattr(Discovery, "_open", staticmethod(air.open))
    monkeypatch.setattr(discovery, "interface_hosts", lambda _wanted: air.hosts)
    return air


class Heard:
    def __init__(self, members: tuple[PublicKey, ...] = (OTHER,)) -> None:
        self.hints: list[Hint] = []
        self.faults: list[str] = []
        self.missing: list[PublicKey] = []
        self.discovery = Discovery(
            ANNOUNCEMENT,
            interfaces=(),
            members=members,
            missing=lambda: self.missing,
            on_hint=self.hints.append,
            on_fault=lambda reason: self.faults.append(reason.code),
        )


@asynccontextmanager
async def running(heard: Heard) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(heard.discovery.run)
        yield
        nursery.cancel_scope.cancel()


async def until(holds: Callable[[], bool], *, step: float = 0.001) -> None:
    """Looks every ``step`` seconds; tests on the patient clock take large steps."""
    with trio.fail_after(600):
        while not holds():
            await trio.sleep(step)


@pytest.fixture
def patient_clock(autojump_clock: MockClock) -> MockClock:
    """Jumps only when the worker threads, too, had time to do their work."""
    autojump_clock.autojump_threshold = 0.02
    return autojump_clock


async def test_a_member_that_is_heard_becomes_a_hint(air: Air) -> None:
    air.infos[service_name(STREET, OTHER)] = info_of(OTHER, LOOPBACK)
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(heard.hints))
        await until(lambda: bool(air.daemons[0].registered))
    assert heard.hints == [Hint(OTHER, [Address(LOOPBACK, 5_000)])]
    (own,) = air.daemons[0].registered
    assert (own.name, own.port) == (service_name(STREET, OWN), 4_000)
    assert own.parsed_addresses() == [LOOPBACK]
    assert air.daemons[0].closed == 1


async def test_names_of_others_are_not_even_looked_up(air: Air) -> None:
    """Ourselves, the next street, a flood."""
    heard = Heard()
    names = [service_name(STREET, OWN), service_name(NEXT_STREET, OTHER)]
    names += [f"{n}.{SERVICE_TYPE}" for n in range(10_000)]
    async with running(heard):
        await until(lambda: bool(air.daemons and air.daemons[0].registered))
        air.daemons[0].shout(*names)
        await trio.testing.wait_all_tasks_blocked(0.01)
    assert air.lookups == []


async def test_a_member_shouted_without_end_does_not_fill_the_memory(air: Air) -> None:
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(air.daemons and air.daemons[0].registered))
        air.daemons[0].shout(*[service_name(STREET, OTHER)] * 5_000)
        await until(lambda: bool(air.lookups))
        await trio.testing.wait_all_tasks_blocked(0.01)
    assert 0 < len(air.lookups) < 1_000


async def test_a_member_that_does_not_answer_is_no_hint_and_no_fault(air: Air) -> None:
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(air.daemons and air.daemons[0].registered))
        air.daemons[0].shout(service_name(STREET, OTHER))
        await until(lambda: bool(air.lookups))
    assert (heard.hints, heard.faults) == ([], [])


async def test_missing_members_are_asked_for_by_name(air: Air, patient_clock: MockClock) -> None:
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(air.daemons and air.daemons[0].registered), step=1.0)
        heard.missing = [OTHER]
        air.infos[service_name(STREET, OTHER)] = info_of(OTHER, LOOPBACK)
        await until(lambda: len(heard.hints) == 2, step=1.0)
    assert len(air.daemons) == 1


async def test_no_multicast_is_counted_once_and_tried_again(
    air: Air, patient_clock: MockClock
) -> None:
    air.broken = True
    heard = Heard()
    async with running(heard):
        await trio.sleep(3 * DISCOVERY_RETRY_MS / 1_000)
        assert heard.faults == ["DISCOVERY_UNAVAILABLE"]
        air.broken = False
        await until(lambda: bool(air.daemons and air.daemons[0].registered), step=1.0)
        assert heard.faults == ["DISCOVERY_UNAVAILABLE"]
        air.broken = True
        air.hosts = ("192.0.2.1",)
        await until(lambda: len(heard.faults) == 2, step=1.0)
    assert air.daemons[0].closed == 1


async def test_who_finds_its_name_taken_hears_the_others_and_takes_it_when_it_is_free(
    air: Air, patient_clock: MockClock
) -> None:
    """An earlier life that did not take leave, or a second computer with the same key (O7)."""
    air.name_taken = True
    air.infos[service_name(STREET, OTHER)] = info_of(OTHER, LOOPBACK)
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(heard.hints), step=1.0)
        assert not air.daemons[0].registered
        air.name_taken = False
        await until(lambda: bool(air.daemons[0].registered), step=1.0)
    assert len(air.daemons) == 1
    assert heard.faults == []


async def test_when_the_interfaces_change_zeroconf_starts_anew(
    air: Air, patient_clock: MockClock
) -> None:
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(air.daemons and air.daemons[0].registered), step=1.0)
        air.hosts = (LOOPBACK, "192.0.2.1")
        await until(lambda: len(air.daemons) == 2, step=1.0)
        await until(lambda: bool(air.daemons[1].registered), step=1.0)
    assert [daemon.hosts for daemon in air.daemons] == [(LOOPBACK,), (LOOPBACK, "192.0.2.1")]
    assert [daemon.closed for daemon in air.daemons] == [1, 1]
    assert heard.faults == []


async def test_silence_is_seen_after_a_while_and_ends_with_the_first_member(
    air: Air, patient_clock: MockClock
) -> None:
    heard = Heard()
    silent = [heard.discovery.silent]
    async with running(heard):
        await trio.sleep(DISCOVERY_SILENT_MS / 1_000 - 1)
        silent.append(heard.discovery.silent)
        await trio.sleep(2)
        silent.append(heard.discovery.silent)
        air.infos[service_name(STREET, OTHER)] = info_of(OTHER, LOOPBACK)
        air.daemons[0].shout(*air.infos)
        await until(lambda: bool(heard.hints), step=1.0)
        silent.append(heard.discovery.silent)
    assert silent == [False, False, True, False]


async def test_a_name_that_arrives_after_the_end_is_dropped(air: Air) -> None:
    heard = Heard()
    async with running(heard):
        await until(lambda: bool(air.daemons and air.daemons[0].registered))
    air.daemons[0].shout(service_name(STREET, OTHER))
    await trio.testing.wait_all_tasks_blocked(0.01)
    assert heard.hints == []


def test_a_name_that_arrives_after_the_node_has_stopped_is_dropped() -> None:
    """zeroconf's thread may still call while the process winds up."""

    async def token() -> trio.lowlevel.TrioToken:
        return trio.lowlevel.current_trio_token()

    names_in, names_out = trio.open_memory_channel[str](1)
    listener = discovery._Listener(trio.run(token), frozenset({"name"}), names_in)
    listener.add_service(None, SERVICE_TYPE, "name")  # type: ignore[arg-type]
    with pytest.raises(trio.WouldBlock):
        names_out.receive_nowait()
