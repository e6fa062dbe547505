"""Months in a minute: blocks that are gone, snapshots from liars, shops with another key."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from liandao_node.consensus import events
from liandao_node.consensus.effects import Effect
from liandao_node.runtime import snapshot_proof
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.liars import SNAPSHOT_LIES, Lie
from liandao_node.sim.mutants.bugs import long_runs as bugs
from liandao_node.sim.mutants.planting import Plant, planted
from liandao_node.sim.network import CALM
from liandao_node.sim.node import Node
from liandao_node.sim.plan import Happening, Kind, LiarPlan, Plan, draw
from liandao_node.sim.story import Life, live
from liandao_node.wire.messages import Commit
from liandao_node.wire.transactions import Call
from msgspec.structs import replace

CALM_STREET = replace(
    draw(0),
    shops=4,
    seated=4,
    weather=CALM,
    liars=[],
    twin=[],
    wall_ms=[0] * 4,
    happenings=[],
    trades=list(range(50, 12_000, 150)),
    epoch_blocks=4,
    keep_epochs=2,
    before_midnight_ms=86_400_000,
    attendance_blocks_min=16,
    block_txs_max=1,
    eager_blocks=1,
    write_ms_max=1,
    ledger_ms_max=5,
    real_keys=False,
    wire=False,
    shared=True,
)
AWAY = Happening(500, Kind.AWAY, [3, 10_000])


@dataclass
class Diary:
    """What a life tells."""

    told: list[tuple[str, str, str]] = field(default_factory=list)

    def stepped(self, node: Node, event: events.Event, effects: Sequence[Effect]) -> None:
        pass

    def tells(self, node: Node | None, what: str, more: str) -> None:
        self.told.append(("" if node is None else node.name, what, more))

    def about(self, what: str) -> list[tuple[str, str]]:
        return [(name, more) for name, kind, more in self.told if kind == what]


def _lived(plan: Plan) -> tuple[Life, Diary]:
    diary = Diary()
    life = Life(plan, diary)
    life.live()
    return life, diary


def _books(node: Node) -> LedgerBooks:
    assert isinstance(node.books, LedgerBooks)
    return node.books


# --- blocks that are gone ---


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.rule("P-7.9")
def test_a_shop_that_was_away_for_long_goes_on_from_a_snapshot(wire: bool) -> None:
    life, diary = _lived(replace(CALM_STREET, happenings=[AWAY], wire=wire))
    ((name, what),) = diary.about("takes over")
    assert name == "3"
    height = int(what.removeprefix("snapshot h").partition(",")[0])
    assert life.street.checks.final[height].header.next_committee, "it begins where an epoch ends"
    late, other = _books(life.street.nodes[3]), _books(life.street.nodes[0])
    assert other.chain[0].block.header.seq > len(life.street.checks.final) - 5 * 4
    assert late.root == other.root
    voted = life.street.checks.votes
    assert any(kind is Commit and place == 3 and at[2] > 60 for kind, place, at in voted)


def test_blocks_that_are_still_kept_are_asked_for_first() -> None:
    short = Happening(500, Kind.AWAY, [3, 400])
    _, diary = _lived(replace(CALM_STREET, happenings=[short]))
    assert diary.about("takes over") == []


def test_a_lost_disk_is_filled_from_a_snapshot_and_follows() -> None:
    lost = Happening(9_000, Kind.LOSE_DISK, [2])
    life, diary = _lived(replace(CALM_STREET, happenings=[lost]))
    assert [name for name, _ in diary.about("takes over")] == ["2"]
    assert _books(life.street.nodes[2]).root == _books(life.street.nodes[0]).root


@pytest.mark.parametrize("lie", [*SNAPSHOT_LIES, Lie.SILENT_SOURCE], ids=str)
@pytest.mark.rule("P-7.10")
def test_a_lying_source_is_left_for_another(lie: Lie) -> None:
    """Shop 0 is asked first: all are of one height, and it has the lowest number."""
    plan = replace(CALM_STREET, happenings=[AWAY], liars=[LiarPlan(0, [lie])])
    life, diary = _lived(plan)
    assert [name for name, _ in diary.about("takes over")] == ["3"]
    codes = {more.partition(": ")[2] for _, more in diary.about("no snapshot")}
    wrong = {
        Lie.FALSE_STATE: {"SNAPSHOT_BAD"},
        Lie.SKIPPED_EPOCH: {"SNAPSHOT_BAD"},
        Lie.STALLS: {"SNAPSHOT_SILENT"},
        Lie.SILENT_SOURCE: {"SNAPSHOT_SILENT"},
    }
    assert codes == wrong.get(lie, codes)
    assert all(more.startswith("from 0") for _, more in diary.about("no snapshot"))
    assert life.street.nodes[3].life > 2


@pytest.mark.rule("P-7.3")
@pytest.mark.parametrize("epoch_blocks", [4, 100])
@pytest.mark.parametrize("liar", [0, 1])
@pytest.mark.parametrize("lie", [Lie.PESTERS, Lie.DRIPS], ids=str)
def test_a_source_of_little_or_nothing_holds_up_nobody(
    lie: Lie, liar: int, epoch_blocks: int
) -> None:
    """It answers without blocks, and bids the seat that is behind ask again at once; or with one
    just before patience ends."""
    liars = [LiarPlan(liar, [lie])]
    plan = replace(CALM_STREET, epoch_blocks=epoch_blocks, keep_epochs=0, liars=liars)
    life, _ = _lived(replace(plan, happenings=[AWAY]))
    late, other = _books(life.street.nodes[3]), _books(life.street.nodes[2])
    assert late.root == other.root


@pytest.mark.parametrize(
    ("lie", "bug"),
    [
        (Lie.FALSE_STATE, bugs.states_are_not_held_against_their_block),
        (Lie.SILENT_SOURCE, bugs.one_silent_source_holds_up_a_snapshot),
    ],
    ids=["state", "silence"],
)
def test_the_checks_find_a_node_that_believes_a_liar(lie: Lie, bug: Plant) -> None:
    plan = replace(CALM_STREET, happenings=[AWAY], liars=[LiarPlan(0, [lie])])
    with planted(bug):
        failure = live(plan).failure
    assert failure, "and without the bug the same life passes, as the test above says"


def test_an_honest_source_that_is_taken_for_a_liar_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snapshot_proof, "PIECE_BYTES_MAX", 10)
    failure = live(replace(CALM_STREET, happenings=[AWAY])).failure
    assert "for a lie" in failure


# --- keys ---


@pytest.mark.rule("L-4.10")
def test_a_shop_votes_with_its_new_key_and_never_with_the_old_one() -> None:
    new_key = Happening(2_000, Kind.NEW_KEY, [1])
    plan = replace(CALM_STREET, keep_epochs=0, happenings=[new_key])
    life, diary = _lived(plan)
    street, node = life.street, life.street.nodes[1]
    assert [name for name, _ in diary.about("new key")] == ["1"]
    keys = [street.committees[epoch].key(node.shop) for epoch in sorted(street.committees)]
    assert keys[0] != keys[-1] == node.signer.public_key
    assert keys == sorted(keys, key=lambda key: key == keys[-1]), "the old key came back"
    assert street.counts["new keys that voted"] == 1
    assert not street.network.strangers


@pytest.mark.parametrize("kind", [Kind.DAMAGE, Kind.LOSE_DISK], ids=str)
def test_a_lost_or_damaged_disk_comes_back_with_a_new_key(kind: Kind) -> None:
    happenings = [Happening(5_000, kind, [1]), Happening(6_000, Kind.NEW_KEY, [1])]
    life, diary = _lived(replace(CALM_STREET, happenings=happenings))
    node = life.street.nodes[1]
    assert diary.about("new key")
    assert node.honest
    assert life.street.counts["new keys that voted"] == 1
    assert _books(node).root == _books(life.street.nodes[0]).root
    assert bool(diary.about("takes over")) == (kind is Kind.LOSE_DISK)


def test_the_others_turn_a_key_away_that_is_not_in_force() -> None:
    """Nothing is ordered, so no epoch ends, and no channel comes up."""
    life = Life(replace(CALM_STREET, keep_epochs=0))
    street, node = life.street, life.street.nodes[2]
    street.start()
    street.timeline.run(1_000)
    life.owners.renew(node)
    street.timeline.run(3_000)
    links = {(2, at) for at in (0, 1, 3)} | {(at, 2) for at in (0, 1, 3)}
    assert street.network.strangers == links
    assert node.replica is not None
    assert not node.replica.voting
    assert not any(peer.up for peer in node.replica.peers.values())
    assert life.owners.waiting == [node]
    for number in range(8):
        life.trade.ask(number)
        street.timeline.run(2_000)
    assert life.owners.waiting == []
    assert street.network.strangers == set()
    assert node.replica is not None
    assert node.replica.voting


def test_orders_of_a_shop_between_two_keys_are_signed_anew() -> None:
    life = Life(replace(CALM_STREET, keep_epochs=0))
    street, shop = life.street, life.street.nodes[2].shop
    street.start()
    life.trade.repeat()
    street.timeline.run(1_000)
    life.owners.renew(street.nodes[2])
    before = set(life.trade.pending[shop])
    life.trade.order(shop, [Call(9_999, b"")])
    assert set(life.trade.pending[shop]) == before, "signed with a key that nobody has any more"
    for number in range(12):
        life.trade.ask(number)
        street.timeline.run(2_000)
    assert life.owners.waiting == []
    assert life.trade.left(shop) == []


# --- what chance makes of it ---

SEEDS = [
    seed
    for seed in range(5_000, 5_040)
    if draw(seed).keep_epochs
    or {Kind.NEW_KEY, Kind.UPDATE} & {happening.kind for happening in draw(seed).happenings}
]


def test_random_lives_take_snapshots_change_keys_and_protocols() -> None:
    """Coverage of a fixed set of seeds: such lives really happen, and come to an end."""
    lives = dict.fromkeys(
        ("snapshots taken", "new keys in force", "new keys that voted", "protocols raised"), 0
    )
    for seed in SEEDS:
        outcome = live(draw(seed))
        assert not outcome.failure, f"seed {seed}: {outcome.failure}"
        for name in lives:
            lives[name] += bool(outcome.faults[name])
    assert lives["snapshots taken"] >= 3, lives
    assert lives["new keys in force"] >= 3, lives
    assert lives["new keys that voted"] >= 2, lives
    assert lives["protocols raised"] >= 1, lives
