"""Whole lives: the production ledger at work under them, the summary, the command."""

from collections import Counter
from pathlib import Path

import pytest
from liandao_node.cli.main import main
from liandao_node.ledger.module_api import CallBody
from liandao_node.ledger.modules import BUILTIN
from liandao_node.ledger.modules.cards import Enrol
from liandao_node.ledger.modules.points_calls import Hold, Import, Sale
from liandao_node.ledger.modules.points_claims import Claim, OfferClaim
from liandao_node.ledger.modules.points_giving import Grant
from liandao_node.ledger.modules.refund_calls import Refund
from liandao_node.ledger.modules.rule_calls import Propose, Vote
from liandao_node.ledger.modules.traffic import Batch
from liandao_node.sim import fleet, regression
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.network import CALM
from liandao_node.sim.node import Node
from liandao_node.sim.plan import Kind, Plan, draw
from liandao_node.sim.story import COMMITS_MIN, Life, Outcome, live
from liandao_node.wire.transactions import decode_entry
from msgspec.structs import replace

QUIET = replace(
    draw(0),
    seed=12,
    shops=4,
    seated=4,
    weather=CALM,
    liars=[],
    twin=[],
    wall_ms=[0] * 4,
    happenings=[],
    trades=list(range(50, 9_000, 100)),
    epoch_blocks=20,
    before_midnight_ms=86_400_000,
    block_txs_max=1,
    eager_blocks=1,
)
"""Nothing bad happens: all that is ordered is agreed on at once, and orders of all kinds are."""

ORDERED: tuple[type[CallBody], ...] = (
    *(Enrol, Hold, Sale, Import, Batch),
    *(Refund, OfferClaim, Claim, Grant, Propose, Vote),
)


@pytest.fixture(scope="module")
def quiet() -> Life:
    life = Life(QUIET)
    life.live()
    return life


def test_a_quiet_street_changes_no_view_and_hands_over_in_time(quiet: Life) -> None:
    outcome = quiet.outcome("", 0.0)
    assert outcome.view_changes == 0
    assert outcome.epochs == outcome.commits // QUIET.epoch_blocks
    assert outcome.commits > 80


def test_orders_of_every_kind_are_applied_and_refused(quiet: Life) -> None:
    """The ledger under a life does what it does in a shop: no module is a bystander."""
    books = quiet.street.nodes[0].books
    assert isinstance(books, LedgerBooks)
    codes: Counter[tuple[int, str]] = Counter()
    for execution in books.disk.executions:
        for raw in execution.entries:
            entry = decode_entry(raw)
            codes[entry.kind, books.ledger.machine.code_name(entry.code)] += 1
    assert {kind for kind, code in codes if code == "OK"} >= {call.kind for call in ORDERED}
    refused = {code for _, code in codes} - {"OK"}
    assert refused >= {"POINTS_SHORT", "CARD_KNOWN", "REFUND_OVER_ORDER", "CLAIM_MADE"}


def test_every_node_computes_for_itself_where_nothing_is_shared() -> None:
    """The same life, with results taken over from each other and without."""
    own = live(replace(QUIET, shared=False, trades=QUIET.trades[:40]))
    shared = live(replace(QUIET, shared=True, trades=QUIET.trades[:40]))
    assert own == shared
    assert not own.failure


@pytest.mark.parametrize("change", ["real_keys", "wire"])
def test_real_signatures_and_encodings_lead_to_the_same_blocks_of_a_life(change: str) -> None:
    plan = replace(QUIET, trades=QUIET.trades[:10])
    outcome = live(replace(plan, **{change: True}))
    assert not outcome.failure
    assert outcome.commits >= COMMITS_MIN


def test_a_street_that_stands_still_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Life, "settled", lambda _: False)
    outcome = live(replace(QUIET, trades=QUIET.trades[:5]))
    assert "the healed street stands still" in outcome.failure
    assert "epoch 0 view 0/0" in outcome.failure


def test_a_ledger_that_breaks_its_promise_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    points = next(module for module in BUILTIN if module.name == "points")
    monkeypatch.setattr(type(points), "invariants", lambda *_: ["points from nowhere"])
    outcome = live(replace(QUIET, trades=QUIET.trades[:5]))
    assert "points from nowhere" in outcome.failure


def test_a_ledger_is_looked_at_after_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    look = Life._look

    def noted(life: Life, node: Node) -> None:
        assert isinstance(node.books, LedgerBooks)
        seen.add(node.books.ledger.tip.seq)
        look(life, node)

    monkeypatch.setattr(Life, "_look", noted)
    outcome = live(replace(QUIET, trades=QUIET.trades[:5]))
    assert not outcome.failure
    assert seen == set(range(1, outcome.commits + 1))


# --- many ---


def test_the_summary_counts_and_names_failures() -> None:
    summary = fleet.Summary()
    summary.add(Outcome(3, "", 70, 2, 1, 1_000, 9_000, Counter(crash=2), "a"))
    summary.add(Outcome(4, "it broke", 90, 4, 3, 3_000, 9_000, Counter(crash=1), "b"))
    text = "\n".join(summary.lines(2.0))
    assert "160  80 a seed, at least 70" in text
    assert "crash                                3       2" in text
    assert "FAILED seed 4: it broke" in text
    assert text.endswith("failing seeds: 4")


def test_two_lives_of_a_seed_that_differ_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Outcome(50, "", 70, 2, 1, 1_000, 9_000, Counter(), "a")
    lives = [(one, False), (replace_trace(one, "b"), True)]
    monkeypatch.setattr(fleet, "_lives", lambda *_: iter(lives))
    assert fleet.run([50], 1).failed == {50: "two lives of this seed differ"}


def replace_trace(outcome: Outcome, trace: str) -> Outcome:
    return Outcome(**{**vars(outcome), "trace": trace})


# --- the command ---


def _breaks_when_a_node_dies(plan: Plan, watcher: object = None) -> Outcome:
    """In a moment: what is made small by is the answer, a hundred times."""
    crashes = any(happening.kind is Kind.CRASH for happening in plan.happenings)
    return Outcome(plan.seed, "a node died" if crashes else "", 70, 2, 1, 1, 1, Counter(), "a")


def test_one_seed_is_shown_event_by_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sim", "--seed", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ms", "node", "event", "what"]
    events = {line[16:30].strip() for line in lines[1:-2]}
    assert {"BOOTS", "PRE-PREPARE", "COMMIT", "DELIVERS", "writes", "ELECTED"} <= events
    assert lines[-1] == "nothing was broken"


def test_many_seeds_end_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sim", "--seeds", "2", "--from", "4", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "seeds                    2" in out
    assert out.endswith("failing seeds: none\n")


def test_a_failing_seed_is_made_small_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = next(
        s
        for s in range(999)
        if (plan := draw(s)).shops == 4
        and not plan.keep_epochs
        and not plan.liars
        and any(happening.kind == "crash" for happening in plan.happenings)
    )
    summary = fleet.Summary()
    summary.add(Outcome(seed, "a node died", 70, 2, 1, 1, 1, Counter(), "a"))
    monkeypatch.setattr(fleet, "run", lambda *_: summary)
    monkeypatch.setattr("liandao_node.cli.sim_command.live", _breaks_when_a_node_dies)
    assert main(["sim", "--seeds", "1", "--failures", str(tmp_path)]) == 1
    kept = regression.read(tmp_path / f"seed-{seed}.json")
    assert kept.failure == "a node died"
    assert [happening.kind for happening in kept.plan.happenings] == ["crash"]
    assert "made small" in capsys.readouterr().out
    assert main(["sim", "--replay", str(tmp_path / f"seed-{seed}.json")]) == 1
    assert not live(kept.plan).failure, "what was left out leaves a life that can be lived"
