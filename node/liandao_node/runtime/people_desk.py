"""The desk for people: what this shop knows of a card's owner, consent by consent, and forgets.

Nothing of it goes on the ledger or to another shop, and no error names anybody. The ledger is
asked for one thing only, whose card it is now: who got a new card, here or in another shop, is
the same person (L-5.15).
"""

from dataclasses import dataclass
from functools import partial
from typing import Final
from unicodedata import normalize

from msgspec.structs import replace

from liandao_node.crypto.cards import card_code
from liandao_node.errors import InputFault
from liandao_node.ledger import card_queries
from liandao_node.ledger.modules.card_books import joined_to
from liandao_node.limits import PEOPLE_FOUND_MAX, PEOPLE_PER_REPLY_MAX
from liandao_node.runtime.cards_desk import CardsDesk
from liandao_node.runtime.ledger_desk import LedgerDesk
from liandao_node.runtime.people_files import PeopleFiles
from liandao_node.store.people import TAIL_DIGITS, PeopleStore
from liandao_node.store.people_forms import Consent, Kept, Person, Purpose, as_document
from liandao_node.types import CardId, Millis
from liandao_node.wire.people import (
    AgreeingPerson,
    AgreeingTold,
    AgreesTo,
    ConsentView,
    CorrectPerson,
    CountPeople,
    ErasePerson,
    FindPeople,
    GetAgreeing,
    GetPerson,
    NotePerson,
    PeopleCounted,
    PeopleFound,
    PeopleReply,
    PeopleRequest,
    PersonErased,
    PersonFields,
    PersonFound,
    PersonTold,
    SayConsent,
)

_PURPOSES: Final = {
    AgreesTo.RECEIPTS: Purpose.RECEIPTS,
    AgreesTo.OFFERS: Purpose.OFFERS,
    AgreesTo.STATISTICS: Purpose.STATISTICS,
}
_WORDS: Final = {purpose: word for word, purpose in _PURPOSES.items()}


@dataclass(frozen=True, slots=True)
class _Owner:
    """Of a card: by the card in use, those that she had before, and when she was asked for."""

    card: CardId
    former: list[CardId]
    now_ms: Millis

    def find(self, store: PeopleStore) -> Kept | None:
        """What is kept about her, under the card in use from now on."""
        for old in self.former:
            store.move(old, self.card, self.now_ms)
        return store.find(self.card)

    def known(self, store: PeopleStore) -> Kept:
        kept = self.find(store)
        if kept is None:
            raise InputFault("PERSON_UNKNOWN")
        return kept

    def kept(self, store: PeopleStore) -> Kept:
        """Of somebody who was written down just now."""
        kept = store.find(self.card)
        assert kept is not None
        return kept


class PeopleDesk:
    """Answers for one shop, out of its own files."""

    def __init__(self, desk: LedgerDesk, cards: CardsDesk, files: PeopleFiles) -> None:
        self._desk = desk
        self._cards = cards
        self._files = files

    async def handle(self, request: PeopleRequest) -> PeopleReply:
        """Raises Refused ``CARD_UNKNOWN``; InputFault for what is no card, ``PERSON_UNKNOWN``,
        ``PERSON_KNOWN``, ``PERSON_EMPTY`` and as `PeopleStore.write`; StorageFault."""
        match request:
            case NotePerson():
                return await self._note(request)
            case CorrectPerson():
                return await self._correct(request)
            case SayConsent():
                return await self._say(request)
            case GetPerson(presented):
                return await self._tell(presented)
            case FindPeople(phone):
                return await self._find(phone)
            case CountPeople():
                return await self._count()
            case GetAgreeing():
                return await self._agreeing(request)
            case ErasePerson(presented):
                return await self._erase(presented)

    # --- one person ---

    async def _note(self, request: NotePerson) -> PersonTold:
        person, owner = _person(request.person), self._owner(request.presented)
        if person == Person():
            raise InputFault("PERSON_EMPTY")

        def note(store: PeopleStore) -> Kept:
            before = owner.find(store)
            if before is not None and before.person not in (Person(), person):
                raise InputFault("PERSON_KNOWN")
            if before is None or before.person != person:  # else it was asked again (R12)
                store.write(owner.card, person, owner.now_ms)
            return owner.kept(store)

        return _told(await self._files.ask(note))

    async def _correct(self, request: CorrectPerson) -> PersonTold:
        owner = self._owner(request.presented)
        said = {
            field: text.strip()
            for field in PersonFields.__struct_fields__
            if (text := getattr(request, field)) is not None
        }

        def correct(store: PeopleStore) -> Kept:
            before = owner.known(store)
            person = replace(before.person, **said)
            if person != before.person:
                store.write(owner.card, person, owner.now_ms)
            return owner.kept(store)

        return _told(await self._files.ask(correct))

    async def _say(self, request: SayConsent) -> PersonTold:
        """What was said last is not noted again (R12)."""
        owner, purpose = self._owner(request.presented), _PURPOSES[request.purpose]
        word = Consent(purpose, request.given, owner.now_ms, request.wording)

        def say(store: PeopleStore) -> Kept:
            before = owner.find(store)
            said = [one for one in before.consents if one.purpose == purpose] if before else []
            if not said or replace(said[-1], at_ms=word.at_ms) != word:
                store.say(owner.card, word)
            return owner.kept(store)

        return _told(await self._files.ask(say))

    async def _tell(self, presented: str) -> PersonTold:
        owner = self._owner(presented)
        kept = await self._files.ask(owner.known)
        card = self._cards.card_view(owner.card, present=False)
        ledger: dict[str, int | str] = {
            "card_code": card.code,
            "points_available": card.available,
            "points_held": card.held,
            "points_later": card.pending,
            "last_seen_ms": card.last_seen_ms,
        }
        return replace(_told(kept), document=as_document(kept, ledger=ledger).decode())

    async def _erase(self, presented: str) -> PersonErased:
        owner = self._owner(presented)
        # Also a record that nobody looked at since its owner got another card.
        known = await self._files.ask(
            lambda store: [store.erase(card) for card in (owner.card, *owner.former)]
        )
        return PersonErased(any(known))

    # --- several ---

    async def _find(self, phone: str) -> PeopleFound:
        wanted = normalize("NFKC", phone).strip()
        is_tail = len(wanted) == TAIL_DIGITS and wanted.isascii() and wanted.isdecimal()
        cards = await self._files.ask(
            lambda store: store.by_tail(wanted) if is_tail else store.by_phone(wanted)
        )
        owners = list({owner.card: owner for owner in map(self._owner_of, cards)}.values())
        kept = await self._files.ask(
            lambda store: [owner.find(store) for owner in owners[:PEOPLE_FOUND_MAX]]
        )
        people = [PersonFound(card_code(CardId(one.card)), one.person.name) for one in kept if one]
        return PeopleFound(people, more=len(owners) > PEOPLE_FOUND_MAX)

    async def _count(self) -> PeopleCounted:
        await self._join_cards()
        census = await self._files.ask(PeopleStore.census)
        agreeing = [(_WORDS[purpose], count) for purpose, count in census.agreed.items()]
        return PeopleCounted(census.people, agreeing)

    async def _agreeing(self, request: GetAgreeing) -> AgreeingTold:
        if not request.after:
            await self._join_cards()
        purpose = _PURPOSES[request.purpose]
        kept = await self._files.ask(
            lambda store: store.agreeing(purpose, request.after, PEOPLE_PER_REPLY_MAX)
        )
        people = []
        for one in kept:
            needed = Person() if purpose is Purpose.STATISTICS else one.person
            code = card_code(CardId(one.card))
            people.append(AgreeingPerson(code, needed.name, needed.phone, needed.mail))
        return AgreeingTold(people, kept[-1].card if len(kept) == PEOPLE_PER_REPLY_MAX else b"")

    async def _join_cards(self) -> None:
        """Brings together what is kept under several cards of one person: her yes by the one does
        not count when she said no by the other."""
        after, most = b"", PEOPLE_PER_REPLY_MAX
        while cards := await self._files.ask(partial(PeopleStore.cards, after=after, most=most)):
            owners = [owner for card in cards if (owner := self._owner_of(card)).card != card]
            for owner in owners:
                await self._files.ask(owner.find)
            after = cards[-1]

    # --- whose card it is ---

    def _owner(self, presented: str) -> _Owner:
        return self._owner_of(self._cards.known(presented))

    def _owner_of(self, card: CardId) -> _Owner:
        """Also of a card that this node's ledger does not know yet."""
        view = self._desk.view()
        current = card_queries.guarded(view, card).successor or card
        return _Owner(current, joined_to(view, current), self._desk.time_ms())


def _told(kept: Kept) -> PersonTold:
    person = kept.person
    return PersonTold(
        code=card_code(CardId(kept.card)),
        person=PersonFields(person.name, person.phone, person.mail, person.note),
        consents=[
            ConsentView(_WORDS[one.purpose], one.given, one.at_ms, one.wording)
            for one in kept.consents
        ],
        since_ms=kept.since_ms,
        changed_ms=kept.changed_ms,
        document="",
    )


def _person(fields: PersonFields) -> Person:
    return Person(
        name=fields.name.strip(),
        phone=fields.phone.strip(),
        mail=fields.mail.strip(),
        note=fields.note.strip(),
    )
