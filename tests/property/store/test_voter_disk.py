"""A power cut or a flipped bit: voter.db shows the last save or refuses."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from liandao_node.errors import LiandaoError
from liandao_node.store.voter import NEVER_VOTED, VoterState
from support.faulty_disk import FaultyDisk, flip_bit
from support.voters import bodies_after, create_voter, open_voter, save_number, state_of

SAVES = 24
RESERVE_BYTES = 128 * 1024
"""Less than the real one: these tests open hundreds of voters."""
_EXPECTED = (None, state_of(SAVES))


@pytest.fixture(autouse=True, scope="module")
def _small_reserve() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("liandao_node.store.voter.VOTER_RESERVE_BYTES", RESERVE_BYTES)
        yield


def _state(number: int) -> VoterState:
    return state_of(number) if number else NEVER_VOTED


class _Cuts:
    """Takes images of the disk at some of its events, with what may be seen in each."""

    def __init__(self, disk: FaultyDisk, images: Path, random: Random, share: float) -> None:
        self.acknowledged = 0
        self.under_way = 0
        self.found: list[tuple[Path, int, int]] = []
        self._disk = disk
        self._images = images
        self._random = random
        self._share = share

    def __call__(self, event: str) -> None:
        if event == "sync" or self._random.random() < self._share:
            image = self._images / str(len(self.found))
            self._disk.cut(image, self._random)
            # The mark is never synced: it may be there or not.
            mark = self._images.parent / "voter.mark"
            if self._random.random() < 0.5 and mark.exists():
                shutil.copy(mark, image)
            self.found.append((image, self.acknowledged, self.under_way))


def _check(image: Path, acknowledged: int, under_way: int) -> int:
    """The save that is seen after the cut; it must be one of the two, whole."""
    store = open_voter(image / "voter.db")
    seen = next(n for n in (acknowledged, under_way) if store.state == _state(n))
    assert store.bodies() == bodies_after(seen)
    assert store.boot > 1
    store.close()
    return seen


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_at_any_point_shows_the_last_save_or_the_one_under_way(
    tmp_path: Path, seed: int
) -> None:
    seen = {"last": 0, "under way": 0}
    (tmp_path / "images").mkdir()
    with FaultyDisk() as disk:
        store = create_voter(tmp_path / "voter.db", disk.vfs)
        cuts = _Cuts(disk, tmp_path / "images", Random(seed), 0.05)
        disk.on_event = cuts
        for number in range(1, SAVES + 1):
            cuts.under_way = number
            save_number(store, number)
            cuts.acknowledged = number
            if number % 7 == 0:
                store.checkpoint()
        disk.on_event = None
        store.close()
    for image, acknowledged, under_way in cuts.found:
        number = _check(image, acknowledged, under_way)
        if acknowledged != under_way:
            seen["last" if number == acknowledged else "under way"] += 1
    assert all(seen.values()), f"the cuts missed one of both outcomes: {seen}"


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_while_opening_loses_nothing(tmp_path: Path, seed: int) -> None:
    """Recovery itself can be cut, again and again."""
    random = Random(seed)
    home = tmp_path / "0"
    home.mkdir()
    store = create_voter(home / "voter.db")
    for number in range(1, 6):
        save_number(store, number)
    shutil.copytree(home, tmp_path / "start")
    store.close()
    home = tmp_path / "start"
    for attempt in range(6):
        image = tmp_path / f"image-{attempt}"
        with FaultyDisk() as disk:
            left = random.randrange(1, 120)

            def cut(event: str, disk: FaultyDisk = disk, image: Path = image) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    disk.cut(image, random)

            disk.on_event = cut
            again = open_voter(home / "voter.db", disk.vfs)
            disk.on_event = None
            again.close()
        if image.exists():
            home = image
    last = open_voter(home / "voter.db")
    assert last.state == state_of(5)
    assert last.bodies() == bodies_after(5)
    last.close()


@pytest.fixture(scope="module")
def homes(_small_reserve: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Data directories as ``kill -9`` and as an orderly stop leave them, with and without the
    mark, which after a power cut may not be there."""
    home = tmp_path_factory.mktemp("home")
    store = create_voter(home / "voter.db")
    for number in range(1, SAVES + 1):
        save_number(store, number)
    crashed = tmp_path_factory.mktemp("crashed") / "data"
    shutil.copytree(home, crashed)
    unmarked = tmp_path_factory.mktemp("unmarked") / "data"
    shutil.copytree(home, unmarked, ignore=shutil.ignore_patterns("voter.mark"))
    store.close()
    return {"crashed": crashed, "unmarked": unmarked, "stopped": home}


def _flipped(source: Path, tmp_path: Path, name: str, bit: int) -> VoterState | None:
    """What is seen after one bit has turned; None when it is refused."""
    home = tmp_path / "flipped"
    shutil.copytree(source, home)
    try:
        flip_bit(home / name, bit)
        with suppress(LiandaoError):
            store = open_voter(home / "voter.db")
            try:
                assert store.bodies() == bodies_after(SAVES)
                return store.state
            finally:
                store.close()
        return None
    finally:
        shutil.rmtree(home)


def _check_flips(source: Path, tmp_path: Path, name: str, bits: list[int]) -> None:
    """Each is refused, or harmless because nothing that counts lies there."""
    states = [_flipped(source, tmp_path, name, bit) for bit in bits]
    odd = [bit for bit, state in zip(bits, states, strict=True) if state not in _EXPECTED]
    assert odd == []
    assert states.count(None) > len(bits) // 4, "hardly a bit mattered: the test does not test"


def test_a_flipped_bit_in_the_file_never_shows_another_state(
    homes: dict[str, Path], tmp_path: Path
) -> None:
    content = (homes["stopped"] / "voter.db").read_bytes()
    written = [at for at, byte in enumerate(content) if byte]
    random = Random(1)
    bits = [8 * random.choice(written) + random.randrange(8) for _ in range(40)]
    _check_flips(homes["stopped"], tmp_path, "voter.db", bits)


def test_a_flipped_bit_in_the_log_never_shows_another_state(
    homes: dict[str, Path], tmp_path: Path
) -> None:
    last, end = _last_transaction(homes["crashed"] / "voter.db-wal")
    random = Random(2)
    bits = [random.randrange(8 * 32, 8 * end) for _ in range(30)]
    bits += [random.randrange(8 * last, 8 * end) for _ in range(10)]
    _check_flips(homes["crashed"], tmp_path, "voter.db-wal", bits)


def test_without_the_mark_the_log_itself_tells_damage_from_a_torn_tail(
    homes: dict[str, Path], tmp_path: Path
) -> None:
    """All but the last transaction, which looks like one that was never acknowledged."""
    last, _ = _last_transaction(homes["unmarked"] / "voter.db-wal")
    random = Random(3)
    bits = [*range(0, 32 * 8, 31), *(random.randrange(8 * last) for _ in range(30))]
    _check_flips(homes["unmarked"], tmp_path, "voter.db-wal", bits)


def _last_transaction(log: Path) -> tuple[int, int]:
    """Where the last transaction of a log begins and ends."""
    content = log.read_bytes()
    salts, frame = content[16:24], 24 + int.from_bytes(content[8:12], "big")
    ends = [32]
    at = 32
    while content[at + 8 : at + 16] == salts:
        at += frame
        if any(content[at - frame + 4 : at - frame + 8]):
            ends.append(at)
    return ends[-2], ends[-1]
