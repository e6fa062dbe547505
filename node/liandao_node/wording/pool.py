"""Sentences about the street's pool: for cashiers, owners and treasurers."""

POOL: dict[str, str] = {
    "DEPOSIT_OUT_OF_TURN": "The treasurers' statement is not the next one about the pool, or was"
    " brought before. Nothing was changed. Please bring the one that is due.",
    "DEPOSITS_TOO_LARGE": "The pool cannot take that much. Nothing was changed; the money is with"
    " the treasurers.",
    "VISIT_OTHER_DAY": "This visit is of another day, so it does not count. Points are safe. Scan"
    " the card again.",
    "VISIT_KNOWN": "This customer's visit was counted today already. Points are safe, and nothing"
    " is to be done.",
    "VISITORS_TOO_MANY": "A count names more visitors than pages that were looked at, so it was"
    " not recorded. Sales and points are safe. Please update this program.",
    "PURPOSE_LENGTH": "Say in 1 to {most} characters what the money is for. Nothing was signed.",
    "POOL_NONE": "This street has no pool. Nothing is divided.",
    "POOL_PERIOD_BAD": "{text} is no month. Write it like 2026-03.",
    "POOL_NOT_DIVIDED": "The pool was not divided for {period}. A month is divided when it is over;"
    " liandao pool shows the running one.",
    "POOL_TRAFFIC_GONE": "The traffic of {period} is no longer kept, so its division cannot be made"
    " again. What was booked stands. Ask for one of the last six months.",
    "POOL_DIFFERS": "The division does not agree with its traffic: {what} of {whose} was booked as"
    " {booked}, the traffic gives {recomputed}. Points and credit stay as they were booked. Compare"
    " with another shop, then check this computer: liandao verify data.",
}
