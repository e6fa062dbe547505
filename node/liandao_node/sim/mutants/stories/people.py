"""Stories of evidence, of followers, of elections and of blocks that compute otherwise."""

from collections.abc import Callable

from msgspec.structs import replace

from liandao_node.consensus import events
from liandao_node.errors import PeerFault
from liandao_node.ledger.chain import Ledger
from liandao_node.ledger.module_api import as_call
from liandao_node.ledger.modules import stake_books
from liandao_node.ledger.modules.election import Bar, Contender, elect, faults_borne
from liandao_node.ledger.modules.traffic import Batch
from liandao_node.ledger.transactions import sign_tx
from liandao_node.sim.books import LedgerBooks
from liandao_node.sim.charter import BEGIN_MS, Charter
from liandao_node.sim.mutants.forms import (
    NO_SIGNATURE,
    commit,
    lock,
    make_block,
    make_chain,
    prepare,
    proposal,
    view_change,
)
from liandao_node.sim.mutants.seat import LoneSeat
from liandao_node.sim.mutants.stories.voting import epochs
from liandao_node.types import Amount, Millis, Seq, ShopId
from liandao_node.wire.blocks import Block
from liandao_node.wire.genesis import Rules
from liandao_node.wire.messages import Commit, Prepare

(SALE,) = make_chain(0, b"sale")
(OTHER,) = make_chain(0, b"other")


def an_honest_seat_that_leaves() -> None:
    """P-12.10: it committed, and its promise shows the lock."""
    seat = LoneSeat(1)
    seat.offered(0, SALE)
    seat.hear(2, commit(2, 0, SALE), view_change(2, 1, lock(0, SALE)))
    assert seat.accusations == [], "an honest seat is accused"


def a_contradiction_that_nobody_signed() -> None:
    """P-12.8: a forgery."""
    seat = LoneSeat(3)
    seat.offered(0, SALE)
    seat.hear(1, prepare(1, 0, SALE))
    seat.hear(1, replace(prepare(1, 0, OTHER), signature=NO_SIGNATURE))
    assert seat.accusations == [], "a seat is accused of what it never signed"


def a_shop_without_a_seat() -> None:
    """P-12.7."""
    seat, end = epochs((0, 1, 2, 4))
    above = make_block(end, 1, b"above", epoch=1)
    seat.hear(1, proposal(1, 0, above))
    assert seat.delivered == [end], "a proposal is no final block"
    for shop in (0, 2, 4):
        seat.hear(shop, prepare(shop, 0, above))
    assert not [*seat.said(Prepare), *seat.said(Commit)], "a shop without a seat voted"
    for shop in (0, 1, 4):
        seat.hear(shop, commit(shop, 0, above))
    assert seat.delivered == [end, above]


def a_full_disk() -> None:
    """P-6.6."""
    seat = LoneSeat(3)
    seat.give(events.Voting(allowed=False))
    seat.offered(0, SALE)
    seat.prepared_by(0, SALE, 0, 1, 2)
    assert not [*seat.said(Prepare), *seat.said(Commit)], "votes that no disk keeps"


# --- the ledger ---


def _books(shops: int) -> tuple[Charter, LedgerBooks]:
    rules = Rules(epoch_blocks=4 * shops, attendance_blocks_min=1)
    charter = Charter(shops, rules=rules)
    books = LedgerBooks(charter)
    books.open()
    return charter, books


def _block(charter: Charter, ledger: Ledger, proposer: int, attendance: int) -> Block:
    """The next block, by any proposer and with any word about the others, final at once."""
    shop, seq = ShopId(proposer), Seq(ledger.tip.seq + 1)
    at_ms = Millis(BEGIN_MS + seq)
    call = as_call(Batch(at_ms, at_ms, b"r" * 32, []))
    tx = sign_tx(charter.chain, shop, seq, [call], charter.signer(shop))
    execution = ledger.execute(
        parent=ledger.tip.hash,
        epoch=ledger.committee().epoch,
        seq=seq,
        time_ms=Millis(max(at_ms, ledger.tip.time_ms + 1)),
        proposer=shop,
        attendance=attendance,
        txs=[tx],
    )
    return Block(execution.header, [tx.raw])


def _epoch(shops: int, word: Callable[[int], int]) -> Ledger:
    """A whole epoch in which the seats propose in turn, each with its word about the others."""
    charter, books = _books(shops)
    ledger = books.ledger
    while ledger.committee().epoch == 0:
        proposer = ledger.tip.seq % shops
        block = _block(charter, ledger, proposer, word(proposer))
        ledger.commit(block.header.hash)
    return ledger


def _jailed(ledger: Ledger, shops: int) -> list[int]:
    view = ledger.view()
    return [at for at in range(shops) if stake_books.standing_of(view, ShopId(at)).jailed_until]


def a_lying_majority_of_words() -> None:
    """L-13.9: all call three of seven absent; the street bears the loss of two."""
    jailed = _jailed(_epoch(7, lambda _: 0b1111000), 7)
    assert jailed, "nobody is jailed at all"
    assert len(jailed) <= faults_borne(7), f"{len(jailed)} of seven are jailed"


def one_liar_calls_another_absent() -> None:
    """L-13.9."""
    jailed = _jailed(_epoch(7, lambda proposer: 0b1111110 if proposer == 6 else 0b1111111), 7)
    assert jailed == [], "jailed by the word of one"


def a_proposal_with_a_false_root() -> None:
    """P-4.4, L-8.2: neither voted on nor taken from a source when catching up."""
    charter, books = _books(4)
    good = _block(charter, books.ledger, 0, 0b1111)
    other = LedgerBooks(charter)
    other.open()
    txs = [charter.parse(raw, other.ledger.keys()) for raw in good.txs]
    false = Block(replace(good.header, state_root=b"\0" * 32), good.txs)
    try:
        other.ledger.check(false, txs)
    except PeerFault:
        other.ledger.check(good, txs)
        return
    raise AssertionError("a block with a false state root is taken")


def _members(*stakes: int) -> list[Contender]:
    return [Contender(ShopId(at), Amount(stake), Bar.NONE) for at, stake in enumerate(stakes)]


def _seats(members: list[Contender], old: range, size: int) -> tuple[ShopId, ...]:
    shops = [ShopId(shop) for shop in old]
    return elect(members, shops, cap_multiple=2, seats_max=size).seats


def five_shops_of_equal_stake() -> None:
    """L-13.1: the lowest numbers sit, in whatever order the records come."""
    members = _members(7, 7, 7, 7, 7)
    forward = _seats(members, range(3), 4)
    assert forward == _seats(members[::-1], range(3), 4) == (0, 1, 2, 3), "seats by order"


def great_stakes_that_differ_by_one() -> None:
    """L-13.1: whole numbers beyond 2^53."""
    great = 2**60
    members = _members(great, great + 3, great + 3, great + 3, great + 3)
    assert _seats(members, range(3), 4) == (1, 2, 3, 4), "the smaller stake sits"


def four_newcomers_at_once() -> None:
    """L-13.4."""
    members = _members(1, 1, 1, 1, 9, 9, 9, 9)
    seats = _seats(members, range(4), 4)
    assert len(set(seats) & set(range(4))) >= 3, f"more than f of four changed: {seats}"
