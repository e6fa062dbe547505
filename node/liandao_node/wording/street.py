"""What other nodes, the network or a receipt may do: counted, logged, shown to owners."""

STREET: dict[str, str] = {
    # what a peer sent
    "MALFORMED": "Something was received that is no message: {detail}. It was set aside.",
    "NOT_CANONICAL": "A message was received in a form that no honest node writes. It was set"
    " aside.",
    "MESSAGE_BAD": "A shop sent something that is no message ({why}). It was cut off for a while.",
    "FRAME_FORGED": "Bytes from a shop were altered on the way. The connection was closed and is"
    " made anew.",
    "FRAME_TOO_LARGE": "A shop sent {size_bytes} bytes at once, more than any node may. It was cut"
    " off for a while.",
    "VOTE_FORGED": "A vote of shop {shop} has a wrong signature. It does not count; the shop was"
    " cut off for a while.",
    "CERTIFICATE_BAD": "Shop {shop} sent a certificate that does not hold. It was cut off for a"
    " while.",
    "PROPOSAL_BAD": "Shop {shop} proposed a block that breaks the rules. It was refused.",
    "SNAPSHOT_BAD": "A shop sent a snapshot of height {seq} that is not the street's ({why})."
    " Nothing of it was used. Another shop is asked.",
    "SNAPSHOT_NEWER": "The street's snapshot of height {seq} was made by protocol {protocol}; this"
    " program speaks {own}. Nothing of it was used. Please update this program.",
    "SNAPSHOT_NONE": "Shop {shop} has no snapshot to give. Another shop is asked, and blocks are"
    " fetched meanwhile.",
    "SNAPSHOT_OLD": "The snapshot of shop {shop}, of height {seq}, is too old to help. Blocks are"
    " fetched in its place.",
    "SNAPSHOT_SILENT": "Shop {shop} does not send the snapshot that it was asked for. Another shop"
    " is asked, and goes on where it stopped.",
    "RANGE_BAD": "Shop {shop} sent blocks that are not what they claim to be. Another shop is"
    " asked.",
    # why a node stops
    "CHAIN_FORKED": "Two final blocks contradict each other. This node has stopped voting; nothing"
    " that it confirmed is changed. Keep its data and call the street's treasurers.",
    "NEW_VIEW_CONTRADICTS_FINAL_BLOCK": "The other shops go on from a ledger that contradicts"
    " confirmed sales. This node has stopped; nothing that it confirmed is changed. Keep its data"
    " as evidence and call the street's treasurers.",
    "STATE_DIVERGED": "This computer calculates another result than the other shops. It has"
    " stopped; nothing is lost. Check its memory and disk, then set it up again.",
    "BLOCK_BAD": "Block {seq} was proposed wrongly ({why}). It was refused.",
    "BLOCK_PARENT_UNKNOWN": "Block {seq} follows a block that is not known here. It was refused.",
    "BLOCK_ROOT_MISMATCH": "Block {seq} claims other results than its transactions have ({field})."
    " It was refused.",
    "BLOCK_HEADER_MISMATCH": "Block {seq} has a wrong header ({field}). It was refused.",
    "PROGRAM_OUTDATED": "The street works by protocol {street}; this program speaks {own}, so it"
    " has stopped voting and stands still. Points are safe, and nothing is lost. Please update this"
    " program; it goes on by itself then.",
    "SHOP_OUTDATED": "Its program speaks protocol {speaks}, which is older than the street's. It"
    " stands still until it is updated; nothing is lost.",
    "PROTOCOL_HELD": "Still speaks protocol {speaks}; the street goes on with that until its"
    " update. Nothing is lost meanwhile.",
    # documents
    "STAMP_KNOWN": "This shop has stamped the document before, in block {height} of {since}. That"
    " stamp stands and is the older proof. Nothing was stamped a second time.",
    "STAMP_UNKNOWN": "That shop has not stamped this document. One letter changed, or a file saved"
    " anew by another program, makes another document.",
    "STAMPS_MANY": "This shop has stamped as much as it may on one day. Nothing was stamped. Go on"
    " tomorrow, or stamp one file that lists the others with their SHA-256.",
    "PARTIES_UNORDERED": "A shop is named twice, or this shop names itself as the other party."
    " Nothing was stamped. Please name every other shop once.",
    "PARTY_UNKNOWN": "One of the parties has a number that no shop of the street has. Nothing was"
    " stamped. Please check the numbers.",
    "PARTY_OTHER": "The stamp does not name this shop as party. Nothing was countersigned. Stamp"
    " the document yourself.",
    "COUNTERSIGNED_BEFORE": "This shop has countersigned the document before. That stands, and"
    " nothing more is to be done.",
    "STAMP_NOT_WRITTEN": "The proof is not on the disk yet. The stamp is safe. Please try again in"
    " a moment.",
    "STAMP_OTHER_DOCUMENT": "NOT VALID: the proof is for another document, or the document was"
    " altered. Stamped was the SHA-256 {stamped}.",
    "STAMP_NOT_PROVEN": "NOT VALID: the proof is no stamp on a document. It says: {words}.",
    # transactions
    "TX_BAD_SIGNATURE": "A transaction in the name of shop {shop} has a wrong signature. It was"
    " dropped.",
    "TX_CALLS_TOO_MANY": "A transaction carries {calls} calls; {max_calls} are allowed. It was"
    " dropped.",
    "TX_MALFORMED": "A transaction makes no sense: {detail}. It was dropped.",
    "TX_TOO_LARGE": "A transaction has {size_bytes} bytes; {max_bytes} are allowed. It was"
    " dropped.",
    "TX_UNKNOWN_SHOP": "A transaction comes from shop {shop}, which is no member. It was dropped.",
    "TX_REPLAYED": "This was recorded before. It was not recorded a second time, and nothing is to"
    " be done.",
    "TX_NONCE_OLD": "This came too late to be recorded. Nothing was changed. Please look whether"
    " it was recorded before, then do it again.",
    "CALL_TOO_LARGE": "A call has {size_bytes} bytes; {max_bytes} are allowed. It was dropped.",
    "CALL_UNKNOWN": "This street does not offer that. Nothing was changed, and points are safe."
    " Please go on without it.",
    "CALL_MALFORMED": "Something in this entry is missing, too long or too large. Nothing was"
    " changed. Please check it and try again.",
    "WINDOW_BACKWARDS": "A count of page views ends before it begins, so it was not recorded."
    " Sales and points are safe. Please update this program.",
    "WINDOW_OVERLAPS": "Page views of that time were counted before. They were not counted twice;"
    " sales and points are safe, and nothing is to be done.",
    "WINDOW_IN_FUTURE": "A count of page views lies in the future, so it was not recorded. Sales"
    " and points are safe. Please correct this computer's clock.",
    "COUNTS_UNORDERED": "A count of page views is in disorder, so it was not recorded. Sales and"
    " points are safe. Please update this program.",
    "COUNTS_TOO_MANY": "A count holds more page views than the street allows, so it was not"
    " recorded. Sales and points are safe. Please tell whoever looks after the shop's pages.",
    # the network
    "LISTEN_FAILED": "Cannot listen on {address}: {detail}. Is another program using it?",
    "DISCOVERY_UNAVAILABLE": "Shops nearby cannot be searched for ({detail}). Typed addresses work"
    " all the same.",
    "UNKNOWN_SHOP": "Somebody with an unknown key ({key}) knocked and was turned away.",
    "WRONG_SHOP": "At that address another shop answered ({key}). The connection was closed.",
    "OTHER_STREET": "A node of another street ({street}) knocked and was turned away.",
    "OTHER_VERSION": "A node speaks version {version} of the shops' protocol, this one {own}. They"
    " cannot work together. Nothing is lost; please update the older one.",
    "NOT_LIANDAO": "Something that is no node of a street knocked and was turned away.",
    "HANDSHAKE_FORGED": "A greeting was altered on the way (message {message}). It was refused.",
    "HANDSHAKE_TIMEOUT": "Somebody connected and did not finish the greeting. It was cut off.",
    "IDENTITY_FORGED": "Somebody claimed the key {key} without having it. The claim was refused.",
    "WEAK_KEY": "A greeting used a key that protects nothing. It was refused.",
    "VERDICT_UNKNOWN": "A node gave an answer to the greeting that has no meaning.",
    "TWO_SESSIONS": "Two computers use the key of one shop at the same time. The others deal only"
    " with the one started last. Points are safe; that shop should stop one of them now.",
    "KEY_IN_USE_ELSEWHERE": "Another computer works, or worked, with this shop's key (its start"
    " {other}, here {session}), so this node has stopped. Points are safe. Run only the computer"
    " with the newest data, or give one of them a new node key.",
    "OLDER_SESSION": "An older copy of a shop's node answered. It was not used.",
    "CLAIM_FORGED": "Shop {shop} said without proof that this shop's key is used elsewhere. It was"
    " not believed.",
    "KEPT_OUT": "A shop is kept out for a while because of what it sent.",
    "NOT_ADMITTED": "The other shop does not let this one in now. It is tried again.",
    "DOORWAY_FULL": "Too many strangers knock at once. Members are not affected.",
    "REPLACED": "A newer connection to the same shop took over.",
    "PEER_GONE": "The connection to a shop ended. It is tried again.",
    "PEER_SILENT": "A shop has been silent for {silent_ms} ms. It is called again.",
    "PEER_TOO_SLOW": "A shop does not take its messages ({queued_bytes} bytes waiting). It is"
    " called again.",
    "CHANNEL_ABANDONED": "The connection was closed before it was used.",
    "CHANNEL_SPENT": "A connection has carried all that one key may protect. It is made anew.",
    # receipts
    "RECEIPT_MALFORMED": "This is no receipt of a street: {detail}.",
    "RECEIPT_PROTOCOL": "Block {height} follows protocol {found}, but in epoch {epoch} the street"
    " worked by {due}. The receipt proves nothing.",
    "RECEIPT_VERSION": "The receipt has version {found}; this program knows {known}.",
    "RECEIPT_GENESIS_BAD": "The genesis file makes no sense: {detail}.",
    "RECEIPT_QR_BAD": "This is no receipt's QR code, or it was read badly: {detail}.",
    "RECEIPT_QR_LONG": "The receipt has {chars} characters; one QR code holds {limit} at this size."
    " The receipt itself is good; hand it out as a file.",
    "RECEIPT_OTHER_STREET": "NOT VALID: the receipt belongs to another street ({street}).",
    "RECEIPT_EPOCH": "NOT PROVEN: the receipt is of epoch {epoch}, and the committees are known up"
    " to epoch {known} only. Give a newer file of hand-overs with --handovers.",
    "RECEIPT_EPOCH_OVER": "NOT VALID: block {height} is signed for epoch {epoch}, which ended with"
    " another block {last}.",
    "RECEIPT_HEIGHT": "NOT VALID: block {height} lies below block {first}, the first one of epoch"
    " {epoch}.",
    "RECEIPT_HANDOVER_ORDER": "NOT VALID: the hand-overs have epoch {epoch} where {expected} was"
    " due.",
    "RECEIPT_HANDOVER_COMMITTEE": "NOT VALID: the committee of epoch {epoch} is not the one that"
    " the committee before it named.",
    "RECEIPT_COMMITTEE_BAD": "NOT VALID: a committee's record makes no sense: {detail}.",
    "RECEIPT_TRUST_BAD": "This is no file of a trusted committee: {detail}.",
    "RECEIPT_TRUST_EXPIRED": "NOT PROVEN: the trusted committee took office {days} days and"
    " {epochs} epochs ago; after {limit} its members answer for nothing any more. Start from the"
    " genesis file, or get a newer trusted committee from somebody you know.",
    "RECEIPT_TRUST_CONTRADICTED": "NOT VALID: it leads to another committee of epoch {epoch} than"
    " the one you trust. Somebody signs a second history: keep the file and call the street's"
    " treasurers.",
    "RECEIPT_ENTRY": "NOT VALID: what the receipt says happened cannot be read: {detail}.",
    "RECEIPT_PATH": "NOT VALID: what the receipt says is not in block {height}.",
    "RECEIPT_HEADERS": "NOT VALID: the blocks of the receipt do not follow each other at height"
    " {height}.",
    "RECEIPT_OTHER_BLOCK": "NOT VALID: the certificate is for another block than {height}.",
    "RECEIPT_NOT_COMMIT": "NOT VALID: the certificate is of kind {kind} and proves no decision.",
    "RECEIPT_SIGNERS_FEW": "NOT VALID: {found} seats signed block {height} of epoch {epoch},"
    " {needed} are needed.",
    "RECEIPT_SIGNERS_REPEATED": "NOT VALID: a seat's signature stands twice, or out of its place,"
    " under block {height} of epoch {epoch}.",
    "RECEIPT_SIGNER_UNKNOWN": "NOT VALID: the committee of epoch {epoch} has no seat {seat}.",
    "RECEIPT_SIGNATURE": "NOT VALID: the signature of seat {seat} under block {height} of epoch"
    " {epoch} is wrong.",
    "RECEIPT_WORDS": "NOT VALID: the words on the receipt are not what it proves.",
}
