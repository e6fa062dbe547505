"""A receipt as one QR code that a thermal printer can print and a phone can read.

58 mm paper takes 384 dots across at 203 dpi. Version 25 has 117 modules and a margin of 4 on
each side: 375 dots at 3 dots a module, the most that fits, and 0.375 mm a module is what
phones still read well. So the best error correction that stays within version 25 is taken;
a receipt that needs more gets a larger code, for 80 mm paper (576 dots) or a screen.
"""

from contextlib import suppress
from typing import Final

import segno

from liandao_node.proofs.compact import to_text

PAPER_VERSION: Final = 25
DOTS_PER_MODULE: Final = 3
PICTURES: Final = (".png", ".svg")
_LEVELS: Final = ("Q", "M", "L")
"""Of error correction, best first."""


def receipt_qr(document: str) -> segno.QRCode:
    """The QR code of a receipt file (JSON text), hand-overs left out.

    Raises InputFault ``RECEIPT_QR_LONG``.
    """
    text = to_text(document)
    for level in _LEVELS:
        with suppress(segno.DataOverflowError):
            return _smallest(text, level)
    return segno.make_qr(text, error=_LEVELS[-1], boost_error=False, mode="alphanumeric")


def _smallest(text: str, level: str) -> segno.QRCode:
    """Raises segno.DataOverflowError when it is too large for narrow paper."""
    code = segno.make_qr(text, error=level, boost_error=False, mode="alphanumeric")
    if int(code.version) > PAPER_VERSION:
        raise segno.DataOverflowError(f"version {code.version}")
    return code


def told(code: segno.QRCode) -> str:
    """Its size in words."""
    modules = 4 * int(code.version) + 17
    paper = "58" if int(code.version) <= PAPER_VERSION else "80"
    return f"version {code.version}-{code.error}, {modules} modules, for {paper} mm paper"
