"""What cards, their papers and claims may meet: for cashiers, who read it to the customer."""

CARDS: dict[str, str] = {
    "CARD_MOVED": "This card was replaced: its points are on its owner's new card. Nothing was"
    " changed. Please ask for the new card.",
    "CARD_BLOCKED": "This card is blocked, as its owner asked. Its points are safe and none were"
    " taken. The owner can unblock it with the card and its PIN.",
    "PIN_NEEDED": "This card has a PIN. No points were taken. Please scan the card and let the"
    " customer type the PIN.",
    "PIN_WRONG": "The PIN is not right. No points were taken. Please let the customer type it"
    " again.",
    "PIN_FORM": "A PIN has {least} to {most} digits. Nothing was changed. Please type it again.",
    "RECOVERY_NEEDED": "This needs the paper that the customer got with the card. The points are"
    " safe where they are. Please scan the paper.",
    "RECOVERY_WRONG": "This paper does not belong to that card. The points are safe where they"
    " are. Please look for the right paper.",
    "CARD_WORD_OUT_OF_TURN": "Something else was changed on this card just now, so this was not"
    " done. Its points are safe. Please try again.",
    "CARD_KEY_NOT_PROVEN": "The new PIN or paper could not be checked. The old one still holds,"
    " and the points are safe. Please try again.",
    "BLOCKED_ALREADY": "This card is blocked already. Its points are safe, and nothing more is to"
    " be done.",
    "NOT_BLOCKED": "This card is not blocked. Its points are as they were, and nothing is to be"
    " done.",
    "BLOCKS_MANY": "This shop has blocked as many cards today as the street allows. This card was"
    " not blocked, and its points were not touched. Please ask another shop of the street.",
    "SAME_CARD": "This is the same card twice. Nothing was changed. Please scan the other card.",
    "MOVE_WAITS": "The waiting time for the lost card is not over. Its points are safe where they"
    " are. Please come back later.",
    "NO_MOVE_WAITS": "Nobody has asked to move this card's points. They are where they were."
    " Please begin with the lost card's digits and the new card.",
    "MOVES_MANY": "This shop has begun as many moves without a paper today as the street allows."
    " The points are safe where they are. Please try tomorrow, or at another shop.",
    "CARDS_JOINED_MANY": "Too many cards were joined into this one. The points are safe where they"
    " are. Please take a fresh card for them.",
    "CARD_HELD": "Points of that card are held at a till at this moment. They are safe where they"
    " are. Please try again in ten minutes.",
    "PURSE_FULL": "Both cards together hold points from too many days and shops. They are safe"
    " where they are. Please use some of them first.",
    "ORDER_HAS_CARD": "That sale was made with a card, and its points are on that card. Nothing is"
    " left to claim.",
    "CLAIM_KNOWN": "That sale has a claim code already. Nothing was changed. Please use the receipt"
    " that was printed first.",
    "CLAIM_UNKNOWN": "No points wait for this receipt: it is too old, or its points cannot be"
    " claimed. Nothing was changed. Please tell the customer.",
    "CLAIM_MADE": "The points of this receipt were claimed before. Nothing was given a second"
    " time.",
    "CLAIM_LATE": "The time to claim the points of this receipt is over. No points were given."
    " Please tell the customer.",
    "CLAIM_EMPTY": "This receipt brings no points, or none today. Nothing was changed. If this card"
    " got its most for today at that shop, please try tomorrow.",
    "CLAIM_SIGNATURE_BAD": "The code on the receipt was misread. Nothing was changed. Please scan"
    " the receipt again.",
}
