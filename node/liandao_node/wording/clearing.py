"""Sentences about clearing between shops: for owners and treasurers."""

CLEARING: dict[str, str] = {
    "PAYMENT_UNKNOWN": "This shop has no such payment in that half month. Nothing was changed."
    " liandao clearing show lists the payments.",
    "PAYMENT_SETTLED": "This payment was confirmed as received before. Nothing was changed, and"
    " nothing is owed for it.",
    "PAYMENT_FAILED": "This payment was not made in time, and others covered for it. Nothing was"
    " changed, and what they bore is still owed. Pay the treasurers, or those who bore it.",
    "PAYMENT_SAID": "It was said before that this payment was made. Nothing was changed. It counts"
    " once the receiver or the treasurers confirm it.",
    "ARREARS_SHORT": "Less than that is owed here. Nothing was changed. Please correct the amount.",
    "ARREARS_OUT_OF_TURN": "The treasurers' statement is not the next one about these arrears, or"
    " was brought before. Nothing was changed. Please bring the one that is due.",
    "LEAVING_ALREADY": "This shop has given notice before. Nothing was changed, and nothing more"
    " is to be done.",
    "NOT_LEAVING": "This shop has not given notice. Nothing was changed: it stays in the street.",
    "HANDED_OVER_ALREADY": "The street's pool answers for this shop's points already. Nothing was"
    " changed.",
    "HANDOVER_IN_DEFAULT": "This shop is in arrears. Its points stay its own for now, and"
    " customers lose none. Pay the arrears first.",
    "HANDOVER_UNCOVERED": "This shop's bond does not cover its points and payments. Nothing was"
    " changed. Deposit more, or wait until more points are used.",
    "HANDOVER_NOT_OFFERED": "In this street nobody takes over the points of a shop that leaves."
    " Nothing was changed; customers can use them until they expire.",
    "PERIOD_UNKNOWN": "{text} is no clearing period. Write it like 2026-03-1 for the first half of"
    " March 2026 or 2026-03-2 for the second.",
    "CLEARING_NONE": "This street has no clearing. Nothing is owed between its shops.",
}
