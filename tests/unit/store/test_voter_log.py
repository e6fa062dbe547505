"""A log that a power cut ended is whole; one that was damaged later is not."""

from random import Random

import pytest
from liandao_node.store.voter_log import FRAME_HEADER_BYTES, HEADER_BYTES, damage
from support.voters import create_voter, save_number

FRAME_BYTES = FRAME_HEADER_BYTES + 4096
SECTOR_BYTES = 512


class Log:
    """A real log, by transaction."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.commits: list[int] = []
        """Numbers of the frames that end a transaction of this run of the log."""
        salts = content[16:24]
        self.frames = 0
        while content[self.at(self.frames) + 8 :][:8] == salts:
            if int.from_bytes(content[self.at(self.frames) + 4 :][:4], "big"):
                self.commits.append(self.frames)
            self.frames += 1

    def at(self, frame: int) -> int:
        return HEADER_BYTES + frame * FRAME_BYTES


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    path = tmp_path_factory.mktemp("log") / "voter.db"
    store = create_voter(path)
    for number in range(1, 9):
        save_number(store, number)
    content = path.with_name("voter.db-wal").read_bytes()
    store.close()
    found = Log(content)
    # The boot and eight saves; behind them lies what an older run of the log has left.
    assert len(found.commits) == 9
    assert len(content) > found.at(found.frames)
    return found


def _flip(content: bytes, at: int, mask: int = 1) -> bytes:
    changed = bytearray(content)
    changed[at] ^= mask
    return bytes(changed)


def test_a_whole_log_is_whole(log: Log) -> None:
    assert damage(log.content) == ""
    assert damage(log.content[: log.at(log.frames)]) == ""


def test_no_log_is_whole() -> None:
    assert damage(b"") == ""
    assert damage(bytes(20)) == ""
    assert damage(bytes(8192)) == "", "made longer, and its first write lost"


@pytest.mark.parametrize("seed", range(30))
def test_a_torn_last_transaction_is_no_damage(log: Log, seed: int) -> None:
    """Any of its sectors may have kept what an older run of the log had there, or nothing."""
    random = Random(seed)
    changed = bytearray(log.content)
    first = log.at(log.commits[-2] + 1)
    older = bytes(len(changed)) if seed % 2 else bytes(random.randbytes(len(changed)))
    for start in range(first, log.at(log.frames), SECTOR_BYTES):
        if random.random() < 0.4:
            stop = min(start + SECTOR_BYTES, log.at(log.frames))
            changed[start:stop] = older[start:stop]
    assert damage(bytes(changed)) == ""


def test_a_log_cut_short_anywhere_is_no_damage(log: Log) -> None:
    """Frames that are not there were never synced, or their loss is the mark's to notice."""
    for length in range(HEADER_BYTES, log.at(log.frames), 4999):
        assert damage(log.content[:length]) == ""


@pytest.mark.parametrize("byte", range(FRAME_HEADER_BYTES))
def test_every_byte_of_a_frames_header_counts(log: Log, byte: int) -> None:
    frame = log.commits[3]
    found = damage(_flip(log.content, log.at(frame) + byte))
    assert found == f"frame {frame} of the log does not check"


def test_every_frame_below_the_last_transaction_counts(log: Log) -> None:
    for frame in range(log.commits[-2] + 1):
        at = log.at(frame) + FRAME_HEADER_BYTES + 4096 * frame // log.frames
        assert damage(_flip(log.content, at)) == f"frame {frame} of the log does not check"


@pytest.mark.parametrize("byte", range(HEADER_BYTES))
def test_every_byte_of_the_logs_header_counts(log: Log, byte: int) -> None:
    assert "header" in damage(_flip(log.content, byte))
