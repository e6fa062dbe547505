"""Receipts with fixed keys, byte by byte, for whoever writes a verifier of her own.

`vectors.json` beside this module holds a genesis file, seeds of the seats' keys, receipts in
both forms, hand-overs, a trust file, and what each proves or why it is refused.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from liandao_node.errors import InputFault
from liandao_node.proofs.compact import to_text
from liandao_node.proofs.handovers import Trusted
from liandao_node.proofs.receipt import build_handovers
from liandao_node.proofs.verifier import verify_handovers, verify_receipt
from support.receipts import Street

FILE: Final = Path(__file__).with_name("vectors.json")
VECTORS: Final = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.rule("P-8.4")
def test_they_are_what_the_seeds_lead_to() -> None:
    street = Street(4, genesis=VECTORS["genesis"])
    assert [key.seed.hex() for key in street.keys] == VECTORS["seeds"]
    assert street.chain_id.hex() == VECTORS["chain_id"]
    assert street.receipt_in(0) == VECTORS["receipt_epoch_0"]
    assert street.receipt_in(2) == VECTORS["receipt_epoch_2"]
    assert to_text(street.receipt_in(2)) == VECTORS["qr_text_epoch_2"]
    file = build_handovers(street.chain_id, street.handovers(2))
    assert file == VECTORS["handovers"]
    assert verify_handovers(file, street.genesis).trust == VECTORS["trust_epoch_2"]


@pytest.mark.rule("P-8.5")
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["name"]))
def test_each_proves_what_it_says(case: dict[str, Any]) -> None:
    told = case.get("handovers")
    trust = case.get("trust")
    trusted = Trusted(VECTORS[trust], case["now_ms"]) if trust else None
    try:
        found = verify_receipt(
            VECTORS[case["receipt"]],
            VECTORS["genesis"],
            handovers=VECTORS[told] if told else "",
            trusted=trusted,
        ).words
    except InputFault as fault:
        found = fault.code
    assert found == case["says"]
