"""What a cashier may meet: cards, points, sales, the connection to the node.

Each says what happened, whether money and points are safe, and what to do now.
"""

COUNTER: dict[str, str] = {
    # scans and typing
    "AMOUNT_UNCLEAR": "“{typed}” is no amount. Nothing was taken. Please type it again.",
    "SCAN_EMPTY": "Nothing was read. Please scan the card again or type its eight digits.",
    "SCAN_NOT_OURS": "This is no card of the street. Nothing was changed. Scan the customer's"
    " card or type its eight digits.",
    "SCAN_OTHER_KIND": "This code is not a card. Nothing was changed. Please scan the customer's"
    " card.",
    "CARD_PAYLOAD_BAD": "The card could not be read completely. Nothing was changed. Please scan"
    " it again, or type the eight digits below the code.",
    "CARD_PAYLOAD_CHECK": "The card was misread. Nothing was changed. Please scan it again, or"
    " type the eight digits below the code.",
    "CARD_CODE_BAD": "These eight digits hold a typing error. Please type them again.",
    "CARD_CODE_LENGTH": "A card has {expected} digits, these are {digits}. Please type them again.",
    "ENROL_NEEDS_CARD": "Eight digits are not enough to make a new card known. Please scan the"
    " card, or make a new one.",
    "TENDER_UNKNOWN": "This kind of payment is not known. Nothing was recorded. Use cash, card or"
    " other.",
    # cards
    "CARD_UNKNOWN": "Not a card of this street. Nothing was changed. You can make it a member now"
    " or sell without a card.",
    "CARD_KNOWN": "This card is a member already. Its points are as they were, and nothing is to"
    " be done.",
    "CARD_SIGNATURE_BAD": "The card could not prove that it is genuine. No points were taken."
    " Please scan it again.",
    "CARD_MISSING": "Points need a card. Nothing was recorded. Please scan the card first.",
    "CODE_TAKEN": "Another card has these eight digits already. Nothing was changed. Please use"
    " another card.",
    "CODE_WRONG": "The digits do not belong to this card. Nothing was changed. Please scan it"
    " again.",
    "CODE_CAP": "Without the card itself only a few points a day can be used. No points were"
    " taken. Ask for the card, or use fewer points.",
    # points
    "POINTS_SHORT": "The card does not have that many free points. Nothing was taken. Choose"
    " fewer, or take payment without points.",
    "POINTS_OVER_HOLD": "More points than were put aside. Nothing was taken. Please scan the card"
    " again.",
    "POINTS_OVER_SHARE": "Points may pay only a part of a bill in this street. Nothing was taken."
    " Choose fewer points.",
    "EXCLUDED_OVER_GROSS": "The part without points is larger than the bill. Nothing was"
    " recorded. Please check the amounts.",
    "HOLD_KNOWN": "These points were put aside before. Nothing more was taken. Please scan the"
    " card again.",
    "HOLD_UNKNOWN": "No points are put aside for this sale. Nothing was taken. Please scan the"
    " card again.",
    "HOLD_MISSING": "No points are put aside for this sale. Nothing was taken. Please scan the"
    " card again.",
    "HOLD_FOREIGN": "These points are put aside in another shop. Nothing was taken here. Take"
    " payment without points, or wait until that shop is done.",
    "HOLD_EXPIRED": "The points were put aside for too long and are free again. Nothing was"
    " taken. Please scan the card again.",
    "HOLD_SPENT": "These points were used already. Nothing more was taken. Please look at the last"
    " sale.",
    "HOLD_LAPSED": "The points were not confirmed in time. Nothing was taken. Scan the card again"
    " or take payment without points.",
    "HOLDS_FULL": "This card has points put aside in too many places. Nothing was taken. Wait a"
    " few minutes, or take payment without points.",
    # sales
    "ORDER_KNOWN": "This receipt number has another sale already. That sale stands; this one was"
    " not recorded a second time.",
    "ORDER_UNKNOWN": "No sale has receipt number {register}-{number} in this shop.",
    "RECEIPT_NOT_WRITTEN": "The receipt is being written. The sale is safe. Please try again in a"
    " moment.",
    # the node and the street
    "NO_QUORUM": "Too few shops of the street answer. Nothing was taken. Wait, or take payment"
    " without points.",
    "MEMPOOL_FULL": "The street has more work waiting than it can hold. Nothing was taken. Please"
    " try again in a moment.",
    "OUTBOX_FULL": "Too many sales wait for the street. This one was not recorded. Please check"
    " the connection to the other shops.",
    "NODE_NOT_RUNNING": "This shop's node is not running. You can go on selling; points follow"
    " when it is back.",
    "NODE_GONE": "The connection to this shop's node broke. Recorded sales are safe; asking again"
    " does nothing twice.",
    "NODE_SILENT": "This shop's node does not answer. Recorded sales are safe. It is asked again.",
    "REGISTER_IN_USE": "Register {register} is open in another window. Please use that window, or"
    " open another register.",
    "LANGUAGE_UNKNOWN": "There is no language “{name}” here. Use en, zh-Hans or ja.",
    "OUTBOX_DAMAGED": "The list of sales on their way cannot be read ({path}). Sales of the ledger"
    " are safe. Please keep that file and ask for help.",
    "OUTBOX_UNWRITABLE": "This computer cannot write down sales on their way ({path}). Selling"
    " goes on; please free disk space soon.",
    "SETTINGS_UNWRITABLE": "The settings could not be saved ({path}). Selling is not affected.",
    "SCRIPT_BAD": "The script {path} makes no sense: {detail}",
}
