"""Sentences about clearing between shops: for owners and treasurers."""

CLEARING: dict[str, str] = {
    "PAYMENT_UNKNOWN": "There is no such payment of this shop in period {period}. Nothing was"
    " changed. liandao clearing show lists the payments.",
    "PAYMENT_SETTLED": "This payment was confirmed as received before. Nothing was changed, and"
    " nothing is owed for it.",
    "PAYMENT_FAILED": "This payment was not made in time, and others covered for it; {arrears} are"
    " in arrears. Nothing was changed. Pay the treasurers, or those who bore it.",
    "PAYMENT_SAID": "It was said before that this payment was made. Nothing was changed. It counts"
    " once the receiver, or the treasurers, confirm it.",
    "ARREARS_SHORT": "Only {arrears} are owed here. Nothing was changed. Please correct the"
    " amount.",
    "ARREARS_OUT_OF_TURN": "The treasurers' statement is not the next one about these arrears, or"
    " was brought before. Nothing was changed. The next one has number {next}.",
    "LEAVING_ALREADY": "This shop has given notice before. Nothing was changed.",
    "NOT_LEAVING": "This shop has not given notice. Nothing was changed.",
    "HANDED_OVER_ALREADY": "The street's pool answers for this shop's points already. Nothing was"
    " changed.",
    "HANDOVER_IN_DEFAULT": "This shop has {arrears} in arrears. Its points stay its own for now,"
    " and customers lose none. Pay the arrears first.",
    "HANDOVER_UNCOVERED": "This shop's bond of {bond} does not cover its points and payments."
    " Nothing was changed. Deposit more, or wait until more points are used.",
    "HANDOVER_NOT_OFFERED": "This street's ledger cannot hand points over. Nothing was changed;"
    " they run off by themselves.",
    "PERIOD_UNKNOWN": "{text} is no clearing period. Write it like 2026-03-1 for the first half of"
    " March 2026 or 2026-03-2 for the second.",
    "CLEARING_NONE": "This street has no clearing. Nothing is owed between its shops.",
}
