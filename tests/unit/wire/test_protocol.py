"""The two numbers of a program, and the one in records and headers."""

import pytest
from liandao_node.errors import InputFault
from liandao_node.types import BlockHash, ChainId, Epoch, Millis, PublicKey, Seq, ShopId
from liandao_node.wire.blocks import Header, decode_header
from liandao_node.wire.codec import encode
from liandao_node.wire.committee import CommitteeRecord, Seat, decode_committee
from liandao_node.wire.genesis import first_committee
from liandao_node.wire.protocol import (
    CHANNEL,
    FIRST_PROTOCOL,
    PROTOCOL,
    PROTOCOL_MAX,
    ProtocolVersion,
)
from msgspec.structs import replace
from support.ledger_street import make_genesis

RECORD = CommitteeRecord(Epoch(1), Seq(9), 2, [Seat(ShopId(0), PublicKey(b"k" * 32))])
ZEROS = bytes(32)
HEADER = Header(
    version=2,
    chain_id=ChainId(ZEROS),
    epoch=Epoch(1),
    seq=Seq(9),
    parent=BlockHash(ZEROS),
    tx_root=ZEROS,
    result_root=ZEROS,
    state_root=ZEROS,
    call_count=1,
    time_ms=Millis(1),
    proposer=ShopId(0),
    attendance=0,
    next_committee=b"",
)


def test_this_program_speaks_all_from_the_first_on() -> None:
    assert FIRST_PROTOCOL <= PROTOCOL <= PROTOCOL_MAX
    assert str(CHANNEL) == f"{CHANNEL.major}.{CHANNEL.minor}"
    assert ProtocolVersion(1, 9) < ProtocolVersion(1, 10) < ProtocolVersion(2, 0)


@pytest.mark.rule("P-12.12")
def test_a_street_begins_with_the_first_protocol() -> None:
    assert first_committee(make_genesis(4)).protocol == FIRST_PROTOCOL


@pytest.mark.rule("P-12.12", "P-12.2")
def test_the_digest_that_a_header_names_stands_for_the_protocol_too() -> None:
    assert decode_committee(encode(RECORD)) == RECORD
    assert replace(RECORD, protocol=3).hash != RECORD.hash


@pytest.mark.rule("P-12.12", "P-2.5")
@pytest.mark.parametrize("number", [-1, 0, PROTOCOL_MAX + 1])
def test_what_is_no_protocol_is_not_decoded(number: int) -> None:
    with pytest.raises(InputFault, match="MALFORMED"):
        decode_committee(encode(replace(RECORD, protocol=number)))
    with pytest.raises(InputFault, match="MALFORMED"):
        decode_header(encode(replace(HEADER, version=number)))
    assert decode_header(encode(replace(HEADER, version=PROTOCOL_MAX))).version == PROTOCOL_MAX
