"""Numbers of the command line that have bounds of their own, said before a node is asked."""

import argparse
from collections.abc import Callable
from typing import Final

from liandao_node.cli.node_command import whole_number

BPS_MAX: Final = 10_000
SHOP_MAX: Final = 2**16 - 1
NAME_BYTES: Final = 16


def between(least: int, most: int) -> Callable[[str], int]:
    """A whole number in these bounds, both of them good."""

    def number(text: str) -> int:
        found = whole_number(text)
        if not least <= found <= most:
            raise argparse.ArgumentTypeError(f"{text} is not between {least} and {most}")
        return found

    return number


some = between(1, 2**32 - 1)
bps = between(0, BPS_MAX)
shop = between(0, SHOP_MAX)


def name_of(text: str) -> bytes:
    """A name as these commands print it: 32 hexadecimal digits."""
    name = bytes.fromhex(text)
    if len(name) != NAME_BYTES:
        raise argparse.ArgumentTypeError(f"{text} has not {2 * NAME_BYTES} digits")
    return name
