"""``liandao verify data`` and ``range`` find whatever is wrong, name it, and change nothing."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import apsw
import pytest
from liandao_node.cli.main import main
from liandao_node.cli.verifying.chain import read_handovers
from liandao_node.errors import InputFault
from liandao_node.proofs.compact import to_text
from liandao_node.runtime.street import machine_id
from liandao_node.store.archive import open_ledger_archive
from liandao_node.store.voter import VoterStore
from liandao_node.wire.blocks import CommittedBlock
from liandao_node.wire.codec import Decoder, encode
from msgspec.structs import replace
from support.receipts import Street
from support.recorded_street import Recorded, record

BLOCKS = 10
decode_committed: Decoder[CommittedBlock] = Decoder(CommittedBlock)
Damage = Callable[[apsw.Connection], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return record(tmp_path_factory.mktemp("whole"), BLOCKS, skip_certificates=1)


@pytest.fixture
def recorded(whole: Recorded, tmp_path: Path) -> Recorded:
    """A copy that a test may damage."""
    data = tmp_path / "data"
    copytree(whole.data, data)
    return Recorded(whole.genesis, data, whole.blocks)


class Answer:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path | int) -> tuple[int, str, str]:
        """Exit code, answer, and what stands on standard error."""
        self._capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return code, *self._capsys.readouterr()


@pytest.fixture
def liandao(capsys: pytest.CaptureFixture[str]) -> Answer:
    return Answer(capsys)


def alter(recorded: Recorded, damage: Damage) -> None:
    connection = apsw.Connection(str(recorded.ledger))
    try:
        damage(connection)
    finally:
        connection.close()


def change_block(seq: int, change: Callable[[CommittedBlock], CommittedBlock]) -> Damage:
    def damage(connection: apsw.Connection) -> None:
        raw = connection.execute("SELECT block FROM block WHERE seq = ?", (seq,)).get
        block = encode(change(decode_committed(raw)))
        connection.execute("UPDATE block SET block = ? WHERE seq = ?", (block, seq))

    return damage


def sql(text: str) -> Damage:
    return lambda connection: connection.execute(text)


def digests(data: Path) -> dict[str, bytes]:
    return {path.name: sha256(path.read_bytes()).digest() for path in data.iterdir()}


# --- the whole directory ---


def test_what_is_whole_is_called_whole_and_left_as_it_was(whole: Recorded, liandao: Answer) -> None:
    before = digests(whole.data)
    code, said, _ = liandao("verify", "data", whole.data)
    assert code == 0
    assert said.splitlines()[0] == "Test street: nothing is wrong."
    assert "blocks 1 to 10: links, bodies, entries; 7 certificates, epochs up to 3" in said
    assert "blocks 1 to 10 executed again" in said
    assert digests(whole.data) == before


def test_a_street_without_blocks_is_whole(tmp_path: Path, liandao: Answer) -> None:
    code, said, _ = liandao("verify", "data", record(tmp_path, 0).data)
    assert code == 0
    assert "no blocks yet" in said


def without_certificate(block: CommittedBlock) -> CommittedBlock:
    return replace(block, certificate=None)


def with_signature_of_another(block: CommittedBlock) -> CommittedBlock:
    assert block.certificate is not None
    first, _, third = block.certificate.signatures
    forged = replace(block.certificate, signatures=[first, first, third])
    return replace(block, certificate=forged)


def with_later_time(block: CommittedBlock) -> CommittedBlock:
    header = replace(block.block.header, time_ms=block.block.header.time_ms + 1)
    return replace(block, block=replace(block.block, header=header))


def with_doubled_tx(block: CommittedBlock) -> CommittedBlock:
    return replace(block, block=replace(block.block, txs=block.block.txs * 2))


DAMAGES: list[tuple[str, Damage, str]] = [
    ("a block gone", sql("DELETE FROM block WHERE seq = 5"), "block 5 is missing"),
    ("a block torn", sql("UPDATE block SET block = x'92' WHERE seq = 4"), "block 4 in ledger.db"),
    (
        "two blocks exchanged",
        sql(
            "UPDATE block SET block = (SELECT block FROM block WHERE seq = 5), certified = 1"
            " WHERE seq = 4"
        ),
        "block 4 does not follow",
    ),
    ("another time", change_block(4, with_later_time), "for another block than 4"),
    (
        "another header under its child",
        change_block(1, with_later_time),
        "block 1 has another result",
    ),
    ("more transactions", change_block(5, with_doubled_tx), "transactions of block 5"),
    ("a forged signature", change_block(3, with_signature_of_another), "signature of seat 1"),
    ("the end unsigned", change_block(10, without_certificate), "reach up to block 9 only"),
    ("an epoch's end unsigned", change_block(6, without_certificate), "block 6 is stored"),
    (
        "entries of another block",
        sql("UPDATE block SET entries = (SELECT entries FROM block WHERE seq = 8) WHERE seq = 7"),
        "results stored for block 7",
    ),
    ("entries torn", sql("UPDATE block SET entries = x'93' WHERE seq = 7"), "results stored"),
    ("a hand-over gone", sql("DELETE FROM handover WHERE epoch = 2"), "epoch 2 needs is missing"),
    ("a hand-over skipped", sql("DELETE FROM handover WHERE epoch = 1"), "have epoch 2 where 1"),
    ("a hand-over torn", sql("UPDATE handover SET handover = x'93'"), "after epoch 0 cannot"),
    (
        "a record changed",
        sql("UPDATE state SET value = x'00' WHERE key = (SELECT min(key) FROM state)"),
        "is not what the blocks up to 10 lead to",
    ),
    (
        "a record gone",
        sql("DELETE FROM state WHERE key = (SELECT max(key) FROM state)"),
        "is not what the blocks up to 10 lead to",
    ),
    (
        "a record of another type",
        sql("UPDATE state SET value = 'text' WHERE key = (SELECT min(key) FROM state)"),
        "ledger.db is damaged (table state)",
    ),
    ("a block of another type", sql("UPDATE block SET block = 7"), "damaged (table block)"),
    ("a record too many", sql("INSERT INTO state VALUES (x'ff', x'00')"), "the record ff is not"),
    ("another end", sql("UPDATE tip SET seq = 9"), "does not end where it says"),
    ("another hash of the end", sql("UPDATE tip SET hash = zeroblob(32)"), "does not end where"),
    ("another sum", sql("UPDATE tip SET accumulator = zeroblob(512)"), "does not end where"),
    ("other counts", sql("UPDATE tip SET calls = calls + 1"), "does not end where it says"),
    ("an order elsewhere", sql("UPDATE own_order SET seq = 3 WHERE number = 4"), "order 1-4"),
    ("another street", sql("UPDATE street SET chain_id = zeroblob(32)"), "another street"),
]


@pytest.mark.parametrize(("name", "damage", "says"), DAMAGES, ids=[name for name, *_ in DAMAGES])
def test_damage_is_found_and_named(
    recorded: Recorded, liandao: Answer, name: str, damage: Damage, says: str
) -> None:
    alter(recorded, damage)
    code, answer, said = liandao("verify", "data", recorded.data)
    assert code in (1, 2)
    assert answer == ""
    assert says in said, said


def test_a_file_that_is_damaged_itself_is_named(recorded: Recorded, liandao: Answer) -> None:
    content = bytearray(recorded.ledger.read_bytes())
    content[4096 : 2 * 4096] = b"\xaa" * 4096
    recorded.ledger.write_bytes(content)
    code, answer, said = liandao("verify", "data", recorded.data)
    assert (code, answer) == (1, "")
    assert "ledger.db is damaged" in said


def test_a_voting_record_that_was_altered_is_named(recorded: Recorded, liandao: Answer) -> None:
    voter = recorded.data / "voter.db"
    connection = apsw.Connection(str(voter))
    connection.execute("UPDATE slot SET value = value || x'00' WHERE id = 0")
    connection.close()
    code, _, said = liandao("verify", "data", recorded.data)
    assert code == 1
    assert "voting record is damaged" in said


def test_an_older_voting_record_is_named(recorded: Recorded, liandao: Answer) -> None:
    voter = recorded.data / "voter.db"
    older = voter.read_bytes()
    chain = recorded.genesis.chain_id
    VoterStore.open(voter, chain_id=chain, machine_id=machine_id()).close()
    voter.write_bytes(older)
    code, _, said = liandao("verify", "data", recorded.data)
    assert code == 1
    assert "older copy" in said


def test_beside_a_running_node_it_says_so(
    recorded: Recorded, liandao: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liandao_node.store.archive.BUSY_MS", 10)  # it does not go away
    chain = recorded.genesis.chain_id
    path = recorded.data / "voter.db"
    running = VoterStore.open(path, chain_id=chain, machine_id=machine_id())
    try:
        code, _, said = liandao("verify", "data", recorded.data)
    finally:
        running.close()
    assert code == 2
    assert "Another node" in said


# --- what was pruned, or began with a snapshot ---


@pytest.fixture
def pruned(tmp_path: Path) -> Recorded:
    """Epoch 0 is gone; a snapshot of its end is there."""
    made = record(tmp_path, BLOCKS, snapshot=3)
    alter(made, sql("DELETE FROM block WHERE seq BETWEEN 1 AND 3"))
    return made


def test_pruned_blocks_are_executed_from_a_snapshot_on(pruned: Recorded, liandao: Answer) -> None:
    code, said, _ = liandao("verify", "data", pruned.data)
    assert code == 0
    assert "blocks 4 to 10: links" in said
    assert "blocks 4 to 10 executed again" in said
    (snapshot,) = (pruned.data / "snapshots").iterdir()
    snapshot.unlink()
    code, said, _ = liandao("verify", "data", pruned.data)
    assert code == 0
    assert "not executed again" in said


def test_a_node_that_began_with_a_snapshot_has_no_entries_of_its_block(
    tmp_path: Path, liandao: Answer
) -> None:
    made = record(tmp_path, BLOCKS, snapshot=3)
    alter(made, sql("DELETE FROM block WHERE seq BETWEEN 0 AND 2"))
    alter(made, sql("UPDATE block SET entries = x'90' WHERE seq = 3"))
    code, said, _ = liandao("verify", "data", made.data)
    assert code == 0
    assert "blocks 4 to 10 executed again" in said
    alter(made, sql("UPDATE block SET entries = x'90' WHERE seq = 4"))
    assert "results stored for block 4" in liandao("verify", "data", made.data)[2]


def test_without_executing_it_a_changed_state_is_found_all_the_same(
    pruned: Recorded, liandao: Answer
) -> None:
    (snapshot,) = (pruned.data / "snapshots").iterdir()
    snapshot.unlink()
    alter(pruned, sql("UPDATE state SET value = x'00' WHERE key = (SELECT max(key) FROM state)"))
    code, _, said = liandao("verify", "data", pruned.data)
    assert code == 1
    assert "not the one that block 10 certifies" in said


def test_a_snapshot_that_was_altered_is_named(pruned: Recorded, liandao: Answer) -> None:
    (snapshot,) = (pruned.data / "snapshots").iterdir()
    content = bytearray(snapshot.read_bytes())
    content[len(content) // 2] ^= 1
    snapshot.write_bytes(content)
    code, _, said = liandao("verify", "data", pruned.data)
    assert code == 1
    assert "snapshot" in said


# --- ranges ---


def test_a_range_is_checked_by_what_speaks_for_it(whole: Recorded, liandao: Answer) -> None:
    """Block 1 has no certificate of its own: that of block 2 stands for it."""
    code, said, _ = liandao("verify", "range", whole.data, "--from", 1, "--to", 1)
    assert (code, said) == (
        0,
        "Blocks 1 to 1 follow each other, up to epoch 0; 1 certificates hold.\n",
    )
    code, said, _ = liandao("verify", "range", whole.ledger, "--from", 4)
    assert (code, said) == (
        0,
        "Blocks 4 to 10 follow each other, up to epoch 3; 5 certificates hold.\n",
    )


def test_without_executing_it_the_block_above_gives_a_forged_one_away(
    recorded: Recorded, liandao: Answer
) -> None:
    alter(recorded, change_block(1, with_later_time))
    code, _, said = liandao("verify", "range", recorded.data)
    assert code == 1
    assert "block 2 does not follow the block below it (parent)" in said


@pytest.mark.parametrize(("first", "last"), [(0, 3), (5, 4), (3, 11), (-1, -1)])
def test_a_range_that_is_none_is_named(
    whole: Recorded, liandao: Answer, first: int, last: int
) -> None:
    code, _, said = liandao("verify", "range", whole.data, f"--from={first}", f"--to={last}")
    assert code == 2
    assert "There are no blocks" in said


def test_damage_outside_of_a_range_is_not_its_business(recorded: Recorded, liandao: Answer) -> None:
    alter(recorded, sql("UPDATE block SET block = x'92' WHERE seq = 8"))
    assert liandao("verify", "range", recorded.data, "--to", 6)[0] == 0
    code, _, said = liandao("verify", "range", recorded.data, "--from", 7)
    assert code == 1
    assert "block 8" in said


def test_the_genesis_file_may_lie_elsewhere(
    recorded: Recorded, liandao: Answer, tmp_path: Path
) -> None:
    elsewhere = (recorded.data / "genesis.json").rename(tmp_path / "street.json")
    assert liandao("verify", "range", recorded.data, "--genesis", elsewhere)[0] == 0
    assert liandao("verify", "range", recorded.data)[0] == 2


# --- hand-overs ---


def test_hand_overs_are_written_and_followed(
    whole: Recorded, liandao: Answer, tmp_path: Path
) -> None:
    genesis = whole.data / "genesis.json"
    file, trust, later = tmp_path / "all.json", tmp_path / "trust.json", tmp_path / "later.json"
    code, said, _ = liandao("handovers", "--data", whole.data, "--out", file)
    assert (code, said) == (0, f"3 hand-overs written to {file}.\n")
    check = ("verify", "handovers")
    code, said, _ = liandao(*check, file, "--genesis", genesis, "--save-trust", trust)
    assert code == 0
    assert "Epoch 3 is the last one known; its committee: shops 0, 1, 2, 3." in said
    assert liandao("handovers", "--data", whole.data, "--from", 2, "--out", later)[0] == 0
    code, _, said = liandao(*check, later, "--genesis", genesis)
    assert code == 1
    assert "have epoch 2 where 0 was due" in said


def test_hand_overs_that_cannot_be_read_are_counted(whole: Recorded) -> None:
    with open_ledger_archive(whole.ledger) as archive:
        stored = list(archive.reads.handovers())
    with pytest.raises(InputFault) as caught:
        read_handovers([stored[0], stored[1][:-1]])
    assert caught.value.facts == {"epoch": 1}


# --- receipts by their QR text ---


def test_a_receipt_is_checked_from_what_a_scanner_read(liandao: Answer, tmp_path: Path) -> None:
    street = Street(4)
    text = to_text(street.receipt_in(0))
    genesis, file = tmp_path / "genesis.json", tmp_path / "qr.txt"
    genesis.write_text(street.genesis)
    file.write_text(text + "\n")
    for told in ([file], [f"--qr-text={text}"]):
        code, said, _ = liandao("verify", "receipt", *told, "--genesis", genesis)
        assert code == 0
        assert "sale 1-24" in said
    assert liandao("verify", "receipt", "--genesis", genesis)[0] == 2
