"""Sentences about stake, seats and keys: for owners and treasurers."""

STAKE: dict[str, str] = {
    # keys
    "MEMBER_UNKNOWN": "The street has no shop with that number. Nothing was changed.",
    "REKEY_OUT_OF_TURN": "The owner has signed a later statement about this shop's key already."
    " Nothing was changed. Make a new one.",
    "KEY_USED": "That key belongs or belonged to a shop of the street. Nothing was changed. Make a"
    " fresh one.",
    "KEY_UNSOUND": "That key protects nothing and cannot be registered. Make a fresh one.",
    "OWNER_SIGNATURE_BAD": "The shop's owner did not sign this statement. Nothing was changed.",
    "KEY_NOT_PROVEN": "The statement does not prove that its maker has the new key. Nothing was"
    " changed.",
    "KEY_REPLACED": "The owner of shop {shop} has given it another node key, so the others do not"
    " listen to this one and the node has stopped. Points are safe, and sales that wait here are"
    " kept. Run the computer that has the new key.",
    "REKEY_NEEDS_STREET": "The street has {shops} seats, and without shop {shop} the others agree"
    " on nothing: no new key could ever be recorded. Nothing was changed. If the voting record is"
    " lost, found the street anew in another directory: liandao init.",
    "REKEY_OTHER_STREET": "{path} belongs to another street. Nothing was changed.",
    "REKEY_NOT_WANTED": "Nothing was changed.",
    "STATEMENT_NOT_WANTED": "Nothing was signed.",
    "TREASURER_UNKNOWN": "That key is none of the street's treasurers'. Nothing was signed.",
    "TREASURER_SIGNATURE_BAD": "{path} holds a signature that is not by treasurer {treasurer} of"
    " this street. Nothing was signed. Make the statement anew.",
    "OWNER_KEY_OTHER": "That is not the owner key of shop {shop}. Nothing was signed.",
    "KEY_FILE_BAD": "{path} holds no key. Nothing was signed or started.",
    "STATEMENT_BAD": "{path} holds no statement that could be brought. Nothing was changed.",
    # deposits
    "STATEMENT_OUT_OF_TURN": "The treasurers' statement is not the next one about this shop, or"
    " was brought before. Nothing was changed.",
    "TREASURERS_TOO_FEW": "Too few of the street's treasurers signed this, or a signature is"
    " wrong. Nothing was changed.",
    "BOND_TOO_LARGE": "That deposit is larger than the ledger can count. Nothing was changed.",
    "PAYOUT_SHORT": "The shop may not be paid out that much yet. Nothing was changed.",
    # moves
    "CANDIDATE_UNKNOWN": "The street has no shop with that number. No stake was moved.",
    "BOND_SHORT": "The shop's own bond is smaller than that. No stake was moved.",
    "BOND_IN_USE": "That part of the bond stands for points that customers hold. No stake was"
    " moved. Move less, or wait until points were used or have expired.",
    "DELEGATION_TO_SELF": "A shop's own bond stands behind it anyway. No stake was moved.",
    "DELEGATION_SHORT": "Less than that stands behind that shop. No stake was moved.",
    "MOVED_LATELY": "That stake came from another seat lately and still answers for it. No stake"
    " was moved. Take it back instead, or wait.",
    "MOVES_FULL": "Too many parts of this shop's stake are on their way. No stake was moved. Wait"
    " until some have arrived.",
    # conduct
    "EVIDENCE_BAD": "This proves no lie. Nobody was punished.",
    "EVIDENCE_OLD": "This lie is too long ago: the stake behind it has left. Nobody was punished.",
    "EVIDENCE_KNOWN": "That key was punished before. Nobody pays twice.",
    "NOT_JAILED": "This shop is not jailed. Nothing was changed.",
    "JAIL_LASTS": "It is too early to come back. Nothing was changed. Try in the next epoch.",
    "MILESTONE_UNKNOWN": "The node is not up to date yet. Nothing was changed. Try again when it"
    " has caught up.",
}
