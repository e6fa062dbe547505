"""What a scanned code is for."""

import pytest
from liandao_app.devices.payload import (
    CardScanned,
    Command,
    CommandScanned,
    ForAnotherScreen,
    Foreign,
    ReceiptScanned,
    Scanned,
    read_payload,
)


@pytest.mark.parametrize(
    ("payload", "meaning"),
    [
        ("LD1:C:7ZK42", CardScanned("LD1:C:7ZK42")),
        ("ld1:c:7zk42", CardScanned("LD1:C:7ZK42")),
        (" LD1:C:7ZK42 ", CardScanned("LD1:C:7ZK42")),
        ("40170001", CardScanned("40170001")),
        ("LD1:K:MAX", CommandScanned(Command.MAX)),
        ("ld1:k:cash", CommandScanned(Command.CASH)),
        ("LD1:K:DANCE", ForAnotherScreen("LD1:K:DANCE")),
        ("LD1:R:12-7", ReceiptScanned("LD1:R:12-7")),
        ("LD1:V:8813", ForAnotherScreen("LD1:V:8813")),
        ("4006381333931", Foreign("4006381333931")),
        ("4017000", Foreign("4017000")),
        ("４０１７０００１", Foreign("４０１７０００１")),
        ("https://example.org", Foreign("https://example.org")),
    ],
)
def test_payloads_are_told_apart(payload: str, meaning: Scanned) -> None:
    assert read_payload(payload) == meaning
