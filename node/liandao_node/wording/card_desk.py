"""What cards, papers and coupons may meet at a shop's own desk, before the street is asked."""

CARD_DESK: dict[str, str] = {
    "CARD_NOT_SCANNED": "This needs the card itself, not its eight digits. Nothing was changed."
    " Please scan the card.",
    "PAPER_OTHER_KIND": "This is another paper than the one that is needed. Nothing was changed."
    " Please scan the right one.",
    "DAY_BAD": "{text} is no day. Write it like 2026-11-22.",
    "PRINTING_OPEN": "It is not known whether the coupons were made. Ask again in a minute with"
    " --again {name}, which makes no others.",
    "PRINTING_UNKNOWN": "The street has no coupons of that printing. None of them can be used."
    " Print them anew: liandao coupon print.",
}
