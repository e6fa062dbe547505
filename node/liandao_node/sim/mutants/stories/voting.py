"""Stories of proposals, votes and locks."""

from collections.abc import Iterable

from msgspec.structs import replace

from liandao_node.consensus import events
from liandao_node.consensus.effects import Durable
from liandao_node.limits import (
    AHEAD_MESSAGES_MAX,
    VOTE_VIEWS_PER_SEAT_MAX,
    WINDOW_SEQS,
)
from liandao_node.sim.mutants.forms import (
    commit,
    committee_of,
    final,
    lock,
    make_block,
    make_chain,
    prepare,
    proposal,
    record,
    suspect,
)
from liandao_node.sim.mutants.seat import LoneSeat
from liandao_node.types import Epoch, ShopId, View
from liandao_node.wire.blocks import Block, CommittedBlock
from liandao_node.wire.messages import Body, Commit, Prepare, Range, ViewChange

(SALE,) = make_chain(0, b"sale")
(OTHER,) = make_chain(0, b"other")
LOW, MIDDLE, HIGH = make_chain(0, b"low", b"middle", b"high")


def a_slow_disk() -> None:
    """P-6.2: no COMMIT before its lock is written."""
    seat = LoneSeat(3)
    seat.disk_waits = True
    seat.offered(0, SALE)
    seat.prepared_by(0, SALE, 1, 2)
    assert seat.said(Commit) == [], "COMMIT before its lock is durable"
    seat.write()
    assert seat.said(Commit) == [commit(3, 0, SALE)]


def a_proposal_that_nobody_else_prepares() -> None:
    """P-4.6."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    assert seat.said(Prepare) == [prepare(3, 0, SALE)]
    assert seat.said(Commit) == [], "COMMIT without Q PREPAREs"


def a_seat_that_is_needed() -> None:
    """P-4.6, P-4.7: its own votes make the quorum, for one of four is silent."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    seat.prepared_by(0, SALE, 1)
    assert seat.said(Commit), "no lock with three of four PREPAREs"
    seat.committed_by(0, SALE, 0, 1)
    assert seat.delivered == [SALE], "not final with three of four COMMITs"


def a_liar_that_repeats_itself() -> None:
    """T2."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    for _ in range(3):
        seat.hear(0, prepare(0, 0, SALE))
    assert seat.said(Commit) == [], "a seat's PREPARE counted more than once"


def strangers_that_commit() -> None:
    """T2: three shops without a seat."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    for shop in (4, 5, 6):
        seat.hear(shop, commit(shop, 0, SALE))
    assert seat.delivered == [], "final by votes of shops without a seat"


def three_of_five() -> None:
    """T1: two such quorums may have one liar in common and nobody else."""
    seat = LoneSeat(4, committee=committee_of(5))
    seat.offered(0, SALE)
    seat.prepared_by(0, SALE, 1)
    assert seat.said(Commit) == [], "three of five locked a block"
    seat.prepared_by(0, SALE, 2)
    assert seat.said(Commit)


def a_proposal_beside_the_chain() -> None:
    """T11."""
    seat = LoneSeat(1)
    _, stray = make_chain(0, b"elsewhere", b"stray")
    seat.offered(0, SALE, stray)
    assert seat.said(Prepare) == [prepare(1, 0, SALE)], "voted for a block beside the chain"


def prepares_shown_as_commits() -> None:
    """T17: a liar turns the PREPAREs that it heard into COMMITs."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    words = [prepare(shop, 0, SALE) for shop in (0, 1, 2)]
    block = SALE.header.hash
    for shop, word in enumerate(words):
        seat.hear(shop, Commit(word.epoch, word.view, word.seq, block, word.signature))
    assert seat.delivered == [], "PREPAREs counted as COMMITs"


def a_flood_of_views() -> None:
    """T39."""
    seat = LoneSeat(1)
    for view in range(200):
        seat.hear(3, commit(3, view, make_block(None, 3, b"%d" % view)))
    assert len(seat.replica.votes) <= VOTE_VIEWS_PER_SEAT_MAX, "votes without bound"


def a_flood_of_heights() -> None:
    """T39."""
    seat = LoneSeat(1)
    above: Block | None = None
    for at in range(10 * WINDOW_SEQS):
        above = make_block(above, 0, b"%d" % at)
        if at:  # the lowest never comes, so nothing can be taken up
            seat.offered(0, above)
    assert len(seat.replica.early) <= WINDOW_SEQS, "proposals without bound"


def a_flood_from_the_next_epoch() -> None:
    """T39."""
    seat = LoneSeat(3)
    for view in range(10 * AHEAD_MESSAGES_MAX):
        seat.hear(1, replace(suspect(1, view), epoch=Epoch(1)))
    assert len(seat.replica.ahead[ShopId(1)]) <= AHEAD_MESSAGES_MAX, "words ahead without bound"


def prepares_that_come_after_a_promise() -> None:
    """T9."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    for shop in (1, 2):
        seat.hear(shop, suspect(shop, 0))
    assert [change.prepared for change in seat.said(ViewChange)] == [None]
    seat.prepared_by(0, SALE, 1, 2)
    assert seat.said(Commit) == [], "COMMIT in a view that it had promised to leave"


def _back_with(locked: Block, *bodies: Block) -> LoneSeat:
    durable = Durable(View(0), View(0), lock(0, locked))
    return LoneSeat(3, durable=durable, bodies=bodies)


def a_lock_taken_again() -> None:
    """P-6.4: it comes back with a lock on height 3 and is shown PREPAREs of height 1."""
    seat = _back_with(HIGH, LOW, MIDDLE, HIGH)
    seat.offered(0, LOW)
    seat.prepared_by(0, LOW, 1, 2)
    assert seat.said(Commit) == [commit(3, 0, LOW)]
    assert seat.disk.locked == lock(0, HIGH), "the lock went down"


def another_chain_after_a_restart() -> None:
    """P-6.4: more than f liars prepare a second block of the view that it came back to."""
    seat = _back_with(HIGH, LOW, MIDDLE, HIGH)
    seat.offered(0, OTHER)
    seat.prepared_by(0, OTHER, 1, 2)
    assert seat.said(Commit) == [], "COMMIT beside its lock of the same view"


def a_lying_source() -> None:
    """T40: right headers over wrong transactions, as a body and in a range."""
    one, two = make_chain(0, b"one", b"two")
    lies = [Block(block.header, [b"not what was agreed"]) for block in (one, two)]
    seat = LoneSeat(3)
    seat.committed_by(0, one, 0, 1, 2)
    seat.hear(2, Body(lies[0]))
    seat.hear(1, Body(one))
    seat.hear(2, Range([CommittedBlock(lies[1], final(0, two))]))
    seat.hear(1, Range([CommittedBlock(two, final(0, two))]))
    assert seat.delivered == [one, two], "other transactions than those agreed on"


def a_block_that_computes_otherwise() -> None:
    """P-4.4."""
    seat = LoneSeat(3)
    seat.invalid = {SALE.header.hash}
    seat.offered(0, SALE)
    assert seat.said(Prepare) == [], "PREPARE for a block with wrong roots"


def above_the_last_block() -> None:
    """P-12.3."""
    end = make_block(None, 0, b"end", next_committee=record(1, 2, range(4)).hash)
    seat = LoneSeat(3)
    seat.offered(0, end, make_block(end, 0, b"more"))
    assert [word.seq for word in seat.said(Prepare)] == [1], "a vote above an epoch's last block"


def epochs(shops: Iterable[int], *, disk_waits: bool = False) -> tuple[LoneSeat, Block]:
    """Shop 3, of shops 0 to 3, has just begun epoch 1 under ``shops``; and the last block."""
    following = record(1, 2, shops)
    end = make_block(None, 0, b"end", next_committee=following.hash)
    seat = LoneSeat(3)
    seat.offered(0, end)
    seat.prepared_by(0, end, 1, 2)
    seat.committed_by(0, end, 0, 1, 2)
    assert seat.delivered == [end]
    seat.forget()
    seat.disk_waits = disk_waits
    seat.give(events.Elected(following))
    return seat, end


def an_epoch_on_a_slow_disk() -> None:
    """P-5.9, P-12.5: no vote before the hand-over and the entry are written."""
    seat, end = epochs(range(4), disk_waits=True)
    above = make_block(end, 1, b"above", epoch=1)
    seat.hear(1, proposal(1, 0, above))
    assert seat.said(Prepare) == [], "a vote of an epoch whose first record is not durable"
    seat.write()
    assert seat.disk.handovers
    assert seat.said(Prepare) == [prepare(3, 0, above)]


def replayed_votes() -> None:
    """P-12.1: what was signed in epoch 0, said again in epoch 1."""
    seat, end = epochs(range(4))
    above = make_block(end, 1, b"above", epoch=1)
    seat.hear(1, proposal(1, 0, above))
    old = replace(above.header, epoch=Epoch(0))
    words = [commit(shop, 0, Block(old, above.txs)) for shop in (0, 1, 2)]
    for shop, word in enumerate(words):
        seat.hear(shop, replace(word, block=above.header.hash))
    forged = make_block(end, 0, b"forged")
    for shop in (0, 1, 2):
        seat.hear(shop, commit(shop, 0, forged))
    seat.hear(0, Body(forged))
    assert seat.delivered == [end], "final by votes of another epoch"


def a_certificate_of_the_old_committee() -> None:
    """P-12.1: in a heartbeat and in a range."""
    seat, end = epochs(range(4))
    old = make_block(end, 0, b"old")
    seat.hear(1, Range([CommittedBlock(old, final(0, old))]))
    certificate = final(0, old)
    holds = seat.replica.checker.holds(certificate, certificate.kind)
    assert not holds, "a certificate of another epoch holds"
    assert seat.delivered == [end], "final by a certificate of another epoch"


def a_power_cut_behind_the_last_block() -> None:
    """P-12.5: voter.db is of epoch 1 and ledger.db of epoch 0."""
    seat, end = epochs(range(4))
    assert seat.disk.epoch == 1
    back = seat.restart(bodies=[end])
    assert back.delivered == [end], "the way back to the epoch that it voted in is lost"


def a_power_cut_behind_two_last_blocks() -> None:
    """P-12.5: voter.db is of epoch 2 and ledger.db of epoch 0."""
    seat, end = epochs(range(4))
    third = record(2, 3, range(4))
    later = make_block(end, 1, b"later", epoch=1, next_committee=third.hash)
    seat.hear(1, proposal(1, 0, later))
    seat.prepared_by(0, later, 0, 2)
    seat.committed_by(0, later, 0, 1, 2)
    assert seat.delivered == [end, later]
    seat.give(events.Elected(third))
    assert seat.disk.epoch == 2
    back = seat.restart(bodies=[end, later])
    assert back.delivered == [end], "the way back to the epochs that it voted in is lost"
    back.give(events.Elected(record(1, 2, range(4))))
    assert back.delivered == [end, later], "the way back ends on half of it"
