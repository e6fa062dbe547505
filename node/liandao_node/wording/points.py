"""What refunds, earn rules and points given by hand may meet: for managers and owners."""

POINTS: dict[str, str] = {
    "REFUND_KNOWN": "This refund was recorded before. Nothing was refunded a second time.",
    "REFUND_OVER_ORDER": "More than is left of that sale. Nothing was refunded. At most {left} can"
    " be given back.",
    "HOURS_BACKWARDS": "Hours of that rule end before they begin. The rule was not published."
    " Please correct the hours.",
    "GRANT_KNOWN": "These points were given before. Nothing was given a second time.",
    "TWO_NAMES_NEEDED": "Two different people must answer for points given by hand. No points"
    " were given. Please let somebody else approve.",
    "MANUAL_CAP": "This shop's staff gave as many points today as the street allows. No points"
    " were given; {left} are left for today.",
    "ISSUE_LIMITED": "This shop cannot give more points at present: its bond covers no more. No"
    " points were given. Ask for a higher bond, or try again after the next clearing.",
}
