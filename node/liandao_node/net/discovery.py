"""Shops of this street found by multicast DNS: hints of key, addresses and port (D-13).

zeroconf runs threads of its own. Its callbacks only drop a name into trio (`run_sync_soon`);
whatever may wait (register, look up, close) runs in worker threads. Nothing that is heard
here is believed: a hint says where to dial, the handshake says who is there.

A member's service has one name, made of street and key, so only names of members are looked
up: a flood of others costs a comparison each.

Multicast may be absent, forbidden, or swallowed without an error by a switch. So a failure
is counted once and tried again for ever, interfaces are looked at for as long as the node
runs, members without a channel are asked for by name, and `silent` tells the screens when
it is time to offer a typed address.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import ifaddr
import trio
import zeroconf

from liandao_node.errors import LiandaoError, Unavailable
from liandao_node.limits import (
    ADDRESSES_PER_PEER_MAX,
    DISCOVERY_LOOKUP_MS,
    DISCOVERY_LOOKUPS_MAX,
    DISCOVERY_RETRY_MS,
    DISCOVERY_SILENT_MS,
    PEERS_MAX,
)
from liandao_node.net.addresses import Address
from liandao_node.net.handshake import street_tag
from liandao_node.types import ChainId, PublicKey
from liandao_node.wire.protocol import CHANNEL

SERVICE_TYPE: Final = "_liandao._tcp.local."
_KEY_HEX_IN_NAME: Final = 24
"""96 bits tell shops apart in a name; the whole key stands in the TXT record."""
_STREET_NAME_BYTES_MAX: Final = 200

_FAILURES: Final = (OSError, RuntimeError, zeroconf.Error)
"""No interface (RuntimeError), no such interface or no permission (OSError), name taken,
event loop of zeroconf stuck (zeroconf.Error)."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Where a shop of this street says it can be dialled."""

    key: PublicKey
    addresses: list[Address]


@dataclass(frozen=True, slots=True)
class Announcement:
    """What this node tells its neighbours."""

    key: PublicKey
    chain_id: ChainId
    street: str
    """The street's name, for a screen that lists streets nearby."""
    port: int
    hosts: tuple[str, ...]
    """IP addresses to announce; empty: those of the interfaces."""


def service_name(chain_id: ChainId, key: PublicKey) -> str:
    """The instance of one shop in one street: the same after every restart."""
    street, shop = street_tag(chain_id).hex(), key.hex()[:_KEY_HEX_IN_NAME]
    return f"{street}-{shop}.{SERVICE_TYPE}"


def service_info(announcement: Announcement, hosts: Iterable[str]) -> zeroconf.ServiceInfo:
    name = service_name(announcement.chain_id, announcement.key)
    street = announcement.street.encode()[:_STREET_NAME_BYTES_MAX]
    return zeroconf.ServiceInfo(
        SERVICE_TYPE,
        name,
        port=announcement.port,
        properties={
            "v": str(CHANNEL),
            "street": street_tag(announcement.chain_id).hex(),
            "key": announcement.key.hex(),
            "name": street.decode(errors="ignore"),
        },
        # A host name of its own: nodes on one computer may listen on different interfaces.
        server=f"{name.split('.', 1)[0]}.local.",
        parsed_addresses=list(hosts),
    )


def hint_of(info: zeroconf.ServiceInfo, chain_id: ChainId) -> Hint | None:
    """What a service says, None when it is of another street or makes no sense."""
    texts = info.properties
    if texts.get(b"street") != street_tag(chain_id).hex().encode():
        return None
    try:
        key = PublicKey(bytes.fromhex((texts.get(b"key") or b"").decode("ascii")))
    except ValueError:
        return None
    hosts = info.parsed_addresses()[:ADDRESSES_PER_PEER_MAX]
    if len(key) != 32 or not info.port or not hosts:
        return None
    return Hint(key, [Address(host, info.port) for host in hosts])


def interface_hosts(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the ``wanted`` IPv4 addresses that this computer has now; of all it has when
    none are named, and then loopback only when it is alone."""
    present = sorted(
        str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4
    )
    if wanted:
        return tuple(host for host in wanted if host in present)
    return tuple(h for h in present if not h.startswith("127.")) or tuple(present)


class Discovery:
    """Announces this node and hears the others."""

    def __init__(
        self,
        announcement: Announcement,
        *,
        interfaces: tuple[str, ...],
        members: Iterable[PublicKey],
        missing: Callable[[], Iterable[PublicKey]],
        on_hint: Callable[[Hint], None],
        on_fault: Callable[[LiandaoError], None],
    ) -> None:
        """``interfaces``: addresses to use, empty for all there are. ``members``: keys of
        the other shops; ``missing``: those that are not connected now. The callbacks are
        called in the trio thread."""
        self._announcement = announcement
        self._interfaces = interfaces
        self._names = frozenset(service_name(announcement.chain_id, key) for key in members)
        self._missing = missing
        self._on_hint = on_hint
        self._on_fault = on_fault
        self._heard_another = False
        self._began = float("inf")
        self._failing = False

    @property
    def silent(self) -> bool:
        """No other shop was heard for `DISCOVERY_SILENT_MS` since the start."""
        waited = trio.current_time() - self._began
        return not self._heard_another and waited >= DISCOVERY_SILENT_MS / 1_000

    async def run(self) -> None:
        """Announces and listens until cancelled, whatever the interfaces do."""
        self._began = trio.current_time()
        while True:
            hosts = await trio.to_thread.run_sync(self._hosts)
            try:
                await self._session(hosts)
            except _FAILURES as error:
                if not self._failing:
                    self._on_fault(Unavailable("DISCOVERY_UNAVAILABLE", detail=str(error)))
                self._failing = True
                await trio.sleep(DISCOVERY_RETRY_MS / 1_000)

    def _hosts(self) -> tuple[str, ...]:
        return interface_hosts(self._interfaces)

    async def _session(self, hosts: tuple[str, ...]) -> None:
        """One life of zeroconf; returns when the interfaces have changed."""
        names_in, names_out = trio.open_memory_channel[str](2 * PEERS_MAX)
        daemon = await trio.to_thread.run_sync(self._open, hosts)
        try:
            token = trio.lowlevel.current_trio_token()
            listener = _Listener(token, self._names, names_in)
            info = service_info(self._announcement, self._announcement.hosts or hosts)
            await trio.to_thread.run_sync(daemon.add_service_listener, SERVICE_TYPE, listener)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._resolve, daemon, names_out)
                announced = await self._announce(daemon, info)
                self._failing = False
                while await self._watch(hosts, names_in):
                    announced = announced or await self._announce(daemon, info)
                nursery.cancel_scope.cancel()
        finally:
            with trio.CancelScope(shield=True):
                await trio.to_thread.run_sync(_close, daemon)

    @staticmethod
    def _open(hosts: tuple[str, ...]) -> zeroconf.Zeroconf:
        if not hosts:
            raise OSError("no interface has an IPv4 address")
        return zeroconf.Zeroconf(interfaces=list(hosts), ip_version=zeroconf.IPVersion.V4Only)

    async def _announce(self, daemon: zeroconf.Zeroconf, info: zeroconf.ServiceInfo) -> bool:
        """Whether the others can hear of this node. Where its name is taken, by an earlier life
        that did not take leave or by a computer with the same key, it goes on listening."""
        try:
            await trio.to_thread.run_sync(daemon.register_service, info)
        except zeroconf.NonUniqueNameException:
            return False
        return True

    async def _watch(self, hosts: tuple[str, ...], names: trio.MemorySendChannel[str]) -> bool:
        """Asks for missing members by name, after a while; False when the interfaces changed."""
        await trio.sleep(DISCOVERY_RETRY_MS / 1_000)
        if await trio.to_thread.run_sync(self._hosts) != hosts:
            return False
        for key in self._missing():
            with suppress(trio.WouldBlock):
                names.send_nowait(service_name(self._announcement.chain_id, key))
        return True

    async def _resolve(
        self, daemon: zeroconf.Zeroconf, names: trio.MemoryReceiveChannel[str]
    ) -> None:
        """Several at a time: a member that is off keeps its worker waiting to the end."""
        async with trio.open_nursery() as nursery:
            for _ in range(DISCOVERY_LOOKUPS_MAX):
                nursery.start_soon(self._look_up, daemon, names.clone())

    async def _look_up(
        self, daemon: zeroconf.Zeroconf, names: trio.MemoryReceiveChannel[str]
    ) -> None:
        async for name in names:
            info = await trio.to_thread.run_sync(_ask, daemon, name)
            hint = hint_of(info, self._announcement.chain_id) if info else None
            if hint is None:
                continue
            self._heard_another = True
            self._on_hint(hint)


class _Listener(zeroconf.ServiceListener):
    """zeroconf's side of the bridge: called in its thread, never waits for trio."""

    def __init__(
        self,
        token: trio.lowlevel.TrioToken,
        members: frozenset[str],
        names: trio.MemorySendChannel[str],
    ) -> None:
        self._token = token
        self._members = members
        self._names = names

    def add_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:  # noqa: ARG002
        if name in self._members:
            with suppress(trio.RunFinishedError):
                self._token.run_sync_soon(self._put, name)

    update_service = add_service

    def remove_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
        """A goodbye proves nothing; the channel knows whether the peer lives."""

    def _put(self, name: str) -> None:
        # Full, when somebody repeats a member's name: the member is asked for by name later.
        with suppress(trio.WouldBlock, trio.BrokenResourceError, trio.ClosedResourceError):
            self._names.send_nowait(name)


def _ask(daemon: zeroconf.Zeroconf, name: str) -> zeroconf.ServiceInfo | None:
    try:
        return daemon.get_service_info(SERVICE_TYPE, name, timeout=DISCOVERY_LOOKUP_MS)
    except _FAILURES:
        return None


def _close(daemon: zeroconf.Zeroconf) -> None:
    with suppress(*_FAILURES):
        daemon.close()
