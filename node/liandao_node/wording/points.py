"""What refunds, earn rules and points given by hand may meet: for cashiers and owners."""

POINTS: dict[str, str] = {
    # which order
    "ORDER_UNREADABLE": "This is no receipt of a sale. Nothing was refunded. Scan the receipt's"
    " code, or type register and number, such as 1-17.",
    "ORDER_ELSEWHERE": "This receipt is from {shop}. Nothing was refunded. Only that shop can take"
    " its sale back.",
    "ORDER_OTHER_STREET": "This receipt is of another street. Nothing was refunded. Please send the"
    " customer to the shop that wrote it.",
    "IMPORT_UNKNOWN": "No order {reference} of {source} was brought in here. Nothing was changed."
    " Please check the reference.",
    # refunds
    "REFUND_KNOWN": "Another refund of receipt {order} was recorded under this name. Nothing was"
    " refunded a second time; {left} of it are left. Please begin again.",
    "REFUND_OVER_ORDER": "Only {left} of receipt {order} are left to give back. Nothing was"
    " refunded. Please choose {left} or less.",
    "REFUND_NOTHING_LEFT": "Receipt {order} of {gross} was given back in full before. Nothing was"
    " refunded a second time.",
    # earn rules
    "HOURS_BACKWARDS": "Hours of that rule end before they begin. The rule was not published."
    " Please correct the hours.",
    # points by hand
    "GRANT_KNOWN": "Other points were given under this name before. Nothing was given a second"
    " time. Please begin again.",
    "TWO_NAMES_NEEDED": "Two different people must answer for points given by hand. No points"
    " were given. Please let somebody else approve.",
    "MANUAL_CAP": "This shop's staff gave as many points today as the street allows. No points"
    " were given; {left} are left for today.",
    "ISSUE_LIMITED": "This shop cannot give more points at present: its bond covers no more. No"
    " points were given. Ask for a higher bond, or try again after the next clearing.",
    "NAME_MISSING": "Points given by hand need the name of who asks for them. No points were given."
    " Please choose a name.",
    "APPROVERS_NONE": "Nobody in this shop may approve points given by hand yet. No points were"
    " given. The owner names people with: liandao staff add.",
    "APPROVER_UNKNOWN": "{name} may not approve points given by hand. No points were given. Please"
    " ask somebody with a PIN.",
    "APPROVER_PIN_WRONG": "That is not the PIN of {name}. No points were given. Tries left:"
    " {tries}.",
    "APPROVER_PIN_LOCKED": "Too many wrong PINs. No points were given. Please wait {seconds} s.",
    "STAFF_FILE_BAD": "The list of this shop's people cannot be read ({path}). No points were given"
    " by hand. Please put it right, or remove it and name the people again.",
}
"""The counter shows them: each has its translations."""

STAFF: dict[str, str] = {
    "STAFF_NAME_BAD": "A name has 1 to {limit} letters. Nobody was added.",
    "STAFF_PIN_FORM": "A PIN has {least} to {most} digits. Nobody was added.",
    "STAFF_PIN_TAKEN": "Somebody else has this PIN. Nobody was added. Please choose another.",
    "STAFF_UNKNOWN": "Nobody called {name} is on the list. Nothing was changed.",
}
"""For the command line, as the next."""

COMMANDS: dict[str, str] = {
    "REFUND_NAME_BAD": "A refund's name has {digits} hexadecimal digits.",
    "REFUND_UNKNOWN": "Nobody can say yet whether {amount} were refunded. Give nothing back. Ask"
    " again with amount {amount} and --name {name}; it happens once.",
    "REFUND_AMOUNT_MISSING": "A refund that is asked for again needs its amount too. Nothing was"
    " refunded. Please give the amount that was printed with the name.",
    "EARN_HOURS_BAD": "Hours are written like mon-fri@15:00-18:00=600, the last being hundredths of"
    " a per cent; {text} is not.",
    "BPS_BAD": "{text} is no rate: 0 to {limit} hundredths of a per cent.",
}
