"""Sentences about stake, seats and keys: for owners and treasurers."""

STAKE: dict[str, str] = {
    # keys
    "MEMBER_UNKNOWN": "The street has no shop with that number. Nothing was changed. Please check"
    " the number.",
    "REKEY_OUT_OF_TURN": "The owner has signed a later statement about this shop's key already."
    " Nothing was changed. Make a new one.",
    "KEY_USED": "That key belongs or belonged to a shop of the street. Nothing was changed. Make a"
    " fresh one.",
    "KEY_UNSOUND": "That key protects nothing and cannot be registered. Nothing was changed. Make"
    " a fresh one.",
    "OWNER_SIGNATURE_BAD": "The shop's owner did not sign this statement. Nothing was changed."
    " Please let the owner make it anew.",
    "KEY_NOT_PROVEN": "The statement does not prove that its maker has the new key. Nothing was"
    " changed. Make the statement on the computer that has the key.",
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
    " was brought before. Nothing was changed. Please bring the one that is due.",
    "TREASURERS_TOO_FEW": "Too few of the street's treasurers signed this, or a signature is"
    " wrong. Nothing was changed. Please let the others sign, too.",
    "BOND_TOO_LARGE": "That deposit is larger than the ledger can count. Nothing was changed; the"
    " money is with the treasurers.",
    "PAYOUT_SHORT": "The shop may not be paid out that much yet. Nothing was changed. Ask for"
    " less, or wait.",
    # moves
    "CANDIDATE_UNKNOWN": "The street has no shop with that number. No stake was moved. Please"
    " check the number.",
    "BOND_SHORT": "The shop's own bond is smaller than that. No stake was moved. Choose a smaller"
    " amount.",
    "BOND_IN_USE": "That part of the bond stands for points that customers hold. No stake was"
    " moved. Move less, or wait until points were used or have expired.",
    "DELEGATION_TO_SELF": "A shop's own bond stands behind it anyway. No stake was moved. Choose"
    " another shop.",
    "DELEGATION_SHORT": "Less than that stands behind that shop. No stake was moved. Choose a"
    " smaller amount.",
    "MOVED_LATELY": "That stake came from another shop's seat lately and still answers for it. No"
    " stake was moved. Take it back instead, or wait.",
    "MOVES_FULL": "Too many parts of this shop's stake are on their way. No stake was moved. Wait"
    " until some have arrived.",
    # conduct
    "EVIDENCE_BAD": "This does not prove that a shop lied. Nobody was punished, and nothing was"
    " changed.",
    "EVIDENCE_OLD": "This lie is too long ago: the stake behind it has left. Nobody was punished,"
    " and nothing was changed.",
    "EVIDENCE_KNOWN": "The shop was punished for this before. Nobody pays twice, and nothing was"
    " changed.",
    "NOT_JAILED": "This shop is not kept from voting. Nothing was changed, and nothing is to be"
    " done.",
    "JAIL_LASTS": "It is too early for this shop to vote again. Nothing was changed. liandao stake"
    " show tells from when it may ask.",
    "MILESTONE_UNKNOWN": "This shop's node is not up to date yet. Nothing was changed. Please try"
    " again when it has caught up.",
}
