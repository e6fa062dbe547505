"""People over the local API: what one shop knows of a card's owner, and what she agreed to.

None of it leaves the shop: no call, no frame between nodes and no push carries any of it.
"""

from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from liandao_node.types import Millis
from liandao_node.wire.api_message import ApiMessage, ScanField

ToldField: TypeAlias = Annotated[str, msgspec.Meta(max_length=5_000)]
"""As somebody typed it. What is too long or no number is the store's to refuse, in words."""
WordingField: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**31)]


class AgreesTo(StrEnum):
    """What a person may agree to, each for itself."""

    RECEIPTS = "receipts"
    OFFERS = "offers"
    STATISTICS = "statistics"


class PersonFields(ApiMessage, frozen=True):
    """What the shop was told; each may be empty."""

    name: ToldField
    phone: ToldField
    mail: ToldField
    note: ToldField


class NotePerson(ApiMessage, frozen=True, tag="note_person"):
    """Keeps what a person told of whom nothing was known."""

    presented: ScanField
    person: PersonFields


class CorrectPerson(ApiMessage, frozen=True, tag="correct_person"):
    """Puts other words in place of what is kept; None leaves a field as it is."""

    presented: ScanField
    name: ToldField | None
    phone: ToldField | None
    mail: ToldField | None
    note: ToldField | None


class SayConsent(ApiMessage, frozen=True, tag="say_consent"):
    """The person's word to one purpose."""

    presented: ScanField
    purpose: AgreesTo
    given: bool
    wording: WordingField
    """Version of the text that the person read or heard."""


class GetPerson(ApiMessage, frozen=True, tag="get_person"):
    """All that is kept about a card's owner, to show her and to hand over."""

    presented: ScanField


class FindPeople(ApiMessage, frozen=True, tag="find_people"):
    phone: ToldField
    """A phone number, or its last four digits."""


class CountPeople(ApiMessage, frozen=True, tag="count_people"):
    pass


class GetAgreeing(ApiMessage, frozen=True, tag="get_agreeing"):
    """People who agree to a purpose. Of others there is no list."""

    purpose: AgreesTo
    after: Annotated[bytes, msgspec.Meta(max_length=16)]
    """`AgreeingTold.after` of the reply before, empty at first."""


class ErasePerson(ApiMessage, frozen=True, tag="erase_person"):
    presented: ScanField


class ConsentView(ApiMessage, frozen=True):
    purpose: AgreesTo
    given: bool
    at_ms: Millis
    wording: int


class PersonTold(ApiMessage, frozen=True, tag="person_told"):
    """What is kept now."""

    code: str
    """Of the card in use, its eight digits."""
    person: PersonFields
    consents: list[ConsentView]
    """Every word that was said, the latest last."""
    since_ms: Millis
    changed_ms: Millis
    document: str
    """The same as JSON, with what the street's ledger has under the card; for `GetPerson`
    alone."""


class PersonFound(ApiMessage, frozen=True):
    code: str
    name: str


class PeopleFound(ApiMessage, frozen=True, tag="people_found"):
    people: list[PersonFound]
    more: bool
    """There are others, too: the search says too little."""


class PeopleCounted(ApiMessage, frozen=True, tag="people_counted"):
    people: int
    agreeing: list[tuple[AgreesTo, int]]


class AgreeingPerson(ApiMessage, frozen=True):
    """Name and ways to write to her; empty for statistics, which need neither."""

    code: str
    name: str
    phone: str
    mail: str


class AgreeingTold(ApiMessage, frozen=True, tag="agreeing_told"):
    people: list[AgreeingPerson]
    after: bytes
    """Where to go on; empty if these were the last."""


class PersonErased(ApiMessage, frozen=True, tag="person_erased"):
    known: bool
    """Whether there was anything. Asked again there is not."""


PeopleRequest: TypeAlias = (
    NotePerson
    | CorrectPerson
    | SayConsent
    | GetPerson
    | FindPeople
    | CountPeople
    | GetAgreeing
    | ErasePerson
)
PeopleReply: TypeAlias = PersonTold | PeopleFound | PeopleCounted | AgreeingTold | PersonErased
