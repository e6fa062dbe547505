"""Every reader of bytes that others made, as one function of bytes (T18, T39).

A target returns, or fails by an assertion or by an error that has no name: that is a finding.
The errors that a reader may raise are those that its caller in the product handles. The first
byte of a fuzzer's input says which target it is for. Decoders of `liandao_node.wire` and the
calls of the ledger's modules are found by themselves, so that a new one cannot be forgotten.
"""

import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, Final

import msgspec
import trio
import zeroconf
from liandao_node import wire
from liandao_node.crypto.cards import read_presented
from liandao_node.crypto.keys import SigningKey
from liandao_node.crypto.noise import CipherState, KeyPair
from liandao_node.errors import InputFault, LiandaoError, OperatorFault, PeerFault
from liandao_node.ledger.modules import BUILTIN
from liandao_node.local.frames import FrameReader, frame
from liandao_node.net.addresses import Addresses
from liandao_node.net.discovery import SERVICE_TYPE, hint_of
from liandao_node.net.handshake import Caller, Host, Identity
from liandao_node.net.records import Opener
from liandao_node.proofs.receipt import build_receipt
from liandao_node.proofs.verifier import verify_receipt
from liandao_node.store import voter_log
from liandao_node.store.voter_records import (
    decode_identity,
    seal,
    unseal,
)
from liandao_node.types import ChainId
from liandao_node.wire.api import decode_reply, decode_request, encode_api
from liandao_node.wire.codec import Decoder, encode
from liandao_node.wire.genesis import load_genesis

from support.receipts import Street, sale

Target = Callable[[bytes], None]

READERS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What `doors.session` takes for API_MALFORMED."""
CHAIN: Final = ChainId(b"\x11" * 32)
KEY: Final = b"\x33" * 32
STREET: Final = Street(4)


def _a_receipt() -> str:
    entries = [sale(number) for number in range(3)]
    headers = STREET.chain(entries, 2)
    certificate = STREET.certificate(headers[-1], [0, 2, 3], seq=13)
    return build_receipt(entries[1], entries, headers, certificate)


RECEIPT: Final = _a_receipt()


HANDSHAKE_FAULTS: Final = (
    *("NOT_LIANDAO", "OTHER_VERSION", "OTHER_STREET"),
    *("HANDSHAKE_FORGED", "WEAK_KEY", "IDENTITY_FORGED"),
)


@contextmanager
def only(kind: type[LiandaoError], *codes: str) -> Iterator[None]:
    """Lets errors of this class pass, with a code that begins like one of these; any other
    error is a finding."""
    try:
        yield
    except kind as fault:
        if not fault.code.startswith(codes):
            raise


# --- canonical forms ---


def _wire_decoders() -> Iterator[tuple[str, Decoder[Any]]]:
    for module in pkgutil.iter_modules(wire.__path__):
        for name, value in vars(import_module(f"liandao_node.wire.{module.name}")).items():
            if isinstance(value, Decoder):
                yield name, value


def _call_decoders() -> Iterator[tuple[str, Decoder[Any]]]:
    for module in BUILTIN:
        for call in module.calls:
            yield f"call {module.name} {call.__name__}", Decoder(call)


DECODERS: Final[dict[str, Decoder[Any]]] = {
    **dict(_wire_decoders()),
    **dict(_call_decoders()),
    "decode_identity": decode_identity,
}


def type_of(decode: Decoder[Any]) -> Any:
    """The type that a decoder is for: the bound method knows the decoder, and that its type."""
    return decode._decode.__self__.type  # type: ignore[attr-defined]


def _canonical(decode: Decoder[Any]) -> Target:
    def target(data: bytes) -> None:
        with only(InputFault, "MALFORMED", "NOT_CANONICAL"):
            value = decode(data)
            assert encode(value) == data
            assert decode(encode(value)) == value

    return target


# --- other readers ---


def _api(data: bytes) -> None:
    for decode in (decode_request.decode, decode_reply.decode):
        try:
            number, message = decode(data)
        except READERS:
            continue
        again: object = decode(encode_api((number, message)))
        assert again == (number, message)


class _Pieces(trio.abc.ReceiveStream):
    """A stream that has everything ready, a few bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        size = min(max_bytes or 7, 1 + len(self._rest) // 3)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    async def aclose(self) -> None:
        pass


def _frames(data: bytes) -> None:
    reader = FrameReader(_Pieces(data))
    said = b""

    async def read() -> None:
        nonlocal said
        while (payload := await reader.next()) is not None:
            said += frame(payload)

        assert said == data

    with only(InputFault, "API_FRAME_TOO_LARGE", "API_FRAME_TORN"), suppress(StopIteration):
        read().send(None)
        raise AssertionError("it waits although everything is there")
    assert data.startswith(said)


def identity(seed: int) -> Identity:
    return Identity(SigningKey(bytes([seed]) * 32), CHAIN, KeyPair.from_secret(bytes([seed]) * 32))


def ephemeral(seed: int) -> KeyPair:
    return KeyPair.from_secret(bytes([seed]) * 32)


def _handshake(data: bytes) -> None:
    caller, host = Caller(identity(1), ephemeral(3)), Host(identity(2), ephemeral(4))
    first = caller.first()
    for hear in (Host(identity(2), ephemeral(4)).on_first, caller.on_reply):
        with only(PeerFault, *HANDSHAKE_FAULTS):
            hear(data)
            assert data[:7] == b"LIANDAO"
    host.on_first(first)
    with only(PeerFault, *HANDSHAKE_FAULTS):
        host.on_last(data)
        raise AssertionError("a stranger's bytes ended a handshake")


def _records(data: bytes) -> None:
    """Bytes of somebody without the key, however they arrive."""
    opener = Opener(CipherState(KEY))
    with only(PeerFault, "FRAME_FORGED"):
        for at in range(0, len(data), 5):
            assert list(opener.feed(data[at : at + 5])) == []


def _frames_of_a_member(data: bytes) -> None:
    """The same inside good records: lengths that lie, frames of no end."""
    sealer, opener = CipherState(KEY), Opener(CipherState(KEY))
    said = b""
    with only(PeerFault, "FRAME_TOO_LARGE"):
        for at in range(0, len(data), 11):
            record = sealer.encrypt(data[at : at + 11])
            for found in opener.feed(len(record).to_bytes(2, "big") + record):
                said += len(found).to_bytes(4, "big") + found
    assert data.startswith(said)


def _discovery(data: bytes) -> None:
    addresses = [data[at : at + 4].ljust(4, b"\0") for at in range(0, len(data[:64]), 4)]
    port = int.from_bytes(data[:2], "big")
    info = zeroconf.ServiceInfo(
        SERVICE_TYPE, f"x.{SERVICE_TYPE}", port=port, properties=data, addresses=addresses
    )
    hint = hint_of(info, CHAIN)
    if hint is not None:
        assert len(hint.key) == 32
        Addresses().hear(hint.addresses)


def _receipt(data: bytes) -> None:
    text = data.decode(errors="replace")
    for document, genesis in ((text, STREET.genesis), (RECEIPT, text)):
        with only(InputFault, "RECEIPT_"):
            verify_receipt(document, genesis)


def _genesis(data: bytes) -> None:
    with only(OperatorFault, "GENESIS_BAD"):
        genesis = load_genesis(data)
        assert load_genesis(msgspec.json.encode(genesis)).chain_id == genesis.chain_id


def _card(data: bytes) -> None:
    with only(InputFault, "SCAN_", "CARD_"):
        read_presented(data.decode(errors="replace"))


def _voter_root(data: bytes) -> None:
    with only(InputFault, "MALFORMED", "NOT_CANONICAL"):
        assert seal(unseal(data)) == data


def _voter_log(data: bytes) -> None:
    assert isinstance(voter_log.damage(data), str)


OTHERS: Final[dict[str, Target]] = {
    "api messages": _api,
    "api frames": _frames,
    "handshake": _handshake,
    "records": _records,
    "frames of a member": _frames_of_a_member,
    "discovery": _discovery,
    "receipt": _receipt,
    "genesis": _genesis,
    "card": _card,
    "voter root": _voter_root,
    "voter log": _voter_log,
}

TARGETS: Final[dict[str, Target]] = {
    **{name: _canonical(decode) for name, decode in DECODERS.items()},
    **OTHERS,
}
_IN_ORDER: Final = list(TARGETS.values())


def fuzz_one(data: bytes) -> None:
    """One input of a fuzzer: the target's number, then what the target reads."""
    if data:
        _IN_ORDER[data[0] % len(_IN_ORDER)](data[1:])
