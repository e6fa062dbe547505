"""What ``liandao person`` says: the texts that a person agrees to, and what is kept about her."""

from collections.abc import Iterator
from typing import Final

from liandao_node.cli.street_days import date_of
from liandao_node.client import AgreesTo, PersonTold

WORDING: Final = 1
"""Version of the texts below, kept with every word. A text that changes gets a new number: what
somebody agreed to years ago must still be there to read."""
ASKED: Final = {
    AgreesTo.RECEIPTS: "{shop} may send me my receipts and the statement of my card by message.",
    AgreesTo.OFFERS: "{shop} may write to me about its offers.",
    AgreesTo.STATISTICS: "{shop} may count my purchases in its own statistics.",
}
FREELY: Final = (
    "This is for {shop} alone, no other shop learns of it. I get my points without it, too, and can"
    " take it back in the shop at any time."
)
ERASED: Final = (
    "Everything that this shop kept about the owner of this card is gone for good: its key is"
    " destroyed, nobody can bring it back.",
    "The card stays in the street's ledger, as a number without a name, with its points and what"
    " was bought with it in sums: a ledger forgets nothing, and the points go on being good.",
    "A backup of people-keys.db from before can still open backups of people.db. Make a new one in"
    " its place now.",
)


def question(purpose: AgreesTo, shop: str) -> str:
    """What is read to the person, or by her."""
    return f"  {ASKED[purpose].format(shop=shop)}\n  {FREELY.format(shop=shop)}"


def describe(told: PersonTold, offset: int) -> Iterator[str]:
    """All that is kept, in lines for a terminal."""
    person = told.person
    yield f"Card {told.code}"
    for field, text in (
        ("name", person.name),
        ("phone", person.phone),
        ("mail", person.mail),
        ("note", person.note),
    ):
        yield f"  {field + ':':<7}{text or '–'}"
    since, changed = (date_of(moment, offset) for moment in (told.since_ms, told.changed_ms))
    yield f"  kept since {since}, changed on {changed}"
    if not told.consents:
        yield "  agreed to nothing"
    for word in told.consents:
        said = "yes" if word.given else "no"
        day = date_of(word.at_ms, offset)
        yield f"  {day}: {said} to {word.purpose.value}, text {word.wording}"
