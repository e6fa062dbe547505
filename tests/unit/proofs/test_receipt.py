"""A receipt proves its entry, and nothing that was changed in it passes."""

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from liandao_node.crypto import merkle
from liandao_node.errors import InputFault
from liandao_node.proofs import verifier
from liandao_node.proofs.document import tree_root
from liandao_node.proofs.receipt import build_receipt
from liandao_node.proofs.statements import utc
from liandao_node.proofs.verifier import verify_receipt
from liandao_node.types import ShopId
from liandao_node.wire.blocks import PREPARE, header_hash
from liandao_node.wire.codec import encode
from liandao_node.wire.transactions import Entry
from msgspec.msgpack import Ext
from support.receipts import SALE, TIME_MS, Street, sale

ENTRIES = [sale(number) for number in range(20, 27)]


def _receipt(street: Street, blocks: int = 1) -> str:
    headers = street.chain(ENTRIES, blocks)
    certificate = street.certificate(headers[-1], [0, 1, 3], seq=11 + blocks)
    return build_receipt(ENTRIES[4], ENTRIES, headers, certificate)


def _code(document: str, genesis: str) -> str:
    with pytest.raises(InputFault) as caught:
        verify_receipt(document, genesis)
    return caught.value.code


def _changed(document: str, change: Callable[[dict[str, object]], object]) -> str:
    """The receipt with a change, again in the form that is written."""
    tree = json.loads(document)
    change(tree)
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


@pytest.fixture(scope="module")
def street() -> Street:
    return Street(4)


@pytest.fixture(scope="module")
def receipt(street: Street) -> str:
    return _receipt(street)


def test_it_says_what_happened(street: Street, receipt: str) -> None:
    found = verify_receipt(receipt, street.genesis)
    assert (found.street, found.shop, found.height) == ("Lantern Street", "Bäckerei 1", 12)
    assert (found.time_ms, found.kind, found.code) == (TIME_MS + 12, SALE, 0)
    assert (found.nonce, found.index) == (2**32 + 24, 0)
    assert found.fields["gross"] == 2350
    assert found.fields["card"] == "63" * 16
    assert found.words == (
        "Lantern Street, Bäckerei 1: sale 1-24: bill 23.50 CNY, 5.00 CNY paid in points, "
        "0.37 CNY earned: applied, in block 12 of 2026-11-22 10:00:00 UTC"
    )


def test_a_reindented_genesis_is_the_same_street(street: Street, receipt: str) -> None:
    again = json.dumps(json.loads(street.genesis), indent=3, sort_keys=True)
    assert verify_receipt(receipt, again).street == "Lantern Street"


@pytest.mark.parametrize("size", range(1, 18))
def test_every_entry_of_a_block_of_any_size_has_its_receipt(street: Street, size: int) -> None:
    entries = [sale(number) for number in range(size)]
    (header,) = street.chain(entries)
    certificate = street.certificate(header, [1, 2, 3])
    for number, entry in enumerate(entries):
        document = build_receipt(entry, entries, [header], certificate)
        assert verify_receipt(document, street.genesis).fields["number"] == number


def test_a_block_without_certificate_is_proven_by_a_later_one(street: Street) -> None:
    assert verify_receipt(_receipt(street, blocks=4), street.genesis).height == 12


@pytest.mark.parametrize(
    ("seats", "quorum"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (10, 7)]
)
def test_the_quorum_is_that_of_the_protocol(seats: int, quorum: int) -> None:
    street = Street(seats)
    entry = sale(1, shop=0)
    (header,) = street.chain([entry])
    signers = list(range(quorum))
    enough, few = (
        build_receipt(entry, [entry], [header], street.certificate(header, some))
        for some in (signers, signers[1:])
    )
    assert verify_receipt(enough, street.genesis).shop == "茶馆"
    assert _code(few, street.genesis) == "RECEIPT_SIGNERS_FEW"


def test_a_refused_call_is_shown_as_refused(street: Street) -> None:
    entry = sale(1, code=407)
    (header,) = street.chain([entry])
    document = build_receipt(entry, [entry], [header], street.certificate(header, [0, 1, 2]))
    found = verify_receipt(document, street.genesis)
    assert found.code == 407
    assert "REFUSED, number 407" in found.words
    assert "REFUSED, number 407" in json.loads(document)["says"]
    assert "earned" not in found.words


@pytest.mark.parametrize(
    ("kind", "body", "result", "words"),
    [
        (301, [b"k" * 32, "12345678", b"s" * 64], [b"c" * 16], "card 12345678 enrolled: applied"),
        (402, [b"h", b"c"], [150], "1.50 CNY in points released: applied"),
        (
            404,
            ["till", b"r", b"", 900, 1, True],
            [9, False, 9, 0, 0],
            "order from till: bill 9.00 CNY",
        ),
        (501, [1, 2, b"r", [[1, 0, 3]], 0], [3], "3 traffic events committed to: applied"),
        (977, [1, 2], [3], "call 977: applied"),
        (403, [1, 2], [3], "call 403: applied"),
        (403, [1] * 9, None, "call 403: applied"),
        (
            404,
            ["\x1b[2J", b"r", b"", 1, 1, True],
            [1, False, 1, 0, 0],
            "order from ?[2J: bill 0.01 CNY",
        ),
        (404, [{1: Ext(5, b"x")}, b"r", b"", 1, 1, True], [1, False, 1, 0, 0], "call 404: applied"),
    ],
)
def test_other_kinds_have_words_too(
    street: Street, kind: int, body: list[object], result: list[object] | None, words: str
) -> None:
    answer = b"" if result is None else encode(result)
    entry = encode(Entry(ShopId(2), 5, 0, kind, encode(body), 0, answer))
    (header,) = street.chain([entry])
    document = build_receipt(entry, [entry], [header], street.certificate(header, [0, 1, 2]))
    assert f"Bäckerei 2: {words}" in verify_receipt(document, street.genesis).words


def test_text_that_is_none_does_not_make_the_verifier_stumble(street: Street) -> None:
    body = encode(["x", b"r", b"", 1, 1]).replace(b"x", b"\xb2")
    entry = encode(Entry(ShopId(2), 5, 0, 404, body, 0, encode([1, False, 1])))
    (header,) = street.chain([entry])
    document = build_receipt(entry, [entry], [header], street.certificate(header, [0, 1, 2]))
    assert "call 404: applied" in verify_receipt(document, street.genesis).words


def test_another_street_does_not_vouch(street: Street, receipt: str) -> None:
    assert _code(receipt, Street(4, "Other Street").genesis) == "RECEIPT_OTHER_STREET"
    assert _code(receipt, street.genesis.replace("茶馆", "茶舘")) == "RECEIPT_OTHER_STREET"


@pytest.mark.parametrize("genesis", ["", "[]", "{}", '{"shops": []}', "[" * 50_000, "null"])
def test_a_genesis_that_is_none_is_named(receipt: str, genesis: str) -> None:
    assert _code(receipt, genesis) == "RECEIPT_GENESIS_BAD"


def test_one_key_on_two_seats_is_no_street(street: Street, receipt: str) -> None:
    tree = json.loads(street.genesis)
    tree["shops"][1]["node_key"] = tree["shops"][0]["node_key"]
    assert _code(receipt, json.dumps(tree)) == "RECEIPT_GENESIS_BAD"


@pytest.mark.parametrize("document", ["", "{}", "[]", "[" * 50_000, "\ud800", "x" * 5_000_000])
def test_what_is_no_receipt_is_named(street: Street, document: str) -> None:
    assert _code(document, street.genesis) == "RECEIPT_MALFORMED"


def _certificate(tree: dict[str, object]) -> dict[str, object]:
    part = tree["certificate"]
    assert isinstance(part, dict)
    return part


def _signatures(tree: dict[str, object]) -> list[list[object]]:
    part = _certificate(tree)["signatures"]
    assert isinstance(part, list)
    return part


def _repeat(tree: dict[str, object]) -> None:
    _signatures(tree)[1] = _signatures(tree)[0]


def _unordered(tree: dict[str, object]) -> None:
    _signatures(tree).reverse()


def _other_seat(tree: dict[str, object]) -> None:
    _signatures(tree)[2][0] = 2


def _stranger(tree: dict[str, object]) -> None:
    _signatures(tree)[2][0] = 4


def _before_the_first(tree: dict[str, object]) -> None:
    _signatures(tree)[0][0] = -1


def _swap_path(tree: dict[str, object]) -> None:
    path = tree["path"]
    assert isinstance(path, list)
    path[0], path[1] = path[1], path[0]


def _grow_path(tree: dict[str, object]) -> None:
    path = tree["path"]
    assert isinstance(path, list)
    path.append("00" * 32)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_repeat, "RECEIPT_SIGNERS_REPEATED"),
        (_unordered, "RECEIPT_SIGNERS_REPEATED"),
        (_other_seat, "RECEIPT_SIGNATURE"),
        (_stranger, "RECEIPT_SIGNER_UNKNOWN"),
        (_before_the_first, "RECEIPT_SIGNER_UNKNOWN"),
        (lambda tree: _signatures(tree).pop(), "RECEIPT_SIGNERS_FEW"),
        (_swap_path, "RECEIPT_PATH"),
        (_grow_path, "RECEIPT_PATH"),
        (lambda tree: tree.update(path=[]), "RECEIPT_PATH"),
        (lambda tree: tree.update(index=3), "RECEIPT_PATH"),
        (lambda tree: tree.update(index=11), "RECEIPT_PATH"),
        (lambda tree: tree.update(tree_size=8), "RECEIPT_PATH"),
        (lambda tree: tree.update(entry=ENTRIES[3].hex()), "RECEIPT_PATH"),
        (lambda tree: tree.update(headers=[]), "RECEIPT_MALFORMED"),
        (lambda tree: tree.update(says="shop 1: a million points"), "RECEIPT_WORDS"),
        (lambda tree: tree.update(liandao_receipt=1), "RECEIPT_VERSION"),
        (lambda tree: tree.update(chain_id="00" * 32), "RECEIPT_OTHER_STREET"),
        (lambda tree: tree.update(more=1), "RECEIPT_MALFORMED"),
        (lambda tree: _certificate(tree).update(kind=PREPARE), "RECEIPT_NOT_COMMIT"),
        (lambda tree: _certificate(tree).update(view=4), "RECEIPT_SIGNATURE"),
        (lambda tree: _certificate(tree).update(seq=13), "RECEIPT_OTHER_BLOCK"),
        (lambda tree: _certificate(tree).update(epoch=1), "RECEIPT_OTHER_BLOCK"),
        (lambda tree: _certificate(tree).update(block="00" * 32), "RECEIPT_OTHER_BLOCK"),
        (lambda tree: _certificate(tree).update(view=2**63), "RECEIPT_MALFORMED"),
    ],
)
def test_each_step_names_what_fails(
    street: Street, receipt: str, change: Callable[[dict[str, object]], object], code: str
) -> None:
    assert _code(_changed(receipt, change), street.genesis) == code


def test_prepare_signatures_do_not_commit(street: Street) -> None:
    """A prepared block can still lose against another; only COMMIT is final."""
    (header,) = street.chain(ENTRIES)
    honest = build_receipt(ENTRIES[0], ENTRIES, [header], street.certificate(header, [0, 1, 2]))
    prepared = street.certificate(header, [0, 1, 2], kind=PREPARE)

    def forge(tree: dict[str, object]) -> None:
        pairs = zip(range(3), prepared.signatures, strict=True)
        _certificate(tree)["signatures"] = [[seat, mark.hex()] for seat, mark in pairs]

    assert _code(_changed(honest, forge), street.genesis) == "RECEIPT_SIGNATURE"


def test_headers_that_do_not_follow_are_named(street: Street) -> None:
    headers = street.chain(ENTRIES, 3)
    certificate = street.certificate(headers[2], [0, 1, 2], seq=14)
    for wrong in (
        [headers[0], headers[2]],
        [headers[0], street.header(13, b"x" * 32, []), headers[2]],
    ):
        document = build_receipt(ENTRIES[0], ENTRIES, wrong, certificate)
        assert _code(document, street.genesis) == "RECEIPT_HEADERS"


def test_a_height_must_rise_by_one(street: Street) -> None:
    first = street.chain(ENTRIES)[0]
    second = street.header(14, header_hash(first), [])
    certificate = street.certificate(second, [0, 1, 2], seq=14)
    document = build_receipt(ENTRIES[0], ENTRIES, [first, second], certificate)
    assert _code(document, street.genesis) == "RECEIPT_HEADERS"


def test_a_shop_that_joined_later_is_told_by_its_number(street: Street) -> None:
    entry = sale(1, shop=9)
    (header,) = street.chain([entry])
    document = build_receipt(entry, [entry], [header], street.certificate(header, [0, 1, 2]))
    assert verify_receipt(document, street.genesis).shop == "shop 9"


@pytest.mark.parametrize("entry", [b"", b"\x90", b"\xff", encode([9, 1, 0, 1, b"", 0])])
def test_an_entry_that_is_none_is_named(street: Street, entry: bytes) -> None:
    entries = [entry, sale(2)]
    (header,) = street.chain(entries)
    certificate = street.certificate(header, [0, 1, 2])
    document = build_receipt(entries[1], entries, [header], certificate)
    path = merkle.inclusion_path(entries, 0)

    def other(tree: dict[str, object]) -> None:
        tree.update(entry=entry.hex(), index=0, path=[step.hex() for step in path])

    assert _code(_changed(document, other), street.genesis) == "RECEIPT_ENTRY"


def test_an_inner_node_passes_for_no_entry(street: Street) -> None:
    """The concatenation of two hashes is no leaf."""
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:4]]
    fake = leaves[0] + leaves[1]
    path = merkle.inclusion_path(ENTRIES[:4], 0)
    assert tree_root(fake, 0, 2, path[1:]) != merkle.root(ENTRIES[:4])
    assert tree_root(ENTRIES[0], 0, 4, path) == merkle.root(ENTRIES[:4])


def test_the_verifier_shares_only_primitives_with_the_node() -> None:
    allowed = {f"liandao_node.{name}" for name in ("crypto.keys", "errors", "limits", "types")}
    home = Path(verifier.__file__).parent
    pending = ["verifier"]
    imported: set[str] = set()
    while pending:
        for name in _imports(home / f"{pending.pop()}.py") - imported:
            imported.add(name)
            if name.startswith("liandao_node.proofs."):
                pending.append(name.rpartition(".")[2])
    ours = {name for name in imported if name.startswith("liandao")}
    assert {name for name in ours if not name.startswith("liandao_node.proofs.")} <= allowed
    assert "liandao_node.proofs.receipt" not in ours
    assert "liandao_node.proofs.handovers" in ours, "the search finds nothing"


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
    return found


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (0, "1970-01-01 00:00:00 UTC"),
        (951_782_399_999, "2000-02-28 23:59:59 UTC"),
        (951_782_400_000, "2000-02-29 00:00:00 UTC"),
        (4_107_542_400_000, "2100-03-01 00:00:00 UTC"),
        (1_795_341_600_000, "2026-11-22 10:00:00 UTC"),
    ],
)
def test_times_are_written_in_utc(time_ms: int, text: str) -> None:
    assert utc(time_ms) == text
