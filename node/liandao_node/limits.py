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

ACCUSATION_TRIES_MAX: Final = 3
"""Attempts to bring one piece of evidence into the ledger."""
AHEAD_MESSAGES_MAX: Final = 16
"""Messages of an epoch to come that are kept of one seat, one proposal among them."""

BLOCK_CALLS_MAX: Final = 2_000
BLOCK_TXS_MAX: Final = 500
BLOCK_BYTES_MAX: Final = 256 * 1024
TX_BYTES_MAX: Final = 64 * 1024
TX_CALLS_MAX: Final = 256
CALL_BODY_BYTES_MAX: Final = 4 * 1024

# --- network ---
FRAME_BYTES_MAX: Final = 2 * 1024 * 1024
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
"""Of blocks in one range, beyond the first; with headers and frame it fits one message."""
RANGE_BLOCKS_MAX: Final = 256
RUN_BLOCKS_MAX: Final = 64
"""Blocks for which one certificate speaks in a range; so many may wait for the last of them."""
CERTIFY_BLOCKS: Final = 8
"""Blocks of a range for which one certificate is checked and kept."""
SNAPSHOT_PIECE_BYTES: Final = 256 * 1024
"""At which a piece of a snapshot is closed."""
SNAPSHOT_PIECES_MAX: Final = 32_768
SNAPSHOT_BYTES_MAX: Final = 8 * 1024 * 1024 * 1024
SNAPSHOTS_KEPT: Final = 2
SNAPSHOT_BEHIND_BLOCKS: Final = 512
"""So many blocks behind the street, a node asks for a snapshot first."""
SNAPSHOT_GAIN_BLOCKS: Final = 128
"""A snapshot that is less than this ahead is not worth it: the blocks are kept, too."""
SNAPSHOT_PIECE_MS_MAX: Final = 2_000
"""Patience with a source for one piece."""
SNAPSHOT_TURN_MS: Final = 30_000
"""Patience with a source for all pieces, twice as much after each round that failed."""
SNAPSHOT_AHEAD_PIECES: Final = 4
"""Pieces that are asked for at a time."""
SNAPSHOT_PAUSE_MS: Final = 30_000
"""After all sources failed, until they are asked for a snapshot again; blocks go on."""
HANDSHAKES_MAX: Final = 64
"""Handshakes that others have begun here and not ended."""
HANDSHAKES_PER_ADDRESS_MAX: Final = 16
CONNECT_MS_MAX: Final = 1_500
ADDRESSES_PER_PEER_MAX: Final = 8
PING_MS: Final = 1_000
"""A channel that has sent nothing for so long says that it is there."""
PEER_SILENCE_MS_MAX: Final = 5_000
PEER_HEALTHY_MS: Final = 10_000
"""A channel that lived so long makes the next reconnect a quick one."""
KEEP_OUT_MS_MIN: Final = 1_000
KEEP_OUT_MS_MAX: Final = 30_000
KEEP_OUT_FORGET_MS: Final = 10 * 60 * 1_000
REKEY_RECORDS: Final = 16_384
"""Records under one key of a channel's direction."""
DISCOVERY_LOOKUPS_MAX: Final = 4
DISCOVERY_LOOKUP_MS: Final = 1_000
DISCOVERY_RETRY_MS: Final = 5_000
"""Between two looks at the interfaces, and two attempts to use multicast."""
DISCOVERY_SILENT_MS: Final = 5_000
"""No other shop heard for so long: the screens offer to type an address."""

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
SOURCE_TURN_MS: Final = 2_000
"""One shop that gives missing blocks is asked on for so long, then another has its turn."""
CLOCK_SKEW_MS_MAX: Final = 10_000

# --- mempool ---
MEMPOOL_TXS_MAX: Final = 20_000
MEMPOOL_BYTES_MAX: Final = 64 * 1024 * 1024
MEMPOOL_TXS_PER_SHOP_MAX: Final = 900
"""Below the ledger's replay window, so that no order of arrival loses one."""
MEMPOOL_SILENCE_MS_MAX: Final = 60_000
"""A waiting transaction that its shop no longer repeats is dropped after this long."""
NONCE_WINDOW: Final = 1_024

# --- who is missing, metrics ---
PARTICIPATION_BLOCKS_MAX: Final = 60
"""Columns of the grid of who took part."""
STATUS_LATE_MS: Final = 3_000
"""A connected seat that has not told of itself for so long is not counted on."""
IDLE_SEAT_BLOCKS: Final = 8
"""A connected seat that voted for none of so many blocks in a row is not counted on."""

# --- HTTP door ---
HTTP_CLIENTS_MAX: Final = 32
HTTP_HEAD_BYTES_MAX: Final = 16 * 1024
HTTP_BODY_BYTES_MAX: Final = 64 * 1024
HTTP_REQUEST_MS_MAX: Final = 5_000
"""From the first to the last byte of a request, and as long for writing its answer."""
HTTP_IDLE_MS_MAX: Final = 30_000
"""Between two requests on one connection."""

# --- local API ---
API_FRAME_BYTES_MAX: Final = 4 * 1024 * 1024
API_CLIENTS_MAX: Final = 32
API_REQUESTS_PER_CLIENT_MAX: Final = 64
API_PUSH_HZ_MAX: Final = 20
ANSWER_S_MAX: Final = 30
"""Seconds that a call waits for the street's certificate when it is not kept in the outbox."""
API_HELLO_MS_MAX: Final = 5_000
"""Patience with a client, or a node, that has yet to say its first word."""
API_SEND_MS_MAX: Final = 5_000
"""A client that takes longer to read one reply is cut off."""
API_SOCKET_PATH_BYTES_MAX: Final = 100
"""Linux takes 108. A longer one is reached through its folder."""

# --- ledger ---
LOTS_PER_CARD_MAX: Final = 256
HOLDS_PER_CARD_MAX: Final = 8
HOLD_MS_MAX: Final = 10 * 60 * 1_000
CARDS_JOINED_MAX: Final = 32
"""Cards whose points went to one card, one after the other: so many records a move may write."""
AMOUNT_MAX: Final = 10**12
NAME_CHARS_MAX: Final = 80
EXECUTIONS_MAX: Final = 64
"""Executed blocks above the tip that are kept; any of them can be executed again."""
SWEEP_CARDS_PER_BLOCK_MAX: Final = 128
"""Cards whose expired points one block takes off the books."""
CLAIMS_DROPPED_PER_BLOCK_MAX: Final = 128
"""Receipts whose time to be claimed is up, which one block forgets."""
DEFAULTS_PER_BLOCK_MAX: Final = 8
"""Payments that were not made in time, which one block deals with."""
CLEARING_PERIODS_KEPT: Final = 48
"""Half months whose obligations a statement can show; payments are kept for ever."""
CLEARING_ROWS_DROPPED_PER_BLOCK_MAX: Final = 256
POOL_PERIODS_KEPT: Final = 9
"""Months whose traffic, card by card, the state keeps: the last six can be weighed again."""
POOL_ROWS_PER_BLOCK_MAX: Final = 256
"""Records of traffic that one block gathers or drops."""
POOL_CARDS_PER_BLOCK_MAX: Final = 64
"""Customers to whom one block gives their part of the pool."""
POOL_LATE_PER_BLOCK_MAX: Final = 8
"""Orders refunded after their month that one block deals with."""
STAKE_MOVES_PER_SHOP_MAX: Final = 64
"""Pieces of a shop's stake that have left a seat and are still liable for it."""
MILESTONE_BLOCKS: Final = 64
"""Every so many blocks the state keeps a block's hash, which a seat names to leave jail."""
MILESTONES_KEPT: Final = 4
CAMPAIGNS_OPEN_MAX: Final = 64
"""Of one shop, those that wait for their sponsor among them."""
CAMPAIGNS_ATTACHED_MAX: Final = 8
"""Stamp cards and rebates that an order of one shop is looked at for."""
CAMPAIGNS_ENDED_PER_BLOCK_MAX: Final = 64
CAMPAIGN_PLACES_MAX: Final = 64
COUPON_HOLDS_MAX: Final = 64
"""Open ones of one campaign: they are in its record."""
COUPON_HOLDS_PER_SHOP_MAX: Final = 8
COUPONS_PER_ORDER_MAX: Final = 4
COUPONS_PER_SHEET: Final = 64
"""Printed coupons whose digests are one record, and the most that one call commits."""
COUPONS_PRINTED_MAX: Final = 1_024
"""Of one request: their digests are one transaction, their texts one answer."""
COUPON_MARGIN_MS: Final = 30_000
"""A coupon's hold that ends sooner is not sold with: the block may come after its end."""
CLAIM_AGAIN_MS: Final = 10 * 60 * 1_000
"""So long after a sale its claim code is told again: for lost answers and torn paper, not for a
cashier who looks for forgotten receipts."""
WALLET_ENTRIES_MAX: Final = 64
"""Campaigns that one card has something of."""
WALLET_VISITS_MAX: Final = 32
"""Shops that a card's last visit and referral are known of."""
TRAFFIC_COUNTS_PER_BATCH_MAX: Final = 64
"""Pairs of event class and verdict in one traffic batch."""
NOTARY_PARTIES_MAX: Final = 16
"""Shops that may countersign one stamp."""
NOTARY_STAMPS_PER_DAY_MAX: Final = 200
"""Of one shop: a stamp stays in the state for ever."""
NOTARY_LIST_MAX: Final = 100
"""Stamps in one answer to who asks for a list."""

# --- traffic and imports ---
USER_AGENT_CHARS_MAX: Final = 512
"""Searched for a crawler's name; the rest of a longer one is not looked at."""
LOG_LINE_BYTES_MAX: Final = 16 * 1024
CSV_FIELD_CHARS_MAX: Final = 4 * 1024
IMPORT_REJECTS_LISTED_MAX: Final = 10_000
TRAFFIC_WINDOW_MS: Final = 10 * 60 * 1_000
TRAFFIC_GRACE_MS: Final = 48 * 60 * 60 * 1_000
"""An event whose own time lies further from the moment it is recorded does not count."""
TRAFFIC_BATCH_EVENTS_MAX: Final = 50_000
HITS_PER_REQUEST_MAX: Final = 500
ORDERS_PER_REQUEST_MAX: Final = 100
REFUND_PARTS_MAX: Final = 100
"""Orders that goods which came back together are taken off."""
REFUND_PARTS_PER_REQUEST_MAX: Final = 200
"""Of all its refunds; they go in one transaction."""
GOODS_REMEMBERED_MAX: Final = 300_000
"""Rows of purchases by which an import finds what a refund gives back."""
REFERENCE_CHARS_MAX: Final = 120
EXCERPT_CHARS_MAX: Final = 120
VIEWS_PER_MINUTE_MAX: Final = 30
"""Page views of one visitor in one minute that count."""
VIEWS_REMEMBERED_MAX: Final = 200_000
"""Page views that a judge remembers for duplicates and rates."""
AGENTS_REMEMBERED_MAX: Final = 20_000
"""User agents whose bot verdict is remembered."""

# --- people (store/people.py) ---
PERSON_NOTE_CHARS_MAX: Final = 500
PERSON_PHONE_DIGITS_MIN: Final = 5
PERSON_PHONE_DIGITS_MAX: Final = 17
"""Fifteen, and two zeros in place of a plus."""
PERSON_MAIL_CHARS_MAX: Final = 254
PEOPLE_FOUND_MAX: Final = 7
"""That a search by phone number shows; with more of them the card is asked for."""
PEOPLE_PER_REPLY_MAX: Final = 500
"""Of those who agree to a purpose; the rest with the next request."""
PERSON_CONSENTS_MAX: Final = 200
"""Words of one person that are kept, the last one of each purpose always."""

# --- receipts ---
RECEIPT_HANDOVERS_MAX: Final = 400
"""A receipt of a later epoch leaves its hand-overs to a file of their own."""

# --- stores ---
STORE_CHECK_BYTES_MAX: Final = 64 * 1024 * 1024
"""A database up to this size is checked whole when it is opened."""
STORE_QUEUE_ITEMS_MAX: Final = 1_024
STORE_BATCH_ITEMS_MAX: Final = 64
"""Items in one transaction of a writer thread; more make the others wait for the GIL."""
VOTER_RESERVE_BYTES: Final = 1024 * 1024
"""Room that voter.db and its log take in advance: votes need it on a full disk."""
OUTBOX_RESERVE_BYTES: Final = 1024 * 1024
"""The same for outbox.db: a sale needs it."""
STATE_CACHE_KEYS_MAX: Final = 50_000
DISK_LOW_BYTES: Final = 128 * 1024 * 1024
"""Free room below which a node stops voting."""
DISK_ENOUGH_BYTES: Final = 192 * 1024 * 1024
"""Free room from which it votes again."""
RETENTION_EPOCHS: Final = 30
RETENTION_EPOCHS_MIN: Final = 2
"""Below the two snapshots that are kept there would be blocks missing for whoever takes one."""
LEDGER_BYTES_MAX: Final = 2 * 1024 * 1024 * 1024
"""Of ledger.db: above it, epochs go before their time."""
PRUNE_STEP_BLOCKS: Final = 32
"""Blocks that go in one transaction; commits pass in between."""
KEPT_RECEIPTS_MAX: Final = 500_000
"""Own orders' proofs that outlive their blocks, about half a gigabyte."""
OUTBOX_TXS_MAX: Final = 20_000
"""Own transactions without a certificate; with more of them the counter says so and stops."""
