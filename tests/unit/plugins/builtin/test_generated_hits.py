"""Generated visits repeat by their seed and hold real crawlers."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest
from crawleruseragents import is_crawler  # type: ignore[import-untyped]
from liandao_plugins.api import OperatorFault, Options, WebHit
from liandao_plugins.builtin.generated_hits import plugin, real_bot_agents

RESERVED = [
    ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def _hits(count: int, seed: int = 1) -> list[WebHit]:
    given = {"count": str(count), "from_ms": "1700000000000", "seed": str(seed)}
    hits: Iterator[object] = iter(plugin.hit_source(Options(plugin.manifest, given)))
    return [hit for hit in hits if isinstance(hit, WebHit)]


def test_the_same_seed_gives_the_same_visits() -> None:
    assert _hits(500) == _hits(500)
    assert _hits(500)[:100] == _hits(100)
    assert _hits(500) != _hits(500, seed=2)


@pytest.mark.parametrize("count", [0, 1, 7, 2_000])
def test_there_are_as_many_as_asked_for_in_order_of_time(count: int) -> None:
    hits = _hits(count)
    assert len(hits) == count
    times = [hit.at_ms for hit in hits]
    assert times == sorted(times)
    assert not times or times[0] > 1_700_000_000_000


def test_crawlers_are_real_ones_and_people_are_not_on_their_list() -> None:
    hits = _hits(2_000)
    bots = [hit for hit in hits if is_crawler(hit.user_agent)]
    known = set(real_bot_agents())
    assert 0.1 < len(bots) / len(hits) < 0.5
    assert {hit.user_agent for hit in hits} & known == {hit.user_agent for hit in bots}


def test_nobodys_real_address_is_used() -> None:
    addresses = {ip_address(hit.ip) for hit in _hits(2_000)}
    assert {address.version for address in addresses} == {4, 6}
    assert all(any(address in net for net in RESERVED) for address in addresses)


@pytest.mark.parametrize("option", ["count", "from_ms"])
def test_negative_numbers_are_refused(option: str) -> None:
    given = {"count": "1", "from_ms": "1"} | {option: "-1"}
    with pytest.raises(OperatorFault) as caught:
        plugin.hit_source(Options(plugin.manifest, given))
    assert caught.value.code == "GENERATED_BAD_OPTION"
    assert caught.value.facts == {"option": option}
