"""Every bound of the node, by name. A queue or a message without one is a defect.

Sizes are bytes, times are milliseconds, unless the name says otherwise.
"""

from typing import Final

# --- committee and pipeline (docs/protocol.md) ---
COMMITTEE_SEATS_MAX: Final = 64
PIPELINE_DEPTH: Final = 4
"""Blocks proposed and not yet committed."""
WINDOW_SEQS: Final = 2 * PIPELINE_DEPTH
"""Votes above the tip that are kept."""
VOTE_VIEWS_PER_SEAT_MAX: Final = 4
"""Views for which one seat's votes on one height are kept; the lowest goes first."""
BODIES_MAX: Final = 64
"""Uncommitted block bodies kept in memory."""

BLOCK_CALLS_MAX: Final = 2_000
BLOCK_TXS_MAX: Final = 500
BLOCK_BYTES_MAX: Final = 256 * 1024
TX_BYTES_MAX: Final = 64 * 1024
TX_CALLS_MAX: Final = 256
CALL_BODY_BYTES_MAX: Final = 4 * 1024

# --- network ---
FRAME_BYTES_MAX: Final = 1024 * 1024
NOISE_MESSAGE_BYTES_MAX: Final = 65_535
HANDSHAKE_MS_MAX: Final = 5_000
PEERS_MAX: Final = 64
STRANGERS_MAX: Final = 8
"""Channels of keys that are no member's, at one time."""
PEER_QUEUE_FRAMES_MAX: Final = 1_024
PEER_QUEUE_BYTES_MAX: Final = 8 * 1024 * 1024
RECONNECT_MS_MIN: Final = 50
RECONNECT_MS_MAX: Final = 2_000
RANGE_BYTES_MAX: Final = 512 * 1024
RANGE_BLOCKS_MAX: Final = 256

# --- timers ---
TICK_MS: Final = 50
STATUS_MS: Final = 1_000
PROGRESS_MS_MIN: Final = 250
PROGRESS_MS_MAX: Final = 2_000
LEADER_DOWN_MS: Final = 150
"""Patience with a leader whose channel is down."""
VIEW_CHANGE_MS_MAX: Final = 4_000
CENSORSHIP_MS: Final = 10_000
"""The oldest request may wait this long under one leader."""
FETCH_MS: Final = 200
CLOCK_SKEW_MS_MAX: Final = 10_000

# --- mempool ---
MEMPOOL_TXS_MAX: Final = 20_000
MEMPOOL_BYTES_MAX: Final = 64 * 1024 * 1024
MEMPOOL_TXS_PER_SHOP_MAX: Final = 900
"""Below the ledger's replay window, so that no order of arrival loses one."""
NONCE_WINDOW: Final = 1_024

# --- local API ---
API_FRAME_BYTES_MAX: Final = 4 * 1024 * 1024
API_CLIENTS_MAX: Final = 32
API_REQUESTS_PER_CLIENT_MAX: Final = 64
API_PUSH_HZ_MAX: Final = 20

# --- ledger ---
LOTS_PER_CARD_MAX: Final = 256
HOLDS_PER_CARD_MAX: Final = 8
HOLD_MS_MAX: Final = 10 * 60 * 1_000
AMOUNT_MAX: Final = 10**12
NAME_CHARS_MAX: Final = 80

# --- traffic and imports ---
LOG_LINE_BYTES_MAX: Final = 16 * 1024
CSV_FIELD_CHARS_MAX: Final = 4 * 1024
IMPORT_REJECTS_LISTED_MAX: Final = 10_000
TRAFFIC_WINDOW_MS: Final = 10 * 60 * 1_000
TRAFFIC_BATCH_EVENTS_MAX: Final = 50_000
HITS_PER_REQUEST_MAX: Final = 500
ORDERS_PER_REQUEST_MAX: Final = 100
