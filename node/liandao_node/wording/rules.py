"""Refusals and notices of the street's rulebook."""

RULES: dict[str, str] = {
    "CHANGE_EMPTY": "The proposal changes nothing, names a rule twice, or changes rules and modules"
    " at once. Nothing was proposed. Propose one or the other, with another value than now.",
    "RULE_UNKNOWN": "The street has no rule {name}. Nothing was proposed. liandao rules lists all"
    " of them.",
    "RULE_FIXED": "The rule {name} cannot be changed by a vote. Nothing was proposed.",
    "RULE_OUT_OF_BOUNDS": "That is outside of what is allowed: {detail}. Nothing was proposed."
    " liandao rules shows the values of now; choose one closer to them.",
    "MODULE_CHANGE_BAD": "The street's modules cannot be changed like that: {module}, {reason}."
    " Nothing was proposed. liandao rules lists the modules and their versions.",
    "PERIOD_UNFIT": "A change takes effect with a clearing period that has yet to begin, and not in"
    " the far future. Nothing was proposed. Choose one of the next six.",
    "PROPOSALS_MANY": "This shop has as many open proposals as it may. Nothing was proposed. Take"
    " one back, or wait until one is decided.",
    "PROPOSALS_FULL": "The street has as many open proposals as it may. Nothing was proposed. Try"
    " again when one is decided.",
    "PROPOSAL_UNKNOWN": "There is no proposal of that number. Nothing was changed. liandao rules"
    " lists those that are open.",
    "PROPOSAL_CLOSED": "That proposal is decided, taken back or lapsed. Nothing was changed.",
    "SEAT_MISSING": "This shop has no seat in the present committee, so it has no vote. Nothing"
    " was changed. It may make proposals of its own.",
    "PROPOSAL_OTHERS": "Another shop made that proposal, and it alone can take it back. Nothing"
    " was changed.",
    "RULES_NONE": "This street has no rulebook that can be changed: its rules are those of its"
    " genesis file.",
    "MODULE_LACKING": "The street works with module {module} version {version} now, which is not"
    " installed here, so this node has stopped voting and stands still. Points are safe, and"
    " nothing is lost. Install it and restart; the node goes on by itself then.",
    "MODULE_UNFIT": "The street works with module {module} now, which does not fit here ({why}), so"
    " this node has stopped voting and stands still. Points are safe, and nothing is lost. Ask its"
    " author for one that fits, install it and restart.",
    "MODULE_COMING": "The street has agreed to work with module {module} version {version}"
    " (proposal {proposal}), which is not installed here. Install it before that begins; `liandao"
    " rules` says when. Until then nothing changes.",
    "MODULE_NOT_HERE": "Module {module} version {version} is not installed at this shop. No vote"
    " was given: who votes for a module must be able to run it. Install it first.",
    "RULE_CHANGE_BAD": "That is no change of a rule: {text}. Write it like earn_bps=150.",
}
