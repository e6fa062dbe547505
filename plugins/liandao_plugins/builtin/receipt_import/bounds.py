"""Every bound of the receipt import, by name."""

from typing import Final

MAPPING_BYTES_MAX: Final = 64 * 1024
ROW_BYTES_MAX: Final = 64 * 1024
"""One physical line."""
ROW_LINES_MAX: Final = 64
"""Physical lines that one quoted record may span."""
ORDER_LINES_MAX: Final = 5_000
ORDERS_OPEN_MAX: Final = 1_000
"""Orders whose rows may lie interleaved."""
ORDERS_REMEMBERED_MAX: Final = 100_000
"""Finished orders whose reference is remembered, to name a row that comes too late."""
SPREAD_MINUTES_MAX: Final = 7 * 24 * 60
QUANTITY_EXPONENT: Final = 3
"""Goods are counted in thousandths."""
NUMBER_CHARS_MAX: Final = 40
NUMBER_POWER_MAX: Final = 40
"""Of ten, in ``2.2e-16``."""
