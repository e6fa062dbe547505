"""Frames in records: any cut of the byte stream gives the same frames, any change none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liandao_node.crypto.noise import CipherState
from liandao_node.errors import PeerFault
from liandao_node.limits import FRAME_BYTES_MAX, NOISE_MESSAGE_BYTES_MAX, REKEY_RECORDS
from liandao_node.net.records import PLAIN_BYTES_MAX, Opener, Sealer, sealed_bytes
from support.shops import sealer_and_opener

frames_lists = st.lists(st.binary(max_size=300), max_size=12)


@given(frames=frames_lists, cuts=st.lists(st.integers(1, 70), max_size=60), together=st.booleans())
def test_frames_come_out_as_they_went_in(
    frames: list[bytes], cuts: list[int], together: bool
) -> None:
    sealer, opener = sealer_and_opener()
    wire = sealer.seal(frames) if together else b"".join(sealer.seal((f,)) for f in frames)
    came: list[bytes] = []
    for cut in cuts:
        came += opener.feed(wire[:cut])
        wire = wire[cut:]
    came += opener.feed(wire)
    assert came == frames


def test_queued_frames_share_a_record() -> None:
    sealer, _ = sealer_and_opener()
    assert len(sealer.seal([b"x" * 100] * 10)) == 2 + 10 * 104 + 16


def test_a_short_frame_alone_has_the_stated_size() -> None:
    sealer, _ = sealer_and_opener()
    assert len(sealer.seal((b"x",))) == sealed_bytes(1) == 23


@pytest.mark.parametrize("size", [PLAIN_BYTES_MAX - 4, PLAIN_BYTES_MAX - 3, FRAME_BYTES_MAX])
def test_a_large_frame_spans_records_of_the_permitted_size(size: int) -> None:
    sealer, opener = sealer_and_opener()
    frame = bytes(range(256)) * (size // 256) + b"e" * (size % 256)
    wire = sealer.seal((frame, b"next"))
    at = 0
    while at < len(wire):
        record = int.from_bytes(wire[at : at + 2], "big")
        assert 16 <= record <= NOISE_MESSAGE_BYTES_MAX
        at += 2 + record
    assert at == len(wire)
    assert list(opener.feed(wire)) == [frame, b"next"]


def drained(opener: Opener, wire: bytes) -> tuple[list[bytes], str]:
    """The frames that came, and the code of the fault that ended them, if one did."""
    came: list[bytes] = []
    try:
        came.extend(opener.feed(wire))
    except PeerFault as fault:
        return came, fault.code
    return came, ""


def test_a_changed_bit_in_any_byte_ends_the_channel() -> None:
    """A changed length makes a record that is torn, or one that is waited for in vain."""
    whole = Sealer(CipherState(b"k" * 32)).seal((b"a vote",))
    for place in range(len(whole)):
        wire = bytearray(whole)
        wire[place] ^= 1
        _, opener = sealer_and_opener()
        later = bytes(NOISE_MESSAGE_BYTES_MAX)
        assert drained(opener, bytes(wire) + later) == ([], "FRAME_FORGED"), place


def test_a_replayed_a_dropped_and_a_swapped_record_are_refused() -> None:
    for order in ([0, 0], [1], [1, 0]):
        sealer, opener = sealer_and_opener()
        records = [sealer.seal((b"first",)), sealer.seal((b"second",))]
        with pytest.raises(PeerFault, match="FRAME_FORGED"):
            list(opener.feed(b"".join(records[n] for n in order)))


def test_good_frames_before_a_forged_one_are_delivered() -> None:
    sealer, opener = sealer_and_opener()
    good = sealer.seal((b"good",))
    assert drained(opener, good + good) == ([b"good"], "FRAME_FORGED")


@pytest.mark.parametrize("size", [0, 1, 15])
def test_a_record_too_short_for_a_tag_is_refused_at_once(size: int) -> None:
    _, opener = sealer_and_opener()
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        list(opener.feed(size.to_bytes(2, "big")))


@pytest.mark.parametrize("size", [FRAME_BYTES_MAX + 1, 2**31, 2**32 - 1])
def test_a_huge_frame_is_refused_by_its_length_alone(size: int) -> None:
    sealing = CipherState(b"k" * 32)
    record = sealing.encrypt(size.to_bytes(4, "big") + b"some bytes")
    _, opener = sealer_and_opener()
    with pytest.raises(PeerFault, match=rf"FRAME_TOO_LARGE\(size_bytes={size}\)"):
        list(opener.feed(len(record).to_bytes(2, "big") + record))


def test_keys_are_renewed_on_both_sides_at_the_same_record() -> None:
    sealer, opener = sealer_and_opener()
    never_renewed = Opener(CipherState(b"k" * 32))
    never_renewed._left = -1
    for _ in range(REKEY_RECORDS):
        record = sealer.seal((b"",))
        list(opener.feed(record))
        list(never_renewed.feed(record))
    record = sealer.seal((b"after",))
    assert list(opener.feed(record)) == [b"after"]
    with pytest.raises(PeerFault, match="FRAME_FORGED"):
        list(never_renewed.feed(record))
