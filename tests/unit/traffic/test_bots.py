"""The fast search finds what the patterns find, no more and no less."""

import re

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.errors import OperatorFault
from liandao_node.traffic import bots
from liandao_node.traffic.bots import BotPatterns
from support.web_hits import BROWSER

PATTERNS = [entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA]
AGENTS = [agent for entry in CRAWLER_USER_AGENTS_DATA for agent in entry.get("instances", [])]
ALL = BotPatterns(PATTERNS)


def test_every_agent_of_the_list_is_a_crawler_and_a_browser_is_none() -> None:
    assert [agent for agent in AGENTS if not ALL.match(agent)] == []
    assert not ALL.match(BROWSER)


@given(
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=8, unique=True),
    st.sampled_from([*AGENTS, BROWSER]),
    st.integers(0, 200),
    st.integers(0, 200),
)
def test_it_agrees_with_searching_each_pattern(
    patterns: list[str], agent: str, start: int, end: int
) -> None:
    text = agent[start:] + agent[:end]
    expected = any(re.search(pattern, text) for pattern in patterns)
    assert BotPatterns(patterns).match(text) is expected


@pytest.mark.parametrize(
    ("pattern", "agent", "found"),
    [
        (r"Bot\/", "Bot/1", True),
        (r"Bot\/", r"Bot\/1", False),
        ("a.c", "abc", True),
        (r"a\.c", "abc", False),
        ("^curl", "curl/8", True),
        ("^curl", "libcurl/8", False),
        ("Bot|Spider", "Spider", True),
        ("[wW]get", "wget", True),
        ("bot", "BOT", False),
        (r"v\d", "v2", True),
        (r"\(x\)", "(x)", True),
        ("(x)", "x", True),
    ],
)
def test_a_pattern_means_what_it_means_as_an_expression(
    pattern: str, agent: str, found: bool
) -> None:
    assert BotPatterns([pattern]).match(agent) is found
    assert (re.search(pattern, agent) is not None) is found


def test_an_empty_list_finds_nothing() -> None:
    assert not BotPatterns([]).match("Googlebot/2.1")
    assert not BotPatterns([]).match("")


@pytest.mark.parametrize("pattern", ["", "(", "a*", "x|", "[z-a]"])
def test_a_pattern_that_is_none_or_finds_everything_is_refused(pattern: str) -> None:
    with pytest.raises(OperatorFault, match="BOT_PATTERN_BAD"):
        BotPatterns(["good", pattern])


def test_remembered_agents_are_bounded_and_forgotten_ones_judged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bots, "AGENTS_REMEMBERED_MAX", 3)
    patterns = BotPatterns(["bot"])
    for _ in range(2):
        for number in range(10):
            assert patterns.match(f"bot {number}")
            assert not patterns.match(f"person {number}")
            assert len(patterns._known) <= 3
