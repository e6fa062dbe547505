"""Hand-overs lead from a trusted committee to a later one, and nothing else does (T22)."""

import json
from collections.abc import Callable

import pytest
from liandao_node.errors import InputFault
from liandao_node.proofs.handovers import DAY_MS, Trusted
from liandao_node.proofs.receipt import build_handovers, build_receipt
from liandao_node.proofs.street import read_street
from liandao_node.proofs.verifier import verify_handovers, verify_receipt
from liandao_node.types import PublicKey, Seq
from liandao_node.wire.blocks import header_hash
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import CommitteeRecord, Handover
from liandao_node.wire.genesis import first_committee, load_genesis
from msgspec.structs import replace
from support.receipts import EPOCH_BLOCKS, TIME_MS, Street, sale

STREET = Street(7)
UNBONDING_EPOCHS = 28


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(InputFault) as caught:
        work()
    return caught.value.code


def judged(handovers: list[Handover], *, trusted: Trusted | None = None) -> str:
    """What the verifier says to a file of hand-overs: nothing when it holds."""
    file = build_handovers(STREET.chain_id, handovers)
    try:
        verify_handovers(file, STREET.genesis, trusted=trusted)
    except InputFault as fault:
        return fault.code
    return ""


def trust_at(epoch: int, *, street: Street = STREET, after_days: int = 1) -> Trusted:
    """A committee that somebody found good, ``after_days`` days after it took office."""
    file = build_handovers(street.chain_id, street.handovers(epoch))
    followed = verify_handovers(file, street.genesis)
    return Trusted(followed.trust, followed.since_ms + after_days * DAY_MS)


# --- the way from the genesis file ---


@pytest.mark.rule("P-8.5")
@pytest.mark.parametrize("epoch", [0, 1, 2, 30])
def test_a_receipt_of_any_epoch_is_proven_from_the_genesis_file(epoch: int) -> None:
    found = verify_receipt(STREET.receipt_in(epoch), STREET.genesis)
    assert (found.epoch, found.height) == (epoch, epoch * EPOCH_BLOCKS + 11)


@pytest.mark.rule("P-8.5")
def test_the_committee_that_hand_overs_name_is_the_one_that_counts() -> None:
    """Epoch 1 is seats 0 to 3: of them three decide, and the others' names count nothing."""
    four = STREET.committee(1, seats=[0, 1, 2, 3])
    handover = STREET.handover(0, following=four)
    entry = sale(1)
    header = STREET.header(101, b"p" * 32, [entry], epoch=1)
    certificate = STREET.certificate(header, [0, 1, 3], seq=101, epoch=1)
    document = build_receipt(entry, [entry], [header], certificate, [handover])
    assert verify_receipt(document, STREET.genesis).epoch == 1
    left = STREET.certificate(header, [0, 1, 4], seq=101, epoch=1)
    document = build_receipt(entry, [entry], [header], left, [handover])
    assert code_of(lambda: verify_receipt(document, STREET.genesis)) == "RECEIPT_SIGNER_UNKNOWN"


@pytest.mark.rule("P-8.5")
def test_without_hand_overs_a_later_epoch_is_not_guessed() -> None:
    short = STREET.receipt_in(1, short=True)
    assert code_of(lambda: verify_receipt(short, STREET.genesis)) == "RECEIPT_EPOCH"


@pytest.mark.rule("P-8.5")
def test_hand_overs_may_come_in_a_file_of_their_own() -> None:
    short = STREET.receipt_in(3, short=True)
    for known in (3, 9):
        file = build_handovers(STREET.chain_id, STREET.handovers(known))
        assert verify_receipt(short, STREET.genesis, handovers=file).epoch == 3
    file = build_handovers(STREET.chain_id, STREET.handovers(2))
    assert code_of(lambda: verify_receipt(short, STREET.genesis, handovers=file)) == "RECEIPT_EPOCH"


@pytest.mark.rule("P-8.5")
def test_a_receipt_carries_no_more_hand_overs_than_it_needs() -> None:
    entry = sale(1)
    (header,) = STREET.chain([entry])
    certificate = STREET.certificate(header, [0, 1, 2, 3, 4])
    document = build_receipt(entry, [entry], [header], certificate, STREET.handovers(1))
    assert code_of(lambda: verify_receipt(document, STREET.genesis)) == "RECEIPT_HANDOVER_ORDER"


# --- hand-overs that are none ---


@pytest.mark.rule("P-8.6")
def test_an_epoch_cannot_be_skipped_repeated_or_exchanged() -> None:
    first, second, third = STREET.handovers(3)
    assert judged([first, second, third]) == ""
    for order in (
        [first, third],
        [second, third],
        [second, first, third],
        [first, first, second],
        [third, second, first],
    ):
        assert judged(order) == "RECEIPT_HANDOVER_ORDER"


@pytest.mark.rule("P-8.6")
def test_a_next_committee_that_the_header_does_not_name_is_refused() -> None:
    """A liar puts seats of her own beside an honest header."""
    honest = STREET.handover(0)
    stranger = Street(4, "Stranger")
    forged = replace(honest, next=stranger.committee(1))
    assert judged([forged]) == "RECEIPT_HANDOVER_COMMITTEE"


@pytest.mark.rule("P-8.6")
def test_a_block_that_ends_no_epoch_hands_nothing_over() -> None:
    handover = STREET.handover(0)
    header = replace(handover.header, next_committee=b"")
    certificate = STREET.certificate(encode(header), [0, 1, 2, 3, 4], seq=EPOCH_BLOCKS)
    ordinary = Handover(header, certificate, handover.next)
    assert judged([ordinary]) == "RECEIPT_HANDOVER_COMMITTEE"


@pytest.mark.rule("P-8.6")
@pytest.mark.parametrize(
    "wrong",
    [
        replace(STREET.committee(2), first_seq=Seq(EPOCH_BLOCKS + 1)),
        replace(STREET.committee(1), first_seq=Seq(EPOCH_BLOCKS)),
        replace(STREET.committee(1), first_seq=Seq(EPOCH_BLOCKS + 2)),
        replace(STREET.committee(1), seats=[]),
        replace(STREET.committee(1), seats=STREET.committee(1).seats[::-1]),
        replace(STREET.committee(1), seats=STREET.committee(1).seats[:1] * 4),
        replace(
            STREET.committee(1),
            seats=[
                *STREET.committee(1).seats[:6],
                replace(STREET.committee(1).seats[6], key=STREET.keys[0].public_key),
            ],
        ),
        replace(
            STREET.committee(1),
            seats=[replace(STREET.committee(1).seats[0], key=PublicKey(b"k" * 31))],
        ),
    ],
    ids=["epoch", "early", "late", "empty", "order", "shop", "key", "short key"],
)
def test_a_committee_that_a_quorum_should_not_have_named_is_refused(
    wrong: CommitteeRecord,
) -> None:
    """Also with good signatures: one key on two seats would be two votes."""
    assert judged([STREET.handover(0, following=wrong)]) == "RECEIPT_COMMITTEE_BAD"


@pytest.mark.rule("P-8.6")
@pytest.mark.parametrize(
    ("signers", "code"),
    [([0, 1, 2, 3], "RECEIPT_SIGNERS_FEW"), ([0, 1, 2, 3, 4, 5, 6], "")],
)
def test_a_hand_over_needs_a_quorum_of_the_committee_that_leaves(
    signers: list[int], code: str
) -> None:
    assert judged([STREET.handover(0, signers=signers)]) == code


@pytest.mark.rule("P-8.6")
def test_a_repeated_signer_is_no_quorum() -> None:
    handover = STREET.handover(0)
    document = json.loads(build_handovers(STREET.chain_id, [handover]))
    signatures = document["handovers"][0]["certificate"]["signatures"]
    signatures[4] = signatures[3]
    file = json.dumps(document)
    assert code_of(lambda: verify_handovers(file, STREET.genesis)) == "RECEIPT_SIGNERS_REPEATED"


@pytest.mark.rule("P-8.6")
def test_a_certificate_of_another_epoch_is_refused() -> None:
    """T17: the same seats have signed the same block, for another epoch."""
    other = STREET.handover(0, certified=1)
    assert judged([other]) == "RECEIPT_OTHER_BLOCK"
    renamed = replace(other, certificate=replace(other.certificate, epoch=other.header.epoch))
    assert judged([renamed]) == "RECEIPT_SIGNATURE"


@pytest.mark.rule("P-8.6")
def test_the_committee_that_comes_does_not_vouch_for_itself() -> None:
    """Epoch 1 is seats 4 to 6 and 0; they sign the end of epoch 0 in the old ones' place."""
    usurpers = STREET.committee(1, seats=[0, 4, 5, 6])
    assert judged([STREET.handover(0, following=usurpers, signers=[0, 4, 5, 6])]) != ""
    honest = STREET.handover(0, following=usurpers)
    second = STREET.handover(1, signers=[0, 1, 2, 3, 4])
    assert judged([honest, second]) == "RECEIPT_SIGNER_UNKNOWN"


# --- the first committee ---


@pytest.mark.rule("P-8.1")
@pytest.mark.parametrize("shops", [1, 2, 3, 4, 5, 6, 7, 9, 10, 19, 25])
@pytest.mark.parametrize("seats", [4, 7, 19])
@pytest.mark.parametrize("listed", [False, True])
def test_node_and_verifier_read_one_first_committee(shops: int, seats: int, listed: bool) -> None:
    tree = json.loads(Street(shops).genesis)
    tree["rules"]["committee_seats"] = seats
    for shop in tree["shops"]:
        shop["bond"] = 100 + shop["shop"] * 7 % 5
    tree["committee"] = sorted({0, shops // 2, shops - 1}) if listed else []
    document = json.dumps(tree)
    ours = first_committee(load_genesis(document.encode()))
    theirs = read_street(document).first
    assert [(seat.shop, seat.key) for seat in ours.seats] == list(
        zip(theirs.shops, theirs.keys, strict=True)
    )
    assert (ours.epoch, ours.first_seq) == (theirs.epoch, theirs.first_seq) == (0, 1)


@pytest.mark.rule("P-8.1")
@pytest.mark.parametrize("committee", [[1, 0], [0, 0], [-1, 1], [7], ["0"], 3, [True]])
def test_a_first_committee_that_is_none_is_no_street(committee: object) -> None:
    tree = json.loads(STREET.genesis)
    tree["committee"] = committee
    assert code_of(lambda: read_street(json.dumps(tree))) == "RECEIPT_GENESIS_BAD"


# --- starting from a committee that is trusted ---


@pytest.mark.rule("P-8.7")
def test_a_phone_starts_from_the_committee_it_trusts() -> None:
    trusted = trust_at(30)
    assert (
        verify_receipt(STREET.receipt_in(30, short=True), STREET.genesis, trusted=trusted).epoch
        == 30
    )
    later = build_handovers(STREET.chain_id, STREET.handovers(33)[30:])
    found = verify_receipt(
        STREET.receipt_in(32, short=True), STREET.genesis, handovers=later, trusted=trusted
    )
    assert found.epoch == 32
    gap = build_handovers(STREET.chain_id, STREET.handovers(33)[31:])
    assert (
        code_of(
            lambda: verify_receipt(
                STREET.receipt_in(32, short=True), STREET.genesis, handovers=gap, trusted=trusted
            )
        )
        == "RECEIPT_HANDOVER_ORDER"
    )


@pytest.mark.rule("P-8.8")
def test_trust_ends_with_the_unbonding_time() -> None:
    """Who has left may sign a second history at no cost."""
    short = STREET.receipt_in(5, short=True)
    for days, code in ((UNBONDING_EPOCHS, ""), (UNBONDING_EPOCHS + 1, "RECEIPT_TRUST_EXPIRED")):
        trusted = trust_at(5, after_days=days)
        try:
            verify_receipt(short, STREET.genesis, trusted=trusted)
            found = ""
        except InputFault as fault:
            found = fault.code
        assert found == code


@pytest.mark.rule("P-8.8")
def test_trust_ends_where_the_street_itself_has_gone_on_that_far() -> None:
    trusted = trust_at(1)
    for epochs, code in ((UNBONDING_EPOCHS, ""), (UNBONDING_EPOCHS + 1, "RECEIPT_TRUST_EXPIRED")):
        later = STREET.handovers(1 + epochs)[1:]
        assert judged(later, trusted=trusted) == code


@pytest.mark.rule("P-8.7")
def test_an_old_committee_cannot_write_a_second_history() -> None:
    """Long range: keys of epoch 0, sold later, name seats of the buyer for epoch 1. From the
    genesis file alone both histories look alike; who trusts a committee sees it at once."""
    buyer = Street(7)
    buyer.keys = buyer.keys[:2] + Street(9).keys[2:5][::-1] + buyer.keys[5:]
    second = [STREET.handover(0, following=buyer.committee(1))]
    assert judged(second) == ""
    trusted = trust_at(1)
    assert judged(second, trusted=trusted) == "RECEIPT_TRUST_CONTRADICTED"
    assert judged(STREET.handovers(4), trusted=trusted) == ""


@pytest.mark.rule("P-8.5")
def test_an_old_committee_signs_nothing_behind_its_last_block() -> None:
    entry = sale(1)
    for seq, code in (
        (EPOCH_BLOCKS, "RECEIPT_EPOCH_OVER"),
        (EPOCH_BLOCKS + 1, "RECEIPT_EPOCH_OVER"),
        (EPOCH_BLOCKS - 1, ""),
    ):
        header = STREET.header(seq, b"q" * 32, [entry])
        certificate = STREET.certificate(header, [0, 1, 2, 3, 4], seq=seq)
        document = build_receipt(entry, [entry], [header], certificate)
        file = build_handovers(STREET.chain_id, STREET.handovers(1))
        try:
            verify_receipt(document, STREET.genesis, handovers=file)
            found = ""
        except InputFault as fault:
            found = fault.code
        assert found == code


@pytest.mark.rule("P-8.5")
def test_a_committee_signs_nothing_below_its_first_block() -> None:
    entry = sale(1)
    header = STREET.header(EPOCH_BLOCKS, b"p" * 32, [entry], epoch=1)
    certificate = STREET.certificate(header, [0, 1, 2, 3, 4], seq=EPOCH_BLOCKS, epoch=1)
    document = build_receipt(entry, [entry], [header], certificate, STREET.handovers(1))
    assert code_of(lambda: verify_receipt(document, STREET.genesis)) == "RECEIPT_HEIGHT"
    above = STREET.header(EPOCH_BLOCKS + 1, header_hash(header), [sale(2)], epoch=1)
    certificate = STREET.certificate(above, [0, 1, 2, 3, 4], seq=EPOCH_BLOCKS + 1, epoch=1)
    document = build_receipt(entry, [entry], [header, above], certificate, STREET.handovers(1))
    assert code_of(lambda: verify_receipt(document, STREET.genesis)) == "RECEIPT_HEIGHT"


@pytest.mark.rule("P-8.3")
def test_no_header_stands_above_the_last_one_of_its_epoch() -> None:
    """A quorum of liars goes on after it has handed over."""
    entry = sale(1)
    following = STREET.committee(1).hash
    last = STREET.header(EPOCH_BLOCKS, b"p" * 32, [entry], next_committee=following)
    above = STREET.header(EPOCH_BLOCKS + 1, header_hash(last), [sale(2)])
    certificate = STREET.certificate(above, [0, 1, 2, 3, 4], seq=EPOCH_BLOCKS + 1)
    document = build_receipt(entry, [entry], [last, above], certificate)
    assert code_of(lambda: verify_receipt(document, STREET.genesis)) == "RECEIPT_HEADERS"


# --- files ---


@pytest.mark.rule("P-8.7")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda tree: tree.update(liandao_trust=2), "RECEIPT_VERSION"),
        (lambda tree: tree.update(chain_id="00" * 32), "RECEIPT_OTHER_STREET"),
        (lambda tree: tree.update(more=1), "RECEIPT_TRUST_BAD"),
        (lambda tree: tree.update(time_ms=-1), "RECEIPT_TRUST_BAD"),
        (lambda tree: tree.update(committee="00"), "RECEIPT_COMMITTEE_BAD"),
        (lambda tree: tree.update(committee="zz"), "RECEIPT_MALFORMED"),
    ],
)
def test_a_trust_file_that_is_none_is_named(
    change: Callable[[dict[str, object]], object], code: str
) -> None:
    tree = json.loads(trust_at(2).document)
    change(tree)
    wrong = Trusted(json.dumps(tree), TIME_MS)
    short = STREET.receipt_in(2, short=True)
    assert code_of(lambda: verify_receipt(short, STREET.genesis, trusted=wrong)) == code


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "RECEIPT_MALFORMED"),
        ("{}", "RECEIPT_MALFORMED"),
        ("[" * 50_000, "RECEIPT_MALFORMED"),
        ("\ud800", "RECEIPT_MALFORMED"),
    ],
)
def test_a_file_of_hand_overs_that_is_none_is_named(document: str, code: str) -> None:
    assert code_of(lambda: verify_handovers(document, STREET.genesis)) == code


def test_hand_overs_of_another_street_are_refused() -> None:
    other = Street(7, "Other Street")
    file = build_handovers(other.chain_id, other.handovers(2))
    assert code_of(lambda: verify_handovers(file, STREET.genesis)) == "RECEIPT_OTHER_STREET"
    renamed = build_handovers(STREET.chain_id, other.handovers(2))
    assert code_of(lambda: verify_handovers(renamed, STREET.genesis)) == "RECEIPT_OTHER_STREET"
