"""The vote book against a list of all votes that anybody can follow by hand."""

from hypothesis import given
from hypothesis import strategies as st
from liandao_node.consensus.quorum import quorum_size
from liandao_node.consensus.votes import Vote, VoteBook
from liandao_node.limits import VOTE_VIEWS_PER_SEAT_MAX
from liandao_node.types import Seq, ShopId, Signature, View
from liandao_node.wire.blocks import COMMIT
from support.consensus_forms import CHAIN, commit, committee_of, fake_verify, make_chain

BLOCKS = [make_chain(0, "one")[0], make_chain(0, "other")[0]]

said = st.tuples(
    st.integers(0, 6),
    st.integers(0, VOTE_VIEWS_PER_SEAT_MAX - 1),
    st.integers(0, 1),
    st.booleans(),
)


@given(st.sampled_from([4, 5, 6, 7]), st.lists(said, max_size=40))
def test_a_certificate_is_there_when_a_quorum_said_the_same_first(
    size: int, votes: list[tuple[int, int, int, bool]]
) -> None:
    """Each seat's first vote of a view counts, if its signature holds."""
    book = VoteBook(committee_of(size), CHAIN, fake_verify)
    first: dict[tuple[int, int], tuple[int, bool]] = {}
    for seat, view, at, honest in votes:
        if seat >= size:
            continue
        message = commit(seat, view, BLOCKS[at])
        signature = message.signature if honest else Signature(b"?" * 64)
        vote = Vote(message.block, signature, verified=False)
        contradicts = book.add(COMMIT, View(view), Seq(1), ShopId(seat), vote)
        known = first.setdefault((seat, view), (at, honest))
        assert (contradicts is not None) == (known[0] != at)
    for view in range(VOTE_VIEWS_PER_SEAT_MAX):
        voters = {
            at: [seat for (seat, v), word in first.items() if v == view and word == (at, True)]
            for at in (0, 1)
        }
        expected = {at for at, seats in voters.items() if len(seats) >= quorum_size(size)}
        found, _ = book.certificate(COMMIT, View(view), Seq(1))
        assert (found is not None) == bool(expected)
        if found is not None:
            assert {BLOCKS[at].header.hash for at in expected} == {found.block}
            assert found.signers.bit_count() == quorum_size(size)
